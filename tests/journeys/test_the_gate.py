"""The product manager who wants 240 of the best customers for the year-end, and their owners."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from infra.local.system import LocalSystem
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from tests.client import Client, Reply
from tests.journeys.test_owners import a_segment, engaged, free_the_group

pytestmark = pytest.mark.journey

OFFERS = "/v1/engagement/offers"
MANY, BY_HAND = 16, 4
NOW = datetime.now(UTC)
OPEN_DAY = after_working_days(day_in_turkey(NOW), 1, turkish_holidays())
TEXT = {"offer": "Yılbaşına özel gözlük", "until": "31 Aralık", "link": "https://example.com/y"}


def noon() -> str:
    return datetime.combine(OPEN_DAY, time(12), ISTANBUL).isoformat()


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
def company(system: LocalSystem) -> Iterator[Company]:
    manager, agent = Client(system, "manager"), Client(system, "agent")
    staff = {name: engaged(manager, name) for name in ("Selin Taş", "Cem Taş", "Can Taş")}
    a_segment(manager, "Tüm", 702, staff["Cem Taş"], is_default=True)
    free_the_group(manager)
    first = a_segment(manager, "En iyiler", 701, staff["Selin Taş"])
    best = [a_person(agent, number) for number in range(MANY)]
    for customer in best:
        owner = {"owner": staff["Can Taş"]} if customer == best[0] else {}
        said = {"segment": first, "reason": "of the best", **owner}
        assert manager.post(f"/v1/customers/{customer}/care", said).status == 200
    system.settle()
    selin, cem, can = (Client(system, "owner", subject=subject(one)) for one in staff)
    seller = Client(system, "manager", subject="sells")
    yield Company(selin=selin, cem=cem, can=can, seller=seller, first=first, best=best)
    call(system, "SendMessages", {"at": noon()})  # nothing of it waits into another story


def a_person(agent: Client, number: int) -> str:
    # Nobody's name is like another's: so nobody is taken for somebody else.
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    name = "".join("bcdfghklmnprstvz"[int(one, 16)] + "aeiou"[int(one, 16) % 5] for one in digest)
    body = {
        "name": f"{name[:8].title()} {name[8:20].title()}",
        "contact_points": [{"kind": "email", "value": address(number)}],
    }
    made = agent.create("/v1/customers", body)
    assert made.status == 201, made.text
    customer = str(made.body["customer_id"])
    yes = {"channel": "EPOSTA", "address": address(number), "status": "ONAY", "source": "HS_WEB"}
    proof = {"text_version": "1", "proof": {"kind": "form", "reference": f"form-{number}"}}
    agreed = {"customer_id": customer, **yes, **proof}
    assert agent.create("/v1/engagement/consents", agreed).status == 201
    return customer


def address(number: int) -> str:
    return f"best.{number}@example.org"


def call(system: LocalSystem, function: str, event: Any) -> Any:
    """As its schedule does."""
    system.settle()
    [described] = [one for one in system.world.services if one.name == "engagement"]
    outcome = system.functions.invoke(
        described.function(function).name, json.dumps(event).encode()
    )
    assert not outcome.failed
    return json.loads(outcome.payload)


def messages_go_out(system: LocalSystem, agent: Client, people: list[str]) -> dict[str, str]:
    """Send what is due at noon of a working day; return what came of each one's message."""
    call(system, "SendMessages", {"at": noon()})
    system.settle()
    came_to = {}
    for one in people:
        path = f"/v1/engagement/messages?customer_id={one}"
        for message in agent.get(path).body["messages"]:
            came_to[one] = (message["reasons"] or [message["status"]])[0]
    return came_to


def waves_go_on(system: LocalSystem) -> Any:
    return call(system, "SendOffers", {})


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
    angry, mute, by_hand = best[1], best[2], best[3 : 3 + BY_HAND]
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

    # One took back her consent, and of one Selin thinks better before anything has left.
    no = {"channel": "EPOSTA", "address": address(2), "status": "RET", "source": "HS_WEB"}
    refused = agent.create("/v1/engagement/consents", {"customer_id": mute, **no})
    assert refused.status == 201, refused.text
    late = best[3 + BY_HAND]
    assert says(company.selin, offer, "veto", late, reason="she moves house").status == 201
    sent = messages_go_out(system, agent, best)

    expected = {one: "sent" for one in best if one not in (angry, *by_hand)}
    assert sent == expected | {mute: "refused", late: "not_approved"}
    seen = ballot(company.selin, offer)
    assert (seen[late]["word"]["reason"], seen[late]["may_be_reached"]) == (
        "she moves house",
        False,
    )
    assert seen[best[-1]]["may_be_reached"]
    votes = agent.get(f"{OFFERS}/{offer}/votes").body["votes"]
    assert [(one["decision"], one["people"]) for one in reversed(votes)] == [
        ("approve", None),
        ("veto", BY_HAND),
        ("approve", 1),
        ("veto", 1),
    ]

    withdrawn = company.seller.post(f"{OFFERS}/{offer}/withdraw", {})
    assert (withdrawn.status, withdrawn.body["status"]) == (200, "withdrawn")
    gone = says(company.selin, offer, "approve")
    assert (gone.status, gone.body["legal_moves"]) == (409, [])


def test_a_segment_is_decided_by_its_owner_and_each_of_ones_own_by_that_one(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    listed = agent.get(f"/v1/customers/segments/{company.first}/members").body["customer_ids"]
    offer = planned(company, [], segment=company.first, product="frames", channel="letter")

    assert says(company.cem, offer, "approve").status == 201  # which covers nobody in it
    assert waves_go_on(system)["asked_for"] == 0
    assert says(company.selin, offer, "approve").status == 201
    exception = says(company.selin, offer, "veto", company.best[5], reason="not him")
    assert exception.status == 201
    first = waves_go_on(system)
    assert says(company.can, offer, "approve").status == 201

    assert sorted(listed) == sorted(company.best)
    assert first["looked_at"] == MANY
    assert first["asked_for"] == MANY - 3  # Can's own, the exception, and who complains
    assert waves_go_on(system)["asked_for"] == 1


def test_who_was_forgotten_for_a_year_hears_something_of_value_first_and_one_of_three_offers(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    forgotten = a_person(agent, MANY)
    talk = f"/v1/customers/{forgotten}/conversations"
    long_ago = {"at": (NOW - timedelta(days=372)).isoformat(), "channel": "phone"}
    spoken = {**long_ago, "direction": "out", "kind": "service", "summary": "called"}
    assert agent.create(talk, spoken).status == 201
    system.settle()
    offers = [planned(company, [forgotten], wave=f"w-{n}", product="lens") for n in range(3)]
    for offer in offers:
        assert says(company.cem, offer, "approve").status == 201

    [before] = ballot(company.cem, offers[0]).values()
    listed = agent.get(f"{OFFERS}?limit=100").body["offers"]
    assert waves_go_on(system)["asked_for"] == 0
    of_value = {**spoken, "at": NOW.isoformat(), "kind": "value", "summary": "advice"}
    assert agent.create(talk, of_value).status == 201
    assert says(company.cem, offers[0], "approve").status == 201  # so that it begins again
    first = waves_go_on(system)
    for offer in offers[1:]:
        assert says(company.cem, offer, "approve").status == 201
    others = waves_go_on(system)

    assert [one["code"] for one in before["vetoes"]] == ["silence"]
    assert before["days_of_silence"] == 372
    assert set(before["clashing"]) == set(offers[1:])
    assert set(offers) <= {one["offer_id"] for one in listed if one["product"] == "lens"}
    assert (first["asked_for"], others["asked_for"]) == (1, 0)
    [after] = ballot(company.cem, offers[2]).values()
    assert [(one["code"], one["offer_id"]) for one in after["vetoes"]] == [("clash", offers[0])]
