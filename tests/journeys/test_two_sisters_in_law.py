"""Two sisters-in-law with one home phone are taken for one person, and told apart again."""

import json
from typing import Any

import boto3
import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

HOME_PHONE = {"kind": "phone", "value": "0216 345 67 89"}
LINE = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}


def a_customer(agent: Client, name: str, **particulars: Any) -> str:
    body = {"name": name, "contact_points": [HOME_PHONE], **particulars}
    return str(agent.create("/v1/customers", body).body["customer_id"])


def an_order(agent: Client, customer_id: str) -> str:
    placed = agent.create("/v1/orders", {"customer_id": customer_id, "lines": [LINE]})
    return str(placed.body["order_id"])


def a_complaint(agent: Client, customer_id: str) -> str:
    body = {"customer_id": customer_id, "text": "it does not spin"}
    return str(agent.create("/v1/complaints", body).body["complaint_id"])


def a_call(call_id: str) -> None:
    """Somebody has called from home, and the call centre tells of it."""
    detail = {
        "event_id": f"ended-{call_id}",
        "occurred_at": "2026-11-20T12:10:00+03:00",
        "call_id": call_id,
        "phone": HOME_PHONE["value"],
        "direction": "in",
        "started_at": "2026-11-20T12:00:00+03:00",
        "ended_at": "2026-11-20T12:10:00+03:00",
        "agent": "Deniz",
        "summary": "asked when the technician comes",
    }
    entry: Any = {
        "EventBusName": "sahip-local",
        "Source": "external.callcentre",
        "DetailType": "ExternalCallEnded.v1",
        "Detail": json.dumps(detail),
    }
    assert boto3.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def look(agent: Client, customer_id: str) -> dict[str, Any]:
    """What the view shows of somebody."""
    view = agent.get(f"/v1/view/customers/{customer_id}").body
    assert view["complete"]
    return {
        "name": view["customer"]["data"]["name"],
        "orders": {one["order_id"] for one in view["orders"]["data"]["recent"]},
        "complaints": {one["complaint_id"] for one in view["complaints"]["data"]["recent"]},
        "conversations": view["conversations"]["data"]["count"],
    }


def test_two_sisters_in_law_are_wrongly_merged_and_each_has_her_own_again(
    system: LocalSystem, agent: Client
) -> None:
    ayse, fatma = a_customer(agent, "Ayşe Işık"), a_customer(agent, "Fatma Işık", language="ku")
    books = {one: agent.get(f"/v1/customers/{one}").body for one in (ayse, fatma)}
    order, complaint = an_order(agent, ayse), a_complaint(agent, fatma)
    path = f"/v1/customers/{ayse}/links"

    preview = agent.post(f"{path}/preview", {"other_id": fatma}).body
    fields = {one["field"]: one for one in preview["fields"]}
    assert fields["name"]["value"] == "Ayşe Işık"
    language = fields["language"]
    assert [language[one] for one in ("value", "customer_id", "why")] == [
        "ku",
        fatma,
        "only one has it",
    ]
    said = [(one["customer_id"], one["value"]) for one in language["values"]]
    assert said == [(ayse, None), (fatma, "ku")]
    body = {"other_id": fatma, "reason": "one phone", "preview": preview["preview"]}
    made = agent.create(path, body | {"choices": {"name": fatma}})
    assert made.status == 201, made.text
    system.settle()

    meanwhile, a_call_home = an_order(agent, fatma), "home-1"
    a_call(a_call_home)
    merged = agent.get(f"/v1/customers/{ayse}")
    assert (merged.body["name"], merged.body["members"]) == ("Fatma Işık", sorted([ayse, fatma]))
    tag = agent.get(f"/v1/customers/{fatma}").headers["ETag"]
    renamed = agent.patch(f"/v1/customers/{fatma}", {"name": "Fatma Demir"}, **{"If-Match": tag})
    assert renamed.status == 200, renamed.text
    stale = agent.patch(f"/v1/customers/{fatma}", {"name": "Fatma"}, **{"If-Match": tag})
    assert stale.status == 412
    kept = agent.patch(
        f"/v1/customers/{fatma}",
        {"contact_points": []},
        **{"If-Match": renamed.headers["ETag"]},
    )
    assert (kept.status, kept.body["detail"].endswith("change it under that id")) == (409, True)
    system.settle()
    both = {
        "name": "Fatma Demir",
        "orders": {order, meanwhile},
        "complaints": {complaint},
        "conversations": 1,
    }
    assert look(agent, ayse) == look(agent, fatma) == both

    link = f"{path}/{made.body['link_id']}"
    ended = agent.post(f"{link}/end", {"reason": "sisters-in-law"})
    assert ended.status == 200
    system.settle()

    assert ended.body["ended_by"] == agent.get(link).body["ended_by"] is not None
    assert [one["value"] for one in ended.body["set_aside"]] == ["Fatma Demir"]
    assert len(ended.body["looks"]) == 2
    for one, before in books.items():
        after = agent.get(f"/v1/customers/{one}").body
        assert {**after, "version": 0} == {**before, "version": 0}
    assert look(agent, fatma) == {
        "name": "Fatma Işık",
        "orders": {meanwhile},
        "complaints": {complaint},
        "conversations": 0,
    }
    [waiting] = agent.get(f"{link}/review").body["waiting"]
    assert waiting["customer_id"] == ayse  # whose it is until somebody says otherwise
    talk = waiting["conversation"]["conversation_id"]

    told = agent.post(
        f"/v1/customers/{ayse}/conversations/{talk}/attribute", {"customer_id": fatma}
    )
    assert told.status == 200, told.text
    system.settle()

    assert agent.get(f"{link}/review").body == {"waiting": [], "more": False}
    assert look(agent, ayse) == {
        "name": "Ayşe Işık",
        "orders": {order},
        "complaints": set(),
        "conversations": 0,
    }
    assert look(agent, fatma)["conversations"] == 1
    again = agent.post(f"{link}/end", {"reason": "another reason"})
    assert again.status == 409
