from datetime import date

import pytest

from shared.calendar import after_working_days, is_working_day, turkish_holidays

HOLIDAYS = turkish_holidays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), True),  # a Saturday
        (date(2026, 3, 8), False),  # a Sunday
        (date(2026, 4, 23), False),
        (date(2026, 10, 28), True),  # half a day
        (date(2026, 10, 29), False),
    ],
)
def test_saturdays_count_and_sundays_and_holidays_do_not(day: date, works: bool) -> None:
    assert is_working_day(day, HOLIDAYS) is works


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 2, date(2026, 3, 9)),
        (date(2026, 3, 18), 2, date(2026, 3, 23)),  # the eve counts, the feast does not
        (date(2026, 3, 2), 20, date(2026, 3, 27)),  # the longest repair of most goods
    ],
)
def test_the_day_a_term_begins_on_is_not_counted(day: date, count: int, last: date) -> None:
    assert after_working_days(day, count, HOLIDAYS) == last


def test_a_term_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        after_working_days(date(2026, 3, 2), 0, HOLIDAYS)
