"""The service through its front door: goods, money, invoices and the past."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.system import LocalSystem, Settings
from tests.client import Client, Reply
from tests.pace import BRISK

IRON = {"product": "iron", "quantity": 1, "unit_price": 89_900, "kdv_class": "general"}
PAST = {
    "status": "delivered",
    "ordered_at": "2018-05-02T10:00:00Z",
    "delivered_at": "2018-05-09T18:30:00Z",
    "payments": [{"method": "boleto", "amount": 500}],
    "invoice": {"number": "A1"},
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    state = tmp_path_factory.mktemp("state")
    settings = Settings(pace=BRISK)
    with LocalSystem(
        MotoEngine(), ("customer", "orders"), state_dir=state, settings=settings
    ) as running:
        yield running


@pytest.fixture
def shop(system: LocalSystem) -> Client:
    """Another system."""
    return Client(system, "integration")


@pytest.fixture
def manager(system: LocalSystem) -> Client:
    return Client(system, "manager")


def placed(client: Client, customer_id: str, **particulars: Any) -> str:
    """The path of a new order for an iron."""
    reply = client.create(
        "/v1/orders", {"customer_id": customer_id, "lines": [IRON]} | particulars
    )
    assert reply.status == 201, reply.text
    return f"/v1/orders/{reply.body['order_id']}"


def field_at_fault(reply: Reply) -> str:
    assert reply.status == 400, reply.text
    return str(reply.body["errors"][0]["field"])


def test_goods_go_their_way_and_each_step_is_dated(shop: Client) -> None:
    path = placed(shop, "cus_way")
    for move in ("approve", "process", "ship", "deliver"):
        assert shop.post(f"{path}/{move}", {}).status == 200

    order = shop.get(path).body

    assert order["status"] == "delivered"
    assert list(order["reached"]) == ["placed", "approved", "processing", "shipped", "delivered"]
    assert order["owed"] == 89_900


def test_what_cannot_be_had_is_given_up_by_who_has_the_goods_and_not_by_the_desk(
    shop: Client, agent: Client, warehouse: Client
) -> None:
    path = placed(shop, "cus_gone")

    assert agent.post(f"{path}/mark-unavailable", {}).status == 403
    assert warehouse.post(f"{path}/mark-unavailable", {}).body["status"] == "unavailable"
    refused = shop.post(f"{path}/ship", {})
    assert (refused.status, refused.body["legal_moves"]) == (409, [])


def test_a_payment_is_recorded_once_under_its_key(agent: Client) -> None:
    path = f"{placed(agent, 'cus_paid')}/payments"
    body = {"method": "credit_card", "amount": 89_900, "instalments": 3}

    first, again = (agent.create(path, body, key="paid-once") for _ in range(2))
    other = agent.create(path, body | {"amount": 1}, key="paid-once")

    assert (first.status, again.status) == (201, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body
    assert (first.body["paid"], first.body["owed"]) == (89_900, 0)
    assert first.body["payments"][0]["paid_at"] is not None
    assert other.status == 422
    assert agent.post(path, body).status == 400


def test_money_is_given_back_by_others_than_who_sell_and_never_more_than_came(
    agent: Client, manager: Client
) -> None:
    path = placed(agent, "cus_back")
    agent.create(f"{path}/payments", {"method": "cash", "amount": 1000})
    body = {"amount": 700, "reason": "scratched"}

    assert agent.create(f"{path}/refunds", body).status == 403
    first, again = (manager.create(f"{path}/refunds", body, key="back-once") for _ in range(2))
    refused = manager.create(f"{path}/refunds", body)

    assert (first.status, again.status, refused.status) == (201, 200, 409)
    assert (first.body["paid"], again.body["paid"]) == (300, 300)
    assert "300 minor units of TRY are left" in refused.body["detail"]


def test_an_order_has_one_invoice(shop: Client, agent: Client) -> None:
    path = f"{placed(shop, 'cus_invoice')}/invoice"

    assert agent.post(path, {"number": "A1"}).status == 403
    first = shop.post(path, {"number": "A1", "issued_at": "2026-03-01T12:00:00+03:00"})
    again = shop.post(path, {"number": "A1"}, **{"If-Match": '"1"'})
    other = shop.post(path, {"number": "A2"})

    assert first.body["invoice"] == {"number": "A1", "issued_at": "2026-03-01T09:00:00Z"}
    assert (again.status, again.body) == (200, first.body)
    assert other.status == 409


def test_history_is_told_by_integrations_alone(shop: Client, manager: Client) -> None:
    body = {"customer_id": "cus_past", "lines": [], "past": PAST}

    assert manager.create("/v1/orders", body).status == 403
    first, again = (shop.create("/v1/orders", body, key="past-once") for _ in range(2))

    assert (first.status, again.status) == (201, 200)
    order = first.body
    assert again.body == order
    assert (order["status"], order["ordered_at"]) == ("delivered", PAST["ordered_at"])
    assert order["reached"] == {
        "placed": "2018-05-02T10:00:00Z",
        "delivered": "2018-05-09T18:30:00Z",
    }
    assert (order["amount"], order["paid"], order["owed"]) == (0, 500, 0)
    assert order["payments"][0]["paid_at"] is None
    assert order["invoice"] == {"number": "A1", "issued_at": None}


def test_history_from_before_the_oldest_known_kdv_rates_is_taken_and_read(shop: Client) -> None:
    path = placed(shop, "cus_old", past=PAST | {"ordered_at": "2004-02-01T10:00:00Z"})

    [line] = shop.get(path).body["lines"]

    assert (line["kdv_class"], line["kdv_rate"], line["kdv"]) == ("general", None, None)


def test_a_new_order_without_lines_names_them_as_the_field_at_fault(shop: Client) -> None:
    bare = {name: value for name, value in IRON.items() if name != "kdv_class"}

    for lines in ([], [bare]):
        refused = shop.create("/v1/orders", {"customer_id": "cus_none", "lines": lines})
        assert field_at_fault(refused) == "lines"


def test_orders_of_the_past_and_of_today_are_in_one_list_the_newest_first(
    system: LocalSystem, shop: Client
) -> None:
    today = placed(shop, "cus_list", promised_at="2026-03-09T00:00:00Z")
    past = placed(shop, "cus_list", past=PAST, external_id="web-1")
    system.settle()

    listed = shop.get("/v1/orders?customer_id=cus_list").body["orders"]

    assert [f"/v1/orders/{one['order_id']}" for one in listed] == [today, past]
    assert listed[0]["promised_at"] == "2026-03-09T00:00:00Z"
    assert (listed[1]["external_id"], listed[1]["status"]) == ("web-1", "delivered")


def test_customers_see_their_orders_money_and_record_none(
    system: LocalSystem, shop: Client
) -> None:
    path = placed(shop, "cus_own")
    herself, stranger = Client(system, "customer", "cus_own"), Client(system, "customer", "cus_x")

    assert herself.get(path).body["owed"] == 89_900
    assert stranger.get(path).status == 404
    for door in ("payments", "refunds"):
        assert herself.create(f"{path}/{door}", {"method": "cash", "amount": 1}).status == 403
