"""Orders to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.orders.domain import KdvClass, Line, Order
from shared.entity import Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WASHER = Line(product="washer", quantity=1, unit_price=1_999_900, kdv_class=KdvClass.GENERAL)
FILTER = Line(product="filter", quantity=3, unit_price=24_950, kdv_class=KdvClass.GENERAL)


def an_act(minutes: int = 0, *, by: str = "agent-1") -> Act:
    """Something done so many minutes after noon."""
    return Act(by=by, at=NOON + timedelta(minutes=minutes), correlation_id=f"request-{minutes}")


def an_order(order_id: str = "ord_1", *, minutes: int = 0, **changes: Any) -> Order:
    """A placed order for one washer."""
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "currency": "TRY",
        "lines": (WASHER,),
        "external_id": None,
    }
    return Order.place(an_act(minutes), order_id=order_id, **(plain | changes))
