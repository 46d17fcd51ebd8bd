"""Which entry of a log is which event."""

from collections.abc import Callable

from services.engagement.domain import NOBODY
from shared.contracts.engagement import (
    ConsentRecorded,
    MessageBounced,
    MessageDelivered,
    MessageOpened,
    MessageSent,
    MessageWithheld,
    OfferClosed,
    OfferDecided,
    OfferOpened,
)
from shared.contracts.event import Event
from shared.entity import Entry

MESSAGE = "msg_"  # with which the ids of messages begin


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where nobody else needs to know."""
    if entry.what in _OF_OFFERS:
        return _of_offer(entity_id, entry)
    if entity_id.startswith(MESSAGE):
        return _of_message(entity_id, customer_id, entry)
    if entry.what != "recorded" or customer_id == NOBODY:
        return None
    return ConsentRecorded.of(
        entry,
        entity_id=entity_id,
        customer_id=customer_id,
        consent_id=entity_id,
        **entry.facts,
    )


_OF_OFFERS: dict[str, type[Event]] = {
    "offer_opened": OfferOpened,
    "offer_decided": OfferDecided,
    "offer_closed": OfferClosed,
}


def _of_offer(entity_id: str, entry: Entry) -> Event:
    """What is told of an offer, by its own log or by that of a vote on it."""
    facts = {"offer_id": entity_id, **entry.facts}
    return _OF_OFFERS[entry.what].of(entry, entity_id=entity_id, customer_id=NOBODY, **facts)


_MESSAGES: dict[str, Callable[..., Event]] = {
    "sent": MessageSent.of,
    "delivered": MessageDelivered.of,
    "bounced_hard": lambda *told, **facts: MessageBounced.of(*told, is_hard=True, **facts),
    "bounced_soft": lambda *told, **facts: MessageBounced.of(*told, is_hard=False, **facts),
    "opened": lambda *told, **facts: MessageOpened.of(*told, what="opened", **facts),
    "clicked": lambda *told, **facts: MessageOpened.of(*told, what="clicked", **facts),
    "reached": lambda *told, **facts: MessageOpened.of(*told, what="reached", **facts),
    "withheld": MessageWithheld.of,
}


def _of_message(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    event = _MESSAGES.get(entry.what)
    if event is None:
        return None
    return event(
        entry,
        entity_id=entity_id,
        customer_id=customer_id,
        message_id=entity_id,
        **entry.facts,
    )
