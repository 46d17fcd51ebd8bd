"""Working days as the Turkish consumer regulations count them.

All days but national, official and religious holidays, New Year's Day, 1 May
and Sundays; Saturday counts (Warranty Certificate Regulation and After-Sales
Services Regulation, both of 13 June 2014, definition of a working day). That a
day free from 13:00 on is still a working day is our reading: it ends a term
earlier, so whoever keeps to it is late under neither. To be confirmed by a
lawyer before anyone relies on it.
"""

from datetime import date, timedelta

from shared.calendar.holidays import WHOLE_DAY, Holidays

SUNDAY = 6
ONE_DAY = timedelta(days=1)


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Whether a day counts. Raise HolidaysUnknown outside the known years."""
    return holidays.free_from(day) != WHOLE_DAY and day.weekday() != SUNDAY


def after_working_days(day: date, count: int, holidays: Holidays) -> date:
    """The last day of a term of so many working days; the day it begins on is not counted.

    Raise ValueError for a term of less than one day.
    """
    if count < 1:
        raise ValueError("a term has at least one working day")
    while count:
        day += ONE_DAY
        count -= is_working_day(day, holidays)
    return day
