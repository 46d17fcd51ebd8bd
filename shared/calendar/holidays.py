"""Public holidays as data: which days are free, and from which hour on.

Law 2429 names the days. The religious feasts follow the moon, and their days
are announced, so none of it is computed here: `turkish_holidays.csv` is written
by `python -m infra.turkish_holidays`, and a test holds it against its source.
Far feasts in it are marked as estimated; write the file anew every year or so.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

WHOLE_DAY = time.min
FILE = Path(__file__).with_name("turkish_holidays.csv")


class HolidaysUnknown(LookupError):
    """The day lies outside the years whose holidays are known, so nothing is counted there."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"holidays are known from {first} to {last}, not for {day}")


@dataclass(frozen=True, kw_only=True)
class Holidays:
    """The free days from `first` to `last`, and from which hour on each is free."""

    first: date
    last: date
    days: Mapping[date, time]

    def free_from(self, day: date) -> time | None:
        """From when on the day is free, midnight for all of it; None for an ordinary day.

        Raise HolidaysUnknown outside the known years.
        """
        if not self.first <= day <= self.last:
            raise HolidaysUnknown(day, self.first, self.last)
        return self.days.get(day)


@cache
def turkish_holidays() -> Holidays:
    """The holidays of Turkey, in all the years of the data file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        days = {
            date.fromisoformat(row["day"]): time.fromisoformat(row["from"])
            for row in csv.DictReader(file)
        }
    return Holidays(
        first=min(days).replace(month=1, day=1),
        last=max(days).replace(month=12, day=31),
        days=days,
    )
