"""What services tell, to test with. Say only what the test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.customer_view.domain import Document
from shared.access import Caller, Role

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: int) -> str:
    """So many minutes after noon, as documents have it."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


def a_caller(role: Role = Role.AGENT, customer_id: str | None = None) -> Caller:
    return Caller(
        subject=f"subject-of-{customer_id or role}",
        client_id="web",
        roles=frozenset({role}),
        customer_id=customer_id,
    )


def a_customer(name: str = "Ayşe Işık", **changes: Any) -> Document:
    """The customer part."""
    return {"name": name, "contact_points": [], "external_ids": [], "since": at(0)} | changes


def an_order(order_id: str, *, minutes: int = 0, status: str = "placed") -> dict[str, Any]:
    """An order in one line."""
    return {
        "order_id": order_id,
        "external_id": None,
        "status": status,
        "ordered_at": at(minutes),
    }


def orders(*placed: dict[str, Any], total: int = 100, currency: str = "TRY") -> Document:
    """The orders part of somebody with these orders, the newest first."""
    last = placed[0] | {"items": [{"product": "washer", "quantity": 1}]} if placed else None
    return {
        "count": len(placed),
        "totals": [{"amount": total * len(placed), "currency": currency}] if placed else [],
        "pending": [one for one in placed if one["status"] == "placed"],
        "last_order": last,
        "recent": list(placed),
    }


def a_happening(event_id: str, *, minutes: int = 0) -> Document:
    return {
        "at": at(minutes),
        "what": "OrderPlaced",
        "about": event_id.partition(":")[0],
        "event_id": event_id,
    }
