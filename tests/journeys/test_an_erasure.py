"""Somebody wants to be forgotten: what was known of them goes everywhere, and stays gone."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infra.local.system import LocalSystem
from tests.client import Client
from tests.journeys.test_owners import engaged
from tests.journeys.test_verifying import LINE, a_customer, email, phone

pytestmark = pytest.mark.journey

SERVICES = ("customer", "orders", "complaints", "warranty", "engagement", "customer-view")
WORDS = ("Nalan", "Nâlân", "Gizli", "+905329771122", "nalan.gizli@example.com", "Fıstık Sok")


@pytest.fixture
def manager(system: LocalSystem) -> Client:
    return Client(system, "manager")


def known(agent: Client, manager: Client) -> tuple[str, str]:
    """Somebody who stands in the books twice, with all that we know of people."""
    home = {"lines": "Fıstık Sok. 3", "district": "Üsküdar", "city": "İstanbul"}
    one = a_customer(
        agent,
        "Nalan Gizli",
        phone("0532 977 11 22"),
        addresses=[home],
        birth_date="1980-04-03",
        external_ids=["shop:nalan"],
        tax_ids=[{"scheme": "TCKN", "value": "10000000146"}],
    )
    other = a_customer(agent, "Nâlân Gizli", email("nalan.gizli@example.com"))
    owner = engaged(manager, "Defne Uzun")
    linked = agent.create(
        f"/v1/customers/{one}/links", {"other_id": other, "reason": "the same woman"}
    )
    assert linked.status == 201, linked.text
    kept = manager.post(f"/v1/customers/{one}/care", {"owner": owner, "reason": "she asked"})
    assert kept.status == 200, kept.text
    return one, other


def used(agent: Client, one: str, other: str) -> dict[str, str]:
    """What they ordered, complained and talked of, each under one of their ids."""
    talk = {"at": "2026-03-02T10:00:00Z", "channel": "phone", "direction": "in", "kind": "service"}
    bodies: dict[str, tuple[str, Any]] = {
        "talk": (
            f"/v1/customers/{other}/conversations",
            {**talk, "with": "Ece", "summary": "Nalan Gizli wants a quieter machine"}
            | {"promise": {"what": "call Nalan", "by": "Ece", "due": "2026-03-03T10:00:00Z"}},
        ),
        "order": ("/v1/orders", {"customer_id": one, "lines": [LINE]}),
        "complaint": (
            "/v1/complaints",
            {"customer_id": other, "title": "Nalan Gizli waits", "text": "in Fıstık Sok. 3"},
        ),
        "message": (
            "/v1/engagement/messages",
            {
                "customer_id": one,
                "purpose": "appointment",
                "reason": "visit:1",
                "template": "appointment_set",
                "values": {"subject": "Nalan Gizli", "when": "in Fıstık Sok. 3"},
            },
        ),
    }
    made = {name: agent.create(*one) for name, one in bodies.items()}
    assert {name: one.status for name, one in made.items()} == dict.fromkeys(made, 201)
    return {
        "order": made["order"].body["order_id"],
        "complaint": made["complaint"].body["complaint_id"],
        "message": made["message"].body["message_id"],
    }


def erased(manager: Client, customer: str) -> Any:
    body = {"reason": "request", "confirm": customer}
    reply = manager.post(f"/v1/customers/{customer}/erase", body)
    assert reply.status == 200, reply.text
    return reply.body


def found_in_tables() -> Iterator[str]:
    """Where any of their words still stands, in whichever service."""
    dynamodb = boto3.client("dynamodb")
    for service in SERVICES:
        pages = dynamodb.get_paginator("scan").paginate(TableName=f"sahip-local-{service}")
        for item in (item for page in pages for item in page["Items"]):
            text = repr(item)
            yield from (f"{service} {item['pk']}: {word}" for word in WORDS if word in text)


def test_who_wants_to_be_forgotten_is_known_to_nobody_any_more(
    system: LocalSystem, agent: Client, manager: Client
) -> None:
    one, other = known(agent, manager)
    things = used(agent, one, other)
    system.settle()
    assert agent.get(f"/v1/view/customers/{other}").body["orders"]["data"]["count"] == 1

    told = erased(manager, other)
    assert told["customer_ids"] == sorted([one, other])
    assert any("invoices" in kept["what"] for kept in told["kept"])
    system.settle()

    assert erased(manager, one) == told
    for customer in (one, other):
        for path in (
            f"/v1/customers/{customer}",
            f"/v1/customers/{customer}/conversations",
            f"/v1/view/customers/{customer}",
        ):
            gone = agent.get(path)
            assert (gone.status, gone.body["type"]) == (410, "urn:sahip:problem:gone"), path
    for known_by in (
        {"phone": "0532 977 11 22"},
        {"email": "nalan.gizli@example.com"},
        {"external_id": "shop:nalan"},
        {"tax_id": "10000000146"},
    ):
        assert agent.post("/v1/customers/lookup", known_by).body["customers"] == []
    assert agent.post("/v1/customers/search", {"text": "nalan gizli"}).body["customers"] == []
    assert agent.get(f"/v1/orders?customer_id={one}").body["orders"] == []
    assert agent.get(f"/v1/complaints?customer_id={other}").body["complaints"] == []
    # For accounting, and for whoever counts what goes wrong.
    assert agent.get(f"/v1/orders/{things['order']}").body["amount"] == LINE["unit_price"]
    complaint = agent.get(f"/v1/complaints/{things['complaint']}").body
    assert (complaint["title"], complaint["text"]) == ("", "")
    assert agent.get(f"/v1/engagement/messages?customer_id={one}").body["messages"] == []
    assert agent.get(f"/v1/engagement/messages/{things['message']}").body["values"] == {}
    assert list(found_in_tables()) == []


def test_who_was_erased_is_linked_changed_and_written_of_no_more(
    system: LocalSystem, agent: Client, manager: Client
) -> None:
    body = {"name": "Sönmez Yok", "contact_points": [phone("0532 977 33 44")]}
    gone = str(agent.create("/v1/customers", body, key="soenmez").body["customer_id"])
    other = a_customer(agent, "Sönmez Var", phone("0532 977 33 55"))
    household = [{"customer_id": gone, "role": "member"}, {"customer_id": other, "role": "member"}]
    related = agent.create(
        "/v1/customers/relations",
        {"kind": "household", "members": household, "reason": "they say"},
    )
    assert related.status == 201, related.text
    version = agent.get(f"/v1/customers/{gone}").headers["ETag"]
    erased(manager, gone)
    system.settle()

    talk = {"at": "2026-03-02T10:00:00Z", "channel": "phone", "direction": "in", "kind": "service"}
    replies = [
        agent.create(f"/v1/customers/{one}/links", {"other_id": two, "reason": "the same"})
        for one, two in ((gone, other), (other, gone))
    ]
    replies.append(agent.post(f"/v1/customers/{other}/links/preview", {"other_id": gone}))
    replies += [
        agent.patch(f"/v1/customers/{gone}", {"name": "Back Again"}, **{"If-Match": version}),
        agent.create(
            f"/v1/customers/{gone}/conversations", {**talk, "with": "Ece", "summary": "hello"}
        ),
        agent.create("/v1/customers", body, key="soenmez"),
        agent.create(
            f"/v1/customers/{gone}/sessions", {"channel": "call", "recognised_by": ["name"]}
        ),
    ]
    assert [one.status for one in replies] == [410] * len(replies)
    assert agent.get(f"/v1/customers/{other}").body["members"] == [other]
    assert agent.get(f"/v1/customers/{other}/relations").body["relations"] == []


def test_nobody_is_erased_by_a_slip_by_the_wrong_people_or_with_somebody_else(
    system: LocalSystem, agent: Client, manager: Client
) -> None:
    here = a_customer(agent, "Kalan Kişi", phone("0532 977 55 66"))
    path, body = f"/v1/customers/{here}/erase", {"reason": "request", "confirm": here}

    assert (
        manager.post(path, {**body, "confirm": "cus_other"}).body["errors"][0]["field"]
        == "confirm"
    )
    assert agent.post(path, body).status == 403
    assert (
        manager.post("/v1/customers/cus_nobody/erase", {**body, "confirm": "cus_nobody"}).status
        == 404
    )
    assert agent.get(f"/v1/customers/{here}").status == 200


def test_events_of_before_bring_nothing_back(
    system: LocalSystem, agent: Client, manager: Client
) -> None:
    gone = a_customer(agent, "Tekrar Gelmez", phone("0532 977 77 88"))
    agent.create("/v1/orders", {"customer_id": gone, "lines": [LINE]})
    system.settle()
    erased(manager, gone)
    system.settle()

    for service in ("customer", "orders"):
        system.functions.invoke(f"sahip-local-{service}-Reconcile", b'{"hours": 48}').answer()
    system.settle()

    assert agent.get(f"/v1/view/customers/{gone}").status == 410
    assert agent.get(f"/v1/orders?customer_id={gone}").body["orders"] == []
    assert agent.post("/v1/customers/search", {"text": "tekrar gelmez"}).body["customers"] == []
