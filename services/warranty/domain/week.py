"""The week in which nobody is asked for a document: a promise of ours, no rule of law."""

from datetime import date, datetime, timedelta

from shared.calendar import day_in_turkey

WEEK = timedelta(days=7)


def last_day(bought_on: date, delivered_on: date | None) -> date:
    """The last day of the week: the seventh after purchase or delivery, whichever came later."""
    return max(bought_on, delivered_on or bought_on) + WEEK


def is_in_week(instant: datetime, bought_on: date, delivered_on: date | None) -> bool:
    """Whether an instant lies in the week, which ends with its last day in Istanbul."""
    return day_in_turkey(instant) <= last_day(bought_on, delivered_on)
