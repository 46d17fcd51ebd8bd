"""Who speaks well of us to others, or thanks us: whoever is fond of us, and not only satisfied."""

from datetime import date, timedelta

from shared.calendar import DatedRules, Rule

# How long somebody is taken for an advocate after the last word of that kind.
HOLDS: DatedRules[timedelta] = DatedRules(
    Rule(since=date(2015, 5, 1), holds=timedelta(days=730), source="the company's own word"),
)


def is_advocate(praised: date | None, day: date) -> bool:
    """Whether somebody who last thanked or recommended us on a day is an advocate on another."""
    return praised is not None and day - praised <= HOLDS.on(day)
