"""The triggers of the orders service: from its stream to the bus and into rows, and back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from services.orders import bootstrap
from services.orders.app import app
from services.orders.domain import Status
from shared.errors import Forbidden
from tests.account import AwsAccount, all_items, bootstrapped, stream_record
from tests.orders.examples import NOON, a_past_order, a_payment, an_act, an_order

AGENT = {
    "subject": "s",
    "client_id": "c",
    "roles": ["agent"],
    "customer_id": None,
    "grounds": {"reason": "case", "reference": None},
}


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "orders", bootstrap), Client(app) as client:
        yield client


def the_stream(aws: AwsAccount) -> dict[str, Any]:
    items = all_items(aws.dynamodb, aws.table("orders"))
    return {"Records": [stream_record(None, item, str(place)) for place, item in enumerate(items)]}


def the_orders_part(functions: Client, customer_id: str) -> Any:
    return the_parts(functions, customer_id)["orders"]


def the_parts(functions: Client, customer_id: str) -> Any:
    request = {
        "ids": [customer_id],
        "caller": AGENT,
        "parts": ["orders", "payments", "risk"],
        "deadline_ms": 1000,
        "correlation_id": "request-9",
    }
    answer = functions.lambda_.invoke("summary", request).payload
    return answer["customers"][customer_id]["parts"]


def linked(members: list[str], version: int) -> dict[str, Any]:
    detail = {
        "event_id": f"cus_1:{version}:0",
        "entity_id": "cus_1",
        "customer_id": "cus_1",
        "version": version,
        "occurred_at": "2026-03-01T12:00:00Z",
        "correlation_id": "request-1",
        "link_version": version,
        "person_id": "cus_1",
        "members": members,
    }
    body = {"source": "sahip.customer", "detail-type": "CustomerLinkChanged.v1", "detail": detail}
    return {
        "messageId": f"message-{version}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
    }


def test_an_order_shows_in_the_summary_once_its_change_is_projected(
    aws: AwsAccount, functions: Client
) -> None:
    bootstrap.orders().add(an_order(), fingerprint="f")

    before = the_orders_part(functions, "cus_1")
    functions.lambda_.invoke("project_changes", the_stream(aws))
    after = the_orders_part(functions, "cus_1")

    assert before["count"] == 0
    assert after["count"] == 1
    assert after["totals"] == [{"amount": 1_999_900, "currency": "TRY"}]


def test_a_customers_payments_and_risk_are_told_beside_their_orders(
    aws: AwsAccount, functions: Client
) -> None:
    bootstrap.orders().add(a_past_order(payments=(a_payment(amount=900),)), fingerprint="f")
    functions.lambda_.invoke("project_changes", the_stream(aws))

    parts = the_parts(functions, "cus_1")

    assert parts["payments"]["paid"] == [{"amount": 900, "currency": "TRY"}]
    assert parts["payments"]["owed"] == [{"amount": 1_999_000, "currency": "TRY"}]
    assert parts["risk"]["band"] == "medium"


def test_whose_an_order_is_is_told_to_staff_alone(functions: Client) -> None:
    bootstrap.orders().add(an_order(external_id="shop-1"), fingerprint="f")

    def find(value: str, role: str = "agent") -> Any:
        caller = AGENT | {"roles": [role], "customer_id": "cus_1"}
        request = {"kind": "order_id", "value": value, "caller": caller, "correlation_id": "r"}
        return functions.lambda_.invoke("find", request).payload["matches"]

    assert [one["customer_id"] for one in find("shop-1")] == ["cus_1"]
    assert find("ord_1") == find("shop-1", "operations") == find("shop-1")
    assert find("never-was") == []
    with pytest.raises(Forbidden):
        find("shop-1", "customer")


def test_a_whole_history_goes_over_the_bus_in_one_go(aws: AwsAccount, functions: Client) -> None:
    order = a_past_order(reached={Status.SHIPPED: NOON}, payments=(a_payment(),))
    bootstrap.orders().add(order, fingerprint="f")

    answer = functions.lambda_.invoke("reconcile", {"since": "2026-03-01T12:00:00Z"}).payload

    assert answer == {"entities": 1, "events": 4, "waiting": 0}


def test_a_reconciliation_finds_every_version_that_was_not_heard_of(
    aws: AwsAccount, functions: Client
) -> None:
    order = an_order()
    bootstrap.orders().add(order, fingerprint="f")
    bootstrap.orders().save(order.approve(an_act(1)))

    answer = functions.lambda_.invoke("reconcile", {"since": "2026-03-01T12:00:00Z"}).payload

    assert answer == {"entities": 1, "events": 2, "waiting": 0}
    assert the_orders_part(functions, "cus_1")["recent"][0]["status"] == "approved"


def test_who_is_one_person_is_kept_and_an_older_word_of_it_changes_nothing(
    functions: Client,
) -> None:
    newer, older = linked(["cus_1", "cus_2"], 2), linked(["cus_1"], 1)

    answer = functions.lambda_.invoke("on_events", {"Records": [newer, older]}).payload

    assert answer == {"batchItemFailures": []}
    assert bootstrap.rows().members("cus_1") == ["cus_1", "cus_2"]


def test_an_event_that_is_none_of_orders_business_is_parked_with_its_reason(
    aws: AwsAccount, functions: Client
) -> None:
    stray = linked(["cus_1"], 1)
    body = json.loads(stray["body"]) | {"detail-type": "CustomerCreated.v1"}

    answer = functions.lambda_.invoke(
        "on_events", {"Records": [stray | {"body": json.dumps(body)}]}
    ).payload

    [parked] = aws.messages("orders-events-dead")
    assert answer == {"batchItemFailures": []}
    assert json.loads(parked["Body"]) == body
    told = {name: one["StringValue"] for name, one in parked["MessageAttributes"].items()}
    assert told == {
        "reason": "unknown type 'CustomerCreated.v1'",
        "source": "sahip.customer",
        "event_id": "cus_1:1:0",
        "detail_type": "CustomerCreated.v1",
    }
