"""Customers to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.customer.domain import (
    Address,
    ContactKind,
    ContactPoint,
    Conversation,
    Customer,
    Direction,
    Purpose,
)
from shared.entity import Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOBILE = ContactPoint(kind=ContactKind.PHONE, value="+905321234567")
EMAIL = ContactPoint(kind=ContactKind.EMAIL, value="ayse@example.com")

HOME = Address(lines="Moda Cad. 1/3", district="Kadıköy", city="İstanbul", postal_code="34710")


def an_act(minutes: int = 0, *, by: str = "agent-1") -> Act:
    """Something done so many minutes after noon."""
    return Act(by=by, at=NOON + timedelta(minutes=minutes), correlation_id=f"request-{minutes}")


def a_customer(customer_id: str = "cus_1", **changes: Any) -> Customer:
    """Ayşe Işık, of whom nothing else is known."""
    plain: dict[str, Any] = {"name": "Ayşe Işık", "contact_points": (), "external_ids": ()}
    return Customer.create(an_act(), customer_id=customer_id, **(plain | changes))


def a_conversation(
    conversation_id: str = "cnv_1", *, minutes: int = 0, **changes: Any
) -> Conversation:
    """A call of Ayşe's, so many minutes after noon, recorded an hour after noon."""
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "held_at": NOON + timedelta(minutes=minutes),
        "channel": "phone",
        "direction": Direction.IN,
        "purpose": Purpose.SERVICE,
        "partner": "Deniz",
        "summary": "asked when the technician comes",
    }
    return Conversation.record(an_act(60), conversation_id=conversation_id, **(plain | changes))
