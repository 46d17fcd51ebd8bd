"""KDV, the Turkish value added tax: its rates are law, and law changes on a day.

Rates: Presidential Decree 7346, in force since 10 July 2023, and the rates of
Decree 2007/13033 before it. To be confirmed by a lawyer before anyone relies
on it; what rate a product has is for the seller to know.
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from shared.errors import Invalid


class KdvClass(StrEnum):
    """Which of the rates a product falls under."""

    GENERAL = "general"
    REDUCED = "reduced"
    LOWEST = "lowest"
    NONE = "none"


class NoKdvRate(Invalid):
    """No rate is known for the day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no KDV rates are known for {day}", field="ordered_at")


# The day from which the rates hold, and the rates in percent; the newest first.
RATES: tuple[tuple[date, Mapping[KdvClass, int]], ...] = (
    (
        date(2023, 7, 10),
        {KdvClass.GENERAL: 20, KdvClass.REDUCED: 10, KdvClass.LOWEST: 1, KdvClass.NONE: 0},
    ),
    (
        date(2007, 12, 30),
        {KdvClass.GENERAL: 18, KdvClass.REDUCED: 8, KdvClass.LOWEST: 1, KdvClass.NONE: 0},
    ),
)


def kdv_rate(kdv_class: KdvClass, day: date) -> int:
    """The rate in percent on a day in Turkey. Raise NoKdvRate for days too far back."""
    for since, rates in RATES:
        if day >= since:
            return rates[kdv_class]
    raise NoKdvRate(day)


def contained_kdv(amount: int, rate: int) -> int:
    """The tax contained in a price that includes it, in minor units, half rounded up."""
    exact = Decimal(amount) * rate / (100 + rate)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
