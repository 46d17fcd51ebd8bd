"""Ten thousand generated cases, each answered by the calendar and minute by minute."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from shared.calendar import BusinessCalendar, DatedRules, Rule, Week, turkish_holidays
from shared.calendar.hours import DAYS
from tests.shared.calendar.reference import MinuteByMinute

CASES = 10_000
WORLDS = 40
DAYS_EACH = 14
# Nights in which the clock was changed, and feasts at the turn of a year or next to a weekend.
NOTABLE = [
    date(2015, 3, 29),
    date(2015, 11, 8),
    date(2016, 3, 27),
    date(2016, 9, 7),
    date(2026, 3, 19),
    date(2026, 5, 26),
    date(2026, 10, 28),
    date(2033, 1, 1),
]


def some_hours(random: Random) -> dict[str, str]:
    """Up to four shifts on each day, of any length, round the clock now and then."""
    hours: dict[str, str] = {}
    for day in DAYS:
        grid = random.choice([60, 30, 15, 1])
        times = sorted(
            random.sample(range(0, 24 * 60 + 1, grid), 2 * random.choice([0, 1, 2, 2, 4]))
        )
        hours[day] = " ".join(
            f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
            for opens, closes in zip(times[::2], times[1::2], strict=True)
        )
    if random.random() < 0.2:
        hours = {" ".join(DAYS): "00:00-24:00"}
    return hours


def a_start(random: Random, world: int) -> datetime:
    if world < 2 * len(NOTABLE):
        day = NOTABLE[world % len(NOTABLE)] - timedelta(days=random.randrange(1, 8))
    else:
        day = date(2015, 1, 2) + timedelta(days=random.randrange(20 * 365))
    return datetime(day.year, day.month, day.day, random.randrange(24), tzinfo=UTC)


@pytest.mark.parametrize("world", range(WORLDS))
def test_the_calendar_answers_as_counting_minute_by_minute_does(world: int) -> None:
    random = Random(world)  # noqa: S311 the same worlds each time
    week = Week.of(some_hours(random))
    rules = DatedRules(Rule(since=date(2015, 1, 1), holds=week, source="the test"))
    calendar = BusinessCalendar(rules, turkish_holidays())
    slow = MinuteByMinute(week, turkish_holidays(), a_start(random, world), DAYS_EACH * 24 * 60)

    for _ in range(CASES // WORLDS):
        one, other = sorted(random.randrange(slow.minutes) for _ in range(2))
        duration = random.choice([0, 1, random.randrange(600), random.randrange(10_000)])
        start, end = slow.instant(one), slow.instant(other)

        assert calendar.is_open(start) is slow.is_open(one)
        assert calendar.between(start, end) == timedelta(minutes=slow.between(one, other))
        opening = slow.next_opening(one)
        if opening is not None:
            assert calendar.next_opening(start) == slow.instant(opening)
        expected = slow.add(one, duration)
        if expected is not None:
            assert calendar.add(start, timedelta(minutes=duration)) == slow.instant(expected)
