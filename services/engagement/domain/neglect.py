"""Who is forgotten: how often people are to hear from us at the least, and a score with reasons.

Dated rules, all of them the company's own word. The other bound, how often is too often, is in
ceilings.py.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.engagement.domain.permission import SERIOUS
from services.engagement.domain.silence import Silence
from shared.calendar import DatedRules, Rule

OWN_WORD = "the company's own word"


class Band(StrEnum):
    """How badly somebody is neglected."""

    CARED_FOR = "cared_for"
    NEGLECTED = "neglected"
    FORGOTTEN = "forgotten"


class Neglect(StrEnum):
    """What makes somebody feel neglected."""

    SILENCE = "silence"  # found: days without a word
    NO_CONTACT_BY_US = "no_contact_by_us"  # found: days since we turned to them
    ONLY_OFFERS = "only_offers"  # found: days since the last word that was no offer
    OPEN_CASES = "open_cases"  # found: open complaints
    SERIOUS_CASES = "serious_cases"  # found: those of them that are serious


@dataclass(frozen=True, kw_only=True)
class Floors:
    """Within how many days somebody is to have a word with us at the least.

    `by_rank` goes by the tier, of which 1 is the highest, `by_group` by what kind of customer they
    are. The soonest that applies holds, and `others` for whom none does.
    """

    by_rank: Mapping[int, int]
    by_group: Mapping[str, int]
    others: int

    def of(self, rank: int | None, groups: Collection[str]) -> int:
        """The days for somebody of a tier and these groups."""
        days = [self.by_group[one] for one in groups if one in self.by_group]
        if rank is not None and rank in self.by_rank:
            days.append(self.by_rank[rank])
        return min(days, default=self.others)

    @property
    def strictest(self) -> int:
        """Before so many days nobody is over their floor."""
        return min(*self.by_rank.values(), *self.by_group.values(), self.others)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How many points each kind of neglect gives, at most a hundred altogether.

    Silence gives half of its points at the floor and all of them at twice the floor; so does that
    we did not turn to them. Each case gives its points, up to a most.
    """

    silence: int
    no_contact_by_us: int
    only_offers: int
    open_case: int
    serious_case: int
    most_for_cases: int
    neglected: int  # from so many points on
    forgotten: int


FLOORS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Floors(
            by_rank={1: 45},
            by_group={"profitable": 60, "loyal": 90, "can_be_loyal": 120, "loss_making": 365},
            others=180,
        ),
        source=OWN_WORD,
    ),
)
WEIGHTS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Weights(
            silence=50,
            no_contact_by_us=20,
            only_offers=10,
            open_case=5,
            serious_case=15,
            most_for_cases=20,
            neglected=25,
            forgotten=50,
        ),
        source=OWN_WORD,
    ),
)


@dataclass(frozen=True, kw_only=True)
class NeglectReason:
    """A kind of neglect: what was found, the bound that it is judged by, and its points."""

    code: Neglect
    found: int
    bound: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """How badly somebody is neglected, from 0 to 100, and why."""

    points: int
    band: Band
    reasons: tuple[NeglectReason, ...]


def is_due(silence: Silence, floor: int, day: date) -> bool:
    """Whether it has been still for as long as it may be at most."""
    days = silence.days(day)
    return days is not None and days >= floor


def looks_again(silence: Silence, floor: int) -> date | None:
    """The day on which somebody is over their floor if nothing is said; None of strangers."""
    return None if silence.begins is None else silence.begins + timedelta(days=floor)


def band_of_silence(days: int, day: date) -> Band:
    """How bad silence by itself is for somebody of no tier or group in particular."""
    weights = WEIGHTS.on(day)
    return _band(_of_days(days, FLOORS.on(day).others, weights.silence), weights)


def neglect_of(silence: Silence, cases: Sequence[str | None], floor: int, day: date) -> Score:
    """The score of a person. `cases` are how serious each open complaint is, None if unknown."""
    weights = WEIGHTS.on(day)
    reasons = tuple(one for one in _reasons(silence, cases, floor, day, weights) if one.points > 0)
    points = min(100, sum(one.points for one in reasons))
    return Score(points=points, band=_band(points, weights), reasons=reasons)


def _band(points: int, weights: Weights) -> Band:
    if points >= weights.forgotten:
        return Band.FORGOTTEN
    return Band.NEGLECTED if points >= weights.neglected else Band.CARED_FOR


def _of_days(days: int, floor: int, most: int) -> int:
    """Half of the points at the floor, all of them at twice the floor."""
    return min(most, most * days // (2 * floor))


def _reasons(
    silence: Silence, cases: Sequence[str | None], floor: int, day: date, weights: Weights
) -> Iterator[NeglectReason]:
    for code, days, most in (
        (Neglect.SILENCE, silence.days(day), weights.silence),
        (Neglect.NO_CONTACT_BY_US, silence.days_without_us(day), weights.no_contact_by_us),
    ):
        found = days or 0
        points = _of_days(found, floor, most)
        yield NeglectReason(code=code, found=found, bound=floor, points=points)
    if silence.only_offers:
        found = silence.days(day) or 0
        yield NeglectReason(
            code=Neglect.ONLY_OFFERS, found=found, bound=0, points=weights.only_offers
        )
    yield from _of_cases(cases, weights)


def _of_cases(cases: Sequence[str | None], weights: Weights) -> Iterator[NeglectReason]:
    """One whose seriousness is not told counts as serious, as for permission."""
    serious = sum(one is None or one in SERIOUS for one in cases)
    left = weights.most_for_cases
    for code, found, each in (
        (Neglect.SERIOUS_CASES, serious, weights.serious_case),
        (Neglect.OPEN_CASES, len(cases) - serious, weights.open_case),
    ):
        points = min(left, found * each)
        left -= points
        yield NeglectReason(code=code, found=found, bound=weights.most_for_cases, points=points)
