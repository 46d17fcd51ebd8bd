"""Which entry of an order's log is which event."""

from shared.contracts.event import Event
from shared.contracts.orders import (
    InvoiceIssued,
    OrderApproved,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderProcessed,
    OrderShipped,
    OrderUnavailable,
    PaymentReceived,
    PaymentRefunded,
)
from shared.entity import Entry

_EVENTS: dict[str, type[Event]] = {
    "placed": OrderPlaced,
    "approved": OrderApproved,
    "processing": OrderProcessed,
    "shipped": OrderShipped,
    "delivered": OrderDelivered,
    "cancelled": OrderCancelled,
    "unavailable": OrderUnavailable,
    "paid": PaymentReceived,
    "refunded": PaymentRefunded,
    "invoiced": InvoiceIssued,
}


def event_of(order_id: str, customer_id: str, entry: Entry) -> Event:
    """What the world is told of an entry."""
    return _EVENTS[entry.what].of(
        entry, entity_id=order_id, customer_id=customer_id, order_id=order_id, **entry.facts
    )
