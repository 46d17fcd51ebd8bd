"""When somebody was born."""

from datetime import date, datetime, timedelta

from shared.errors import Invalid

EARLIEST = date(1900, 1, 1)
FIRST_TO_BEGIN = timedelta(hours=14)  # before UTC a day begins so much earlier, in Kiribati


def possible_birth_date(day: date, now: datetime) -> date:
    """The day, if somebody who is a customer now can be born on it; else raise Invalid."""
    if day < EARLIEST:
        raise Invalid("nobody of before 1900 is a customer; check the year", field="birth_date")
    if day > (now + FIRST_TO_BEGIN).date():
        raise Invalid("that day is still to come; check the year", field="birth_date")
    return day
