"""What every Orders must do, the fake as well as DynamoDB; and how orders show."""

from collections.abc import Callable

import pytest

from services.orders.adapters import (
    NEWEST,
    DynamoOrders,
    OrderSummaries,
    projection,
    row_of,
)
from services.orders.domain import Order, OrderNotFound
from services.orders.ports import Orders
from shared.aws.projection import Projector
from shared.aws.rows import Rows
from shared.aws.stream import writes_of
from shared.contracts.summary import OrdersPart
from shared.errors import ChangedMeanwhile, Conflict, KeyReused
from tests.account import SECRET, AwsAccount, all_items, contents, stream_record
from tests.orders.examples import FILTER, WASHER, an_act, an_order
from tests.orders.fakes import InMemoryOrders


@pytest.fixture(params=["in memory", "dynamodb"])
def orders(request: pytest.FixtureRequest) -> Orders:
    if request.param == "in memory":
        return InMemoryOrders()
    aws: AwsAccount = request.getfixturevalue("aws")
    return DynamoOrders(aws.dynamodb, aws.table("orders"), SECRET)


def test_an_order_comes_back_as_it_went_in(orders: Orders) -> None:
    order = an_order(lines=(WASHER, FILTER), external_id="shop-1")

    assert orders.add(order, fingerprint="f") == (order, False)
    assert orders.get("ord_1") == order

    shipped = order.approve(an_act(1))
    orders.save(shipped)
    assert orders.get("ord_1") == shipped


def test_the_same_request_adds_once(orders: Orders) -> None:
    first = an_order(external_id="shop-1")
    orders.add(first, fingerprint="f")

    assert orders.add(an_order(external_id="shop-1", minutes=1), fingerprint="f") == (first, True)


def test_an_id_of_another_request_is_refused(orders: Orders) -> None:
    orders.add(an_order(), fingerprint="f")

    with pytest.raises(KeyReused):
        orders.add(an_order(lines=(FILTER,)), fingerprint="g")

    assert orders.get("ord_1").lines == (WASHER,)


def test_an_external_id_that_is_taken_names_its_holder(orders: Orders) -> None:
    orders.add(an_order(external_id="shop-1"), fingerprint="f")

    with pytest.raises(Conflict, match="already belongs to ord_1"):
        orders.add(an_order("ord_2", external_id="shop-1"), fingerprint="g")

    with pytest.raises(OrderNotFound):
        orders.get("ord_2")


def test_of_two_who_save_the_slower_is_told(orders: Orders) -> None:
    orders.add(an_order(), fingerprint="f")
    seen_by_both = orders.get("ord_1")

    orders.save(seen_by_both.approve(an_act(1)))

    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        orders.save(seen_by_both.cancel(an_act(1), reason="ordered twice"))


def test_the_very_same_save_again_is_no_conflict(orders: Orders) -> None:
    orders.add(an_order(), fingerprint="f")
    approved = orders.get("ord_1").approve(an_act(1))

    orders.save(approved)
    orders.save(approved)

    assert orders.get("ord_1") == approved


def test_an_order_that_nobody_placed_is_not_found(orders: Orders) -> None:
    with pytest.raises(OrderNotFound, match="order nobody does not exist"):
        orders.get("nobody")


def test_a_key_tells_nothing_to_who_does_not_have_the_secret(aws: AwsAccount) -> None:
    store = DynamoOrders(aws.dynamodb, aws.table("orders"), SECRET)
    store.add(an_order(external_id="shop-1"), fingerprint="f")

    keys = [pk for pk, _ in contents(aws.dynamodb, aws.table("orders")) if pk.startswith("K#")]

    assert len(keys) == 1
    assert "shop-1" not in keys[0]


@pytest.mark.parametrize(
    ("move", "counted", "place"),
    [
        (
            lambda order: order,
            {"count": 1, "standing": 1, "total:TRY": 1_999_900, "pending": 1},
            "P#",
        ),
        (
            lambda order: (
                order.approve(an_act(1)).ship(an_act(2), tracking=None).deliver(an_act(3))
            ),
            {"count": 1, "standing": 1, "total:TRY": 1_999_900},
            "D#",
        ),
        (lambda order: order.cancel(an_act(1), reason="ordered twice"), {"count": 1}, None),
    ],
)
def test_an_order_counts_for_what_it_is(
    move: Callable[[Order], Order], counted: dict[str, int], place: str | None
) -> None:
    row = row_of(move(an_order()))

    assert row.counted == counted
    assert (row.live and row.live[:2]) == place


class Books:
    """Orders written straight into the table, and shown."""

    def __init__(self, aws: AwsAccount) -> None:
        table = aws.table("orders")
        self._aws, self._table = aws, table
        self._orders = DynamoOrders(aws.dynamodb, table, SECRET)
        self._projector = Projector(aws.dynamodb, table, projection)
        self._summaries = OrderSummaries(Rows(aws.dynamodb, table))

    def keep(self, *orders: Order) -> None:
        for order in orders:
            self._orders.add(order, fingerprint="f")
        for item in all_items(self._aws.dynamodb, self._table):
            for change in writes_of({"Records": [stream_record(None, item)]}):
                self._projector.project(change)

    def part(self, customer_id: str = "cus_1") -> OrdersPart:
        summary = self._summaries.summarise(customer_id)
        return OrdersPart.model_validate(summary.parts["orders"])


@pytest.fixture
def books(aws: AwsAccount) -> Books:
    return Books(aws)


def test_who_never_ordered_has_an_empty_part_and_not_a_missing_one(books: Books) -> None:
    assert books.part() == OrdersPart(count=0, totals=[], pending=[], last_order=None, recent=[])


def test_totals_are_per_currency_and_leave_out_what_was_cancelled(books: Books) -> None:
    books.keep(
        an_order("ord_1"),
        an_order("ord_2", currency="EUR", lines=(FILTER,), minutes=1),
        an_order("ord_3", currency="USD", minutes=2).cancel(an_act(3), reason="ordered twice"),
        an_order("ord_4", customer_id="cus_2", minutes=3),
    )

    part = books.part()

    assert part.count == 3
    assert {one.currency: one.amount for one in part.totals} == {"TRY": 1_999_900, "EUR": 74_850}
    assert [one.order_id for one in part.recent] == ["ord_3", "ord_2", "ord_1"]
    assert part.last_order is not None
    assert part.last_order.order_id == "ord_2"
    assert [(one.product, one.quantity) for one in part.last_order.items] == [("filter", 3)]


def test_what_is_pending_is_told_even_if_it_is_older_than_the_newest_ten(books: Books) -> None:
    waiting = an_order("ord_old")
    done = [
        an_order(f"ord_{n}", minutes=n).cancel(an_act(n), reason="ordered twice")
        for n in range(1, NEWEST + 3)
    ]
    books.keep(waiting, *done)

    part = books.part()

    assert [one.order_id for one in part.pending] == ["ord_old"]
    assert part.last_order is not None
    assert part.last_order.order_id == "ord_old"
    assert len(part.recent) == NEWEST


def test_the_last_order_that_counts_may_be_a_delivered_one_behind_ten_cancelled(
    books: Books,
) -> None:
    older = an_order("ord_older")
    newer = an_order("ord_newer", minutes=1)
    delivered = newer.approve(an_act(2)).ship(an_act(3), tracking=None).deliver(an_act(4))
    cancelled = [
        an_order(f"ord_{n}", minutes=n).cancel(an_act(n), reason="ordered twice")
        for n in range(5, NEWEST + 6)
    ]
    books.keep(older, delivered, *cancelled)

    part = books.part()

    assert part.last_order is not None
    assert part.last_order.order_id == "ord_newer"
    assert [one.order_id for one in part.pending] == ["ord_older"]
