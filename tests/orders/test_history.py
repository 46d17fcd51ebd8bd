"""Orders as the past and the outside world tell of them: incomplete, late and in any order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain import Invoice, Line, Order, Status
from services.orders.domain.order import GIVEN_UP
from services.orders.events import event_of
from shared.contracts.event import Event
from shared.contracts.orders import OrderDelivered
from tests.orders.examples import (
    FILTER,
    NOON,
    WASHER,
    a_past_order,
    a_payment,
    after,
    an_act,
    an_order,
)

ORDERED = NOON - timedelta(days=400)
DAY = timedelta(days=1)
MOMENTS = st.integers(0, 500).map(lambda days: ORDERED - 50 * DAY + days * DAY)


def told(order: Order) -> list[tuple[str, datetime | None]]:
    return [(entry.what, entry.happened_at) for entry in order.log]


def events_of(order: Order) -> list[Event]:
    return [event_of(order.order_id, order.customer_id, entry) for entry in order.log]


def test_a_whole_history_is_told_as_it_was_when_it_was_and_where_it_came_to_at_last() -> None:
    order = a_past_order(
        status=Status.DELIVERED,
        reached={
            Status.APPROVED: ORDERED + DAY,
            Status.SHIPPED: ORDERED + 2 * DAY,
            Status.DELIVERED: ORDERED + 5 * DAY,
        },
        payments=(a_payment(paid_at=ORDERED + DAY),),
        invoice=Invoice(number="A1", issued_at=ORDERED + 3 * DAY),
    )

    assert told(order) == [
        ("placed", ORDERED),
        ("approved", ORDERED + DAY),
        ("shipped", ORDERED + 2 * DAY),
        ("paid", ORDERED + DAY),
        ("invoiced", ORDERED + 3 * DAY),
        ("delivered", ORDERED + 5 * DAY),
    ]
    assert order.version == 1
    assert [event.event_id for event in events_of(order)] == [f"ord_1:1:{n}" for n in range(6)]
    assert {entry.at for entry in order.log} == {NOON}
    assert (order.paid, order.owed) == (1_999_900, 0)


def test_of_what_nobody_knows_the_day_the_last_known_one_stands_in_and_units_tell_none() -> None:
    order = a_past_order(
        status=Status.DELIVERED,
        reached={Status.SHIPPED: ORDERED + 2 * DAY},
        payments=(a_payment(paid_at=None),),
        invoice=Invoice(),
    )

    assert told(order) == [
        ("placed", ORDERED),
        ("shipped", ORDERED + 2 * DAY),
        ("paid", ORDERED),
        ("invoiced", ORDERED),
        ("delivered", ORDERED + 2 * DAY),
    ]
    delivery = events_of(order)[-1]
    assert isinstance(delivery, OrderDelivered)
    assert delivery.delivered_at is None
    assert Status.DELIVERED not in order.reached
    assert order.payments[0].paid_at is None


def test_the_status_holds_whatever_the_dates_say() -> None:
    order = a_past_order(
        status=Status.CANCELLED,
        reached={Status.DELIVERED: ORDERED + 5 * DAY, Status.SHIPPED: ORDERED - DAY},
    )

    assert order.status is Status.CANCELLED
    assert order.reached[Status.DELIVERED] == ORDERED + 5 * DAY
    assert told(order) == [
        ("placed", ORDERED),
        ("shipped", ORDERED - DAY),
        ("cancelled", ORDERED + 5 * DAY),
    ]


def test_a_past_order_of_which_nothing_else_is_known_was_placed() -> None:
    assert told(a_past_order(status=Status.PLACED)) == [("placed", ORDERED)]


def test_an_order_without_items_is_worth_nothing_and_still_was_one() -> None:
    order = a_past_order(lines=(), payments=(a_payment(amount=500),))

    assert (order.amount, order.paid, order.owed) == (0, 500, 0)
    placed, *_, delivery = order.log
    assert placed.facts == {"amount": 0, "currency": "TRY", "line_count": 0}
    assert delivery.facts["units"] == []
    assert len(events_of(order)) == 3


@given(
    st.sampled_from(Status),
    st.dictionaries(st.sampled_from([one for one in Status if one is not Status.PLACED]), MOMENTS),
    st.lists(st.one_of(st.none(), MOMENTS), max_size=3),
    st.one_of(st.none(), st.builds(Invoice, issued_at=st.one_of(st.none(), MOMENTS))),
    st.sampled_from([(), (WASHER,), (WASHER, FILTER)]),
)
def test_any_history_is_recorded_as_it_was_and_can_be_told(
    status: Status,
    reached: dict[Status, datetime],
    paid: list[datetime | None],
    invoice: Invoice | None,
    lines: tuple[Line, ...],
) -> None:
    payments = tuple(a_payment(f"pay_{n}", amount=n, paid_at=at) for n, at in enumerate(paid))

    order = a_past_order(
        status=status, reached=reached, payments=payments, invoice=invoice, lines=lines
    )

    whats = [entry.what for entry in order.log]
    assert (order.status, order.payments, order.invoice) == (status, payments, invoice)
    assert order.reached == {Status.PLACED: ORDERED, **reached}
    assert whats[0] == "placed"
    assert whats.count("placed") == 1
    assert whats.count(status.value) == 1
    assert whats.count("paid") == len(payments)
    assert ("delivered" in whats) == (status is Status.DELIVERED)
    assert all(event.occurred_at <= NOON + 100 * DAY for event in events_of(order))


# What the outside world sees of one parcel, and when.
SEEN = {
    Status.APPROVED: after(10),
    Status.PROCESSING: after(20),
    Status.SHIPPED: after(30),
    Status.DELIVERED: after(40),
}


def observed(order: Order, statuses: Sequence[Status]) -> Order:
    for minute, status in enumerate(statuses, start=100):
        order = order.observe(an_act(minute), status, SEEN.get(status, after(25)))
    return order


def test_in_whatever_order_it_is_heard_of_the_order_ends_up_the_same() -> None:
    ends = [observed(an_order(), some) for some in permutations(SEEN)]

    assert all(one.status is Status.DELIVERED for one in ends)
    assert all(one.reached == {Status.PLACED: NOON, **SEEN} for one in ends)
    assert all(
        {entry.what: entry.happened_at for entry in one.log[1:]}
        == {status.value: at for status, at in SEEN.items()}
        for one in ends
    )


@given(st.lists(st.sampled_from(Status), max_size=10), st.randoms())
def test_what_is_seen_counts_once_and_in_any_order(seen: list[Status], random: Random) -> None:
    shuffled = sorted(seen, key=lambda _: random.random())

    one, other = observed(an_order(), seen), observed(an_order(), shuffled)

    assert (one.status, one.reached) == (other.status, other.reached)
    assert one.version == other.version == len({*seen, Status.PLACED})
    assert one.status in {*seen, Status.PLACED}


@pytest.mark.parametrize("status", Status)
def test_what_was_seen_before_changes_nothing(status: Status) -> None:
    order = observed(an_order(), [status])

    assert order.observe(an_act(200), status, after(7)) is order


@pytest.mark.parametrize("gone", sorted(GIVEN_UP))
@pytest.mark.parametrize("seen", Status)
def test_what_was_given_up_stays_so_unless_the_customer_had_it(gone: Status, seen: Status) -> None:
    order = observed(an_order(), [gone, seen])

    if seen is Status.DELIVERED:
        assert order.status is Status.DELIVERED
        assert order.owed == order.amount
    else:
        assert order.status in GIVEN_UP


def test_a_delivery_that_was_only_seen_tells_the_units_and_when_they_came() -> None:
    delivery = events_of(observed(an_order(), [Status.DELIVERED]))[-1]

    assert isinstance(delivery, OrderDelivered)
    assert delivery.delivered_at == delivery.occurred_at == SEEN[Status.DELIVERED]
    assert delivery.units is not None
    assert [one.product for one in delivery.units] == ["washer"]
