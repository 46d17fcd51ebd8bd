"""Somebody owns this customer: whoever calls from wherever is served as who they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from infra.local.system import LocalSystem
from shared.calendar import day_in_turkey
from tests.client import Client
from tests.journeys.test_recognising import flow
from tests.journeys.test_verifying import (
    LINE,
    a_customer,
    a_session,
    email,
    in_,
    path_of,
    phone,
    told,
)

pytestmark = pytest.mark.journey

OFFICE = "0212 929 11 22"  # of a firm that we know nothing of
STAFF, SEGMENTS = "/v1/customers/staff", "/v1/customers/segments"


@pytest.fixture
def manager(system: LocalSystem) -> Client:
    return Client(system, "manager")


def engaged(manager: Client, name: str, *roles: str, **fields: Any) -> str:
    owns = not roles
    body = {
        "subject": str(uuid5(NAMESPACE_URL, name)),
        "name": name,
        "roles": list(roles) or ["customer_owner"],
        "most_customers": 10 if owns else 0,
    }
    reply = manager.create(STAFF, body | fields)
    assert reply.status == 201, reply.text
    return str(reply.body["staff_id"])


def a_segment(manager: Client, name: str, rank: int, owner: str, **fields: Any) -> str:
    body = {"name": name, "rank": rank, "queue": f"{name.lower()}-tr", "owner": owner}
    reply = manager.create(SEGMENTS, body | {"reason": "we begin", **fields})
    assert reply.status == 201, reply.text
    return str(reply.body["segment_id"])


def changed(manager: Client, path: str, body: Any) -> Any:
    version = manager.get(path).headers["ETag"]
    reply = manager.patch(path, body, **{"If-Match": version})
    assert reply.status == 200, reply.text
    return reply.body


def serves(person: Any) -> tuple[Any, ...]:
    """Tier, queue, the owner's name and presence, and who takes the place."""
    owner, acting = person["owner"], person["acting"]
    return (
        person["tier"],
        person["queue"],
        owner and (owner["name"], owner["presence"], owner["through"]),
        acting and (acting["name"], acting["acting_as"]),
    )


def free_the_group(manager: Client) -> None:
    for one in manager.get(SEGMENTS).body["segments"]:
        if one["group"] == "profitable":
            path = f"{SEGMENTS}/{one['segment_id']}"
            changed(manager, path, {"group": None, "reason": "another story begins"})


@dataclass(frozen=True)
class Company:
    """Selin owns the first tier and Cem all else; Canan has paid enough for the first."""

    selin: str
    cem: str
    canan: str
    order: str


@pytest.fixture(scope="module")
def company(system: LocalSystem) -> Iterator[Company]:
    agent, manager = Client(system, "agent"), Client(system, "manager")
    selin, cem = engaged(manager, "Selin Ak"), engaged(manager, "Cem Oğuz")
    a_segment(manager, "Herkes", 602, cem, is_default=True)
    free_the_group(manager)  # of another story's segment
    first = a_segment(manager, "Elmas", 601, selin, group="profitable")
    home = {"lines": "Moda Cad. No 12", "district": "Kadıköy", "city": "İstanbul"}
    points = (phone("0533 929 22 67"), email("canan@example.com"))
    canan = a_customer(agent, "Canan Mercan", *points, addresses=[home], language="en")
    line = {**LINE, "unit_price": 11_000_000}
    placed = agent.create("/v1/orders", {"customer_id": canan, "lines": [line]})
    order = str(placed.body["order_id"])
    money = {"method": "transfer", "amount": 11_000_000}
    assert agent.create(f"/v1/orders/{order}/payments", money).status == 201
    system.settle()
    yield Company(selin=selin, cem=cem, canan=canan, order=order)
    changed(manager, f"{SEGMENTS}/{first}", {"group": None, "reason": "the story is over"})


KNOWN = {"phone": OFFICE, "name": "CANAN MERCAN", "district": "kadikoy"}
PLATINUM = ("Elmas", "elmas-tr", ("Selin Ak", "here", "segment"), None)


def test_the_platinum_customer_is_served_as_such_from_an_unknown_office_and_told_nothing_more(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    canan = company.canan
    before = agent.get(f"/v1/customers/{canan}").body

    [person] = agent.post("/v1/customers/recognition", KNOWN).body["persons"]
    of_flow = flow(system, "+902129291122", name="Canan Mercan", district="Kadıköy")
    session = a_session(agent, canan, *person["evidence"])
    care = agent.get(f"/v1/customers/{canan}/care", **in_(session)).body

    assert person["customer_id"] == canan
    assert serves(person["serves"]) == serves(session["serves"]) == PLATINUM
    assert (serves(care["serves"]), care["why"]) == (PLATINUM, None)
    names = ("tier", "queue", "owner", "owner_presence", "acting")
    assert [of_flow[one] for one in names] == ["Elmas", "elmas-tr", "Selin Ak", "here", ""]
    assert session["serves"]["language"] == "en"
    told(agent.get(f"/v1/view/customers/{canan}", **in_(session)), "recognised, not verified")
    secrets = ("Mercan", "Moda", "929", "11000000", "profitable", company.order)
    for text in (str(session), str(care), str(person), str(of_flow)):
        assert not [one for one in secrets if one in text]

    facts = {"facts": {"order_id": company.order, "email": "canan@example.com"}}
    verified = agent.post(f"{path_of(session)}/verification", facts).body
    view = agent.get(f"/v1/view/customers/{canan}", **in_(verified)).body
    seen = view["care"]["data"]

    assert view["complete"]
    assert (seen["tier"], seen["queue"], seen["assigned"]) == ("Elmas", "elmas-tr", "by_rule")
    assert seen["value"] == [{"amount": 11_000_000, "currency": "TRY"}]
    assert [one["group"] for one in seen["groups"]] == ["profitable"]
    why = agent.get(f"/v1/customers/{canan}/care", **in_(verified)).body["why"]
    assert why["value"] == seen["value"]
    herself = Client(system, "customer", canan)
    assert herself.get(f"/v1/view/customers/{canan}").body["care"] is None
    assert herself.get(f"/v1/customers/{canan}/care").status == 403
    # The office line is nobody's.
    assert agent.get(f"/v1/customers/{canan}").body == before
    assert agent.post("/v1/customers/recognition", {"phone": OFFICE}).body["outcome"] == "unknown"


def test_a_leavers_customers_are_listed_and_somebody_takes_their_place(
    system: LocalSystem, agent: Client, manager: Client, company: Company
) -> None:
    can = engaged(manager, "Can Tan")
    ela = a_customer(agent, "Ela Işın")
    path = f"/v1/customers/{ela}/care"
    assert agent.post(path, {"owner": can, "reason": "knows her"}).status == 403
    mine = manager.post(path, {"owner": can, "reason": "knows her"})
    assert serves(mine.body["serves"])[2] == ("Can Tan", "here", "customer")
    assert manager.get(f"{STAFF}/{can}/customers").body["customer_ids"] == [ela]

    today = day_in_turkey(datetime.now(UTC))
    week = {"since": str(today), "until": str(today + timedelta(days=6)), "deputy": company.selin}
    changed(manager, f"{STAFF}/{can}", {"absences": [week]})
    care = agent.get(path, **{"Sahip-Reason": ""}).body
    assert serves(care["serves"])[2:] == (
        ("Can Tan", "away", "customer"),
        ("Selin Ak", "deputy"),
    )

    assert manager.post(f"{STAFF}/{can}/leave", {}).status == 200
    system.settle()
    seen = agent.get(f"/v1/view/customers/{ela}").body["care"]["data"]
    assert (seen["owner"]["name"], seen["owner"]["presence"]) == ("Can Tan", "left")
    assert (seen["acting"]["name"], seen["acting"]["acting_as"]) == ("Cem Oğuz", "segment_owner")
    [left] = manager.get("/v1/customers/unattended").body["staff"]
    assert (left["staff_id"], left["customers"], left["segments"]) == (can, 1, [])
    refused = manager.post(path, {"owner": can, "reason": "he was good"})
    assert (refused.status, refused.body["type"]) == (409, "urn:sahip:problem:conflict")

    assert manager.post(path, {"owner": None, "reason": "he left"}).status == 200
    assert manager.get("/v1/customers/unattended").body["staff"] == []
    history = manager.get(path).body["why"]["changes"]
    assert [(one["from_owner"], one["to_owner"], one["reason"]) for one in history] == [
        (can, None, "he left"),
        (None, can, "knows her"),
    ]


def test_a_leavers_segment_is_listed_until_it_has_another_owner(
    manager: Client, company: Company
) -> None:
    brand, gone = engaged(manager, "Eda Kurt", "brand_manager"), engaged(manager, "Ali Er")
    refused = manager.create(
        SEGMENTS, {"name": "x", "rank": 609, "queue": "x", "owner": brand, "reason": "hers"}
    )
    assert (refused.status, refused.body["type"]) == (409, "urn:sahip:problem:conflict")
    tier = a_segment(manager, "Gümüş", 607, gone)

    assert manager.post(f"{STAFF}/{gone}/leave", {"successor": company.cem}).status == 200

    left = manager.get("/v1/customers/unattended").body
    assert [one["segment_id"] for one in left["segments"]] == [tier]
    changed(manager, f"{SEGMENTS}/{tier}", {"owner": company.selin, "reason": "he left"})
    assert manager.get("/v1/customers/unattended").body["segments"] == []


def test_two_who_are_one_are_cared_for_as_one_until_they_are_parted(
    system: LocalSystem, agent: Client, manager: Client, company: Company
) -> None:
    owner = engaged(manager, "Deniz Öz")
    tier = a_segment(manager, "Altın", 605, owner)
    one, other = a_customer(agent, "Hale Uz"), a_customer(agent, "Hale Uz Kaya")
    said = {"segment": tier, "owner": owner, "reason": "she asked for it"}
    assert manager.post(f"/v1/customers/{other}/care", said).status == 200
    system.settle()

    def seen(customer: str) -> Any:
        care = agent.get(f"/v1/customers/{customer}/care").body["serves"]
        view = agent.get(f"/v1/view/customers/{customer}").body["care"]["data"]
        assert (view["tier"], (view["owner"] or {}).get("name")) == serves(care)[:1] + (
            care["owner"]["name"],
        )
        return serves(care)[0], care["owner"]["name"]

    alone = ("Herkes", "Cem Oğuz")
    assert seen(one) == alone
    link = agent.create(
        f"/v1/customers/{one}/links", {"other_id": other, "reason": "they say so"}
    ).body["link_id"]
    system.settle()

    assert seen(one) == seen(other) == ("Altın", "Deniz Öz")
    ended = agent.post(f"/v1/customers/{one}/links/{link}/end", {"reason": "two after all"})
    assert ended.status == 200, ended.text
    system.settle()
    assert seen(one) == alone
    assert seen(other) == ("Altın", "Deniz Öz")
