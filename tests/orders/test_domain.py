from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain import IllegalMove, Order, Status
from services.orders.domain.order import MOVES
from shared.entity import Act
from tests.orders.examples import FILTER, NOON, WASHER, after, an_act, an_order

Move = Callable[[Order, Act], Order]

MAKE: dict[str, Move] = {
    "approve": lambda order, act: order.approve(act),
    "process": lambda order, act: order.process(act),
    "ship": lambda order, act: order.ship(act, tracking="TR1"),
    "deliver": lambda order, act: order.deliver(act),
    "cancel": lambda order, act: order.cancel(act, reason="ordered twice"),
    "mark_unavailable": lambda order, act: order.mark_unavailable(act),
}
WAY: dict[Status, tuple[str, ...]] = {
    Status.PLACED: (),
    Status.APPROVED: ("approve",),
    Status.PROCESSING: ("approve", "process"),
    Status.SHIPPED: ("approve", "ship"),
    Status.DELIVERED: ("approve", "ship", "deliver"),
    Status.CANCELLED: ("cancel",),
    Status.UNAVAILABLE: ("mark_unavailable",),
}


def an_order_that_is(status: Status) -> Order:
    order = an_order()
    for minute, move in enumerate(WAY[status], start=1):
        order = MAKE[move](order, an_act(minute))
    assert order.status is status
    return order


def test_an_order_comes_to_the_sum_of_its_lines() -> None:
    assert an_order(lines=(WASHER, FILTER)).amount == 1_999_900 + 3 * 24_950


def test_freight_is_of_the_whole_line_and_comes_on_top() -> None:
    line = replace(FILTER, freight=5_000)

    assert line.amount == 3 * 24_950
    assert an_order(lines=(WASHER, line)).amount == 1_999_900 + 3 * 24_950 + 5_000


def test_a_placed_order_tells_its_worth_and_nothing_personal() -> None:
    [entry] = an_order(lines=(WASHER, FILTER), external_id="shop-7").log

    assert entry.what == "placed"
    assert entry.facts == {"amount": 2_074_750, "currency": "TRY", "line_count": 2}


def test_the_day_of_an_order_is_the_day_in_turkey() -> None:
    late_in_utc = Act(
        by="shop", at=datetime(2026, 2, 28, 21, 30, tzinfo=UTC), correlation_id="request-1"
    )
    order = Order.place(
        late_in_utc, order_id="ord_1", customer_id="cus_1", currency="TRY", lines=(WASHER,)
    )

    assert order.ordered_on == date(2026, 3, 1)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", MAKE)
def test_a_move_is_made_where_it_is_legal_and_refused_with_the_legal_ones_elsewhere(
    status: Status, move: str
) -> None:
    order = an_order_that_is(status)
    leads_to = MOVES[status].get(move)

    if leads_to is not None:
        moved = MAKE[move](order, an_act(60))
        assert moved.status is leads_to
        assert moved.version == order.version + 1
        assert moved.log[-1].what == leads_to.value
    elif WAY[status][-1:] == (move,):
        assert MAKE[move](order, an_act(60)) is order
    else:
        with pytest.raises(IllegalMove) as refusal:
            MAKE[move](order, an_act(60))
        assert refusal.value.legal_moves == sorted(MOVES[status])
        assert all(legal in str(refusal.value) for legal in MOVES[status])


def test_the_same_move_with_other_particulars_is_no_repeat() -> None:
    shipped = an_order_that_is(Status.SHIPPED)
    cancelled = an_order_that_is(Status.CANCELLED)

    with pytest.raises(IllegalMove, match="possible now: deliver"):
        shipped.ship(an_act(60), tracking="TR2")
    with pytest.raises(IllegalMove, match="nothing more can be done"):
        cancelled.cancel(an_act(60), reason="another reason")


def test_an_order_that_was_given_up_counts_no_more_and_a_delivered_one_is_waited_for_no_more() -> (
    None
):
    live = {status for status in Status if an_order_that_is(status).is_live}
    pending = {status for status in Status if an_order_that_is(status).is_pending}

    assert live == set(Status) - {Status.CANCELLED, Status.UNAVAILABLE}
    assert pending == live - {Status.DELIVERED}


@pytest.mark.parametrize("status", Status)
def test_an_order_remembers_when_it_reached_what_and_nothing_that_it_did_not(
    status: Status,
) -> None:
    order = an_order_that_is(status)

    assert order.reached == {Status(entry.what): entry.at for entry in order.log}
    assert order.reached[Status.PLACED] == NOON
    assert order.reached[status] == after(len(WAY[status]))


@given(st.lists(st.sampled_from(sorted(MAKE)), max_size=10))
def test_whatever_is_tried_an_order_only_ever_moves_along_its_way(moves: list[str]) -> None:
    order = an_order()
    for minute, move in enumerate(moves, start=1):
        try:
            moved = MAKE[move](order, an_act(minute))
        except IllegalMove:
            continue
        assert moved is order or moved.status in MOVES[order.status].values()
        order = moved

    assert [entry.version for entry in order.log] == list(range(1, order.version + 1))
    assert order.lines == (WASHER,)
    assert order.customer_id == "cus_1"
