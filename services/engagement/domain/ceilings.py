"""How often is too often, by segment: the upper bound of what people hear that is no service.

Dated rules, all of them the company's own word. The lower bound, how seldom is too seldom, goes by
tier and group as well (neglect.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.engagement.domain.purposes import OFFERS, SURVEYS, Cadence, Purpose
from shared.calendar import DatedRules, Rule

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Served:
    """In which tier and groups a person is, as the customer service says."""

    tier: str | None = None
    rank: int | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """At most so many within each of some times; `segment` is whose bound it is, None for all."""

    cadences: tuple[Cadence, ...]
    segment: str | None = None

    @property
    def within(self) -> timedelta:
        """The longest time that is looked back."""
        return max((one.within for one in self.cadences), default=timedelta())

    @property
    def most(self) -> int:
        """How many contacts it takes at most to judge by."""
        return max((one.most for one in self.cadences), default=0)


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """The bounds of what counts together, by tier, of which 1 is the highest, and by group.

    The tier's own holds where there is one, since somebody has said who is in it or pays for it;
    else that of the group which lets the fewest through. Who has neither has the purpose's own.
    """

    by_rank: Mapping[int, tuple[Cadence, ...]]
    by_group: Mapping[str, tuple[Cadence, ...]]

    def of(self, served: Served) -> Ceiling | None:
        """The bound of a person; None where no segment of theirs has one."""
        if served.rank is not None and served.rank in self.by_rank:
            return Ceiling(
                cadences=self.by_rank[served.rank], segment=served.tier or f"tier {served.rank}"
            )
        own = (
            Ceiling(cadences=self.by_group[one], segment=one)
            for one in sorted(served.groups)
            if one in self.by_group
        )
        return min(own, key=_in_a_year, default=None)


def _in_a_year(ceiling: Ceiling) -> float:
    """How many its strictest cadence lets through in a year."""
    return min(one.most / one.within.days * 365 for one in ceiling.cadences)


def _most(most: int, days: int) -> Cadence:
    return Cadence(most=most, within=days * DAY)


CEILINGS: DatedRules[Mapping[str, Ceilings]] = DatedRules(
    Rule(
        since=date(2015, 5, 1),
        holds={
            OFFERS: Ceilings(
                by_rank={1: (_most(1, 7), _most(2, 30))},
                by_group={
                    "profitable": (_most(1, 7), _most(3, 30)),
                    "loyal": (_most(1, 7), _most(4, 30)),
                    "loss_making": (_most(1, 30),),
                },
            ),
            SURVEYS: Ceilings(by_rank={1: (_most(1, 90),)}, by_group={}),
        },
        source="the company's own word",
    ),
)


def ceiling_of(purpose: Purpose, served: Served, day: date) -> Ceiling:
    """How often a person may hear what counts together with a purpose, on a day in Turkey."""
    bounds = CEILINGS.on(day).get(purpose.counted_as)
    own = bounds.of(served) if bounds else None
    return own or Ceiling(cadences=purpose.cadences)
