from dataclasses import replace
from typing import Any

import pytest

from services.orders import use_cases
from services.orders.domain import (
    AlreadyInvoiced,
    IllegalMove,
    MoreThanPaid,
    Order,
    Past,
    Payment,
    Status,
)
from shared.errors import ChangedMeanwhile, Conflict, KeyReused, Stale
from tests.orders.examples import WASHER, a_payment, a_refund, after, an_act, an_order
from tests.orders.fakes import InMemoryOrders


def place(
    orders: InMemoryOrders, *, order_id: str = "ord_1", fingerprint: str = "f", minutes: int = 0
) -> tuple[Order, bool]:
    return use_cases.place_order(
        orders,
        an_act(minutes),
        order_id=order_id,
        fingerprint=fingerprint,
        customer_id="cus_1",
        currency="TRY",
        lines=[WASHER],
        external_id="shop-1",
    )


def test_an_order_asked_for_twice_is_placed_once_and_answered_as_it_now_stands() -> None:
    orders = InMemoryOrders()
    order, replayed = place(orders)
    approved = use_cases.approve_order(orders, an_act(1), order, version=None)

    again, replayed_again = place(orders, minutes=2)

    assert (replayed, replayed_again) == (False, True)
    assert again == approved


def test_a_key_that_comes_with_another_request_is_refused() -> None:
    orders = InMemoryOrders()
    place(orders)

    with pytest.raises(KeyReused):
        place(orders, fingerprint="another")


def test_an_external_id_is_one_order_alone() -> None:
    orders = InMemoryOrders()
    place(orders)

    with pytest.raises(Conflict, match="ord_1"):
        place(orders, order_id="ord_2")


def test_a_move_that_names_an_older_version_is_stale_and_changes_nothing() -> None:
    orders = InMemoryOrders(an_order().approve(an_act(1)))
    order = orders.get("ord_1")

    with pytest.raises(Stale, match="at version 2 by now, not 1"):
        use_cases.ship_order(orders, an_act(2), order, version=1, tracking=None)

    assert orders.get("ord_1") == order


def test_a_move_made_before_is_answered_whatever_version_it_names() -> None:
    orders = InMemoryOrders(an_order())
    first = use_cases.approve_order(orders, an_act(1), orders.get("ord_1"), version=1)

    again = use_cases.approve_order(orders, an_act(2), orders.get("ord_1"), version=1)

    assert again == first
    assert orders.get("ord_1") == first


def test_an_order_goes_its_whole_way() -> None:
    orders = InMemoryOrders(an_order())

    use_cases.approve_order(orders, an_act(1), orders.get("ord_1"), version=1)
    use_cases.process_order(orders, an_act(2), orders.get("ord_1"), version=2)
    use_cases.ship_order(orders, an_act(3), orders.get("ord_1"), version=3, tracking="TR1")
    use_cases.deliver_order(orders, an_act(4), orders.get("ord_1"), version=4)

    order = orders.get("ord_1")
    assert order.status is Status.DELIVERED
    assert order.tracking == "TR1"
    assert [entry.what for entry in order.log] == [
        "placed",
        "approved",
        "processing",
        "shipped",
        "delivered",
    ]


def test_goods_on_their_way_cannot_be_cancelled() -> None:
    orders = InMemoryOrders(an_order().approve(an_act(1)).ship(an_act(2), tracking=None))

    with pytest.raises(IllegalMove, match="cannot cancel an order that is shipped"):
        use_cases.cancel_order(
            orders, an_act(3), orders.get("ord_1"), version=None, reason="too late"
        )


def test_an_order_that_cannot_be_had_is_given_up_once() -> None:
    orders = InMemoryOrders(an_order())

    gone = use_cases.mark_order_unavailable(orders, an_act(1), orders.get("ord_1"), version=1)
    again = use_cases.mark_order_unavailable(orders, an_act(2), orders.get("ord_1"), version=1)

    assert again == gone == orders.get("ord_1")
    assert gone.status is Status.UNAVAILABLE


def record_past(orders: InMemoryOrders, fingerprint: str = "f") -> tuple[Order, bool]:
    return use_cases.record_past_order(
        orders,
        an_act(),
        Past(status=Status.SHIPPED, ordered_at=after(-60), reached={}),
        order_id="ord_1",
        fingerprint=fingerprint,
        customer_id="cus_1",
        currency="TRY",
        lines=[],
        external_id="shop-1",
        promised_at=None,
        payments=[a_payment()],
        invoice=None,
    )


def test_a_past_order_is_recorded_once_and_goes_on_from_where_it_stood() -> None:
    orders = InMemoryOrders()

    recorded, replayed = record_past(orders)

    assert (recorded, replayed) == (orders.get("ord_1"), False)
    assert record_past(orders) == (recorded, True)
    with pytest.raises(KeyReused):
        record_past(orders, fingerprint="g")
    delivered = use_cases.deliver_order(orders, an_act(1), recorded, version=1)
    assert delivered.status is Status.DELIVERED


def test_a_payment_told_twice_is_recorded_once() -> None:
    orders = InMemoryOrders(an_order())

    paid, replayed = use_cases.record_payment(
        orders, an_act(1), orders.get("ord_1"), a_payment(paid_at=after(1))
    )
    again, replayed_again = use_cases.record_payment(
        orders, an_act(2), orders.get("ord_1"), a_payment(paid_at=after(2))
    )

    assert (replayed, replayed_again) == (False, True)
    assert again == paid == orders.get("ord_1")
    assert paid.paid == 1_999_900


@pytest.mark.parametrize(
    "other", [a_payment(amount=1), a_payment(method="cash"), a_payment(instalments=2)]
)
def test_a_key_that_comes_with_another_payment_is_refused(other: Payment) -> None:
    orders = InMemoryOrders(an_order())
    use_cases.record_payment(orders, an_act(1), orders.get("ord_1"), a_payment())

    with pytest.raises(KeyReused, match="another payment"):
        use_cases.record_payment(orders, an_act(2), orders.get("ord_1"), other)

    assert len(orders.get("ord_1").payments) == 1


def test_a_refund_asked_for_twice_is_given_once() -> None:
    orders = InMemoryOrders(an_order().pay(an_act(1), a_payment(amount=1000)))

    def refund(minute: int, **changes: Any) -> tuple[Order, bool]:
        given = a_refund(amount=1000, refunded_at=after(minute))
        return use_cases.refund_payment(
            orders, an_act(minute), orders.get("ord_1"), replace(given, **changes)
        )

    first, replayed = refund(2)
    again, replayed_again = refund(3)

    assert (replayed, replayed_again) == (False, True)
    assert again == first == orders.get("ord_1")
    assert first.paid == 0
    for change in ({"amount": 999}, {"reason": "bent"}):
        with pytest.raises(KeyReused, match="another refund"):
            refund(4, **change)


def test_of_two_refunds_at_once_the_slower_is_told_and_no_more_than_was_paid_goes_back() -> None:
    orders = InMemoryOrders(an_order().pay(an_act(1), a_payment(amount=1000)))
    seen_by_both = orders.get("ord_1")
    use_cases.refund_payment(orders, an_act(2), seen_by_both, a_refund("rfd_1", amount=700))

    with pytest.raises(ChangedMeanwhile):
        use_cases.refund_payment(orders, an_act(2), seen_by_both, a_refund("rfd_2", amount=700))
    with pytest.raises(MoreThanPaid):
        use_cases.refund_payment(
            orders, an_act(3), orders.get("ord_1"), a_refund("rfd_2", amount=700)
        )

    assert orders.get("ord_1").paid == 300


def test_an_invoice_issued_again_is_answered_and_one_of_an_older_version_is_stale() -> None:
    orders = InMemoryOrders(an_order().approve(an_act(1)))

    def invoice(number: str, version: int) -> Order:
        return use_cases.issue_invoice(
            orders,
            an_act(2),
            orders.get("ord_1"),
            version=version,
            number=number,
            issued_at=None,
        )

    with pytest.raises(Stale):
        invoice("A1", 1)
    issued = invoice("A1", 2)

    assert invoice("A1", 2) == issued == orders.get("ord_1")
    with pytest.raises(AlreadyInvoiced):
        invoice("A2", 3)
