"""One order's whole way: from the customer's wish to the look of whoever answers the phone."""

import time

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

WASHER = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
FILTER = {"product": "filter", "quantity": 3, "unit_price": 24_950, "kdv_class": "general"}
MOST_LOOKS = 600
BETWEEN_LOOKS = 0.05  # seconds


def a_customer(agent: Client, name: str = "Ayşe Işık") -> str:
    created = agent.create("/v1/customers", {"name": name})
    assert created.status == 201
    return str(created.body["customer_id"])


def an_order(agent: Client, customer_id: str, *lines: object) -> str:
    placed = agent.create("/v1/orders", {"customer_id": customer_id, "lines": lines or [WASHER]})
    assert placed.status == 201
    return str(placed.body["order_id"])


def test_an_order_is_seen_in_one_look_from_placing_to_delivery(
    system: LocalSystem, agent: Client, warehouse: Client
) -> None:
    customer = a_customer(agent)
    order = an_order(agent, customer, WASHER, FILTER)
    system.settle()

    placed = agent.get(f"/v1/view/customers/{customer}").body
    assert placed["complete"]
    assert placed["customer"]["data"]["name"] == "Ayşe Işık"
    assert [one["order_id"] for one in placed["orders"]["data"]["pending"]] == [order]
    assert placed["orders"]["data"]["totals"] == [{"amount": 2_074_750, "currency": "TRY"}]

    assert agent.post(f"/v1/orders/{order}/approve", {}).status == 200
    assert warehouse.post(f"/v1/orders/{order}/ship", {"tracking": "TR1"}).status == 200
    assert warehouse.post(f"/v1/orders/{order}/deliver", {}).status == 200
    system.settle()

    delivered = agent.get(f"/v1/view/customers/{customer}").body
    assert delivered["orders"]["data"]["pending"] == []
    assert delivered["orders"]["data"]["last_order"] == {
        "order_id": order,
        "external_id": None,
        "status": "delivered",
        "ordered_at": placed["orders"]["data"]["last_order"]["ordered_at"],
        "items": [{"product": "washer", "quantity": 1}, {"product": "filter", "quantity": 3}],
    }
    happened = [one["what"] for one in delivered["timeline"]["data"]["recent"]]
    assert sorted(happened) == [
        "CustomerCreated",
        "OrderApproved",
        "OrderDelivered",
        "OrderPlaced",
        "OrderShipped",
        "UnitOwned",
        "UnitOwned",
        "UnitOwned",
        "UnitOwned",
    ]
    assert happened[-4:] == ["OrderShipped", "OrderApproved", "OrderPlaced", "CustomerCreated"]
    assert delivered["products"]["data"]["count"] == 4


def test_a_cancelled_order_counts_no_more_but_is_not_forgotten(
    system: LocalSystem, agent: Client
) -> None:
    customer = a_customer(agent)
    kept, given_up = an_order(agent, customer, WASHER), an_order(agent, customer, FILTER)
    agent.post(f"/v1/orders/{given_up}/cancel", {"reason": "ordered twice"})
    system.settle()

    orders = agent.get(f"/v1/view/customers/{customer}").body["orders"]["data"]

    assert orders["count"] == 2
    assert orders["totals"] == [{"amount": 1_999_900, "currency": "TRY"}]
    assert [one["order_id"] for one in orders["pending"]] == [kept]
    assert orders["last_order"]["order_id"] == kept
    assert [one["status"] for one in orders["recent"]] == ["cancelled", "placed"]


def test_a_write_is_seen_in_the_view_without_anybody_asking_for_it(agent: Client) -> None:
    customer = a_customer(agent)
    order = an_order(agent, customer)

    for _ in range(MOST_LOOKS):
        view = agent.get(f"/v1/view/customers/{customer}").body
        orders = view["orders"]["data"]
        told = [one["about"] for one in view["timeline"]["data"]["recent"]]
        if orders["count"] and order in told:
            break
        time.sleep(BETWEEN_LOOKS)

    assert [one["order_id"] for one in orders["recent"]] == [order]
    assert order in told


def test_two_customers_who_are_one_person_are_seen_as_one_and_part_again_unharmed(
    system: LocalSystem, agent: Client
) -> None:
    ayse, isik = a_customer(agent, "Ayşe Işık"), a_customer(agent, "A. Isik")
    at_home, at_work = an_order(agent, ayse, WASHER), an_order(agent, isik, FILTER)

    linked = agent.create(
        f"/v1/customers/{ayse}/links", {"other_id": isik, "reason": "she says so"}
    )
    system.settle()

    for one in (ayse, isik):
        orders = agent.get(f"/v1/view/customers/{one}").body["orders"]["data"]
        assert {order["order_id"] for order in orders["recent"]} == {at_home, at_work}
        assert orders["totals"] == [{"amount": 1_999_900 + 74_850, "currency": "TRY"}]

    link = linked.body["link_id"]
    ended = agent.post(f"/v1/customers/{ayse}/links/{link}/end", {"reason": "another flat"})
    system.settle()

    assert ended.body["ended_at"] is not None
    for one, own in ((ayse, at_home), (isik, at_work)):
        orders = agent.get(f"/v1/view/customers/{one}").body["orders"]["data"]
        assert [order["order_id"] for order in orders["recent"]] == [own]


def test_a_person_sees_their_own_data_under_both_ids_and_nobody_elses(
    system: LocalSystem, agent: Client
) -> None:
    ayse, isik, stranger = (a_customer(agent, name) for name in ("Ayşe", "Isik", "Can"))
    order = an_order(agent, isik)
    agent.create(f"/v1/customers/{ayse}/links", {"other_id": isik, "reason": "she says so"})
    system.settle()

    herself, can = Client(system, "customer", ayse), Client(system, "customer", stranger)

    look = herself.get(f"/v1/view/customers/{isik}")
    assert look.status == 200
    assert look.body["risk"] is None
    assert herself.get(f"/v1/orders/{order}").status == 200
    assert can.get(f"/v1/view/customers/{isik}").status == 404
    assert can.get(f"/v1/orders/{order}").status == 404
    assert can.get(f"/v1/orders?customer_id={isik}").status == 404
