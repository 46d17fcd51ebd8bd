"""Recognised is not verified: what an agent is told before and after, and who has seen whom."""

import re
from typing import Any

import pytest

from infra.local.system import LocalSystem
from tests.client import Client, Reply

pytestmark = pytest.mark.journey

OFFICE = "0212 919 11 22"  # of a firm that we know nothing of
LINE = {"product": "iron", "quantity": 1, "unit_price": 89_900, "kdv_class": "general"}


def a_customer(agent: Client, name: str, *points: dict[str, str], **particulars: Any) -> str:
    body = {"name": name, "contact_points": list(points), **particulars}
    created = agent.create("/v1/customers", body)
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def phone(value: str, **state: str) -> dict[str, str]:
    return {"kind": "phone", "value": value, **state}


def email(value: str) -> dict[str, str]:
    return {"kind": "email", "value": value}


def a_session(agent: Client, customer: str, *by: str) -> Any:
    body = {"channel": "call", "call_id": "c-1", "recognised_by": list(by or ("name", "district"))}
    opened = agent.create(f"/v1/customers/{customer}/sessions", body)
    assert opened.status == 201, opened.text
    return opened.body


def path_of(session: Any) -> str:
    return f"/v1/customers/{session['customer_id']}/sessions/{session['session_id']}"


def in_(session: Any) -> dict[str, str]:
    return {"Sahip-Session": session["grant"]}


def told(reply: Reply, says: str) -> None:
    assert reply.status == 403, reply.text
    assert reply.body["type"] == "urn:sahip:problem:not-verified"
    assert says in reply.body["detail"]


def test_who_calls_from_an_unknown_office_is_told_nothing_until_a_code_verifies_them(
    system: LocalSystem, agent: Client
) -> None:
    home = {"lines": "Moda Cad. No 12", "district": "Kadıköy", "city": "İstanbul"}
    lost = phone("0532 919 44 55", state="lost")
    platinum = a_customer(
        agent, "Işıl Mercan", phone("0533 919 22 67"), lost, addresses=[home], language="en"
    )
    order = agent.create("/v1/orders", {"customer_id": platinum, "lines": [LINE]}).body
    system.settle()
    known = {"phone": OFFICE, "name": "ISIL MERCAN", "district": "kadikoy"}
    [person] = agent.post("/v1/customers/recognition", known).body["persons"]
    assert person["customer_id"] == platinum

    session = a_session(agent, platinum, *person["evidence"])

    assert (session["state"], session["serves"]["language"]) == ("recognised", "en")
    [point] = session["ways"]["contact_points"]
    assert point["masked"] == "+90 *** ** 67"
    assert not [one for one in ("Mercan", "Moda", "919", "Kadıköy") if one in str(session)]
    personal = (
        f"/v1/view/customers/{platinum}",
        f"/v1/customers/{platinum}",
        f"/v1/customers/{platinum}/conversations",
        f"/v1/orders?customer_id={platinum}",
        f"/v1/orders/{order['order_id']}",
        f"/v1/complaints?customer_id={platinum}",
        f"/v1/warranty/units?customer_id={platinum}",
    )
    for path in personal:
        told(agent.get(path, **in_(session)), "they are recognised, not verified")
        told(agent.get(path, **{"Sahip-Reason": ""}), "say on what grounds")
    said = {"customer_id": platinum, "text": "It drips"}
    assert agent.create("/v1/complaints", said, **in_(session)).status == 201

    body = {"contact_point": point["id"]}
    sent = agent.create(f"{path_of(session)}/codes", body, **in_(session))
    assert (sent.status, sent.body["masked"]) == (201, "+90 *** ** 67")
    [message] = system.mailbox.sent_to("+905339192267")
    assert message.text.startswith("Code to verify your conversation: ")
    [code] = re.findall(r"\d{6}", message.text)
    verified = agent.post(f"{path_of(session)}/verification", {"code": code}).body

    assert verified["state"] == "verified"
    for path in personal:
        seen = agent.get(path, **in_(verified))
        assert seen.status == 200, seen.text
    view = agent.get(personal[0], **in_(verified)).body
    assert view["customer"]["data"]["name"] == "Işıl Mercan"
    assert view["orders"]["data"]["count"] == 1
    system.settle()
    assert agent.post("/v1/customers/lookup", {"phone": OFFICE}).body == {"customers": []}
    assert "9191122" not in agent.get(f"/v1/customers/{platinum}").text
    looks = Client(system, "manager").get(f"/v1/view/customers/{platinum}/looks").body["looks"]
    assert {one["session_id"] for one in looks} == {session["session_id"]}


def test_who_has_no_phone_at_hand_is_verified_by_two_facts_that_only_they_know(
    system: LocalSystem, agent: Client
) -> None:
    home = {"lines": "Caferağa Mah. Moda Cad. No 12", "district": "Kadıköy"}
    cem = a_customer(agent, "Cem Mercan", external_ids=["logo:4711"], addresses=[home])
    agent.create("/v1/orders", {"customer_id": cem, "external_id": "web-cem-9", "lines": [LINE]})
    system.settle()
    session = a_session(agent, cem)
    assert session["ways"]["contact_points"] == []

    def say(**facts: str) -> Any:
        return agent.post(f"{path_of(session)}/verification", {"facts": facts})

    wrong = [
        say(order_id="web-cem-9", street="Bağdat Caddesi"),
        say(order_id="web-cem-8", street="Moda"),
    ]
    assert [one.body["state"] for one in wrong] == ["recognised", "recognised"]
    assert [one.body["ways"]["tries_left"] for one in wrong] == [4, 3]
    verified = say(order_id="web-cem-9", street="MODA CADDESİ 12")

    assert verified.body["state"] == "verified", verified.text
    assert agent.get(f"/v1/orders?customer_id={cem}", **in_(verified.body)).status == 200


def test_a_session_is_no_key_to_others_and_no_agent_has_that_of_another(
    system: LocalSystem, agent: Client
) -> None:
    lale = a_customer(agent, "Lale Mercan", email("lale@mercan.example"), external_ids=["a:77"])
    other = a_customer(agent, "Naz Mercan", phone("0533 919 77 88"))
    colleague = Client(system, "agent", subject="another agent of the tests")
    session = a_session(agent, lale)
    [point] = session["ways"]["contact_points"]
    assert point["masked"] == "l***@***.example"
    agent.create(f"{path_of(session)}/codes", {"contact_point": point["id"]})
    [message] = system.mailbox.sent_to("lale@mercan.example")
    [code] = re.findall(r"\d{6}", message.text)
    assert message.text.startswith("Görüşmenizi doğrulama kodu: ")
    assert message.subject == "Doğrulama kodu"
    assert colleague.post(f"{path_of(session)}/verification", {"code": code}).status == 404
    verified = agent.post(f"{path_of(session)}/verification", {"code": code}).body

    told(agent.get(f"/v1/customers/{other}", **in_(verified)), "with somebody else")
    told(agent.get(f"/v1/view/customers/{other}", **in_(verified)), "with somebody else")
    told(colleague.get(f"/v1/customers/{lale}", **in_(verified)), "somebody else's")
    told(agent.get(f"/v1/customers/{lale}", **{"Sahip-Session": "made up"}), "no grant of ours")
    told(agent.post("/v1/customers/search", {"text": "Mercan"}, **in_(verified)), "several")
    assert agent.post("/v1/view/lookup", {"external_id": "a:77"}, **in_(verified)).status == 200


def test_a_joined_person_is_verified_as_one_and_who_saw_the_mixed_picture_is_listed(
    system: LocalSystem, agent: Client
) -> None:
    number = "0533 919 33 44"
    one = a_customer(agent, "Nur Mercan", phone(number))
    two = a_customer(agent, "Zeki Toprak", phone(number), external_ids=["logo:4712"])
    before = a_session(agent, one)
    assert before["ways"]["contact_points"] == []  # two persons share it
    agent.get(f"/v1/view/customers/{one}")
    reason = {"other_id": two, "reason": "one person"}
    assert agent.create(f"/v1/customers/{one}/links", reason).status == 201
    system.settle()
    session = a_session(agent, two)
    [point] = session["ways"]["contact_points"]
    agent.create(f"{path_of(session)}/codes", {"contact_point": point["id"]})
    [code] = re.findall(r"\d{6}", system.mailbox.sent_to("+905339193344")[-1].text)
    verified = agent.post(f"{path_of(session)}/verification", {"code": code}).body

    for id_ in (one, two):
        seen = agent.get(f"/v1/view/customers/{id_}", **in_(verified))
        assert seen.status == 200, seen.text
        assert seen.body["complete"]

    looks = Client(system, "manager").get(f"/v1/view/customers/{one}/looks").body["looks"]
    assert [one["mixed"] for one in looks] == [True, True, False]
    assert {frozenset(one["shown"]) for one in looks[:2]} == {frozenset({one, two})}
    assert [one["reason"] for one in looks] == [None, None, "case"]
