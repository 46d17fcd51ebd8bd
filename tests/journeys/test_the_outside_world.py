"""A web shop, a carrier, a bank and a call centre tell what happened, each in its own time."""

import json
import os
import time
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import boto3
import pytest

from infra.local.system import LocalSystem
from shared.aws.http.signatures import sign
from tests.client import Client, Reply

pytestmark = pytest.mark.journey

NOON = "2026-11-20T12:00:00+03:00"
EVENING = "2026-11-20T20:00:00+03:00"
NEXT_DAY = "2026-11-21T10:30:00+03:00"
AYSE = {"customer_id": "5001", "name": "Ayşe Işık", "phone": "0532 123 45 67"}
WASHER = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}

PARKED = "sahip-local-{}-events-dead"


def placed(order: str, **changes: object) -> tuple[str, dict[str, Any]]:
    detail = {
        "event_id": f"placed-{order}",
        "occurred_at": NOON,
        "order_id": order,
        "customer": AYSE,
        "currency": "TRY",
        "lines": [WASHER],
        "their own": "business",
    }
    return "ExternalOrderPlaced.v1", detail | changes


def paid(order: str, **changes: object) -> tuple[str, dict[str, Any]]:
    detail = {
        "event_id": f"paid-{order}",
        "occurred_at": NOON,
        "order_id": order,
        "payment_id": f"P-{order}",
        "method": "credit_card",
        "amount": 1_999_900,
        "currency": "TRY",
        "instalments": 6,
    }
    return "ExternalPaymentReceived.v1", detail | changes


def shipped(order: str) -> tuple[str, dict[str, Any]]:
    detail = {"event_id": f"shipped-{order}", "occurred_at": EVENING, "order_id": order}
    return "ExternalOrderShipped.v1", detail | {"tracking": "TR1"}


def delivered(order: str) -> tuple[str, dict[str, Any]]:
    detail = {"event_id": f"delivered-{order}", "occurred_at": NEXT_DAY, "order_id": order}
    return "ExternalOrderDelivered.v1", detail


def called(call: str, phone: str, **changes: object) -> tuple[str, dict[str, Any]]:
    detail = {
        "event_id": f"ended-{call}",
        "occurred_at": NOON,
        "call_id": call,
        "phone": phone,
        "direction": "in",
        "started_at": NOON,
        "ended_at": NOON,
        "agent": "Deniz",
        "summary": "asked when the technician comes",
    }
    return "ExternalCallEnded.v1", detail | changes


def tell(system: str, *events: tuple[str, dict[str, Any]]) -> None:
    """Put events on the bus, as an integration of another system does."""
    bus = boto3.client("events")
    for start in range(0, len(events), 10):
        answer = bus.put_events(
            Entries=[
                {
                    "EventBusName": "sahip-local",
                    "Source": f"external.{system}",
                    "DetailType": name,
                    "Detail": json.dumps(detail),
                }
                for name, detail in events[start : start + 10]
            ]
        )
        assert answer["FailedEntryCount"] == 0


def orders_of(agent: Client, external_id: str) -> list[Any]:
    found = agent.post("/v1/customers/lookup", {"external_id": external_id}).body["customers"]
    listed = [
        order
        for one in found
        for order in agent.get(f"/v1/orders?customer_id={one['customer_id']}&limit=100").body[
            "orders"
        ]
    ]
    return [agent.get(f"/v1/orders/{one['order_id']}").body for one in listed]


def reasons(system: LocalSystem, service: str) -> list[str]:
    """Why messages are parked; they are taken out."""
    queue = boto3.client("sqs").get_queue_url(QueueName=PARKED.format(service))["QueueUrl"]
    found = []
    while (
        messages := boto3.client("sqs")
        .receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        for one in messages:
            boto3.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
            found.append(one["MessageAttributes"]["reason"]["StringValue"])
    return sorted(found)


def test_in_whatever_order_they_are_told_an_order_ends_as_the_same(
    system: LocalSystem, agent: Client
) -> None:
    ways = list(permutations((placed, paid, shipped, delivered)))

    for step in range(4):
        news = [way[step](f"way-{place}") for place, way in enumerate(ways)]
        tell("webshop", *news, *news[:3])  # some of it twice
        system.settle()

    ended = orders_of(agent, "webshop:5001")
    assert {one["external_id"] for one in ended} == {f"webshop:way-{n}" for n in range(len(ways))}
    own = {"order_id", "external_id", "version"}
    for one in ended:
        one["payments"] = [{**payment, "payment_id": ""} for payment in one["payments"]]
    states = {
        json.dumps({name: one[name] for name in one.keys() - own}, sort_keys=True) for one in ended
    }
    assert len(states) == 1, states
    [state] = map(json.loads, states)
    assert state["status"] == "delivered"
    assert state["tracking"] == "TR1"
    assert state["owed"] == 0
    assert state["reached"] == {
        "placed": "2026-11-20T09:00:00Z",
        "shipped": "2026-11-20T17:00:00Z",
        "delivered": "2026-11-21T07:30:00Z",
    }
    assert len(state["payments"]) == 1
    assert reasons(system, "orders") == []


def test_the_view_shows_what_the_shop_told(system: LocalSystem, agent: Client) -> None:
    who = {"customer_id": "5002", "name": "Can Öz", "email": "can@example.com"}
    tell("webshop", placed("seen-1", customer=who), paid("seen-1"))
    system.settle()

    seen = agent.post("/v1/view/lookup", {"order_id": "webshop:seen-1"}).body

    assert seen["customer"]["data"]["name"] == "Can Öz"
    assert seen["customer"]["data"]["external_ids"] == ["webshop:5002"]
    assert [one["external_id"] for one in seen["orders"]["data"]["pending"]] == ["webshop:seen-1"]
    assert seen["payments"]["data"]["paid"] == [{"amount": 1_999_900, "currency": "TRY"}]


def test_an_order_that_the_shop_posted_itself_hears_of_its_parcel(
    system: LocalSystem, agent: Client
) -> None:
    customer = agent.create("/v1/customers", {"name": "Nil"}).body["customer_id"]
    body = {"customer_id": customer, "external_id": "webshop:posted-1", "lines": [WASHER]}
    order = agent.create("/v1/orders", body).body["order_id"]

    tell("webshop", shipped("posted-1"), placed("posted-1"))
    system.settle()

    assert agent.get(f"/v1/orders/{order}").body["status"] == "shipped"
    assert reasons(system, "orders") == []


def test_what_does_not_fit_is_parked_with_its_reason_and_the_rest_goes_on(
    system: LocalSystem, agent: Client
) -> None:
    name, good = placed("good-1", customer={"customer_id": "5003", "name": "Su"})
    tell(
        "webshop",
        ("ExternalOrderPlaced.v2", good),
        (name, good | {"order_id": 7}),
        (name, good | {"lines": []}),
        (name, good | {"occurred_at": "2026-11-20T12:00:00"}),
        (name, good),
        (name, good | {"event_id": "again", "currency": "EUR"}),
        paid("good-1", currency="EUR"),
        placed("bad-2", customer={"name": "Su", "phone": "ask her"}),
    )
    tell("Web Shop", shipped("good-1"))
    system.settle()

    [order] = orders_of(agent, "webshop:5003")
    assert order["status"] == "placed"
    why = reasons(system, "orders")
    assert [one for one in why if "does not fit its schema: order_id: string_type" in one]
    assert [one for one in why if "does not fit its schema: lines: too_short" in one]
    assert [one for one in why if "does not fit its schema: occurred_at" in one]
    assert "unknown type 'ExternalOrderPlaced.v2'" in why
    assert "the same order was told before, with other particulars" in why
    assert "the payment is in EUR, and the order in TRY" in why
    assert "ExternalOrderShipped.v1 comes from external.<system> alone" in why
    assert [one for one in why if one.startswith("this is no phone number")]
    assert len(why) == 8


def test_what_waited_in_vain_is_parked_when_its_order_comes(
    system: LocalSystem, agent: Client
) -> None:
    tell("webshop", paid("late-1", currency="EUR"), shipped("late-1"))
    system.settle()
    assert reasons(system, "orders") == []

    tell("webshop", placed("late-1", customer={"customer_id": "5004"}))
    system.settle()

    [order] = orders_of(agent, "webshop:5004")
    assert (order["status"], order["payments"]) == ("shipped", [])
    assert reasons(system, "orders") == ["the payment is in EUR, and the order in TRY"]


def test_a_call_becomes_a_conversation_of_the_one_who_has_the_phone(
    system: LocalSystem, agent: Client
) -> None:
    reasons(system, "customer")  # what other stories have left there
    home = [{"kind": "phone", "value": "0216 555 11 22"}]
    ece = agent.create("/v1/customers", {"name": "Ece", "contact_points": home}).body
    tell("callcentre", called("c-1", "(0216) 555 11 22"), called("c-1", "(0216) 555 11 22"))
    system.settle()

    listed = agent.get(f"/v1/customers/{ece['customer_id']}/conversations").body["conversations"]

    assert [{**one, "conversation_id": ""} for one in listed] == [
        {
            "conversation_id": "",
            "at": "2026-11-20T09:00:00Z",
            "channel": "phone",
            "direction": "in",
            "kind": "service",
            "with": "Deniz",
            "summary": "asked when the technician comes",
            "promise": None,
        }
    ]

    agent.create("/v1/customers", {"name": "Efe", "contact_points": home})
    tell("callcentre", called("c-1", "(0216) 555 11 22"), called("c-2", "0216 555 11 22"))
    tell("callcentre", called("c-3", "0216 555 98 76"), called("c-4", "withheld"))
    system.settle()

    why = reasons(system, "customer")
    assert why[0].startswith("2 persons share the phone of this call")
    assert why[1].startswith("nobody in the books has the phone of this call")
    assert why[2].startswith("this is no phone number")
    assert len(why) == 3


class Partner:
    """A system that sends webhooks."""

    def __init__(self, system: LocalSystem, name: str, secret: str) -> None:
        self._client, self._name, self._secret = Client(system, "customer", "cus_x"), name, secret

    def send(
        self,
        event: tuple[str, dict[str, Any]],
        *,
        path: str = "orders",
        at: float | None = None,
        changed: bytes = b"",
    ) -> Reply:
        timestamp = str(int(time.time() if at is None else at))
        body = json.dumps({"detail_type": event[0], "detail": event[1]}).encode()
        return self._client.send(
            "POST",
            f"/v1/{path}/webhooks/{self._name}",
            body + changed,
            **{
                "Webhook-Timestamp": timestamp,
                "Webhook-Signature": sign(self._secret, timestamp, body),
            },
        )


def a_partner(system: LocalSystem, name: str, service: str = "ORDERS") -> Partner:
    return Partner(system, name, json.loads(os.environ[f"{service}_WEBHOOK_SECRETS"])[name])


def refused(replies: Sequence[Reply]) -> set[tuple[int, str, str]]:
    return {(one.status, one.body["type"], one.body["detail"]) for one in replies}


def test_a_signed_webhook_goes_the_way_of_the_bus_and_again_changes_nothing(
    system: LocalSystem, agent: Client
) -> None:
    shop = a_partner(system, "webshop")
    event = placed("hook-1", customer={"customer_id": "5005", "name": "Ada"})

    first, again = shop.send(event), shop.send(event)
    system.settle()

    assert (first.status, first.body) == (
        202,
        {"detail_type": "ExternalOrderPlaced.v1", "event_id": "placed-hook-1"},
    )
    assert (again.status, again.body) == (first.status, first.body)
    assert [one["external_id"] for one in orders_of(agent, "webshop:5005")] == ["webshop:hook-1"]
    assert reasons(system, "orders") == []


def test_a_webhook_of_the_call_centre_is_a_call(system: LocalSystem, agent: Client) -> None:
    phone = [{"kind": "phone", "value": "+90 216 555 77 88"}]
    tan = agent.create("/v1/customers", {"name": "Tan", "contact_points": phone}).body
    centre = a_partner(system, "callcentre", "CUSTOMER")

    taken = centre.send(called("c-9", "0216 5557788"), path="customers")
    system.settle()

    assert taken.status == 202
    listed = agent.get(f"/v1/customers/{tan['customer_id']}/conversations").body["conversations"]
    assert [one["with"] for one in listed] == ["Deniz"]


def test_who_has_not_signed_is_refused_whoever_it_is(system: LocalSystem) -> None:
    event = shipped("hook-2")
    shop = a_partner(system, "webshop")

    replies = [
        Partner(system, "webshop", "a guess").send(event),
        Partner(system, "nobody", "a guess").send(event),
        Partner(system, "callcentre", "a guess").send(event),
        shop.send(event, changed=b" "),
        a_partner(system, "callcentre", "CUSTOMER").send(event),
    ]

    [(status, kind, detail)] = refused(replies)
    assert (status, kind) == (401, "urn:sahip:problem:not-proven")
    assert detail.startswith("the signature is not right")


@pytest.mark.parametrize("seconds", [-330, 330])
def test_what_was_signed_at_another_time_is_refused(system: LocalSystem, seconds: int) -> None:
    late = a_partner(system, "webshop").send(shipped("hook-3"), at=time.time() + seconds)

    assert (late.status, late.body["type"]) == (401, "urn:sahip:problem:not-proven")
    assert "more than 300 seconds" in late.body["detail"]


def test_a_signed_webhook_that_makes_no_sense_is_told_what_is_wrong(system: LocalSystem) -> None:
    shop = a_partner(system, "webshop")
    name, detail = paid("hook-4")

    wrong = shop.send((name, detail | {"amount": "7", "instalments": None}))
    nan = shop.send((name, detail | {"amount": float("nan")}))
    unknown = shop.send(("ExternalPaymentReceived.v2", detail))
    elsewhere = shop.send(called("c", "0216 555 11 22"))

    assert {one.status for one in (wrong, nan, unknown, elsewhere)} == {400}
    assert {one["field"].rpartition(".")[2] for one in wrong.body["errors"]} == {
        "amount",
        "instalments",
    }
    assert nan.body["detail"] == "the body is not JSON: NaN is no JSON number"
    assert "detail_type must be one of ExternalOrderPlaced.v1" in unknown.body["detail"]
    assert elsewhere.body["detail"] == unknown.body["detail"]
