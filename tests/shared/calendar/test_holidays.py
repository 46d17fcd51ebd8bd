from datetime import date, time

import pytest

from infra.turkish_holidays import YEARS, document
from shared.calendar import HolidaysUnknown, turkish_holidays
from shared.calendar.holidays import FILE, WHOLE_DAY

AFTERNOON = time(13)


def test_the_data_file_is_what_its_source_says() -> None:
    assert FILE.read_text(encoding="utf-8") == document()


def test_whole_years_are_known() -> None:
    holidays = turkish_holidays()

    assert holidays.first == date(YEARS[0], 1, 1)
    assert holidays.last == date(YEARS[-1], 12, 31)
    for outside in (date(2014, 12, 31), date(2036, 1, 1)):
        with pytest.raises(HolidaysUnknown, match=str(outside)):
            holidays.free_from(outside)


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_the_days_that_the_law_names(year: int) -> None:
    whole = [(1, 1), (4, 23), (5, 1), (5, 19), (8, 30), (10, 29)] + [(7, 15)] * (year >= 2017)
    holidays = turkish_holidays()

    assert {holidays.free_from(date(year, month, day)) for month, day in whole} == {WHOLE_DAY}
    assert holidays.free_from(date(year, 10, 28)) == AFTERNOON


def test_the_feasts_of_2026_begin_at_one_on_their_eves() -> None:
    holidays = turkish_holidays()
    ramazan = [holidays.free_from(date(2026, 3, day)) for day in range(18, 24)]
    kurban = [holidays.free_from(date(2026, 5, day)) for day in range(25, 32)]

    assert ramazan == [None, AFTERNOON, WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, None]
    assert kurban == [None, AFTERNOON, *[WHOLE_DAY] * 4, None]


def test_a_day_that_is_the_eve_of_a_feast_and_a_holiday_is_free_all_day() -> None:
    assert turkish_holidays().free_from(date(2033, 1, 1)) == WHOLE_DAY
