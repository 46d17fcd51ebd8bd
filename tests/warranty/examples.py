"""Purchases, registrations and units to test with. Say only what the test is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.warranty.domain import (
    Contact,
    ContactKind,
    DeliveredLine,
    Document,
    DocumentKind,
    Purchase,
    Registration,
    Unit,
    register,
    units_of_delivery,
)
from shared.entity import Act

NOON = datetime(2026, 3, 10, 9, tzinfo=UTC)  # in Istanbul
BOUGHT = date(2026, 3, 7)
LONG_AGO = date(2026, 1, 2)
PHONE = Contact(kind=ContactKind.PHONE, value="0532 123 45 67")
INVOICE = Document(
    kind=DocumentKind.INVOICE, number="GIB2026-1", dated=BOUGHT, reference="desk 4, drawer 2"
)


def an_act(minutes: int = 0, *, by: str = "anonymous") -> Act:
    """Something done so many minutes after noon."""
    return Act(by=by, at=NOON + timedelta(minutes=minutes), correlation_id=f"request-{minutes}")


def a_purchase(**changes: Any) -> Purchase:
    """Sunglasses, from a shop around the corner."""
    plain: dict[str, Any] = {
        "product": "sunglasses",
        "bought_on": BOUGHT,
        "bought_from": "Optik Göz",
    }
    return Purchase(**(plain | changes))


def a_registration(
    registration_id: str = "reg_1",
    *,
    minutes: int = 0,
    customer_id: str = "cus_1",
    known: Unit | None = None,
    is_disputed: bool = False,
    **purchase: Any,
) -> tuple[Registration, Unit]:
    """A registration within the week, and its unit."""
    return register(
        an_act(minutes),
        a_purchase(**purchase),
        registration_id=registration_id,
        customer_id=customer_id,
        known=known,
        is_disputed=is_disputed,
    )


def some_units(
    order_id: str = "ord_1",
    *lines: tuple[str, int],
    customer_id: str = "cus_1",
    delivered_at: datetime | None = NOON,
) -> list[Unit]:
    """The units of a delivered order: of a washer, unless lines of product and quantity say so."""
    delivered = [
        DeliveredLine(line=place, product=product, quantity=quantity)
        for place, (product, quantity) in enumerate(lines or [("washer", 1)])
    ]
    return list(
        units_of_delivery(
            an_act(by=f"{order_id}:4:0"),
            order_id=order_id,
            customer_id=customer_id,
            delivered_at=delivered_at,
            lines=delivered,
        )
    )
