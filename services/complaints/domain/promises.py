"""How soon we promise to answer and to resolve, in open hours, as data with a date.

These are promises of the company and no terms of law; those come on top. Change
them by adding a rule with the day from which it holds: what was promised before
stays promised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.complaints.domain.particulars import Kind, Seriousness
from shared.calendar import (
    BusinessCalendar,
    DatedRules,
    Rule,
    Week,
    day_in_turkey,
    turkish_holidays,
)

OWN_WORD = "the company's own promise"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Within how much open time the customer hears from us, and is helped."""

    answer: timedelta
    resolution: timedelta


@dataclass(frozen=True, kw_only=True)
class Promises:
    """What is promised by seriousness, and where a kind of complaint has terms of its own."""

    usual: Mapping[Seriousness, Promise]
    special: Mapping[tuple[Kind, Seriousness], Promise]


def _hours(*, answer: int, resolution: int) -> Promise:
    return Promise(answer=timedelta(hours=answer), resolution=timedelta(hours=resolution))


# A working day has eight open hours.
OPENING_HOURS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Week.of(
            {"mon tue wed thu fri": "09:00-12:30 13:30-18:00", "sat": "10:00-14:00"},
        ),
        source=OWN_WORD,
    ),
)
PROMISES = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Promises(
            usual={
                Seriousness.NORMAL: _hours(answer=4, resolution=24),
                Seriousness.SERIOUS: _hours(answer=2, resolution=16),
                Seriousness.SAFETY: _hours(answer=1, resolution=8),
            },
            special={
                # Whoever waits for money to be put right waits for nothing but our own desk.
                (Kind.INVOICE, Seriousness.NORMAL): _hours(answer=4, resolution=8),
                # A visit has to be arranged with the customer.
                (Kind.SERVICE, Seriousness.NORMAL): _hours(answer=4, resolution=40),
            },
        ),
        source=OWN_WORD,
    ),
)

CALENDAR = BusinessCalendar(OPENING_HOURS, turkish_holidays())


def promise_for(kind: Kind, seriousness: Seriousness, day: date) -> Promise:
    """What is promised about a complaint on a day in Turkey."""
    promises = PROMISES.on(day)
    return promises.special.get((kind, seriousness), promises.usual[seriousness])


def begin(opened_at: datetime, now: datetime) -> datetime:
    """From when on time is counted.

    A complaint from before our oldest promise comes out of another system's
    history: it is ours to settle since it was recorded here.
    """
    return opened_at if day_in_turkey(opened_at) >= PROMISES.oldest else now


def answer_due(kind: Kind, seriousness: Seriousness, start: datetime) -> datetime:
    """By when the customer is to hear from us."""
    return CALENDAR.add(start, promise_for(kind, seriousness, day_in_turkey(start)).answer)


def resolution_due(kind: Kind, seriousness: Seriousness, start: datetime) -> datetime:
    """By when it is to be resolved."""
    return CALENDAR.add(start, promise_for(kind, seriousness, day_in_turkey(start)).resolution)
