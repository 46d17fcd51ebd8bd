"""Who cares for a customer: the one owner that they have, their segment and its queue.

What is said of a customer stands with that customer's own entry. Those who are one person have one
owner and one segment, worked out anew whenever they are looked at: the highest tier that any of
them is in, and the owner of whoever is in it, the leader before others. So a link changes nothing
that is kept, and after its end each is cared for as before. What is said of a person while several
entries are one is said of each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from services.customer.domain.groups import Group, Ledger, Reason, groups_of, ledger_of
from services.customer.domain.segments import Roster, Segment
from services.customer.domain.staff import Keeper, Presence
from shared.entity import Act, Happening

if TYPE_CHECKING:
    from services.customer.domain.customer import Customer

MOST_CHANGES = 20  # that are shown; each was told as an event as well
KEEP = ""  # in the place of an owner or a segment: let it be as it is


class Assigned(StrEnum):
    """How somebody came into their segment."""

    BY_HAND = "by_hand"
    BY_RULE = "by_rule"
    BY_DEFAULT = "by_default"


class Through(StrEnum):
    """Whose owner it is: the customer's own, or that of their segment."""

    CUSTOMER = "customer"
    SEGMENT = "segment"


class ActingAs(StrEnum):
    """Why somebody takes the place of an owner who is not here."""

    DEPUTY = "deputy"
    SUCCESSOR = "successor"
    SEGMENT_OWNER = "segment_owner"
    DEFAULT_OWNER = "default_owner"


@dataclass(frozen=True, kw_only=True)
class CareChange:
    """Who changed owner or segment of a customer, when and why, and what was so before."""

    at: datetime
    by: str
    reason: str
    from_owner: str | None = None
    to_owner: str | None = None
    from_segment: str | None = None
    to_segment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Care:
    """What somebody has said of a customer: their own owner, and their segment."""

    owner: str | None = None  # a staff id
    segment: str | None = None
    reason: str | None = None  # of the segment
    changes: tuple[CareChange, ...] = ()  # the newest first


NOBODY_SAID = Care()


def assigned(
    act: Act, customer: "Customer", *, owner: str | None, segment: str | None, reason: str
) -> "Customer":
    """A customer with another owner or segment; itself where nothing would be new.

    None takes away what was said, and KEEP keeps it.
    """
    before = customer.care or NOBODY_SAID
    to_owner = before.owner if owner == KEEP else owner
    to_segment = before.segment if segment == KEEP else segment
    if (to_owner, to_segment) == (before.owner, before.segment):
        return customer
    facts = {
        "from_owner": before.owner,
        "to_owner": to_owner,
        "from_segment": before.segment,
        "to_segment": to_segment,
    }
    change = CareChange(at=act.at, by=act.by, reason=reason, **facts)
    care = Care(
        owner=to_owner,
        segment=to_segment,
        reason=before.reason if to_segment == before.segment else reason,
        changes=(change, *before.changes)[:MOST_CHANGES],
    )
    return customer.after(act, Happening(what="care_changed", facts=facts), care=care)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One entry of a person, as far as it says who cares for them."""

    customer_id: str
    care: Care = NOBODY_SAID
    ledger: Ledger = field(default_factory=Ledger)
    since: datetime | None = None  # when they came into the books, where that was asked


@dataclass(frozen=True, kw_only=True)
class Served:
    """Who cares for a person on a day, and why. Without a roster nobody does, which is told."""

    segment: Segment | None
    assigned: Assigned
    owner: Keeper | None
    through: Through
    presence: Presence | None  # of the owner
    acting: Keeper | None  # in the place of an owner who is not here
    acting_as: ActingAs | None
    groups: dict[Group, tuple[Reason, ...]]
    value: dict[str, int]  # what they paid less what was given back, by currency
    reason: str | None  # why somebody has put them into the segment
    changes: tuple[CareChange, ...]  # the newest first


def served(standings: Sequence[Standing], roster: Roster, day: date) -> Served:
    """Who cares for a person. The leader's entry comes first, and at least one there is."""
    ledger = ledger_of(one.ledger for one in standings)
    groups = groups_of(ledger, day)
    ruled = next((one for one in roster.ranked if one.group in groups), None)
    entries = [_entry(one, roster, ruled) for one in standings]
    best = min(entries, key=lambda one: one.place)  # the first of several
    owning = [one for one in entries if one.standing.care.owner in roster.keepers]
    own = min(owning, key=lambda one: one.place, default=None)
    owner_id = own.standing.care.owner if own else best.segment.owner if best.segment else None
    owner = roster.keepers.get(owner_id or "")
    acting, acting_as = _acting(owner, best.segment, roster, day)
    changes = sorted(
        (change for one in standings for change in one.care.changes),
        key=lambda one: one.at,
        reverse=True,
    )
    return Served(
        segment=best.segment,
        assigned=best.assigned,
        owner=owner,
        through=Through.CUSTOMER if own else Through.SEGMENT,
        presence=owner.presence(day) if owner else None,
        acting=acting,
        acting_as=acting_as,
        groups=groups,
        value=ledger.value,
        reason=best.standing.care.reason if best.assigned is Assigned.BY_HAND else None,
        changes=tuple(changes[:MOST_CHANGES]),
    )


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """An entry with the segment that it is in by itself."""

    standing: Standing
    segment: Segment | None
    assigned: Assigned

    @property
    def place(self) -> tuple[bool, float]:
        """Sorts the highest tier first; nobody was put into the default one, so it is last."""
        rank = self.segment.rank if self.segment else float("inf")
        return self.assigned is Assigned.BY_DEFAULT, rank


def _entry(standing: Standing, roster: Roster, ruled: Segment | None) -> _Entry:
    said = roster.segments.get(standing.care.segment or "")
    if said is not None:
        return _Entry(standing=standing, segment=said, assigned=Assigned.BY_HAND)
    if ruled is not None:
        return _Entry(standing=standing, segment=ruled, assigned=Assigned.BY_RULE)
    return _Entry(standing=standing, segment=roster.default, assigned=Assigned.BY_DEFAULT)


def _acting(
    owner: Keeper | None, segment: Segment | None, roster: Roster, day: date
) -> tuple[Keeper | None, ActingAs | None]:
    """Who takes the place of an owner who is not here: the first of these who is."""
    if owner is None or owner.presence(day) is Presence.HERE:
        return None, None
    has_left = owner.presence(day) is Presence.LEFT
    ways = [(owner.stand_in(day), ActingAs.SUCCESSOR if has_left else ActingAs.DEPUTY)]
    for one, role in (
        (segment, ActingAs.SEGMENT_OWNER),
        (roster.default, ActingAs.DEFAULT_OWNER),
    ):
        if one is not None:
            ways.append((one.owner, role))
            theirs = roster.keepers.get(one.owner)
            ways.append((theirs.stand_in(day) if theirs else None, role))
    for staff_id, role in ways:
        keeper = roster.keepers.get(staff_id or "")
        if keeper is not None and keeper.presence(day) is Presence.HERE:
            return keeper, role
    return None, None


def unattended(roster: Roster, day: date) -> list[Segment]:
    """The segments whose owner has left, the highest tier first."""
    return [
        one
        for one in roster.ranked
        if one.owner not in roster.keepers
        or roster.keepers[one.owner].presence(day) is Presence.LEFT
    ]


def spoken_for(subject: str, roster: Roster, day: date) -> tuple[list[str], list[str]]:
    """The owners and the segments that somebody speaks for on a day, by their ids.

    Of owners their own, and those whose deputy or successor they are; of segments theirs, and
    those where they take the owner's place. Nobody who has left speaks for any.
    """
    me = next((one for one in roster.keepers.values() if one.subject == subject), None)
    if me is None or me.presence(day) is Presence.LEFT:
        return [], []
    here = me.presence(day) is Presence.HERE
    owners = {me.staff_id} | {
        one.staff_id
        for one in roster.keepers.values()
        if here and one.presence(day) is not Presence.HERE and one.stand_in(day) == me.staff_id
    }
    segments = [
        one.segment_id
        for one in roster.ranked
        if one.owner == me.staff_id or decides(one, roster, day) == me
    ]
    return sorted(owners), segments


def decides(segment: Segment, roster: Roster, day: date) -> Keeper | None:
    """Who decides for a segment on a day: its owner, or who takes the place; None for nobody."""
    owner = roster.keepers.get(segment.owner)
    if owner is None or owner.presence(day) is Presence.HERE:
        return owner
    return _acting(owner, segment, roster, day)[0]
