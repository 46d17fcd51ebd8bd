"""What every Orders must do, the fake as well as DynamoDB; and how orders show."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from services.orders.adapters import (
    NEWEST,
    DynamoOrders,
    OrderSummaries,
    projection,
    row_of,
)
from services.orders.domain import (
    Invoice,
    MoreThanPaid,
    Order,
    OrderNotFound,
    Payment,
    Status,
    risk_of,
)
from services.orders.ports import Orders
from shared.aws.items import entity_key
from shared.aws.projection import Projector
from shared.aws.rows import Rows
from shared.aws.stream import writes_of
from shared.contracts.summary import OrdersPart, PaymentsPart, RiskPart
from shared.errors import ChangedMeanwhile, Conflict, KeyReused
from tests.account import SECRET, AwsAccount, all_items, contents, stream_record
from tests.orders.examples import (
    FILTER,
    NOON,
    WASHER,
    a_past_order,
    a_payment,
    a_refund,
    an_act,
    an_order,
)
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


def test_everything_that_is_known_of_an_order_comes_back(orders: Orders) -> None:
    line = replace(WASHER, freight=500, partner="bayi-7", kdv_class=None)
    order = a_past_order(
        status=Status.SHIPPED,
        reached={Status.SHIPPED: NOON - timedelta(days=3)},
        lines=(line, FILTER),
        promised_at=NOON,
        payments=(a_payment(instalments=3), a_payment("pay_2", paid_at=None)),
        invoice=Invoice(),
    )
    orders.add(order, fingerprint="f")
    refunded = order.refund(an_act(1), a_refund()).issue_invoice(
        an_act(1), number="A1", issued_at=None
    )

    assert orders.get("ord_1") == order
    orders.save(replace(refunded, version=2))
    assert orders.get("ord_1") == replace(refunded, version=2)


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


OF_A_WASHER = {"count": 1, "standing": 1, "total:TRY": 1_999_900}
OWED = {"owed:TRY": 1_999_900}
PAID = {"paid:TRY": 1_999_900, "paid_by:TRY:credit_card": 1_999_900}


@pytest.mark.parametrize(
    ("order", "counted", "place"),
    [
        (an_order(), OF_A_WASHER | OWED | {"pending": 1}, "P#"),
        (
            a_past_order(status=Status.DELIVERED),
            OF_A_WASHER | OWED | {"unpaid_delivered": 1},
            "D#",
        ),
        (
            a_past_order(payments=(a_payment(instalments=6),)),
            OF_A_WASHER | PAID | {"payments:TRY:credit_card": 1, "instalments:6": 1},
            "D#",
        ),
        (an_order().cancel(an_act(1), reason="ordered twice"), {"count": 1}, None),
        (an_order().mark_unavailable(an_act(1)), {"count": 1}, None),
        (
            an_order()
            .pay(an_act(1), a_payment(method="voucher", amount=0))
            .pay(an_act(2), a_payment("pay_2", method="voucher", amount=700))
            .refund(an_act(3), a_refund(amount=700))
            .cancel(an_act(4), reason="ordered twice"),
            {
                "count": 1,
                "refunds": 1,
                "payments:TRY:voucher": 2,
                "paid_by:TRY:voucher": 700,
                "instalments:1": 2,
            },
            None,
        ),
        (a_past_order(lines=()), {"count": 1, "standing": 1}, "D#"),
    ],
)
def test_an_order_counts_for_what_it_is_and_nothing_counts_for_nought(
    order: Order, counted: dict[str, int], place: str | None
) -> None:
    row = row_of(order)

    assert row.counted == counted
    assert (row.live and row.live[:2]) == place


def test_an_order_is_found_by_our_number_and_by_the_shops(aws: AwsAccount) -> None:
    store = DynamoOrders(aws.dynamodb, aws.table("orders"), SECRET)
    store.add(an_order(external_id="shop-1"), fingerprint="f")
    store.add(an_order("ord_2", customer_id="cus_2"), fingerprint="f")

    assert [one.customer_id for one in store.find("order_id", "ord_2")] == ["cus_2"]
    assert [one.customer_id for one in store.find("order_id", "shop-1")] == ["cus_1"]
    assert store.find("order_id", "ord_9") == store.find("phone", "ord_1") == []


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

    def change(self, *orders: Order) -> None:
        """Save further versions, and project each as the stream tells of it."""
        for order in orders:
            before = self._item(order)
            self._orders.save(order)
            record = stream_record(before, self._item(order))
            for change in writes_of({"Records": [record]}):
                self._projector.project(change)

    def part(self, customer_id: str = "cus_1") -> OrdersPart:
        return OrdersPart.model_validate(self._parts(customer_id)["orders"])

    def payments(self, customer_id: str = "cus_1") -> PaymentsPart:
        return PaymentsPart.model_validate(self._parts(customer_id)["payments"])

    def risk(self, customer_id: str = "cus_1") -> RiskPart:
        return RiskPart.model_validate(self._parts(customer_id)["risk"])

    def _parts(self, customer_id: str) -> dict[str, dict[str, object] | None]:
        return self._summaries.summarise(customer_id).parts

    def _item(self, order: Order) -> Any:
        key = entity_key(order.order_id)
        return self._aws.dynamodb.get_item(TableName=self._table, Key=key)["Item"]


@pytest.fixture
def books(aws: AwsAccount) -> Books:
    return Books(aws)


def test_who_never_ordered_has_empty_parts_and_not_missing_ones(books: Books) -> None:
    assert books.part() == OrdersPart(
        count=0, totals=[], pending=[], pending_count=0, last_order=None, recent=[]
    )
    assert books.payments() == PaymentsPart(methods=[], max_instalments=None, paid=[], owed=[])
    assert books.risk() == RiskPart(band="low", reasons=[])


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


def test_the_last_order_tells_its_items_and_one_without_any_tells_none(books: Books) -> None:
    books.keep(a_past_order("ord_1", lines=()))

    part = books.part()

    assert part.count == 1
    assert part.totals == []
    assert part.last_order is not None
    assert part.last_order.items == []


def test_past_orders_stand_where_they_were_in_time_and_not_where_they_were_recorded(
    books: Books,
) -> None:
    books.keep(an_order("ord_new"), a_past_order("ord_old"))

    assert [one.order_id for one in books.part().recent] == ["ord_new", "ord_old"]


def test_a_customer_is_shown_with_how_they_pay_in_every_way_and_currency(books: Books) -> None:
    card, cash = a_payment(amount=700, instalments=9), a_payment(method="kapıda nakit", amount=300)
    books.keep(
        a_past_order("ord_1", payments=(card, replace(cash, payment_id="pay_2"))),
        a_past_order("ord_2", currency="EUR", lines=(FILTER,), payments=(card,)),
        a_past_order("ord_3", payments=(replace(card, instalments=12),)),
        a_past_order("ord_4", customer_id="cus_2", payments=(replace(card, instalments=24),)),
    )

    part = books.payments()

    assert {(one.currency, one.method, one.count, one.amount) for one in part.methods} == {
        ("TRY", "credit_card", 2, 1400),
        ("TRY", "kapıda nakit", 1, 300),
        ("EUR", "credit_card", 1, 700),
    }
    assert part.max_instalments == 12
    assert {one.currency: one.amount for one in part.paid} == {"TRY": 1700, "EUR": 700}
    assert {one.currency: one.amount for one in part.owed} == {
        "TRY": 2 * 1_999_900 - 1700,
        "EUR": 74_850 - 700,
    }


def test_a_sum_that_came_to_nothing_is_not_told(books: Books) -> None:
    order = an_order()
    books.keep(order)
    paid = order.pay(an_act(1), a_payment())
    books.change(paid)
    assert books.payments().owed == []

    refunded = paid.refund(an_act(2), a_refund(amount=1_999_900))
    books.change(refunded, refunded.cancel(an_act(3), reason="ordered twice"))

    part = books.payments()
    assert (part.paid, part.owed) == ([], [])
    assert [(one.method, one.count) for one in part.methods] == [("credit_card", 1)]
    assert books.part().totals == []


def test_the_risk_follows_what_is_not_paid_and_falls_when_it_is(books: Books) -> None:
    unpaid = [a_past_order(f"ord_{n}") for n in range(3)]
    books.keep(*unpaid)
    high = books.risk()

    books.change(*(one.pay(an_act(1), a_payment()) for one in unpaid))

    assert high.band == "high"
    assert "three or more delivered orders are not fully paid" in high.reasons
    assert books.risk() == RiskPart(band="low", reasons=[])


def test_who_gave_up_three_orders_or_had_three_refunds_is_asked_about(books: Books) -> None:
    books.keep(
        *(an_order(f"ord_{n}").mark_unavailable(an_act(1)) for n in range(3)),
        an_order("ord_9", customer_id="cus_2")
        .pay(an_act(1), a_payment())
        .refund(an_act(2), a_refund("rfd_1"))
        .refund(an_act(3), a_refund("rfd_2"))
        .refund(an_act(4), a_refund("rfd_3")),
    )

    assert books.risk("cus_1").reasons == ["three or more orders were given up"]
    assert books.risk("cus_2").reasons == ["money was given back three times or more"]
    assert books.risk("cus_1").band == books.risk("cus_2").band == "medium"


def something_done(order: Order, random: Random, minute: int) -> Order:
    """The order after one thing that may happen to it, or as it was."""
    act = an_act(minute)
    what = random.choice(["pay", "pay", "refund", "observe", "observe", "invoice"])
    if what == "pay":
        method = random.choice(["credit_card", "boleto", "voucher"])
        amount = random.choice([0, 500, order.amount, order.amount // 2])
        instalments = random.choice([0, 1, 1, 3, 12])
        payment = a_payment(f"pay_{minute}", method=method, amount=amount, instalments=instalments)
        return order.pay(act, payment)
    if what == "refund":
        try:
            return order.refund(act, a_refund(f"rfd_{minute}", amount=random.choice([1, 500])))
        except MoreThanPaid:
            return order
    if what == "observe":
        return order.observe(act, random.choice(list(Status)), act.at)
    return order.issue_invoice(act, number="A1", issued_at=None)


def sums(orders: list[Order], what: str) -> dict[str, int]:
    """A sum over orders by currency, without what comes to nothing."""
    counted = Counter[str]()
    for order in orders:
        counted[order.currency] += getattr(order, what)
    return {currency: amount for currency, amount in counted.items() if amount}


@pytest.mark.parametrize("seed", range(2))
def test_after_any_history_all_counts_and_sums_are_those_of_a_recount(
    books: Books, seed: int
) -> None:
    random = Random(seed)  # noqa: S311
    orders = {
        f"ord_{n}": an_order(
            f"ord_{n}",
            minutes=n,
            currency=random.choice(["TRY", "TRY", "EUR"]),
            lines=random.choice([(WASHER,), (FILTER, WASHER)]),
        )
        for n in range(4)
    }
    books.keep(*orders.values())
    for minute in range(1, 30):
        order = random.choice(list(orders.values()))
        changed = something_done(order, random, minute)
        if changed is not order:
            books.change(changed)
            orders[order.order_id] = changed

    part, payments = books.part(), books.payments()

    everything = list(orders.values())
    live = [one for one in everything if one.is_live]
    paid = [(one.currency, each) for one in everything for each in one.payments]
    assert part.count == len(everything)
    assert {one.currency: one.amount for one in part.totals} == sums(live, "amount")
    assert {one.order_id for one in part.pending} == {
        one.order_id for one in everything if one.is_pending
    }
    assert {one.currency: one.amount for one in payments.paid} == sums(everything, "paid")
    assert {one.currency: one.amount for one in payments.owed} == sums(everything, "owed")
    assert payments.max_instalments == max((one.instalments for _, one in paid), default=None)
    assert {(one.currency, one.method): (one.count, one.amount) for one in payments.methods} == {
        (currency, method): (len(amounts), sum(amounts))
        for (currency, method), amounts in _by_way(paid).items()
    }
    assert books.risk().band == risk_of(_risk_counts(everything))[0]


def _by_way(paid: list[tuple[str, Payment]]) -> dict[tuple[str, str], list[int]]:
    ways: dict[tuple[str, str], list[int]] = {}
    for currency, payment in paid:
        ways.setdefault((currency, payment.method), []).append(payment.amount)
    return ways


def _risk_counts(orders: list[Order]) -> dict[str, int]:
    return {
        "unpaid_delivered": sum(1 for one in orders if one.status == "delivered" and one.owed),
        "given_up": sum(1 for one in orders if not one.is_live),
        "refunds": sum(len(one.refunds) for one in orders),
    }
