"""Opening hours, and time counted in them alone.

A shift belongs to one day and is held as minutes of its wall clock. On the
day the clock is changed, a shift begins and ends when the clock first shows
that time or a later one, so it may last an hour less or more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared.calendar.holidays import Holidays
from shared.calendar.rules import DatedRules

ISTANBUL = ZoneInfo("Europe/Istanbul")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60  # at the end of a day, in minutes
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
NOTHING = timedelta()

Shift = tuple[int, int]
"""When it opens and closes, in minutes of the day's wall clock."""

Span = tuple[datetime, datetime]
"""Two instants in UTC; the second one is not part of it."""


def day_in_turkey(instant: datetime) -> date:
    """The day that an instant falls on in Turkey."""
    return _utc(instant).astimezone(ISTANBUL).date()


@dataclass(frozen=True)
class Week:
    """The shifts of each day, Monday first."""

    shifts: tuple[tuple[Shift, ...], ...]

    @classmethod
    def of(cls, hours: Mapping[str, str]) -> "Week":
        """Read hours as people write them: `{"mon tue": "09:00-12:30 13:30-18:00"}`.

        Days that are not named are closed; 24:00 closes a day. Raise ValueError
        for what is no day or no hour, for a day named twice, and for shifts that
        are empty, overlap or stand out of order.
        """
        days: dict[str, tuple[Shift, ...]] = {}
        for names, text in hours.items():
            shifts = _shifts(text)
            for name in names.split():
                if name not in DAYS or name in days:
                    raise ValueError(f"{name!r} is no day, or is named twice")
                days[name] = shifts
        return cls(tuple(days.get(name, ()) for name in DAYS))


class BusinessCalendar:
    """When a company is open, by its hours and the holidays, in Turkey."""

    def __init__(self, weeks: DatedRules[Week], holidays: Holidays) -> None:
        """`weeks` are the opening hours, which may change on a day."""
        self._weeks = weeks
        self._holidays = holidays
        self._known: dict[date, Sequence[Span]] = {}

    def is_open(self, instant: datetime) -> bool:
        """Whether there is somebody. The instant of closing is closed."""
        instant = _utc(instant)
        return any(
            opens <= instant < closes for opens, closes in self._day(day_in_turkey(instant))
        )

    def closing(self, instant: datetime) -> datetime | None:
        """When the shift closes that is open at this instant; None where none is."""
        instant = _utc(instant)
        open_now = (
            closes
            for opens, closes in self._day(day_in_turkey(instant))
            if opens <= instant < closes
        )
        return next(open_now, None)

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself where it is open, else when it opens next."""
        opens, _ = next(self._spans(_utc(instant)))
        return opens

    def add(self, instant: datetime, duration: timedelta) -> datetime:
        """When so much open time will have passed; the last instant of a shift belongs to it.

        No time at all gives the next opening. Raise ValueError for less than no
        time, and HolidaysUnknown or NoRuleYet where the calendar's data ends.
        """
        if duration < NOTHING:
            raise ValueError("open time is added, not taken away")
        left = duration
        for opens, closes in self._spans(_utc(instant)):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise AssertionError("unreachable")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two instants; negative where `end` is the earlier."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.between(end, start)
        total, day, last = NOTHING, day_in_turkey(start), day_in_turkey(end)
        while day <= last:
            for opens, closes in self._day(day):
                total += max(NOTHING, min(closes, end) - max(opens, start))
            day += ONE_DAY
        return total

    def _spans(self, start: datetime) -> Iterator[Span]:
        """What is open from an instant on. Ends only by HolidaysUnknown."""
        day = day_in_turkey(start)
        while True:
            for opens, closes in self._day(day):
                if closes > start:
                    yield max(opens, start), closes
            day += ONE_DAY

    def _day(self, day: date) -> Sequence[Span]:
        spans = self._known.get(day)
        if spans is None:
            spans = self._known[day] = self._worked_out(day)
        return spans

    def _worked_out(self, day: date) -> Sequence[Span]:
        free = self._holidays.free_from(day)
        end = MIDNIGHT if free is None else free.hour * 60 + free.minute
        shifts = [
            (opens, min(closes, end))
            for opens, closes in self._weeks.on(day).shifts[day.weekday()]
            if opens < end
        ]
        midnight = _instant(day, 0)
        if _instant(day, MIDNIGHT) - midnight == ONE_DAY:  # the clock is not changed
            return [(midnight + o * ONE_MINUTE, midnight + c * ONE_MINUTE) for o, c in shifts]
        spans = [(_instant(day, opens), _instant(day, closes)) for opens, closes in shifts]
        # A shift within the hour that the clock jumps over does not take place.
        return [(opens, closes) for opens, closes in spans if opens < closes]


def _shifts(text: str) -> tuple[Shift, ...]:
    shifts = []
    for part in text.split():
        match = re.fullmatch(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", part)
        if match is None:
            raise ValueError(f"{part!r} is no shift such as 09:00-12:30")
        hour, minute, last_hour, last_minute = map(int, match.groups())
        shifts.append((hour * 60 + minute, last_hour * 60 + last_minute))
    # One shift may begin in the minute in which the one before it ends.
    in_order = all(one[1] <= other[0] for one, other in pairwise(shifts))
    if not in_order or not all(opens < closes <= MIDNIGHT for opens, closes in shifts):
        raise ValueError(f"the shifts {text!r} are empty, overlap or are out of order")
    return tuple(shifts)


def _instant(day: date, minute: int) -> datetime:
    """When the clock in Turkey first shows this time of the day, or a later one."""
    midnight = datetime.combine(day + ONE_DAY * (minute // MIDNIGHT), time.min)
    wall = midnight + ONE_MINUTE * (minute % MIDNIGHT)
    instant = wall.replace(tzinfo=ISTANBUL).astimezone(UTC)
    if instant.astimezone(ISTANBUL).replace(tzinfo=None) == wall:
        return instant
    # The clock jumps over this time. Read with the offset after the jump it lies before it.
    early = wall.replace(tzinfo=ISTANBUL, fold=1).astimezone(UTC)
    while early.astimezone(ISTANBUL).replace(tzinfo=None) < wall:
        early += ONE_MINUTE
    return early


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)
