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


def a_registration(system: LocalSystem, name: str, serial: str) -> None:
    """Somebody registers an iron from another shop, with the home phone."""
    body = {
        "name": name,
        "contact_point": HOME_PHONE,
        "serial": serial,
        "bought_on": "2026-01-05",
        "bought_from": "a shop in Moda",
    }
    done = Client(system, "customer").create(
        "/v1/warranty/registrations", body, **{"Authorization": "", "Sahip-Reason": ""}
    )
    assert done.status == 201, done.text


def tell(system: str, name: str, detail: dict[str, Any]) -> None:
    """Another system tells of something over the bus."""
    entry: Any = {
        "EventBusName": "sahip-local",
        "Source": f"external.{system}",
        "DetailType": name,
        "Detail": json.dumps({"occurred_at": "2026-11-20T12:10:00+03:00"} | detail),
    }
    assert boto3.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def a_call(call_id: str) -> None:
    """Somebody has called from home, and the call centre tells of it."""
    detail = {
        "event_id": f"ended-{call_id}",
        "call_id": call_id,
        "phone": HOME_PHONE["value"],
        "direction": "in",
        "started_at": "2026-11-20T12:00:00+03:00",
        "ended_at": "2026-11-20T12:10:00+03:00",
        "agent": "Deniz",
        "summary": "asked when the technician comes",
    }
    tell("callcentre", "ExternalCallEnded.v1", detail)


def a_web_order(number: str, **customer: str) -> None:
    """Somebody has ordered in the web shop."""
    detail = {
        "event_id": f"placed-{number}",
        "order_id": number,
        "customer": customer,
        "currency": "TRY",
        "lines": [LINE],
    }
    tell("webshop", "ExternalOrderPlaced.v1", detail)


def look(agent: Client, customer_id: str) -> dict[str, Any]:
    """What the view shows of somebody."""
    view = agent.get(f"/v1/view/customers/{customer_id}").body
    assert view["complete"]
    orders = view["orders"]["data"]["recent"]
    complaints = view["complaints"]["data"]["recent"]
    units = view["products"]["data"]["units"]
    known = {one["order_id"] for one in orders} | {one["complaint_id"] for one in complaints}
    told = {one["about"] for one in view["timeline"]["data"]["recent"]}
    assert {one for one in told if one.startswith(("ord_", "cmp_"))} <= known
    assert {one for one in told if one.startswith("unt_")} <= {one["unit_id"] for one in units}
    return {
        "name": view["customer"]["data"]["name"],
        "orders": {one["order_id"] for one in orders},
        "complaints": {one["complaint_id"] for one in complaints},
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
    assert (waiting["kind"], waiting["came_by"]) == ("conversation", "phone")

    told = agent.post(waiting["attribute"], {"customer_id": fatma})
    assert told.status == 200, told.text
    system.settle()

    nothing: dict[str, Any] = {"waiting": [], "more": False, "unanswered": []}
    assert agent.get(f"{link}/review").body == nothing
    assert look(agent, ayse) == {
        "name": "Ayşe Işık",
        "orders": {order},
        "complaints": set(),
        "conversations": 0,
    }
    assert look(agent, fatma)["conversations"] == 1
    assert agent.post(f"{link}/end", {"reason": "another reason"}).status == 409


def waiting_at(agent: Client, link: str) -> dict[str, Any]:
    """What waits for somebody to say whose it is, by its kind."""
    review = agent.get(f"{link}/review").body
    assert (review["more"], review["unanswered"]) == (False, [])
    return {one["kind"]: one for one in review["waiting"]}


def seen(agent: Client, customer_id: str) -> dict[str, set[str]]:
    """What the view shows of somebody, by number or serial, and what of that has its history."""
    view = agent.get(f"/v1/view/customers/{customer_id}").body
    assert view["complete"]
    names = {one["order_id"]: one["external_id"] for one in view["orders"]["data"]["recent"]}
    names |= {one["complaint_id"]: one["title"] for one in view["complaints"]["data"]["recent"]}
    names |= {one["unit_id"]: one["serial"] for one in view["products"]["data"]["units"]}
    happened = {one["about"] for one in view["timeline"]["data"]["recent"]}
    things = {one for one in happened if one.startswith(("ord_", "cmp_", "unt_"))}
    return {
        "shown": {name or one for one, name in names.items()},
        "happened": {names.get(one) or one for one in things},
    }


def test_what_comes_while_they_are_merged_goes_where_its_identifier_belongs(
    system: LocalSystem, agent: Client
) -> None:
    ayse = a_customer(agent, "Zehra Ak", external_ids=["webshop:zehra"])
    fatma = a_customer(agent, "Melek Ak", external_ids=["webshop:melek"])
    made = agent.create(
        f"/v1/customers/{ayse}/links",
        {"other_id": fatma, "reason": "one phone", "choices": {"name": fatma}},
    )
    system.settle()

    a_web_order("melek-1", customer_id="melek", name="Zehra Ak", phone=HOME_PHONE["value"])
    a_web_order("new-1", name="Zehra Ak", phone=HOME_PHONE["value"])
    a_registration(system, "Melek Ak", "IR-melek-1")
    tag = agent.get(f"/v1/customers/{ayse}").headers["ETag"]
    called = agent.patch(f"/v1/customers/{ayse}", {"name": "Zehra Ak Demir"}, **{"If-Match": tag})
    assert called.status == 200, called.text
    a_registration(system, "Zehra Ak Demir", "IR-both-1")
    found_by = {"kind": "phone", "shared": True}
    by_phone = agent.create(
        "/v1/complaints", {"customer_id": ayse, "title": "by phone", "found_by": found_by}
    )
    assert by_phone.status == 201, by_phone.text
    agent.create("/v1/complaints", {"customer_id": fatma, "title": "by her id"})
    system.settle()
    both = {
        "webshop:melek-1", "webshop:new-1", "IR-melek-1", "IR-both-1", "by phone", "by her id"
    }  # fmt: skip
    assert seen(agent, ayse)["shown"] == seen(agent, fatma)["shown"] == both

    link = f"/v1/customers/{ayse}/links/{made.body['link_id']}"
    assert agent.post(f"{link}/end", {"reason": "sisters-in-law"}).status == 200
    system.settle()

    hers = {"webshop:melek-1", "IR-melek-1", "by her id"}
    assert seen(agent, fatma) == {"shown": hers, "happened": hers - {"IR-melek-1"}}
    assert seen(agent, ayse)["shown"] == {"webshop:new-1", "IR-both-1", "by phone"}
    waiting = waiting_at(agent, link)
    assert {kind: one["came_by"] for kind, one in waiting.items()} == {
        "complaint": "phone",
        "unit": "phone",
    }
    assert {one["customer_id"] for one in waiting.values()} == {ayse}

    for one in waiting.values():
        nobody = agent.post(one["attribute"], {"customer_id": "cus_nobody"})
        assert (nobody.status, "check the id" in nobody.text) == (404, True)
        assert agent.post(one["attribute"], {"customer_id": fatma}).status == 200
    system.settle()

    assert waiting_at(agent, link) == {}
    assert seen(agent, ayse) == {"shown": {"webshop:new-1"}, "happened": {"webshop:new-1"}}
    moved = {"IR-both-1", "by phone"}
    at_hers = seen(agent, fatma)  # of what happened the newest ten
    assert at_hers["shown"] == hers | moved
    assert moved <= at_hers["happened"] <= hers | moved
    herself, other = (Client(system, "customer", one) for one in (fatma, ayse))
    complaint = f"/v1/complaints/{waiting['complaint']['entity_id']}"
    assert (herself.get(complaint).status, other.get(complaint).status) == (200, 404)
    assert herself.get(complaint).body["customer_id"] == fatma


def test_an_order_by_what_both_have_takes_its_units_and_its_history_along(
    system: LocalSystem, agent: Client, warehouse: Client
) -> None:
    first, second = a_customer(agent, "Nur Ay"), a_customer(agent, "Nur Ay")
    made = agent.create(
        f"/v1/customers/{first}/links", {"other_id": second, "reason": "the same name"}
    )
    system.settle()
    for number in ("nur-1", "nur-2"):
        a_web_order(number, customer_id="nur", name="Nur Ay", phone=HOME_PHONE["value"])
        system.settle()
    link = f"/v1/customers/{first}/links/{made.body['link_id']}"
    assert agent.post(f"{link}/end", {"reason": "mother and daughter"}).status == 200
    review = agent.get(f"{link}/review").body["waiting"]
    assert {one["shown"]["external_id"] for one in review} == {"webshop:nur-1", "webshop:nur-2"}
    before, after = sorted(review, key=lambda one: str(one["shown"]["external_id"]))

    deliver(agent, warehouse, before["entity_id"])
    for one in (before, after):
        assert agent.post(one["attribute"], {"customer_id": second}).status == 200
    deliver(agent, warehouse, after["entity_id"])
    system.settle()

    looked = agent.get(f"/v1/view/customers/{second}").body
    assert looked["orders"]["data"]["count"] == looked["products"]["data"]["count"] == 2
    happened = {one["about"] for one in looked["timeline"]["data"]["recent"]}
    assert {one["entity_id"] for one in review} <= happened
    left = agent.get(f"/v1/view/customers/{first}").body
    assert left["orders"]["data"]["count"] == left["products"]["data"]["count"] == 0
    told = [one["about"] for one in left["timeline"]["data"]["recent"]]
    assert not [one for one in told if one.startswith(("ord_", "unt_"))]
    [unit, _] = looked["products"]["data"]["units"]
    path = f"/v1/warranty/units/{unit['unit_id']}/attribute"
    refused = agent.post(path, {"customer_id": first})
    assert (refused.status, "say whose the order is" in refused.text) == (409, True)


def deliver(agent: Client, warehouse: Client, order_id: str) -> None:
    assert agent.post(f"/v1/orders/{order_id}/approve", {}).status == 200
    for move in ("ship", "deliver"):
        assert warehouse.post(f"/v1/orders/{order_id}/{move}", {}).status == 200
