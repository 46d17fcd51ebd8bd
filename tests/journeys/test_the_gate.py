"""The product manager who wants 240 of the best customers for the year-end, and their owners."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from infra.local.system import LocalSystem
from tests.client import Client, Reply
from tests.journeys.test_owners import a_segment, engaged, free_the_group

pytestmark = pytest.mark.journey

OFFERS = "/v1/engagement/offers"
MANY, BY_HAND = 16, 4
NOW = datetime.now(UTC)
TEXT = {"offer": "Yılbaşına özel gözlük", "until": "31 Aralık", "link": "https://example.com/y"}


def subject(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def an_offer(**particulars: Any) -> dict[str, Any]:
    return {
        "what": "a quarter off all glasses",
        "why": "the year's target is not reached",
        "product": "glasses",
        "channel": "email",
        "wave": "year-end",
        "template": "offer_made",
        "values": TEXT,
        "starts_at": (NOW - timedelta(minutes=1)).isoformat(),
        "ends_at": (NOW + timedelta(days=20)).isoformat(),
        **particulars,
    }


@dataclass(frozen=True)
class Company:
    """Selin owns the first tier, Cem all others and Can one customer of the first tier."""

    selin: Client
    cem: Client
    can: Client
    seller: Client  # the product manager
    first: str
    best: list[str]


@pytest.fixture(scope="module")
def company(system: LocalSystem) -> Company:
    manager, agent = Client(system, "manager"), Client(system, "agent")
    staff = {name: engaged(manager, name) for name in ("Selin Taş", "Cem Taş", "Can Taş")}
    a_segment(manager, "Tüm", 702, staff["Cem Taş"], is_default=True)
    free_the_group(manager)
    first = a_segment(manager, "En iyiler", 701, staff["Selin Taş"])
    best = [_customer(agent, number) for number in range(MANY)]
    for customer in best:
        owner = {"owner": staff["Can Taş"]} if customer == best[0] else {}
        said = {"segment": first, "reason": "of the best", **owner}
        assert manager.post(f"/v1/customers/{customer}/care", said).status == 200
    system.settle()
    owners = [Client(system, "owner", subject=subject(one)) for one in staff]
    return Company(*owners, Client(system, "manager", subject="sells"), first, best)


def _customer(agent: Client, number: int) -> str:
    # Nobody's name is like another's: so nobody is taken for somebody else.
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    name = "".join("bcdfghklmnprstvz"[int(one, 16)] + "aeiou"[int(one, 16) % 5] for one in digest)
    made = agent.create("/v1/customers", {"name": f"{name[:8].title()} {name[8:20].title()}"})
    assert made.status == 201, made.text
    return str(made.body["customer_id"])


def waves_go_on(system: LocalSystem) -> Any:
    system.settle()
    [described] = [one for one in system.world.services if one.name == "engagement"]
    outcome = system.functions.invoke(described.function("SendOffers").name, b"{}")
    assert not outcome.failed
    return json.loads(outcome.payload)


def planned(company: Company, people: list[str], **particulars: Any) -> str:
    """An offer of the product manager's that is before the owners."""
    made = company.seller.create(OFFERS, an_offer(**particulars))
    assert made.status == 201, made.text
    offer = str(made.body["offer_id"])
    for start in range(0, len(people), 90):
        some = {"customer_ids": people[start : start + 90]}
        listed = company.seller.post(f"{OFFERS}/{offer}/people", some)
        assert listed.status == 200, listed.text
    opened = company.seller.post(f"{OFFERS}/{offer}/open", {})
    assert (opened.status, opened.body["status"]) == (200, "open"), opened.text
    return offer


def says(client: Client, offer: str, decision: str, *names: str, reason: str = "") -> Reply:
    body = {"decision": decision, "reason": reason, **({"customer_ids": names} if names else {})}
    return client.create(f"{OFFERS}/{offer}/votes", body)


def ballot(client: Client, offer: str) -> dict[str, Any]:
    """All whom somebody decides for, page by page."""
    people: dict[str, Any] = {}
    path = cursor = f"{OFFERS}/{offer}/ballot"
    while cursor:
        page = client.get(path)
        assert page.status == 200, page.text
        people |= {one["customer_id"]: one for one in page.body["people"]}
        cursor = page.body["cursor"]
        path = f"{OFFERS}/{offer}/ballot?cursor={cursor}"
    return people


def test_the_best_customers_are_reached_only_where_their_owners_let_it(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    best = company.best
    angry, by_hand = best[1], best[2 : 2 + BY_HAND]
    told = {"customer_id": angry, "text": "it burns", "seriousness": "serious"}
    assert agent.create("/v1/complaints", told).status == 201
    offer = planned(company, best)

    none = waves_go_on(system)
    own = says(company.seller, offer, "approve")
    theirs = company.seller.get(f"{OFFERS}/{offer}/ballot")
    mine = ballot(company.selin, offer)
    assert says(company.selin, offer, "approve").status == 201
    silent = says(company.selin, offer, "veto", *by_hand)
    vetoed = says(company.selin, offer, "veto", *by_hand, reason="they had enough of us")
    other = says(company.selin, offer, "approve", best[0])
    some = waves_go_on(system)
    again = waves_go_on(system)

    assert (none["looked_at"], none["asked_for"]) == (MANY, 0)
    assert (own.status, theirs.status) == (403, 403)
    assert "never decides" in own.body["detail"]
    assert set(mine) == set(best[1:])
    assert [one["code"] for one in mine[angry]["vetoes"]] == ["serious_complaint"]
    assert (silent.status, silent.body["errors"][0]["field"]) == (400, "reason")
    assert vetoed.status == 201
    assert (other.status, best[0] in other.body["detail"]) == (403, True)
    assert some["asked_for"] == MANY - BY_HAND - 2
    assert again["asked_for"] == 0

    assert says(company.can, offer, "approve", best[0]).status == 201
    assert waves_go_on(system)["asked_for"] == 1
