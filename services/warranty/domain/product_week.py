"""What product, bought about when: how people tell of a purchase who have no number at hand."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from services.warranty.domain.unit import Unit
from shared.names import folded_name

ABOUT = timedelta(days=3)  # who names a day may be so far off
_ISO_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_WORDS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, kw_only=True, order=True)
class ProductWeek:
    """A product by its words, and a week of the calendar such as 2026-W07."""

    product: str
    week: str


def product_words(product: str) -> str:
    """The key under which products are one: folded as names are, the words in order of alphabet.

    Letters and figures are words of their own, so that `BX-200`, `bx 200` and `BX200` are one.
    """
    return " ".join(sorted(set(_WORDS.findall(folded_name(product)))))


def week_of(day: date) -> str:
    """The ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def product_weeks_told(product: str, when: str) -> frozenset[ProductWeek]:
    """What may be meant by a product and by `when` it was bought: a day or an ISO week.

    A day is told by heart, so that three days before and after it are meant as well: it is one
    week or two. Nothing where it can be no product, or no time.
    """
    words = product_words(product)
    try:
        if week := _ISO_WEEK.fullmatch(when):
            weeks = {week_of(date.fromisocalendar(int(week[1]), int(week[2]), 1))}
        else:
            day = date.fromisoformat(when)
            weeks = {week_of(day - ABOUT), week_of(day + ABOUT)}
    except (ValueError, OverflowError):
        return frozenset()
    return frozenset(ProductWeek(product=words, week=one) for one in weeks if words)


def product_weeks_of(unit: Unit) -> frozenset[ProductWeek]:
    """As what a unit is looked for: in the week it was bought, and in the one it came, if known.

    People remember either, and of some units we know but one.
    """
    words = product_words(unit.product or "")
    days = (unit.bought_on, unit.delivered_on)
    return frozenset(
        ProductWeek(product=words, week=week_of(day)) for day in days if day and words
    )
