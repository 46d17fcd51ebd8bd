"""Orders to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.orders.domain import KdvClass, Line, Order, Past, Payment, Refund, Status
from shared.entity import Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WASHER = Line(product="washer", quantity=1, unit_price=1_999_900, kdv_class=KdvClass.GENERAL)
FILTER = Line(product="filter", quantity=3, unit_price=24_950, kdv_class=KdvClass.GENERAL)


def after(minutes: int) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def an_act(minutes: int = 0, *, by: str = "agent-1") -> Act:
    """Something done so many minutes after noon."""
    return Act(by=by, at=after(minutes), correlation_id=f"request-{minutes}")


def an_order(order_id: str = "ord_1", *, minutes: int = 0, **changes: Any) -> Order:
    """A placed order for one washer."""
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "currency": "TRY",
        "lines": (WASHER,),
        "external_id": None,
    }
    return Order.place(an_act(minutes), order_id=order_id, **(plain | changes))


def a_past_order(
    order_id: str = "ord_1",
    *,
    status: Status = Status.DELIVERED,
    reached: dict[Status, datetime] | None = None,
    ordered_at: datetime = NOON - timedelta(days=400),
    **changes: Any,
) -> Order:
    """An order of last year for one washer, recorded at noon, of whose way nothing is known."""
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "currency": "TRY",
        "lines": (WASHER,),
        "external_id": None,
        "promised_at": None,
        "payments": (),
        "invoice": None,
    }
    past = Past(status=status, ordered_at=ordered_at, reached=reached or {})
    return Order.record(an_act(), past, order_id=order_id, **(plain | changes))


def a_payment(payment_id: str = "pay_1", *, amount: int = 1_999_900, **changes: Any) -> Payment:
    """A washer paid at noon, at once."""
    plain: dict[str, Any] = {"method": "credit_card", "paid_at": NOON}
    return Payment(payment_id=payment_id, amount=amount, **(plain | changes))


def a_refund(refund_id: str = "rfd_1", *, amount: int = 1000, **changes: Any) -> Refund:
    """Ten liras, given back at noon."""
    plain: dict[str, Any] = {"reason": "scratched", "refunded_at": NOON}
    return Refund(refund_id=refund_id, amount=amount, **(plain | changes))
