"""The service by its doors: what queues, streams and other services call it with."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

from services.warranty.app import app
from shared.calendar import day_in_turkey
from shared.contracts.customer import CustomerLinkChanged
from shared.contracts.event import Event
from shared.contracts.orders import DeliveredLine, OrderDelivered
from tests.warranty.conftest import TABLE, AwsAccount
from tests.warranty.examples import NOON

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(app) as client:
        yield client


def a_delivery(order_id: str = "ord_1", **changes: Any) -> OrderDelivered:
    plain: dict[str, Any] = {
        "event_id": f"{order_id}:4:0",
        "entity_id": order_id,
        "customer_id": "cus_1",
        "version": 4,
        "occurred_at": NOON,
        "correlation_id": "request-1",
        "order_id": order_id,
        "units": [
            DeliveredLine(line=0, product="washer", quantity=1),
            DeliveredLine(line=1, product="filter", quantity=2),
        ],
        "delivered_at": NOON,
    }
    return OrderDelivered(**(plain | changes))


def message(event: Event, message_id: str = "m1", **detail: Any) -> dict[str, Any]:
    envelope = {
        "source": event.source,
        "detail-type": event.detail_type,
        "detail": event.model_dump(mode="json") | detail,
    }
    return {
        "messageId": message_id,
        "body": json.dumps(envelope),
        "attributes": {"ApproximateReceiveCount": "1"},
    }


def hear(client: Client, *messages: dict[str, Any]) -> Any:
    return client.lambda_.invoke("on_events", {"Records": list(messages)}).payload


def items(aws: AwsAccount, prefix: str) -> list[str]:
    """What the table holds under keys that begin so, in an order of its own."""
    found = aws.dynamodb.scan(TableName=TABLE)["Items"]
    return sorted(json.dumps(one) for one in found if one["pk"]["S"].startswith(prefix))


def test_deliveries_heard_again_and_in_any_order_make_the_same_units(
    client: Client, aws: AwsAccount
) -> None:
    deliveries = [message(a_delivery(f"ord_{n}"), f"m{n}") for n in (1, 2)]
    deliveries.append(deliveries[0] | {"messageId": "m3"})
    states = []

    for order in permutations(deliveries):
        aws.empty()
        assert hear(client, *order) == {"batchItemFailures": []}
        states.append(items(aws, "E#"))

    assert len(states[0]) == 6
    assert all(state == states[0] for state in states)


def test_a_delivery_that_does_not_tell_its_units_is_passed_over(
    client: Client, aws: AwsAccount, logged: io.StringIO
) -> None:
    assert hear(client, message(a_delivery(units=None))) == {"batchItemFailures": []}

    assert items(aws, "E#") == []
    assert "passed over" in logged.getvalue()


def test_a_delivery_that_fits_no_schema_is_parked_and_the_others_are_done(
    client: Client, aws: AwsAccount
) -> None:
    poison = message(a_delivery("ord_2"), "m2", units=[{"line": 0, "product": "x", "quantity": 0}])

    assert hear(client, poison, message(a_delivery())) == {"batchItemFailures": []}

    assert len(items(aws, "E#")) == 3
    queue = next(one for one in aws.world.queues if one.name.endswith("warranty-events-dead"))
    [parked] = aws.sqs.receive_message(QueueUrl=queue.url, MessageAttributeNames=["All"])[
        "Messages"
    ]
    assert "units.0.quantity" in parked["MessageAttributes"]["reason"]["StringValue"]


def test_the_members_of_a_person_are_kept(client: Client, aws: AwsAccount) -> None:
    changed = CustomerLinkChanged(
        event_id="lnk_1:1:0",
        entity_id="lnk_1",
        customer_id="cus_1",
        version=1,
        occurred_at=NOON,
        correlation_id="request-1",
        link_version=1,
        person_id="cus_1",
        members=["cus_1", "cus_2"],
    )

    hear(client, message(changed))

    [summary] = items(aws, "P#cus_1")
    assert "cus_2" in summary


def register(client: Client, key: str = "a-key", **said: Any) -> HTTPResponse:
    today = day_in_turkey(datetime.now(UTC))
    body = {
        "serial": "SN-1234",
        "bought_on": (today - timedelta(days=1)).isoformat(),
        "bought_from": "Optik Göz",
        "name": "Ayşe Işık",
        "contact_point": {"kind": "phone", "value": "0532 123 45 67"},
    } | said
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    return client.http.post("/registrations", headers=headers, body=json.dumps(body).encode())


def find(client: Client, value: str, kind: str = "serial", **question: Any) -> Any:
    caller = {
        "subject": "s",
        "client_id": "c",
        "roles": ["agent"],
        "customer_id": None,
        "grounds": {"reason": "case", "reference": None},
    }
    question |= {
        "kind": kind,
        "value": value,
        "caller": caller,
        "correlation_id": "request-1",
    }
    return client.lambda_.invoke("find", question).payload


def test_a_product_is_registered_without_a_token_and_found_by_its_serial_number(
    client: Client,
) -> None:
    registered = register(client)

    assert registered.status_code == 201
    assert registered.headers["ETag"] == '"1"'
    assert registered.json_body["proof"] == "waived"
    [match] = find(client, "sn1234")["matches"]
    owner = match["customer_id"]
    assert owner.startswith("cus_")


@pytest.mark.parametrize("serial", ["SN-9999", "yok", ""])
def test_a_serial_number_that_nobody_registered_is_nobodys(client: Client, serial: str) -> None:
    assert find(client, serial)["matches"] == []


def test_a_product_that_only_a_serial_number_names_is_shown_without_a_name(
    client: Client,
) -> None:
    registered = register(client, product=None)

    assert registered.status_code == 201


def test_a_registration_that_nobody_knows_can_be_given_no_proof(client: Client) -> None:
    body = {"kind": "invoice", "number": "1", "dated": "2026-03-01", "reference": "desk 4"}
    headers = {"Content-Type": "application/json"}

    answer = client.http.post(
        "/registrations/reg_nobody/proof", headers=headers, body=json.dumps(body).encode()
    )

    assert answer.status_code == 404


def test_the_view_is_told_of_an_empty_hand_as_such(client: Client) -> None:
    question = {
        "ids": ["cus_1"],
        "caller": {
            "subject": "s",
            "client_id": "c",
            "roles": ["agent"],
            "customer_id": None,
            "grounds": {"reason": "case", "reference": None},
        },
        "parts": ["products"],
        "deadline_ms": 1500,
        "correlation_id": "request-1",
    }

    told = client.lambda_.invoke("summary", question).payload

    assert told["customers"]["cus_1"]["parts"]["products"] == {"count": 0, "units": []}


def test_every_route_is_in_the_document_and_two_need_no_token(client: Client) -> None:
    paths = client.http.get("/openapi.json").json_body["paths"]
    public = {
        path for path, methods in paths.items() if methods.get("post", {}).get("security") == []
    }

    assert public == {
        "/v1/warranty/registrations",
        "/v1/warranty/registrations/{registration_id}/proof",
    }
    assert len(paths) == 8


def test_who_bought_what_is_found_by_the_week_of_the_order_and_of_its_delivery(
    client: Client,
) -> None:
    hear(client, message(a_delivery(ordered_at=NOON - timedelta(days=21))))
    hear(client, message(a_delivery("ord_2", customer_id="cus_2", ordered_at=None), "m2"))

    def bought(when: str, product: str = "WASHER") -> list[str]:
        answer = find(client, f"{when} {product}", "purchase", among=["cus_3"])
        assert answer["more"] is False
        return [one["customer_id"] for one in answer["matches"]]

    assert bought("2026-W08") == ["cus_1"]
    assert bought("2026-W11") == bought("2026-03-12") == ["cus_1", "cus_2"]
    for nothing in ("2026-W12", "2026-W99", "9999-12-31", "0001-01-01", "yok", ""):
        assert bought(nothing) == []
    assert bought("2026-W08", "") == bought("2026-W08", "...") == []
