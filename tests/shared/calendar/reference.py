"""The calendar again, minute by minute and without any shortcut, to hold the real one against."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from shared.calendar import ISTANBUL, Holidays, Week

ONE_MINUTE = timedelta(minutes=1)


class MinuteByMinute:
    """Asks of every minute in turn whether somebody is there. It knows a limited time only."""

    def __init__(self, week: Week, holidays: Holidays, start: datetime, minutes: int) -> None:
        self.start = start
        self.minutes = minutes
        self.open: list[bool] = []
        farthest = start.astimezone(ISTANBUL).replace(tzinfo=None) - timedelta(days=1)
        for n in range(-60, minutes):  # from an hour before, should the clock be set back in it
            wall = (start + n * ONE_MINUTE).astimezone(ISTANBUL).replace(tzinfo=None)
            # A clock that is set back shows no new time until it has caught up.
            farthest = max(farthest, wall)
            if n >= 0:
                self.open.append(_is_open(week, holidays, farthest))
        self._passed = [0, *accumulate(self.open)]

    def is_open(self, n: int) -> bool:
        return self.open[n]

    def between(self, first: int, last: int) -> int:
        return self._passed[last] - self._passed[first]

    def add(self, n: int, minutes: int) -> int | None:
        """None where it lies beyond what is known."""
        if not minutes:
            return self.next_opening(n)
        place = bisect_left(self._passed, self._passed[n] + minutes)
        return place if place < len(self._passed) else None

    def next_opening(self, n: int) -> int | None:
        place = bisect_right(self._passed, self._passed[n]) - 1
        return place if place < self.minutes else None

    def instant(self, n: int) -> datetime:
        return (self.start + n * ONE_MINUTE).astimezone(UTC)


def _is_open(week: Week, holidays: Holidays, wall: datetime) -> bool:
    minute = wall.hour * 60 + wall.minute
    free_from = holidays.free_from(wall.date())
    if free_from is not None and minute >= free_from.hour * 60:
        return False
    return any(opens <= minute < closes for opens, closes in week.shifts[wall.weekday()])
