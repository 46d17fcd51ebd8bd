"""Who calls is known by what they say, on whatever line; no name is told."""

import json
import os
import time
from typing import Any

import pytest

from infra.local.system import LocalSystem
from services.customer.domain import AGENT, LINE
from shared.aws.http.signatures import sign
from tests.client import Client, Reply

pytestmark = pytest.mark.journey

PATH = "/v1/customers/recognition"
OFFICE = "0212 909 11 22"  # of a firm that we know nothing of


def phone(value: str, **state: str) -> dict[str, str]:
    return {"kind": "phone", "value": value, **state}


def a_customer(agent: Client, name: str, *numbers: str, **particulars: Any) -> str:
    points = [phone(one) for one in numbers]
    created = agent.create(
        "/v1/customers", {"name": name, "contact_points": points, **particulars}
    )
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def recognised(reply: Reply) -> tuple[str, list[str]]:
    assert reply.status == 200, reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    return reply.body["outcome"], [one["customer_id"] for one in reply.body["persons"]]


def flow(system: LocalSystem, line: str | None, **told: str) -> Any:
    """What a contact flow of Amazon Connect is answered."""
    endpoint = {"Address": line, "Type": "TELEPHONE_NUMBER"} if line else None
    event = {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Channel": "VOICE",
                "ContactId": "5ca32fbd-8f92-46af-92a5-6b0f970f0efe",
                "CustomerEndpoint": endpoint,
                "SystemEndpoint": {"Address": "+908502220222", "Type": "TELEPHONE_NUMBER"},
            },
            "Parameters": told,
        },
    }
    [service] = [one for one in system.world.services if one.name == "customer"]
    name = service.function("RecogniseCaller").name
    return system.functions.invoke(name, json.dumps(event).encode()).answer()


def test_who_calls_from_an_unknown_office_gives_name_and_district_and_leaves_no_line(
    system: LocalSystem, agent: Client
) -> None:
    home = {"district": "Beşiktaş", "city": "İstanbul"}
    platinum = a_customer(agent, "Işıl Çağlar", "0533 909 11 22", addresses=[home], language="en")
    before = agent.get(f"/v1/customers/{platinum}").body

    assert recognised(agent.post(PATH, {"phone": OFFICE})) == ("unknown", [])
    reply = agent.post(PATH, {"phone": OFFICE, "name": "ISIL CAGLAR", "district": "besiktas"})

    assert recognised(reply) == ("recognised", [platinum])
    [person] = reply.body["persons"]
    assert person.pop("serves") is not None
    assert person == {
        "customer_id": platinum,
        "person_id": platinum,
        "evidence": ["name", "district"],
        "strength": "sufficient",
        "language": "en",
    }
    told = flow(system, "+902129091122", name="Işıl Çağlar", district="Beşiktaş")
    assert (told["outcome"], told["customer_id"], told["language"]) == (
        "recognised",
        platinum,
        "en",
    )
    system.settle()
    assert agent.get(f"/v1/customers/{platinum}").body == before
    assert recognised(agent.post(PATH, {"phone": OFFICE})) == ("unknown", [])
    assert agent.post("/v1/customers/lookup", {"phone": OFFICE}).body == {"customers": []}


def test_a_household_gives_candidates_without_a_name(system: LocalSystem, agent: Client) -> None:
    number = "0216 909 33 44"
    ayse = a_customer(agent, "Ayten Öz", number)
    kin = a_customer(agent, "Kâmil Öz", number)

    reply = agent.post(PATH, {"phone": "+90 (216) 909 33 44"})
    told = flow(system, "+902169093344")

    assert reply.body["outcome"] == "candidates"
    assert {one["customer_id"] for one in reply.body["persons"]} == {ayse, kin}
    assert not [one for one in ("Ayten", "Kâmil", "Öz", "name") if one in reply.text]
    assert (told["outcome"], told["candidates"], told["customer_id"]) == ("candidates", "2", "")
    assert recognised(agent.post(PATH, {"phone": number, "name": "kamil oz"})) == (
        "recognised",
        [kin],
    )


def test_who_has_lost_the_phone_is_known_by_an_order_or_a_serial_and_not_by_the_phone(
    system: LocalSystem, agent: Client, warehouse: Client
) -> None:
    number = "0533 909 55 66"
    cem = a_customer(agent, "Cem Lale", number)
    line = {"product": "iron", "quantity": 1, "unit_price": 89_900, "kdv_class": "general"}
    order = agent.create(
        "/v1/orders", {"customer_id": cem, "external_id": "web-cem-1", "lines": [line]}
    )
    iron = {
        "name": "Cem Lale",
        "contact_point": phone(number),
        "product": "iron",
        "serial": "CEM-0042",
        "bought_on": "2026-01-05",
        "bought_from": "a shop in Moda",
    }
    assert agent.create("/v1/warranty/registrations", iron).status == 201
    system.settle()
    path, stolen = f"/v1/customers/{cem}", phone(number, state="stolen")

    marked = agent.patch(path, {"contact_points": [stolen]}, **{"If-Match": '"1"'})

    assert marked.status == 200, marked.text
    [point] = marked.body["contact_points"]
    assert (point["value"], point["state"]) == ("+905339095566", "stolen")
    assert point["state_since"] is not None
    assert recognised(agent.post(PATH, {"phone": number})) == ("unknown", [])
    assert agent.post("/v1/view/lookup", {"phone": number}).status == 404
    for known in (
        {"order_id": "web-cem-1"},
        {"order_id": order.body["order_id"], "phone": number},
        {"serial": "cem 0042"},
    ):
        assert recognised(agent.post(PATH, known)) == ("recognised", [cem])
    told = flow(system, "+905339095566", order_id="web-cem-1")
    assert (told["outcome"], told["strength"]) == ("recognised", "strong")
    system.settle()
    seen = agent.get(f"/v1/view/customers/{cem}").body["customer"]["data"]
    assert seen["contact_points"] == [point]


def test_who_says_what_they_bought_and_about_when_is_asked_one_thing_more(
    system: LocalSystem, agent: Client
) -> None:
    number, bought = "0216 909 55 77", "2026-01-05"
    kettle = {"product": "Çelik Isıtıcı KX-9", "bought_on": bought, "bought_from": "a shop"}
    ids = []
    for name in ("Nail Su", "Ferhunde Su"):
        ids.append(a_customer(agent, name, number, addresses=[{"district": "Bozcaada"}]))
        said = {"name": name, "contact_point": phone(number), **kettle}
        assert agent.create("/v1/warranty/registrations", said).status == 201
    told = {"product": "kx9 isitici çelik", "bought": "2026-W02"}

    several = agent.post(PATH, told)

    assert several.body["outcome"] == "candidates"
    assert {one["customer_id"] for one in several.body["persons"]} == set(ids)
    assert {one["strength"] for one in several.body["persons"]} == {"weak"}
    assert not [one for one in ("Nail", "Ferhunde", "Bozcaada", "name") if one in several.text]
    by_name = agent.post(PATH, told | {"bought": "2026-01-03", "name": "FERHUNDE SU"})
    assert recognised(by_name) == ("recognised", [ids[1]])
    assert by_name.body["persons"][0]["evidence"] == ["purchase", "name"]
    flow_told = flow(system, None, **told, name="nail su")
    assert (flow_told["outcome"], flow_told["customer_id"]) == ("recognised", ids[0])
    assert flow_told["strength"] == "sufficient"
    assert recognised(agent.post(PATH, told | {"bought": "2026-W04"})) == ("unknown", [])
    flawed = agent.post(PATH, {"product": "kettle", "bought": "2026-W60"})
    assert (flawed.status, flawed.body["errors"][0]["field"]) == (400, "bought")


def test_a_call_centre_asks_by_its_signature(system: LocalSystem, agent: Client) -> None:
    lale = a_customer(agent, "Lale Can", "0533 909 77 88")
    body = json.dumps({"phone": "05339097788"}).encode()
    secret = json.loads(os.environ["CUSTOMER_WEBHOOK_SECRETS"])["callcentre"]
    now = str(int(time.time()))
    stranger = Client(system, "customer", lale)

    def ask(signature: str) -> Reply:
        headers = {"Webhook-Timestamp": now, "Webhook-Signature": signature}
        return stranger.post(f"{PATH}/callcentre", body, **headers)

    assert recognised(ask(sign(secret, now, body))) == ("recognised", [lale])
    assert ask(sign("another", now, body)).status == 401


def test_who_guesses_through_the_books_is_stopped_and_others_are_not(system: LocalSystem) -> None:
    # A token of one's own each, and a window that may change once meanwhile.
    guesser, other = Client(system, "manager"), Client(system, "integration")

    replies = [
        guesser.post(PATH, {"name": f"Name {n}", "district": "Moda"})
        for n in range(2 * AGENT.most + 1)
    ]

    refused = [one for one in replies if one.status == 429]
    assert refused
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert "Name" not in refused[0].text
    assert other.post(PATH, {"name": "Name 1", "district": "Moda"}).status == 200
    lines = [flow(system, "+905339099900")["reason"] for _ in range(2 * LINE.most + 1)]
    assert lines[0] == ""
    assert "too_many_attempts" in lines
    assert flow(system, "+905339099911")["reason"] == ""
    assert flow(system, None)["reason"] == flow(system, "anonymous")["reason"] == "nothing_known"
