"""Whom to call today: for each owner the most neglected of their customers, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.engagement.domain.ceilings import Served
from services.engagement.domain.neglect import (
    FLOORS,
    NeglectReason,
    Score,
    is_due,
    looks_again,
    neglect_of,
)
from services.engagement.domain.silence import Silence, silence_of

NOBODY_CALLS = "nobody"  # the list of those whom nobody owns
MOST_CALLS = 50  # on one list: what somebody can say to so many people in a day is worth little
LOOK_AGAIN = timedelta(days=30)  # at the latest, since tiers and groups change


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Who cares for a person today, as the customer service says.

    `members` are the ids of the person, the leader's first. `calls` is whoever takes the place of
    an owner who is not here, else the owner; None where nobody does.
    """

    members: tuple[str, ...]
    served: Served = field(default_factory=Served)
    owner: str | None = None
    calls: str | None = None
    calls_subject: str | None = None
    acting_as: str | None = None
    value: Mapping[str, int] = field(default_factory=dict)  # minor units by currency


@dataclass(frozen=True, kw_only=True)
class Call:
    """Somebody to call, and why."""

    customer_id: str
    members: tuple[str, ...]
    days: int
    floor: int
    points: int
    band: str
    reasons: tuple[NeglectReason, ...]
    tier: str | None
    owner: str | None
    acting_as: str | None

    @property
    def place(self) -> tuple[int, int, str]:
        """Sorts the most neglected first."""
        return -self.points, -self.days, self.customer_id


@dataclass(frozen=True, kw_only=True)
class CallList:
    """One owner's list of a day: the most neglected, and how many were forgotten altogether."""

    staff_id: str
    day: date
    calls: tuple[Call, ...] = ()
    count: int = 0

    def and_also(self, calls: Iterable[Call]) -> "CallList":
        """The list with some more, of whom none stood on it."""
        more = tuple(calls)
        best = sorted((*self.calls, *more), key=lambda one: one.place)
        return replace(self, calls=tuple(best[:MOST_CALLS]), count=self.count + len(more))

    def still(self, silences: Mapping[str, Silence], day: date) -> tuple[Call, ...]:
        """Those with whom there was no word since."""
        return tuple(
            one
            for one in self.calls
            if is_due(silence_of(_known(one.members, silences)), one.floor, day)
        )


@dataclass(frozen=True, kw_only=True)
class Run:
    """How far the making of a day's lists has come. `place` is behind whom it goes on."""

    day: date
    began_at: datetime
    place: str = ""
    is_done: bool = False
    looked_at: int = 0
    forgotten: int = 0


def due_persons(
    ids: Iterable[str], keepers: Mapping[str, Keeper], silences: Mapping[str, Silence], day: date
) -> tuple[dict[str, Keeper], dict[str, date]]:
    """Those who are over their floor, each person once; and when to look at the others again.

    For a person speaks the first of their ids of which anything is known.
    """
    due: dict[str, Keeper] = {}
    later: dict[str, date] = {}
    for customer_id in ids:
        keeper = keepers.get(customer_id)
        if keeper is None:  # no customer of ours, or no more
            later[customer_id] = day + LOOK_AGAIN
            continue
        person = silence_of(_known(keeper.members, silences))
        floor = floor_of(keeper, day)
        if not is_due(person, floor, day):
            again = looks_again(person, floor) or day + LOOK_AGAIN
            later[customer_id] = min(max(again, day + timedelta(days=1)), day + LOOK_AGAIN)
        elif next((one for one in keeper.members if one in silences), None) == customer_id:
            due[customer_id] = keeper
    return due, later


def call_for(
    customer_id: str,
    keeper: Keeper,
    silences: Mapping[str, Silence],
    cases: Mapping[str, Sequence[str | None]],
    day: date,
) -> Call:
    """The line of somebody who is over their floor. `cases` are the open complaints by id."""
    person = silence_of(_known(keeper.members, silences))
    floor = floor_of(keeper, day)
    theirs = [one for member in keeper.members for one in cases.get(member, ())]
    score: Score = neglect_of(person, theirs, floor, day)
    return Call(
        customer_id=customer_id,
        members=keeper.members,
        days=person.days(day) or 0,
        floor=floor,
        points=score.points,
        band=score.band,
        reasons=score.reasons,
        tier=keeper.served.tier,
        owner=keeper.owner,
        acting_as=keeper.acting_as,
    )


def floor_of(keeper: Keeper, day: date) -> int:
    """Within how many days a person is to have a word with us at the least."""
    return FLOORS.on(day).of(keeper.served.rank, keeper.served.groups)


def _known(members: Iterable[str], silences: Mapping[str, Silence]) -> list[Silence]:
    return [silences[one] for one in members if one in silences]
