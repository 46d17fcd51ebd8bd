"""What other systems tell of orders: once each, in any order, whoever comes first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders import use_cases
from services.orders.adapters import DynamoWaitingNews
from services.orders.domain import NoKdvRate, Order, OtherCurrency, Status, ToldDifferently
from services.orders.events import announcement_of, news_of
from services.orders.ports import WaitingNews
from shared.aws.queue import DeadLetters
from shared.contracts.external import (
    EXTERNAL_EVENTS,
    ExternalEvent,
    ExternalOrderDelivered,
    ExternalOrderPlaced,
    ExternalOrderShipped,
    ExternalPaymentReceived,
)
from shared.errors import ChangedMeanwhile, Invalid
from tests.account import AwsAccount
from tests.orders.examples import an_act, an_order
from tests.orders.fakes import InMemoryOrders, InMemoryPeople, InMemoryWaitingNews

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WASHER = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}


def told(event: type[ExternalEvent], event_id: str, *, hours: int = 0, **facts: Any) -> Any:
    detail = {
        "event_id": event_id,
        "occurred_at": (NOON + timedelta(hours=hours)).isoformat(),
        "order_id": "7",
        **facts,
    }
    return EXTERNAL_EVENTS[event.detail_type].read("external.webshop", detail)


def placed(**changes: Any) -> Any:
    facts = {"customer": {"customer_id": "5", "name": "Ayşe"}, "currency": "TRY"}
    return told(ExternalOrderPlaced, "e-placed", **{**facts, "lines": [WASHER], **changes})


def paid(event_id: str = "e-paid", payment_id: str = "P1", **changes: Any) -> Any:
    facts = {"payment_id": payment_id, "method": "credit_card", "amount": 100, "currency": "TRY"}
    return told(ExternalPaymentReceived, event_id, **{**facts, **changes})


def shipped(event_id: str = "e-shipped") -> Any:
    return told(ExternalOrderShipped, event_id, hours=5, tracking="TR1")


def delivered() -> Any:
    return told(ExternalOrderDelivered, "e-delivered", hours=30)


class Shop:
    """The orders of one shop, and what is told of them."""

    def __init__(self) -> None:
        self.orders = InMemoryOrders()
        self.people = InMemoryPeople()
        self.waiting = InMemoryWaitingNews()
        self._hours = 100

    def hear(self, event: ExternalEvent) -> None:
        self._hours += 1
        now = NOON + timedelta(hours=self._hours)
        if isinstance(event, ExternalOrderPlaced):
            use_cases.place_external_order(
                self.orders,
                self.people,
                self.waiting,
                announcement_of(event),
                fingerprint=event.same().model_dump_json(),
                now=now,
            )
        else:
            use_cases.hear_of_order(self.orders, self.waiting, news_of(event), now)  # type: ignore[arg-type]

    @property
    def order(self) -> Order:
        found = self.orders.by_external_id("webshop:7")
        assert found is not None
        return found

    @property
    def state(self) -> Order:
        """The order without what only says how it was heard of."""
        payments = tuple(sorted(self.order.payments, key=lambda one: one.payment_id))
        return replace(self.order, version=0, log=(), payments=payments)

    def is_quiet(self) -> bool:
        return not list(self.waiting.everything()) and not self.waiting.parked


def paid_by_voucher() -> Any:
    return paid("e-paid-2", "P2", amount=0)


TOGETHER: tuple[Callable[[], Any], ...] = (placed, shipped)
EVENTS: tuple[Callable[[], Any], ...] = (*TOGETHER, paid, paid_by_voucher, delivered)


def in_order() -> Order:
    shop = Shop()
    for event in EVENTS:
        shop.hear(event())
    return shop.state


@given(
    heard=st.permutations(range(len(EVENTS))).flatmap(
        lambda order: st.lists(st.sampled_from(range(len(EVENTS))), max_size=6).flatmap(
            lambda again: st.permutations([*order, *again])
        )
    )
)
def test_repeated_and_in_any_order_it_ends_the_same(heard: Sequence[int]) -> None:
    shop = Shop()
    for place in heard:
        shop.hear(EVENTS[place]())

    assert shop.state == in_order()
    assert shop.is_quiet()


def test_the_end_is_what_it_should_be() -> None:
    end = in_order()

    assert end.customer_id == "cus_1"
    assert end.status is Status.DELIVERED
    assert (end.ordered_at, end.tracking) == (NOON, "TR1")
    assert end.reached == {
        Status.PLACED: NOON,
        Status.SHIPPED: NOON + timedelta(hours=5),
        Status.DELIVERED: NOON + timedelta(hours=30),
    }
    assert sorted(one.amount for one in end.payments) == [0, 100]


def interrupted_at(call: int, meanwhile: Callable[[], None]) -> Callable[[], None]:
    """Do something just before the n-th call from now."""
    calls = iter(range(1000))

    def before_each_call() -> None:
        if next(calls) == call:
            meanwhile()

    return before_each_call


@pytest.mark.parametrize("call", range(8))
@pytest.mark.parametrize(("first", "second"), list(permutations(TOGETHER)))
def test_news_and_its_order_that_come_at_the_same_moment_find_each_other(
    first: Callable[[], Any], second: Callable[[], Any], call: int
) -> None:
    """One is handled whole within the other, at every point where the other calls out."""
    shop = Shop()
    hook = interrupted_at(call, lambda: shop.hear(second()))
    shop.orders.meanwhile = shop.waiting.meanwhile = hook

    shop.hear(first())
    shop.orders.meanwhile = shop.waiting.meanwhile = lambda: None
    if shop.orders.by_external_id("webshop:7") is None or Status.SHIPPED not in shop.order.reached:
        shop.hear(second())  # it came only after all of that

    assert shop.order.status is Status.SHIPPED
    assert len(shop.order.log) == 2
    assert shop.is_quiet()


def test_news_is_applied_though_others_change_the_order_meanwhile() -> None:
    shop = Shop()
    shop.hear(placed())

    def approved() -> None:
        shop.orders.meanwhile = lambda: None
        shop.orders.save(shop.order.approve(an_act()))

    shop.orders.meanwhile = interrupted_at(1, approved)
    shop.hear(shipped())

    assert shop.order.reached.keys() == {Status.PLACED, Status.APPROVED, Status.SHIPPED}


def test_who_cannot_get_through_is_told_so_and_may_try_again() -> None:
    shop = Shop()
    shop.hear(placed())
    change = iter(range(100))

    def always() -> None:
        hook, shop.orders.meanwhile = shop.orders.meanwhile, lambda: None
        payment = news_of(paid(f"e-{next(change)}", f"P-{next(change)}")).payment
        assert payment is not None
        shop.orders.save(shop.order.pay(an_act(), payment))
        shop.orders.meanwhile = hook

    shop.orders.meanwhile = always
    with pytest.raises(ChangedMeanwhile):
        shop.hear(shipped())


def test_an_order_told_otherwise_is_not_taken_for_the_same() -> None:
    shop = Shop()
    shop.hear(placed())

    with pytest.raises(ToldDifferently, match="the same order was told before"):
        shop.hear(placed(currency="EUR"))

    assert shop.order.currency == "TRY"


def test_a_payment_told_otherwise_or_in_other_money_is_not_taken() -> None:
    shop = Shop()
    shop.hear(placed())
    shop.hear(paid())

    with pytest.raises(ToldDifferently, match="the same payment was told before"):
        shop.hear(paid("e-2", amount=200))
    with pytest.raises(OtherCurrency, match="the payment is in EUR, and the order in TRY"):
        shop.hear(paid("e-3", "P3", currency="EUR"))

    assert shop.order.paid == 100


def test_what_waited_and_does_not_fit_is_parked_and_the_rest_applied() -> None:
    shop = Shop()
    shop.hear(paid(currency="EUR"))
    shop.hear(shipped())

    shop.hear(placed())

    assert shop.order.status is Status.SHIPPED
    assert list(shop.waiting.everything()) == []
    [(message, reason)] = shop.waiting.parked
    assert '"source": "external.webshop"' in message
    assert reason == "the payment is in EUR, and the order in TRY"


def test_an_order_that_came_over_the_api_is_the_same_order() -> None:
    shop = Shop()
    shop.orders.add(an_order("ord_1", external_id="webshop:7"), fingerprint="a request")

    shop.hear(placed())
    shop.hear(shipped())

    assert shop.order.order_id == "ord_1"
    assert shop.order.status is Status.SHIPPED


def test_what_waits_for_an_order_that_came_over_the_api_is_found_when_looked_for() -> None:
    shop = Shop()
    shop.hear(shipped())
    everything = shop.waiting.everything
    assert use_cases.catch_up(shop.orders, shop.waiting, everything(), NOON) == 1

    shop.orders.add(an_order("ord_1", external_id="webshop:7"), fingerprint="a request")

    assert use_cases.catch_up(shop.orders, shop.waiting, everything(), NOON) == 0
    assert shop.order.status is Status.SHIPPED
    assert shop.is_quiet()


def test_an_order_before_there_were_rates_of_kdv_is_refused() -> None:
    shop = Shop()

    with pytest.raises(NoKdvRate):
        shop.hear(placed(occurred_at="1999-01-01T12:00:00+02:00"))


def test_who_cannot_be_known_has_no_order() -> None:
    shop = Shop()

    with pytest.raises(Invalid):
        shop.hear(placed(customer={"phone": "withheld"}))

    assert shop.orders.by_external_id("webshop:7") is None


@pytest.fixture(params=["in memory", "dynamodb"])
def waiting(request: pytest.FixtureRequest) -> WaitingNews:
    if request.param == "in memory":
        return InMemoryWaitingNews()
    aws: AwsAccount = request.getfixturevalue("aws")
    dead_letters = DeadLetters(aws.sqs, aws.queue("orders-events-dead"))
    return DynamoWaitingNews(aws.dynamodb, aws.table("orders"), dead_letters)


def test_news_waits_once_for_its_own_order_until_it_is_removed(waiting: WaitingNews) -> None:
    shipping, payment = news_of(shipped()), news_of(paid())
    other = replace(shipping, external_id="webshop:77")
    for news in (shipping, payment, shipping, other):
        waiting.put(news)

    assert sorted(waiting.of("webshop:7"), key=str) == sorted([shipping, payment], key=str)
    assert sorted(waiting.everything(), key=str) == sorted([shipping, payment, other], key=str)

    waiting.remove(shipping)
    waiting.remove(shipping)

    assert list(waiting.of("webshop:7")) == [payment]
    assert list(waiting.of("webshop:77")) == [other]


def test_news_that_is_parked_waits_no_more(waiting: WaitingNews) -> None:
    waiting.put(news_of(paid()))

    waiting.park(news_of(paid()), "it does not fit")

    assert list(waiting.of("webshop:7")) == []


def test_parked_news_can_be_sent_back_as_it_came(aws: AwsAccount) -> None:
    dead_letters = DeadLetters(aws.sqs, aws.queue("orders-events-dead"))
    store = DynamoWaitingNews(aws.dynamodb, aws.table("orders"), dead_letters)

    store.park(news_of(paid()), "it does not fit")

    [parked] = aws.messages("orders-events-dead")
    attributes = {name: one["StringValue"] for name, one in parked["MessageAttributes"].items()}
    assert attributes == {
        "reason": "it does not fit",
        "source": "external.webshop",
        "event_id": "e-paid",
        "detail_type": "ExternalPaymentReceived.v1",
    }
