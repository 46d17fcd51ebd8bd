"""Which entry of an order's log is which event."""

from shared.contracts.event import Event
from shared.contracts.orders import (
    OrderApproved,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderShipped,
)
from shared.entity import Entry

_EVENTS: dict[str, type[Event]] = {
    "placed": OrderPlaced,
    "approved": OrderApproved,
    "shipped": OrderShipped,
    "delivered": OrderDelivered,
    "cancelled": OrderCancelled,
}


def event_of(order_id: str, customer_id: str, entry: Entry) -> Event:
    """What the world is told of an entry."""
    return _EVENTS[entry.what].of(
        entry, entity_id=order_id, customer_id=customer_id, order_id=order_id, **entry.facts
    )
