"""Which entry of a log is which event, and what other services' events say to us."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.engagement.domain import NOBODY
from services.engagement.domain.purposes import OFFERS, PURPOSES
from services.engagement.domain.rapport import Heard, Offered
from services.engagement.domain.silence import Word
from shared.calendar import day_in_turkey
from shared.contracts.complaints import ComplaintOpened
from shared.contracts.customer import ConversationHeld, CustomerCreated
from shared.contracts.engagement import (
    ConsentRecorded,
    FrictionRecorded,
    InfluenceRecorded,
    InfluenceRevoked,
    MessageBounced,
    MessageDelivered,
    MessageOpened,
    MessageSent,
    MessageWithheld,
    OfferClosed,
    OfferDecided,
    OfferOpened,
    ResponseRecorded,
)
from shared.contracts.event import Event
from shared.contracts.orders import OrderPlaced
from shared.contracts.warranty import ProductRegistered
from shared.entity import Entry

# What is told of one customer, and what the event calls the thing it is about.
_OF_ONE: dict[str, tuple[type[Event], str]] = {
    "recorded": (ConsentRecorded, "consent_id"),
    "responded": (ResponseRecorded, "response_id"),
    "hindered": (FrictionRecorded, "friction_id"),
    "influence_said": (InfluenceRecorded, "influence_id"),
    "influence_ended": (InfluenceRevoked, "influence_id"),
}
MESSAGE = "msg_"  # with which the ids of messages begin


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where nobody else needs to know."""
    named: dict[str, Any] = {"entity_id": entity_id, "customer_id": customer_id, **entry.facts}
    if entry.what in _OF_OFFERS:
        return _of_offer(entity_id, entry)
    if entity_id.startswith(MESSAGE):
        return _of_message(entity_id, customer_id, entry)
    if entry.what == "hindered":  # also where it was nobody's in particular
        named["customer_id"] = "" if customer_id == NOBODY else customer_id
    if entry.what == "recorded" and customer_id == NOBODY:
        return None
    if entry.what not in _OF_ONE:
        return None
    kind, its_id = _OF_ONE[entry.what]
    return kind.of(entry, **named, **{its_id: entity_id})


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


OFFER = "offer"  # of the purposes that a conversation has


def _of_message_sent(event: MessageSent) -> Word:
    """An offer, or what counts as one; else it was of use to them."""
    purpose = PURPOSES.on(day_in_turkey(event.occurred_at)).get(event.purpose)
    return Word.OFFER if purpose and purpose.counted_as == OFFERS else Word.OURS


def _of_conversation(event: ConversationHeld) -> Word:
    if event.direction == "in":
        return Word.THEIRS
    return Word.OFFER if event.purpose == OFFER else Word.OURS


_WORDS: Mapping[type[Event], Callable[[Any], tuple[Word, datetime]]] = {
    CustomerCreated: lambda event: (Word.NONE, event.occurred_at),
    ConversationHeld: lambda event: (_of_conversation(event), event.occurred_at),
    OrderPlaced: lambda event: (Word.THEIRS, event.occurred_at),
    ComplaintOpened: lambda event: (Word.THEIRS, event.opened_at),
    ProductRegistered: lambda event: (Word.THEIRS, event.occurred_at),
    MessageSent: lambda event: (_of_message_sent(event), event.occurred_at),
}
WORDS = tuple(_WORDS)


def heard_of(event: Event) -> Heard | None:
    """Who turned to whom with an event, when, and with which offer; None where nobody did."""
    tell = _WORDS.get(type(event))
    if tell is None:
        return None
    word, at = tell(event)
    offer = _offer_of(event) if word is Word.OFFER else None
    return Heard(customer_id=event.customer_id, word=word, at=at, offer=offer)


def _offer_of(event: Any) -> Offered:
    """The offer that was made with a conversation, or with a message."""
    offer_id = event.offer_id if isinstance(event, MessageSent) else None
    return Offered(
        at=event.occurred_at, told_by=event.entity_id, channel=event.channel, offer_id=offer_id
    )
