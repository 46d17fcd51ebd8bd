from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.orders.domain import KdvClass, NoKdvRate, contained_kdv, kdv_rate
from services.orders.domain.kdv import RATES

AMOUNTS = st.integers(min_value=0, max_value=10**18)
PERCENT = st.integers(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        (date(2023, 7, 9), [18, 8, 1, 0]),
        (date(2023, 7, 10), [20, 10, 1, 0]),
        (date(2026, 3, 1), [20, 10, 1, 0]),
        (date(2007, 12, 30), [18, 8, 1, 0]),
    ],
)
def test_the_rates_are_those_in_force_on_the_day(day: date, rates: list[int]) -> None:
    assert [kdv_rate(one, day) for one in KdvClass] == rates


def test_a_day_before_the_oldest_known_rates_has_none() -> None:
    with pytest.raises(NoKdvRate, match="2007-12-29") as refusal:
        kdv_rate(KdvClass.GENERAL, date(2007, 12, 29))

    assert refusal.value.field == "ordered_at"


def test_every_dated_table_knows_every_class_and_the_newest_comes_first() -> None:
    days = [day for day, _ in RATES]

    assert days == sorted(days, reverse=True)
    assert all(set(rates) == set(KdvClass) for _, rates in RATES)


@pytest.mark.parametrize(
    ("amount", "rate", "kdv"),
    [(12_000, 20, 2_000), (11_000, 10, 1_000), (10_100, 1, 100), (10_000, 0, 0), (3, 20, 1)],
)
def test_a_price_contains_the_kdv_that_was_put_on_it(amount: int, rate: int, kdv: int) -> None:
    assert contained_kdv(amount, rate) == kdv


@given(AMOUNTS, PERCENT)
@example(amount=10**18, rate=18)
def test_the_kdv_contained_is_the_exact_one_to_half_a_minor_unit(amount: int, rate: int) -> None:
    exact = Fraction(amount * rate, 100 + rate)
    kdv = contained_kdv(amount, rate)

    assert 0 <= kdv <= amount
    assert Fraction(-1, 2) < kdv - exact <= Fraction(1, 2)


@given(AMOUNTS, AMOUNTS, PERCENT)
def test_a_dearer_thing_never_contains_less_kdv(one: int, other: int, rate: int) -> None:
    cheaper, dearer = sorted((one, other))

    assert contained_kdv(cheaper, rate) <= contained_kdv(dearer, rate)


@given(st.integers(min_value=0, max_value=10**15), PERCENT)
def test_kdv_put_on_a_net_price_is_found_again_in_the_gross_price(net: int, rate: int) -> None:
    if net * rate % 100 == 0:
        gross = net + net * rate // 100
        assert contained_kdv(gross, rate) == gross - net
