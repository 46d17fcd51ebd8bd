"""What is told to İYS, and what it tells us."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from services.engagement.domain import (
    NOBODY,
    AtIys,
    Change,
    Consent,
    ConsentPurpose,
    RecipientType,
    Status,
)
from services.engagement.ports import Consents, Iys, Places
from shared.calendar import Holidays
from shared.entity import Act
from shared.errors import ChangedMeanwhile

BATCH = 500  # consents in one request to İYS
MOST_PAGES = 20  # of İYS's changes in one run
GIVEN_UP_AFTER = timedelta(days=1)  # a request that İYS has not answered is made again


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one run has told İYS, and heard of what was told before."""

    handed_over: int = 0
    taken: int = 0
    turned_down: int = 0


def tell_iys(consents: Consents, iys: Iys, act: Act) -> Told:
    """Hear what became of what İYS has, and give it what it has not, the soonest due first.

    A crash between a request and the note of it makes the request again: İYS has the same word
    twice then, and nothing is lost. Raise IysUnavailable where İYS does not answer; what was done
    until then is kept.
    """
    waiting = consents.waiting()
    taken, turned_down = _hear(consents, iys, act, [one for one in waiting if one.request_id])
    unsent = [one for one in waiting if one.at_iys is AtIys.WAITING or _is_given_up(one, act.at)]
    sent = 0
    for start in range(0, len(unsent), BATCH):
        batch = unsent[start : start + BATCH]
        request_id = iys.hand_over(batch)
        for place, one in enumerate(batch):
            sent += _saved(consents, one.handed_over(act, request_id=request_id, place=place))
    return Told(handed_over=sent, taken=taken, turned_down=turned_down)


def _hear(consents: Consents, iys: Iys, act: Act, asked: Sequence[Consent]) -> tuple[int, int]:
    taken = turned_down = 0
    by_request = sorted(asked, key=lambda one: one.request_id or "")
    for request_id, some in groupby(by_request, key=lambda one: one.request_id or ""):
        outcomes = iys.outcomes(request_id)
        for one in some:
            outcome = outcomes.get(one.place if one.place is not None else -1)
            if outcome is not None and _saved(consents, one.answered(act, outcome)):
                turned_down += outcome.refused is not None
                taken += outcome.refused is None
    return taken, turned_down


def _is_given_up(consent: Consent, now: datetime) -> bool:
    return consent.handed_over_at is not None and now - consent.handed_over_at > GIVEN_UP_AFTER


def _saved(consents: Consents, consent: Consent) -> bool:
    """Save it, unless another run was quicker."""
    try:
        consents.save(consent)
    except ChangedMeanwhile:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What one run has heard from İYS."""

    new: int = 0
    known: int = 0
    unreadable: tuple[str, ...] = ()


def fetch_iys(
    consents: Consents, places: Places, iys: Iys, holidays: Holidays, act: Act
) -> Fetched:
    """Take in what people told İYS itself, and go on the next time where this one ended.

    The place is noted after what lies before it was taken in: a crash reads some of it again, and
    each change is one word whose id is İYS's own, so nothing comes twice.
    """
    new = known = 0
    unreadable: list[str] = []
    for _ in range(MOST_PAGES):
        place = places.get()
        page = iys.changes(place)
        for change in page.changes:
            was_known = _taken_in(consents, holidays, act, change)
            known += was_known
            new += not was_known
        unreadable += page.unreadable
        if page.after is None or page.after == place:
            break
        places.move(place, page.after)
    return Fetched(new=new, known=known, unreadable=tuple(unreadable))


def _taken_in(consents: Consents, holidays: Holidays, act: Act, change: Change) -> bool:
    """Take in a change; return whether it was known already.

    It stands under the customer who has spoken of that address last. Who that is, or whether there
    is anybody, makes no difference to whether it is obeyed.
    """
    key = consents.key_of(change.address, change.channel, ConsentPurpose.MARKETING)
    said, _ = consents.said_of(key)
    holder = next((one for one in said if one.customer_id != NOBODY), None)
    consent = Consent.record(
        act,
        holidays,
        consent_id=id_of_change(change),
        customer_id=holder.customer_id if holder else NOBODY,
        members=holder.speaks_for if holder else (),
        address=change.address,
        address_key=key,
        channel=change.channel,
        purpose=ConsentPurpose.MARKETING,
        recipient_type=RecipientType(change.recipient_type),
        status=Status(change.status),
        source=change.source,
        said_at=min(change.said_at, act.at),  # clocks differ
    )
    _, was_there = consents.add(consent, fingerprint=consent.consent_id)
    return was_there


def id_of_change(change: Change) -> str:
    """The id that a change always leads to."""
    return f"con_{hashlib.sha256(change.change_id.encode()).hexdigest()[:26]}"
