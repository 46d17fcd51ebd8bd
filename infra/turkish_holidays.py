"""Writes the holidays of Turkey that shared/calendar/ reads: `python -m infra.turkish_holidays`.

They come from the library `holidays` (MIT), which knows the announced feasts
and estimates those to come. It is too heavy for a function: 9 MB and most of a
second to import.
"""

import csv
import io
from datetime import time

import holidays
from holidays.constants import HALF_DAY, PUBLIC

from shared.calendar.holidays import FILE, WHOLE_DAY

YEARS = range(2015, 2036)
AFTERNOON = time(13)  # Law 2429: 28 October and the eves of the feasts are free from then on


def rows() -> list[tuple[str, str, str]]:
    """Day, from when on it is free, and why; a day that is free for two reasons stands once."""
    whole = holidays.country_holidays("TR", years=YEARS, language="en_US", categories=(PUBLIC,))
    half = holidays.country_holidays("TR", years=YEARS, language="en_US", categories=(HALF_DAY,))
    found = {day: (AFTERNOON, name) for day, name in half.items()}
    found |= {day: (WHOLE_DAY, name) for day, name in whole.items()}
    return [
        (day.isoformat(), since.isoformat("minutes"), name.replace(" (from 1pm)", ""))
        for day, (since, name) in sorted(found.items())
    ]


def document() -> str:
    """The whole file."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["day", "from", "why"])
    lines.writerows(rows())
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
