"""The statutory cover: two years from delivery, and nothing shortens it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.warranty.domain import (
    STATUTORY_YEARS,
    IllegalMove,
    State,
    covered_until,
    following,
)
from tests.warranty.examples import (
    BOUGHT,
    INVOICE,
    NOON,
    a_registration,
    an_act,
    some_units,
)

OLDEST = STATUTORY_YEARS.oldest
DAYS = st.dates(min_value=OLDEST, max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("delivered", "until"),
    [
        (date(2026, 3, 1), date(2028, 3, 1)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2028, 12, 31)),
        (date(2014, 6, 13), date(2016, 6, 13)),
    ],
)
def test_the_cover_ends_two_years_later_on_the_day_of_the_same_number(
    delivered: date, until: date
) -> None:
    assert covered_until(delivered) == until


@given(DAYS)
def test_the_cover_is_two_years_long_for_any_delivery(delivered: date) -> None:
    until = covered_until(delivered)

    assert until is not None
    assert timedelta(days=730) <= until - delivered <= timedelta(days=731)
    assert (until.year - delivered.year, until.month) == (2, delivered.month)


def test_of_an_unknown_delivery_no_end_is_guessed() -> None:
    assert covered_until(None) is None


def test_for_days_before_the_rules_known_here_no_end_is_guessed() -> None:
    assert covered_until(OLDEST - timedelta(days=1)) is None


def test_a_delivery_counts_on_its_day_in_istanbul() -> None:
    [unit] = some_units(delivered_at=datetime(2026, 3, 9, 21, 30, tzinfo=UTC))

    assert unit.delivered_on == date(2026, 3, 10)
    assert unit.covered_until == date(2028, 3, 10)


@given(
    said=st.none() | st.dates(min_value=BOUGHT, max_value=date(2026, 3, 10)),
    late=st.booleans(),
)
def test_no_registration_shortens_the_cover_of_what_we_delivered(
    said: date | None, late: bool
) -> None:
    [unit] = some_units(delivered_at=NOON)
    bought_on = date(2020, 1, 1) if late else BOUGHT

    _, registered = a_registration(known=unit, delivered_on=said, bought_on=bought_on)

    assert registered.covered_until == unit.covered_until


@given(steps=st.lists(st.sampled_from(["give", "accept", "refuse"]), max_size=6))
def test_neither_proof_nor_its_want_nor_its_refusal_touches_the_cover(steps: list[str]) -> None:
    registration, unit = a_registration(bought_on=date(2026, 1, 1), delivered_on=date(2026, 1, 5))
    assert unit.state is State.PROOF_ASKED
    moves: dict[str, Any] = {
        "give": lambda one: one.give_proof(an_act(1), INVOICE),
        "accept": lambda one: one.accept_proof(an_act(1), "it fits"),
        "refuse": lambda one: one.refuse_proof(an_act(1), "it does not fit"),
    }

    for step in steps:
        try:
            registration = moves[step](registration)
        except IllegalMove:
            continue
        unit = following(an_act(1), unit, registration)
        assert unit.state is registration.state
        assert unit.covered_until == date(2028, 1, 5)
