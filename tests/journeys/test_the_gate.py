"""The product manager who wants 240 of the best customers for the year-end, and their owners."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import boto3
import pytest

from infra.local.engines import Engine
from infra.local.system import LocalSystem
from services.customer.adapters import card_of
from services.customer.adapters.care import member_key
from services.customer.domain import ContactKind, ContactPoint, Customer
from services.customer.domain.care import Care
from shared.aws.items import summary_key, to_item
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from shared.entity import Act
from tests.client import Client, Reply
from tests.conftest import a_system
from tests.journeys.test_owners import a_segment, engaged, free_the_group

pytestmark = pytest.mark.journey

OFFERS = "/v1/engagement/offers"
MANY, FIRST, BY_HAND = 240, 12, 47
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
    """Selin owns the two best tiers, Cem all others, and Can one customer of the first tier.

    The first dozen of the best is the first tier, and all others of them are the second one.
    """

    selin: Client
    cem: Client
    can: Client
    seller: Client  # the product manager
    first: str
    default: str  # everybody's who is in no other segment
    best: list[str]

    @property
    def dozen(self) -> list[str]:
        return self.best[:FIRST]


@pytest.fixture(scope="module")
def system(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """Nothing goes out by itself meanwhile: this story says when."""
    with a_system(engine, tmp_path_factory.mktemp("state"), schedules=False) as running:
        yield running


@pytest.fixture(scope="module")
def company(system: LocalSystem) -> Iterator[Company]:
    manager, agent = Client(system, "manager"), Client(system, "agent")
    staff = {name: engaged(manager, name) for name in ("Selin Taş", "Cem Taş", "Can Taş")}
    default = a_segment(manager, "Tüm", 702, staff["Cem Taş"], is_default=True)
    free_the_group(manager)
    first = a_segment(manager, "En iyiler", 701, staff["Selin Taş"])
    second = a_segment(manager, "Çok iyiler", 703, staff["Selin Taş"])
    dozen = [a_person(agent, number) for number in range(FIRST)]
    for customer in dozen:
        owner = {"owner": staff["Can Taş"]} if customer == dozen[0] else {}
        said = {"segment": first, "reason": "of the best", **owner}
        assert manager.post(f"/v1/customers/{customer}/care", said).status == 200
    best = dozen + a_crowd(system, second)
    system.settle()
    selin, cem, can = (Client(system, "owner", subject=subject(one)) for one in staff)
    seller = Client(system, "manager", subject="sells")
    yield Company(
        selin=selin, cem=cem, can=can, seller=seller, first=first, default=default, best=best
    )
    if system.engine.name != "moto":  # whose tables end with the story
        much_later = datetime.combine(OPEN_DAY + timedelta(days=30), time(12), ISTANBUL)
        call(system, "SendMessages", {"at": much_later.isoformat()})


def a_crowd(system: LocalSystem, segment: str) -> list[str]:
    """All others of the best, as the customer service keeps them once it has come to rest."""
    act = Act(at=NOW - timedelta(days=40), by="import", correlation_id="crowd")
    people = [a_stranger(act, number, segment) for number in range(FIRST, MANY)]
    items = [
        item
        for one in people
        for item in (
            summary_key(one.customer_id) | to_item({"card": json.dumps(card_of(one))}),
            member_key(segment, one.customer_id),
        )
    ]
    table = "sahip-local-customer"
    for start in range(0, len(items), 25):
        puts: Any = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        left = boto3.client("dynamodb").batch_write_item(RequestItems={table: puts})
        assert not left["UnprocessedItems"]
    return [one.customer_id for one in people]


def a_stranger(act: Act, number: int, segment: str) -> Customer:
    customer = Customer.create(
        act,
        customer_id=f"cus_{uuid5(NAMESPACE_URL, address(number)).hex[:26]}",
        name=name_of(number),
        contact_points=(ContactPoint.of(ContactKind.EMAIL, address(number)),),
    )
    return replace(customer, care=Care(segment=segment, reason="of the best"))


def name_of(number: int) -> str:
    """Nobody's name is like another's: so nobody is taken for somebody else."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    name = "".join("bcdfghklmnprstvz"[int(one, 16)] + "aeiou"[int(one, 16) % 5] for one in digest)
    return f"{name[:8].title()} {name[8:20].title()}"


def a_person(agent: Client, number: int) -> str:
    body = {
        "name": name_of(number),
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


def members(client: Client, segment: str) -> set[str]:
    """All who are in a segment, page by page."""
    found: set[str] = set()
    path = cursor = f"/v1/customers/segments/{segment}/members?limit=100"
    while cursor:
        page = client.get(path)
        assert page.status == 200, page.text
        found |= set(page.body["customer_ids"])
        cursor = page.body["cursor"]
        path = f"/v1/customers/segments/{segment}/members?limit=100&cursor={cursor}"
    return found


def test_the_best_customers_are_reached_only_where_their_owners_let_it(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    best, dozen = company.best, company.dozen
    cans, angry, mute, late = dozen[:4]
    by_hand = best[-BY_HAND:]
    told = {"customer_id": angry, "text": "it burns", "seriousness": "serious"}
    assert agent.create("/v1/complaints", told).status == 201
    offer = planned(company, best)

    none = waves_go_on(system)
    own = says(company.seller, offer, "approve")
    theirs = company.seller.get(f"{OFFERS}/{offer}/ballot")
    before = ballot(company.selin, offer)
    silent = says(company.selin, offer, "veto", *by_hand)
    vetoed = says(company.selin, offer, "veto", *by_hand, reason="they had enough of us")
    other = says(company.selin, offer, "approve", cans)

    assert (none["looked_at"], none["asked_for"]) == (MANY, 0)
    assert (own.status, theirs.status) == (403, 403)
    assert "never decides" in own.body["detail"]
    assert set(before) == set(best) - {cans}
    assert not any(one["may_be_reached"] for one in before.values())
    assert [code(one) for one in before.values() if one["vetoes"]] == ["serious_complaint"]
    assert (silent.status, silent.body["errors"][0]["field"]) == (400, "reason")
    assert vetoed.status == 201
    assert (other.status, cans in other.body["detail"]) == (403, True)

    # She lets a dozen go first. Of these one takes back her consent, and of one Selin thinks
    # better before anything has left.
    assert says(company.selin, offer, "approve", *dozen[1:]).status == 201
    first = waves_go_on(system)
    no = {"channel": "EPOSTA", "address": address(2), "status": "RET", "source": "HS_WEB"}
    refused = agent.create("/v1/engagement/consents", {"customer_id": mute, **no})
    assert refused.status == 201, refused.text
    assert says(company.selin, offer, "veto", late, reason="she moves house").status == 201
    sent = messages_go_out(system, agent, dozen)

    assert first["asked_for"] == FIRST - 2  # Can's own, and who complains
    expected = {one: "sent" for one in dozen if one not in (cans, angry)}
    assert sent == expected | {mute: "refused", late: "not_approved"}

    # Then all others of hers, and Can lets his own be written to.
    assert says(company.selin, offer, "approve").status == 201
    rest = waves_go_on(system)
    again = waves_go_on(system)
    assert says(company.can, offer, "approve", cans).status == 201
    last = waves_go_on(system)
    after = ballot(company.selin, offer) | ballot(company.can, offer)

    reached = {one for one, seen in after.items() if seen["may_be_reached"]}
    assert reached == set(best) - {angry, late, *by_hand}
    assert (rest["asked_for"], again["asked_for"]) == (MANY - FIRST - BY_HAND, 0)
    assert last["asked_for"] == 1
    assert after[late]["word"]["reason"] == "she moves house"
    votes = agent.get(f"{OFFERS}/{offer}/votes").body["votes"]
    assert [(one["decision"], one["people"]) for one in reversed(votes)] == [
        ("veto", BY_HAND),
        ("approve", FIRST - 1),
        ("veto", 1),
        ("approve", None),
        ("approve", 1),
    ]

    withdrawn = company.seller.post(f"{OFFERS}/{offer}/withdraw", {})
    assert (withdrawn.status, withdrawn.body["status"]) == (200, "withdrawn")
    gone = says(company.selin, offer, "approve")
    assert (gone.status, gone.body["legal_moves"]) == (409, [])


def code(seen: Any) -> str:
    """The one thing that vetoes by itself."""
    [veto] = seen["vetoes"]
    return str(veto["code"])


def test_a_segment_is_decided_by_its_owner_and_each_of_ones_own_by_that_one(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    listed = agent.get(f"/v1/customers/segments/{company.first}/members").body["customer_ids"]
    offer = planned(company, [], segment=company.first, product="frames", channel="letter")

    assert says(company.cem, offer, "approve").status == 201  # which covers nobody in it
    assert waves_go_on(system)["asked_for"] == 0
    assert says(company.selin, offer, "approve").status == 201
    exception = says(company.selin, offer, "veto", company.dozen[5], reason="not him")
    assert exception.status == 201
    first = waves_go_on(system)
    assert says(company.can, offer, "approve").status == 201

    assert sorted(listed) == sorted(company.dozen)
    assert first["looked_at"] == FIRST
    assert first["asked_for"] == FIRST - 3  # Can's own, the exception, and who complains
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

    # They are in no segment, and so in the default one, for which an offer can be as well.
    rest = members(agent, company.default)
    assert forgotten in rest
    assert not rest & set(company.best)
    for_all = planned(company, [], segment=company.default, product="cloth", channel="letter")
    assert company.seller.post(f"{OFFERS}/{for_all}/withdraw", {}).status == 200

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
