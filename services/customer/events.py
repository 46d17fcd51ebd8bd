"""Which entry of a log is which event, and what the events of other systems mean here."""

import base64
import hashlib
from collections.abc import Callable

from services.customer.domain import Conversation, Direction, Purpose
from shared.contracts.customer import (
    ConversationAttributed,
    ConversationHeld,
    CustomerChanged,
    CustomerCreated,
    CustomerLinkChanged,
    TaxIdRevealed,
)
from shared.contracts.event import Event
from shared.contracts.external import ExternalCallEnded
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


# A link's own log is its record; what it does is told by the customers it joins and parts.
_EVENTS: dict[str, Callable[[str, str, Entry], Event]] = {
    "created": _created,
    "changed": _changed,
    "link_changed": _link_changed,
    "conversation_held": _conversation_held,
    ATTRIBUTED: _attributed,
    "tax_id_revealed": _tax_id_revealed,
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
