"""Sending an offer's wave: everybody it is for is come to, and whom it may reach is written to."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from services.engagement.domain import ReasonUsed
from services.engagement.domain.offers.offer import Offer
from services.engagement.domain.offers.people import Addressee
from services.engagement.ports.messages import Outbox
from services.engagement.ports.offers import Walk
from services.engagement.use_cases.messages import ask_for
from services.engagement.use_cases.offers import Gate, each_once
from shared.entity import Act
from shared.errors import ChangedMeanwhile, Unavailable

PAGE = 50  # people that are looked at together
AGAIN_AFTER = timedelta(days=1)  # a wave begins again, for whom something stood against it then


@dataclass(frozen=True, kw_only=True)
class Wave:
    """What one run has done."""

    offers: int = 0
    ended: int = 0
    looked_at: int = 0
    asked_for: int = 0


def send_offers(
    gate: Gate, outbox: Outbox, act: Act, *, has_time: Callable[[], bool] = lambda: True
) -> Wave:
    """Go on with the wave of each open offer that has begun, the first ones first.

    The place is noted after those before it were asked to be told, and each is told once for one
    offer: a crash comes to some of them again, and nobody is written to twice. A wave that has
    come to its end begins again where somebody has voted since it began, or a day has gone by.
    """
    offers = ended = looked_at = asked_for = 0
    for offer in gate.offers.open_ones(act.at):
        over = offer.end(act)
        with suppress(ChangedMeanwhile):  # somebody withdraws it, or another run walks
            if over is not offer:
                gate.offers.save(over)
                ended += 1
                continue
            offers += 1
            while has_time():
                step = _step(gate, outbox, act, offer)
                if step is None:
                    break
                looked_at += step.looked_at
                asked_for += step.asked_for
    return Wave(offers=offers, ended=ended, looked_at=looked_at, asked_for=asked_for)


def _step(gate: Gate, outbox: Outbox, act: Act, offer: Offer) -> Wave | None:
    """Come to the next page of people; None where there is nothing to do for now."""
    before = gate.offers.walk(offer.offer_id)
    if before.after is None:
        if not _is_due(before, act):
            return None
        begun = Walk(begun_at=act.at, after="")
        gate.offers.move(offer.offer_id, before, begun)
        before = begun
    try:
        page = gate.page(
            offer, after=before.after or None, size=PAGE, correlation_id=act.correlation_id
        )
    except Unavailable:
        return None  # it is gone on with from here
    ids = page.customer_ids
    known = gate.people.those(ids, act.correlation_id) if ids else {}
    if known is None:
        return None
    people = each_once(known)
    new = _not_asked(outbox, offer, people)
    asked = 0
    for one in gate.approved(offer, new, act.at, act.correlation_id) if new else ():
        if gate.lets_by(offer, one, act.at):
            asked += _ask(outbox, act, offer, one.person)
    gate.offers.move(offer.offer_id, before, replace(before, after=page.after))
    return Wave(looked_at=len(people), asked_for=asked)


def _not_asked(outbox: Outbox, offer: Offer, people: Sequence[Addressee]) -> list[Addressee]:
    """Those of whom no message waits or went: of the others nothing has to be found out."""
    ids = {id_of_message(offer.offer_id, one.person_id): one for one in people}
    there = outbox.asked(ids)
    return [one for message_id, one in ids.items() if message_id not in there]


def _is_due(walk: Walk, act: Act) -> bool:
    if walk.begun_at is None or walk.has_votes:
        return True
    return act.at - walk.begun_at >= AGAIN_AFTER


def _ask(outbox: Outbox, act: Act, offer: Offer, person: Addressee) -> bool:
    """Have somebody told of an offer, once; return whether that was new."""
    try:
        _, was_there = ask_for(
            outbox,
            act,
            message_id=id_of_message(offer.offer_id, person.person_id),
            fingerprint=offer.reason,
            customer_id=person.person_id,
            members=person.ids,
            purpose=offer.purpose,
            reason=offer.reason,
            template=offer.template,
            values=offer.values,
            channel=offer.channel,
            offer_id=offer.offer_id,
        )
    except ReasonUsed:
        return False  # another of their customer ids stood for them then
    return not was_there


def id_of_message(offer_id: str, customer_id: str) -> str:
    """The id of the one message that tells somebody of an offer."""
    digest = hashlib.sha256(f"{offer_id}\0{customer_id}".encode()).digest()
    return f"msg_{base64.b32encode(digest).decode().lower()[:26]}"
