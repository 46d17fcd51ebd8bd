"""What comes over orders' queue from outside, as Lambda hands it over."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from chalice.test import Client

from services.orders import bootstrap
from services.orders.app import app
from tests.account import AwsAccount, bootstrapped

_numbers = count(1)

SHIPPED = {"event_id": "e1", "occurred_at": "2026-11-20T12:00:00+03:00", "order_id": "7"}
PLACED = SHIPPED | {
    "customer": {"name": "Ayşe"},
    "currency": "TRY",
    "lines": [{"product": "washer", "quantity": 1, "unit_price": 100}],
}


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "orders", bootstrap), Client(app) as client:
        yield client


def record(name: str, detail: dict[str, Any], source: str = "external.webshop") -> dict[str, Any]:
    body = {"source": source, "detail-type": name, "detail": detail}
    return {
        "messageId": f"message-{next(_numbers)}",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
    }


def read(functions: Client, *records: dict[str, Any]) -> Any:
    answer = functions.lambda_.invoke("on_events", {"Records": list(records)}).payload
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (record("ExternalOrderShipped.v2", SHIPPED), "unknown type 'ExternalOrderShipped.v2'"),
        (
            record("ExternalOrderShipped.v1", SHIPPED, "sahip.orders"),
            "ExternalOrderShipped.v1 comes from external.<system> alone",
        ),
        (
            record("CustomerLinkChanged.v1", SHIPPED),
            "CustomerLinkChanged.v1 comes from sahip.customer alone",
        ),
        (
            record("ExternalOrderShipped.v1", SHIPPED | {"order_id": 7}),
            "ExternalOrderShipped.v1 does not fit its schema: order_id: string_type",
        ),
        (
            record("ExternalOrderShipped.v1", SHIPPED | {"order_id": float("nan")}),
            "ExternalOrderShipped.v1 is no JSON: it holds NaN, or is nested too deeply",
        ),
    ],
)
def test_a_poison_is_parked_alone_with_its_reason(
    aws: AwsAccount, functions: Client, poison: dict[str, Any], reason: str
) -> None:
    good = record("ExternalOrderShipped.v1", SHIPPED)

    assert read(functions, good, poison, good) == []

    [parked] = aws.messages("orders-events-dead")
    assert parked["Body"] == poison["body"]
    assert parked["MessageAttributes"]["reason"]["StringValue"] == reason
    assert [one.news_id for one in bootstrap.waiting().everything()] == ["webshop:e1"]


def test_while_nobody_can_say_who_it_is_an_order_comes_again_and_is_not_parked(
    aws: AwsAccount, functions: Client
) -> None:
    order, parcel = (
        record("ExternalOrderPlaced.v1", PLACED),
        record("ExternalOrderShipped.v1", SHIPPED),
    )

    assert read(functions, order, parcel) == [order["messageId"]]

    assert aws.messages("orders-events-dead") == []
