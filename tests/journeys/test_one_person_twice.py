"""Who was taken into the books twice is found, and only somebody's word makes two of them one."""

import json
from typing import Any

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

PAIRS = "/v1/customers/duplicates"


def a_customer(agent: Client, name: str, phone: str, **particulars: Any) -> str:
    body = {"name": name, "contact_points": [{"kind": "phone", "value": phone}], **particulars}
    created = agent.create("/v1/customers", body)
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def pairs_of(agent: Client, *ids: str) -> list[Any]:
    """The pairs that wait and of which both are among these."""
    listed = [
        one
        for standing in ("open", "joined")
        for one in agent.get(f"{PAIRS}?standing={standing}&limit=100").body["duplicates"]
    ]
    return [one for one in listed if {*one["customer_ids"]} <= {*ids}]


HOME = [{"lines": "Moda Cad. 1/3", "district": "Kadıköy", "city": "İstanbul"}]


def test_who_came_back_by_another_spelling_and_phone_is_one_person_once_somebody_says_so(
    system: LocalSystem, agent: Client
) -> None:
    first = a_customer(agent, "Şehrazat Işık", "0532 401 11 22", addresses=HOME)
    again = a_customer(agent, "SEHRAZAT ISIK", "0533 402 33 44", addresses=HOME)
    system.settle()

    [pair] = pairs_of(agent, first, again)
    assert {one["field"] for one in pair["findings"]} >= {"given", "family", "phone", "district"}
    assert pair["probability"] > 0.05
    told = json.dumps(pair, ensure_ascii=False).casefold()
    assert not any(value in told for value in ("isik", "ışık", "40111", "moda", "kadıköy"))
    before = agent.get(f"/v1/customers/{again}").body
    assert before["members"] == [again]

    word = {"decision": "same", "reason": "she gave both numbers"}
    decided = agent.post(f"{PAIRS}/{pair['duplicate_id']}/decide", word)
    system.settle()

    assert (decided.status, decided.body["standing"]) == (200, "same")
    assert agent.get(f"/v1/customers/{again}").body["members"] == sorted([first, again])
    assert pairs_of(agent, first, again) == []


def test_sisters_in_law_with_one_home_phone_are_a_household_and_two_persons(
    system: LocalSystem, agent: Client
) -> None:
    phone = "0216 345 67 89"
    ayse = a_customer(agent, "Ayşe Karaca", phone, addresses=HOME)
    fatma = a_customer(agent, "Fatma Karaca", phone, addresses=HOME)
    system.settle()

    assert pairs_of(agent, ayse, fatma) == []

    members = [{"customer_id": one, "role": "member"} for one in (ayse, fatma)]
    home = {"kind": "household", "members": members, "reason": "they live together"}
    assert agent.create("/v1/customers/relations", home).status == 201
    order = {"product": "washer", "quantity": 1, "unit_price": 100, "kdv_class": "general"}
    agent.create("/v1/orders", {"customer_id": ayse, "lines": [order]})
    system.settle()

    seen = agent.get(f"/v1/view/customers/{fatma}").body
    [relation] = seen["customer"]["data"]["relations"]
    assert (relation["kind"], relation["role"], relation["count"]) == ("household", "member", 2)
    assert seen["orders"]["data"]["count"] == 0
    assert ayse not in json.dumps(seen)
    [listed] = agent.get(f"/v1/customers/{fatma}/relations").body["relations"]
    assert [one["customer_id"] for one in listed["members"]] == [ayse, fatma]
    assert Client(system, "customer", ayse).get(f"/v1/view/customers/{fatma}").status == 404


def test_a_dealers_phone_on_sixty_people_links_nobody(system: LocalSystem, agent: Client) -> None:
    given = ["Ali", "Berk", "Cemile", "Dursun", "Emine", "Fikret", "Gül", "Hülya"]
    family = ["Kaya", "Özdemir", "Toprak", "Zengin", "Uysal", "Pamukçu", "Ergün", "Şimşek"]
    ids = [
        a_customer(agent, f"{given[n % 8]} {family[(n + n // 8) % 8]}", "0216 777 88 99")
        for n in range(60)
    ]
    system.settle()

    newcomers = [a_customer(agent, "Nermin Yurtsever", "0216 777 88 99") for _ in range(2)]
    system.settle()

    found = pairs_of(agent, *ids, *newcomers)
    assert [one for one in found if one["standing"] == "joined"] == []
    # Their name alone makes them a pair to look at; the dealer's number is in no finding.
    levels = {
        each["field"]: each["level"]
        for one in found
        if {*one["customer_ids"]} == {*newcomers}
        for each in one["findings"]
    }
    assert levels.get("phone") != "same"
