"""The week without a document."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.warranty.domain import Proof, State, is_in_week, last_day, register
from shared.calendar import ISTANBUL
from shared.entity import Act
from tests.warranty.examples import a_purchase

DAYS = st.dates(min_value=date(2017, 1, 1), max_value=date(2100, 1, 1))
A_SECOND = timedelta(seconds=1)


def in_istanbul(day: date, clock: time = time.min) -> datetime:
    return datetime.combine(day, clock, ISTANBUL).astimezone(UTC)


def registered_at(instant: datetime, bought: date, delivered: date | None) -> tuple[Proof, State]:
    registration, unit = register(
        Act(by="anonymous", at=instant, correlation_id="request-1"),
        a_purchase(bought_on=bought, delivered_on=delivered),
        registration_id="reg_1",
        customer_id="cus_1",
    )
    assert unit.state is registration.state
    return registration.proof, registration.state


def test_sunglasses_registered_in_the_last_second_of_the_seventh_day_need_no_document() -> None:
    bought = date(2026, 3, 1)

    assert registered_at(in_istanbul(date(2026, 3, 8), time(23, 59, 59)), bought, None) == (
        Proof.WAIVED,
        State.REGISTERED,
    )


def test_sunglasses_registered_in_the_first_second_of_the_eighth_day_are_asked_for_one() -> None:
    bought = date(2026, 3, 1)

    assert registered_at(in_istanbul(date(2026, 3, 9)), bought, None) == (
        Proof.ASKED,
        State.PROOF_ASKED,
    )


@pytest.mark.parametrize(
    ("bought", "delivered"),
    [
        (date(2026, 3, 1), None),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_the_week_counts_from_the_later_of_purchase_and_delivery(
    bought: date, delivered: date | None
) -> None:
    assert last_day(bought, delivered) == date(2026, 3, 8)


@given(bought=DAYS, later=st.none() | st.integers(min_value=0, max_value=60))
def test_the_week_ends_with_its_seventh_day_in_istanbul(bought: date, later: int | None) -> None:
    delivered = None if later is None else bought + timedelta(days=later)
    begin = delivered or bought
    midnight = in_istanbul(begin + timedelta(days=8))

    assert is_in_week(midnight - A_SECOND, bought, delivered)
    assert not is_in_week(midnight, bought, delivered)


@given(bought=DAYS, minutes=st.integers(min_value=0, max_value=30 * 24 * 60))
def test_the_proof_asked_for_depends_on_the_week_and_the_cover_does_not(
    bought: date, minutes: int
) -> None:
    instant = in_istanbul(bought) + timedelta(minutes=minutes)
    act = Act(by="anonymous", at=instant, correlation_id="request-1")

    registration, unit = register(
        act,
        a_purchase(bought_on=bought, delivered_on=bought),
        registration_id="reg_1",
        customer_id="cus_1",
    )

    assert (registration.proof is Proof.WAIVED) == (minutes < 8 * 24 * 60)
    assert unit.covered_until is not None
    assert unit.covered_until.year == bought.year + 2
