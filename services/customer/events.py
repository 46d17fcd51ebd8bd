"""Which entry of a log is which event."""

from collections.abc import Callable

from shared.contracts.customer import (
    ConversationHeld,
    CustomerChanged,
    CustomerCreated,
    CustomerLinkChanged,
)
from shared.contracts.event import Event
from shared.entity import Entry


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
    )


def _conversation_held(entity_id: str, customer_id: str, entry: Entry) -> Event:
    return ConversationHeld.of(entry, entity_id=entity_id, customer_id=customer_id, **entry.facts)


# A link's own log is its record; what it does is told by the customers it joins and parts.
_EVENTS: dict[str, Callable[[str, str, Entry], Event]] = {
    "created": _created,
    "changed": _changed,
    "link_changed": _link_changed,
    "conversation_held": _conversation_held,
}
