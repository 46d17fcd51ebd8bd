"""Which entry of a log is which event, and what the events of other systems mean here."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from services.customer.domain import Conversation, Direction, Purpose
from services.customer.domain.groups import (
    CANCELLED,
    COMPLAINTS,
    DELIVERED,
    PAID,
    PLACED,
    REFUNDED,
)
from shared.calendar import day_in_turkey
from shared.contracts.complaints import ComplaintOpened
from shared.contracts.customer import (
    CareChanged,
    ConversationAttributed,
    ConversationHeld,
    CustomerChanged,
    CustomerCreated,
    CustomerErased,
    CustomerLinkChanged,
    SegmentOwnerChanged,
    TaxIdRevealed,
)
from shared.contracts.event import Event
from shared.contracts.external import ExternalCallEnded
from shared.contracts.orders import (
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    PaymentReceived,
    PaymentRefunded,
)
from shared.entity import ATTRIBUTED, Act, Entry


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where that is nobody else's business."""
    tell = _EVENTS.get(entry.what)
    return None if tell is None else tell(entity_id, customer_id, entry)


def _created(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return CustomerCreated.of(entry, entity_id=entity_id, customer_id=customer_id)


def _changed(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return CustomerChanged.of(
        entry, entity_id=entity_id, customer_id=customer_id, fields=entry.facts["fields"]
    )


def _erased(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return CustomerErased.of(entry, entity_id=entity_id, customer_id=customer_id)


def _link_changed(entity_id: str, _: str, entry: Entry) -> Event:
    return CustomerLinkChanged.of(
        entry,
        entity_id=entity_id,
        customer_id=entry.facts["member"],
        link_version=entry.facts["link_version"],
        person_id=entry.facts["person_id"],
        members=entry.facts["members"],
        newly_joined=entry.facts.get("newly_joined", []),
    )


def _conversation_held(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return ConversationHeld.of(entry, entity_id=entity_id, customer_id=customer_id, **entry.facts)


def _attributed(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return ConversationAttributed.of(
        entry, entity_id=entity_id, customer_id=customer_id, **entry.facts
    )


def _tax_id_revealed(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return TaxIdRevealed.of(
        entry, entity_id=entity_id, customer_id=customer_id, revealed_by=entry.by, **entry.facts
    )


def _care_changed(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return CareChanged.of(
        entry, entity_id=entity_id, customer_id=customer_id, changed_by=entry.by, **entry.facts
    )


def _segment_owner_changed(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return SegmentOwnerChanged.of(
        entry,
        entity_id=entity_id,
        customer_id=customer_id,
        segment_id=entity_id,
        changed_by=entry.by,
        **entry.facts,
    )


# A link's own log is its record; what it does is told by the customers it joins and parts.
_EVENTS: dict[str, Callable[[str, str, Entry], Event]] = {
    "created": _created,
    "changed": _changed,
    "erased": _erased,
    "link_changed": _link_changed,
    "conversation_held": _conversation_held,
    ATTRIBUTED: _attributed,
    "tax_id_revealed": _tax_id_revealed,
    "care_changed": _care_changed,
    "segment_owner_changed": _segment_owner_changed,
}


def call_of(event: ExternalCallEnded, act: Act) -> Conversation:
    """The conversation that a call was, without whose: that is for the phone to tell."""
    called = f"{event.system}\0{event.call_id}".encode()
    digest = base64.b32encode(hashlib.sha256(called).digest()).decode().lower()
    return Conversation.record(
        act,
        conversation_id=f"cnv_{digest[:26]}",
        customer_id="",
        held_at=event.started_at,
        channel="phone",
        direction=Direction(event.direction),
        purpose=Purpose.SERVICE,
        partner=event.agent,
        summary=event.summary,
    )


def _delivered(event: OrderDelivered) -> dict[str, int]:
    year = day_in_turkey(event.delivered_at or event.occurred_at).year
    return {f"{DELIVERED}:{year}": 1}


# What other services tell that is counted of a customer, and what it adds to which counts.
_COUNTED: dict[type[Event], Callable[[Any], dict[str, int]]] = {
    OrderPlaced: lambda _: {PLACED: 1},
    OrderDelivered: _delivered,
    OrderCancelled: lambda _: {CANCELLED: 1},
    PaymentReceived: lambda event: {f"{PAID}:{event.currency}": event.amount},
    PaymentRefunded: lambda event: {f"{REFUNDED}:{event.currency}": event.amount},
    ComplaintOpened: lambda _: {COMPLAINTS: 1},
}
COUNTED = tuple(_COUNTED)


def counted_of(event: Event) -> dict[str, int]:
    """What one of these adds to what is counted of its customer."""
    return _COUNTED[type(event)](event)
