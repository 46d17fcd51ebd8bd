import pytest

from services.orders import use_cases
from services.orders.domain import IllegalMove, Order, Status
from shared.errors import Conflict, KeyReused, Stale
from tests.orders.examples import WASHER, an_act, an_order
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
    use_cases.ship_order(orders, an_act(2), orders.get("ord_1"), version=2, tracking="TR1")
    use_cases.deliver_order(orders, an_act(3), orders.get("ord_1"), version=3)

    order = orders.get("ord_1")
    assert order.status is Status.DELIVERED
    assert order.tracking == "TR1"
    assert [entry.what for entry in order.log] == ["placed", "approved", "shipped", "delivered"]


def test_goods_on_their_way_cannot_be_cancelled() -> None:
    orders = InMemoryOrders(an_order().approve(an_act(1)).ship(an_act(2), tracking=None))

    with pytest.raises(IllegalMove, match="cannot cancel an order that is shipped"):
        use_cases.cancel_order(
            orders, an_act(3), orders.get("ord_1"), version=None, reason="too late"
        )
