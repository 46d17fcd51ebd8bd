"""Which entry of an order's log is which event, and what other systems' events mean here."""

import base64
import hashlib
import json
from collections.abc import Sequence

from services.orders.domain import (
    Announcement,
    KdvClass,
    Line,
    News,
    Payment,
    Person,
    Sighting,
    Status,
)
from shared.contracts.event import Event
from shared.contracts.external import (
    ExternalEvent,
    ExternalLine,
    ExternalOrderDelivered,
    ExternalOrderPlaced,
    ExternalOrderShipped,
    ExternalPaymentReceived,
)
from shared.contracts.orders import (
    InvoiceIssued,
    OrderApproved,
    OrderAttributed,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderProcessed,
    OrderShipped,
    OrderUnavailable,
    PaymentReceived,
    PaymentRefunded,
)
from shared.entity import ATTRIBUTED, Entry

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
    ATTRIBUTED: OrderAttributed,
}


def event_of(order_id: str, customer_id: str, entry: Entry) -> Event:
    """What the world is told of an entry."""
    return _EVENTS[entry.what].of(
        entry, entity_id=order_id, customer_id=customer_id, order_id=order_id, **entry.facts
    )


READ: Sequence[type[ExternalEvent]] = (
    ExternalOrderPlaced,
    ExternalOrderShipped,
    ExternalOrderDelivered,
    ExternalPaymentReceived,
)
"""What the service takes from other systems."""

ExternalNews = ExternalOrderShipped | ExternalOrderDelivered | ExternalPaymentReceived


def announcement_of(event: ExternalOrderPlaced) -> Announcement:
    """The order that an event tells was placed."""
    who, known_as = event.customer, event.customer.customer_id
    key = f"customer:{known_as}" if known_as else f"order:{event.order_id}"
    return Announcement(
        news_id=f"{event.system}:{event.event_id}",
        correlation_id=event.correlation_id,
        order_id=_id_of("ord", event.system, event.order_id),
        external_id=f"{event.system}:{event.order_id}",
        ordered_at=event.occurred_at,
        person=Person(
            name=who.name,
            phone=who.phone,
            email=who.email,
            external_id=f"{event.system}:{known_as}" if known_as else None,
        ),
        person_key=f"{event.system}:{key}",
        currency=event.currency,
        lines=tuple(_line(line) for line in event.lines),
        promised_at=event.promised_at,
    )


def news_of(event: ExternalNews) -> News:
    """What an event tells of an order, wherever that is on its way."""
    return News(
        news_id=f"{event.system}:{event.event_id}",
        external_id=f"{event.system}:{event.order_id}",
        correlation_id=event.correlation_id,
        message=json.dumps(
            {
                "source": event.source,
                "detail-type": event.detail_type,
                "detail": event.model_dump(mode="json"),
            }
        ),
        sighting=_sighting(event),
        payment=_payment(event) if isinstance(event, ExternalPaymentReceived) else None,
        currency=event.currency if isinstance(event, ExternalPaymentReceived) else None,
    )


def _line(line: ExternalLine) -> Line:
    return Line(
        product=line.product,
        quantity=line.quantity,
        unit_price=line.unit_price,
        kdv_class=KdvClass(line.kdv_class) if line.kdv_class else None,
        freight=line.freight,
        partner=line.partner,
    )


def _sighting(event: ExternalNews) -> Sighting | None:
    if isinstance(event, ExternalOrderShipped):
        return Sighting(status=Status.SHIPPED, at=event.occurred_at, tracking=event.tracking)
    if isinstance(event, ExternalOrderDelivered):
        return Sighting(status=Status.DELIVERED, at=event.occurred_at)
    return None


def _payment(event: ExternalPaymentReceived) -> Payment:
    return Payment(
        payment_id=_id_of("pay", event.system, event.payment_id),
        method=event.method,
        amount=event.amount,
        instalments=event.instalments,
        paid_at=event.occurred_at,
    )


def _id_of(prefix: str, system: str, theirs: str) -> str:
    digest = hashlib.sha256(f"external\0{prefix}\0{system}\0{theirs}".encode()).digest()
    return f"{prefix}_{base64.b32encode(digest).decode().lower()[:26]}"
