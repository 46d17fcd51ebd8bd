"""The triggers of the customer service: from its stream to the bus, and back from its queue."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from services.customer import bootstrap
from services.customer.app import app
from services.customer.domain import LINE
from services.customer.use_cases import links
from shared.aws import logs
from shared.errors import Forbidden
from tests.account import AwsAccount, all_items, bootstrapped, sqs_event, stream_record
from tests.customer.examples import MOBILE, a_conversation, a_customer, an_act

AGENT = {
    "subject": "s",
    "client_id": "c",
    "roles": ["agent"],
    "customer_id": None,
    "grounds": {"reason": "case", "reference": None},
}


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "customer", bootstrap), Client(app) as client:
        yield client


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the service logs meanwhile."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.JsonLines())
    logs.log.addHandler(handler)
    yield lines
    logs.log.removeHandler(handler)


@pytest.fixture
def linked(functions: Client) -> str:
    """Ayşe and Isik, who are one person; the id of the link."""
    for one in ("cus_a", "cus_b"):
        bootstrap.customers().add(a_customer(one, contact_points=(MOBILE,)), fingerprint="f")
    link, _ = links.link_customers(
        bootstrap.customers(),
        an_act(1),
        "cus_a",
        "cus_b",
        link_id="lnk_1",
        fingerprint="f",
        reason="she says so",
    )
    return link.link_id


def the_stream(aws: AwsAccount) -> dict[str, Any]:
    items = all_items(aws.dynamodb, aws.table("customer"))
    return {"Records": [stream_record(None, item, str(place)) for place, item in enumerate(items)]}


def summary(functions: Client, *ids: str, caller: dict[str, Any] = AGENT) -> Any:
    request = {
        "ids": list(ids),
        "caller": caller,
        "parts": ["customer"],
        "deadline_ms": 1000,
        "correlation_id": "request-9",
    }
    return functions.lambda_.invoke("summary", request).payload["customers"]


@pytest.mark.usefixtures("linked")
def test_a_link_goes_over_the_bus_to_every_service_that_must_know(
    aws: AwsAccount, functions: Client
) -> None:
    answer = functions.lambda_.invoke("publish_changes", the_stream(aws)).payload

    messages = aws.messages("customer-events")
    envelopes = [json.loads(message["Body"]) for message in messages]
    assert answer == {"batchItemFailures": []}
    assert {one["source"] for one in envelopes} == {"sahip.customer"}
    assert {one["detail-type"] for one in envelopes} == {"CustomerLinkChanged.v1"}
    assert {one["detail"]["customer_id"] for one in envelopes} == {"cus_a", "cus_b"}

    answer = functions.lambda_.invoke("on_events", sqs_event(messages)).payload

    assert answer == {"batchItemFailures": []}
    told = summary(functions, "cus_a", "cus_b")
    assert told["cus_a"]["members"] == told["cus_b"]["members"] == ["cus_a", "cus_b"]


@pytest.mark.usefixtures("linked")
def test_a_summary_is_told_to_the_person_it_is_about_under_all_of_their_ids_and_to_no_other(
    aws: AwsAccount, functions: Client
) -> None:
    functions.lambda_.invoke("publish_changes", the_stream(aws))
    functions.lambda_.invoke("on_events", sqs_event(aws.messages("customer-events")))

    def told_to(customer_id: str) -> set[str]:
        caller = AGENT | {"roles": ["customer"], "customer_id": customer_id}
        return set(summary(functions, "cus_a", "cus_b", caller=caller))

    assert told_to("cus_a") == told_to("cus_b") == {"cus_a", "cus_b"}
    assert told_to("cus_c") == set()
    assert summary(functions, "cus_a", caller=AGENT | {"roles": ["integration"]}) == {}


@pytest.mark.usefixtures("linked")
def test_whose_a_phone_is_is_told_to_staff_alone(functions: Client) -> None:
    def find(kind: str, value: str, role: str = "agent") -> Any:
        caller = AGENT | {"roles": [role], "customer_id": "cus_a"}
        request = {"kind": kind, "value": value, "caller": caller, "correlation_id": "r"}
        matches = functions.lambda_.invoke("find", request).payload["matches"]
        return [(one["customer_id"], one["person_id"]) for one in matches]

    assert find("phone", "0532 123 45 67") == [("cus_a", "cus_a"), ("cus_b", "cus_a")]
    assert find("phone", "12") == []
    for role in ("customer", "integration"):
        with pytest.raises(Forbidden):
            find("phone", "0532 123 45 67", role)


@pytest.mark.usefixtures("linked")
def test_to_recognise_somebody_those_may_ask_who_may_recognise(functions: Client) -> None:
    def find(role: str, action: str) -> Any:
        caller = AGENT | {"roles": [role]}
        request = {"kind": "phone", "value": "0532 123 45 67", "caller": caller}
        request |= {"action": action, "correlation_id": "r"}
        return functions.lambda_.invoke("find", request).payload["matches"]

    for role in ("agent", "owner", "manager", "integration"):
        assert len(find(role, "recognise_customer")) == 2
    for role, action in (("operations", "recognise_customer"), ("integration", "look_up_view")):
        with pytest.raises(Forbidden):
            find(role, action)
    with pytest.raises(ValueError, match="action"):
        find("agent", "read_customer")


def person(functions: Client, **changes: str) -> Any:
    request = {
        "key": "reg_1",
        "name": "Zeynep Kaya",
        "phone": "0532 123 45 67",
        "correlation_id": "request-9",
    }
    return functions.lambda_.invoke("find_or_create", request | changes).payload


@pytest.mark.usefixtures("linked")
def test_other_services_are_told_the_customer_of_a_name_and_a_contact_and_make_one_once(
    functions: Client,
) -> None:
    known = person(functions, name="AYSE ISIK")
    made, again = person(functions), person(functions)

    assert known["customer_id"] == "cus_a"
    assert made["customer_id"] == again["customer_id"]
    assert (made["refused"], made["via"]["kind"], made["via"]["shared"]) == (None, "phone", False)
    customer = bootstrap.customers().get(made["customer_id"])
    assert (customer.name, customer.contact_points) == ("Zeynep Kaya", (MOBILE,))
    assert customer.log[-1].by == "reg_1"


def test_a_contact_that_can_be_nobodys_is_refused_with_why(functions: Client) -> None:
    answer = person(functions, phone="12")

    assert answer["customer_id"] is None
    assert "phone number" in answer["refused"]


@pytest.mark.usefixtures("linked")
def test_a_reconciliation_says_and_shows_again_what_was_missed(
    aws: AwsAccount, functions: Client
) -> None:
    answer = functions.lambda_.invoke("reconcile", {"since": "2026-03-01T00:00:00Z"}).payload

    assert answer == {"entities": 3, "events": 4}
    assert len(aws.messages("customer-events")) == 2
    assert functions.lambda_.invoke("reconcile", {"since": "2026-03-02T00:00:00Z"}).payload == {
        "entities": 0,
        "events": 0,
    }
    cards = [item for item in all_items(aws.dynamodb, aws.table("customer")) if "card" in item]
    assert len(cards) == 2


def test_conversations_are_shown_from_the_stream_and_told_to_the_bus(
    aws: AwsAccount, functions: Client
) -> None:
    bootstrap.customers().add(a_customer(), fingerprint="f")
    bootstrap.customers().add_conversation(a_conversation(), fingerprint="f")

    functions.lambda_.invoke("project_changes", the_stream(aws))
    told = functions.lambda_.invoke("reconcile", {"since": "2026-03-01T00:00:00Z"}).payload

    assert told == {"entities": 2, "events": 2}
    part = summary(functions, "cus_1")["cus_1"]["parts"]["conversations"]
    assert part["count"] == 1
    assert part["recent"][0]["with"] == "Deniz"


def test_cards_are_made_from_the_stream(aws: AwsAccount, functions: Client) -> None:
    bootstrap.customers().add(a_customer(), fingerprint="f")

    answer = functions.lambda_.invoke("project_changes", the_stream(aws)).payload

    assert answer == {"batchItemFailures": []}
    [card] = [item for item in all_items(aws.dynamodb, aws.table("customer")) if "card" in item]
    assert json.loads(card["card"]["S"])["name"] == "Ayşe Işık"


def test_each_attempt_to_recognise_is_in_the_log_with_who_tried_and_nothing_of_whom(
    functions: Client, logged: io.StringIO
) -> None:
    bootstrap.customers().add(a_customer("cus_a", contact_points=(MOBILE,)), fingerprint="f")
    told = {"name": "Ayşe Işık", "district": "Kadıköy", "product": "kettle", "bought": "2026-W07"}
    event = {
        "Details": {
            "ContactData": {"ContactId": "c-1", "CustomerEndpoint": {"Address": MOBILE.value}},
            "Parameters": told | {"tax_id": "10000000146"},
        }
    }

    for _ in range(LINE.most + 1):
        functions.lambda_.invoke("recognise_caller", event)

    lines = [json.loads(one) for one in logged.getvalue().splitlines()]
    tried = [one for one in lines if one["what"].startswith("recognition")]
    assert [one["what"] for one in tried] == [
        *["recognition"] * LINE.most,
        "recognition was tried too often",
    ]
    assert {(one["by"], one["correlation_id"]) for one in tried} == {("amazon-connect", "c-1")}
    assert tried[0]["outcome"] == "recognised"
    assert tried[0]["recognised"] == ["cus_a"]
    given = ["phone", "tax_id", "name", "district", "purchase"]
    assert {tuple(one["given"]) for one in tried} == {tuple(given)}
    for personal in (MOBILE.value[3:], "Ayşe", "Kadıköy", "kettle", "10000000146"):
        assert personal not in logged.getvalue()
