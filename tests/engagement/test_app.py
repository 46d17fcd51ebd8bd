"""The service through its front door: HTTP as people and machines use it, and its functions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.functions import Outcome
from infra.local.system import LocalSystem, Settings
from services.engagement.domain import date_of
from shared.calendar import day_in_turkey
from tests.client import Client, Reply
from tests.journeys.test_owners import a_segment, engaged

_numbers = count(1)
# A Tuesday at noon in Istanbul, which no holiday falls on, far enough ahead to be still to come.
NOON = "2027-03-02T09:00:00Z"
NOW = datetime.now(UTC)
NIGHT = "2027-03-02T20:00:00Z"
GIVEN = {
    "status": "ONAY",
    "source": "HS_CAGRI_MERKEZI",
    "text_version": "2026-11",
    "proof": {"kind": "recording", "reference": "call-77"},
}
REFUSED = {"status": "RET", "source": "HS_CAGRI_MERKEZI"}


@pytest.fixture(scope="module")
def iys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that plays İYS."""
    return tmp_path_factory.mktemp("iys")


@pytest.fixture(scope="module")
def system(iys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    settings = Settings(parameters={"IysUrl": iys.as_uri()}, schedules=False)
    services = ("customer", "complaints", "orders", "warranty", "engagement")
    state = tmp_path_factory.mktemp("state")
    with LocalSystem(MotoEngine(), services, state_dir=state, settings=settings) as running:
        yield running


@pytest.fixture
def agent(system: LocalSystem) -> Client:
    return Client(system, "agent")


@dataclass(frozen=True)
class Someone:
    """A customer with a phone and an e-mail that nobody else has."""

    id: str
    phone: str
    email: str


@pytest.fixture
def ayse(agent: Client) -> Someone:
    return a_customer(agent)


def a_customer(agent: Client, phone: str | None = None) -> Someone:
    """Somebody new, with a phone of their own or with this one."""
    number = next(_numbers)
    phone = phone or f"+90532123{number:04}"
    email = f"ayse.{number}@example.com"
    body = {
        "name": f"Ayşe {'IVXLCDM'[number % 7]}şık",
        "contact_points": [{"kind": "phone", "value": phone}, {"kind": "email", "value": email}],
    }
    reply = agent.create("/v1/customers", body)
    assert reply.status == 201, reply.text
    return Someone(reply.body["customer_id"], phone, email)


def say(client: Client, who: Someone, **said: Any) -> Reply:
    body = {"customer_id": who.id, "channel": "MESAJ", "address": who.phone, **said}
    return client.create("/v1/engagement/consents", body)


def ask(client: Client, who: Someone, **asked: Any) -> Any:
    body = {"customer_id": who.id, "channel": "sms", "purpose": "offer", "at": NOON, **asked}
    reply = client.post("/v1/engagement/may-contact", body)
    assert reply.status == 200, reply.text
    return reply.body


def codes(told: Any) -> list[str]:
    return [one["code"] for one in told["reasons"]]


def run(system: LocalSystem, function: str) -> Outcome:
    """Call a function of the service as its schedule does."""
    [described] = [one for one in system.world.services if one.name == "engagement"]
    return system.functions.invoke(described.function(function).name, b"{}")


def heard(system: LocalSystem) -> None:
    """Let İYS be told, hear what became of it, and what others have told it."""
    system.settle()
    for name in ("TellIys", "TellIys", "FetchIys"):
        assert not run(system, name).failed


def test_a_customer_who_agreed_is_written_to_until_they_refuse_and_served_all_the_same(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    before = ask(agent, ayse)
    given = say(agent, ayse, **GIVEN)
    heard(system)
    after = ask(agent, ayse)
    refused = say(agent, ayse, **REFUSED)
    no_more = ask(agent, ayse)

    assert (before["may"], codes(before)) == (False, ["no_consent"])
    assert (given.status, given.body["at_iys"]) == (201, "waiting")
    assert (after["may"], after["address"]) == (True, {"kind": "phone", "value": ayse.phone})
    assert after["until"] == "2027-03-02T17:00:00Z"
    assert refused.status == 201
    assert codes(no_more) == ["refused"]
    assert no_more["reasons"][0]["hint"] == f"…{ayse.phone[-2:]}"
    assert ask(agent, ayse, purpose="delivery")["may"]


def test_what_was_said_is_listed_and_read_and_shows_no_address(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    given = say(agent, ayse, **GIVEN).body
    say(agent, ayse, **REFUSED, channel="EPOSTA", address=ayse.email)
    say(agent, ayse, **REFUSED, channel="MEKTUP", address=None)
    system.settle()

    listed = agent.get(f"/v1/engagement/consents?customer_id={ayse.id}").body["consents"]
    read = agent.get(f"/v1/engagement/consents/{given['consent_id']}").body

    assert [(one["channel"], one["hint"]) for one in listed] == [
        ("MEKTUP", ""),
        ("EPOSTA", "a…"),
        ("MESAJ", f"…{ayse.phone[-2:]}"),
    ]
    assert read == given
    assert read["proof"] == {"kind": "recording", "reference": "call-77"}
    assert ayse.phone not in str((listed, read))


def test_the_standing_of_an_address_tells_the_history_and_not_what_others_said(
    system: LocalSystem, agent: Client
) -> None:
    hers = a_customer(agent)
    his = a_customer(agent, hers.phone)
    say(agent, his, **REFUSED)
    say(agent, hers, **GIVEN)

    body = {"customer_id": hers.id, "channel": "MESAJ", "address": hers.phone}
    told = agent.post("/v1/engagement/standing", body).body

    assert (told["stands"], told["may_be_written_to"]) == ("refused", False)
    assert [one["customer_id"] for one in told["history"]] == [hers.id]


def test_customers_speak_for_their_own_addresses_and_refuse_for_any(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    herself = Client(system, "customer", ayse.id)
    given = {"status": "ONAY", "source": "HS_WEB", "text_version": "1"}
    other = a_customer(agent)
    system.settle()

    mine = say(herself, ayse, **given)
    theirs = say(herself, ayse, **given, address=other.phone)
    refusal = say(herself, ayse, status="RET", source="HS_MOBIL", address="+905429990001")

    assert (mine.status, mine.body["proof"]["kind"]) == (201, "account")
    assert (theirs.status, theirs.body["errors"][0]["field"]) == (400, "address")
    assert refusal.status == 201
    assert say(herself, other, **given).status == 404
    asked = herself.post(
        "/v1/engagement/may-contact",
        {"customer_id": ayse.id, "channel": "sms", "purpose": "offer"},
    )
    assert asked.status == 403


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"source": "HS_CAGRI_MERKEZI"}, "source"),
        ({"recipient_type": "TACIR"}, "recipient_type"),
        ({"said_at": "2026-01-01T09:00:00Z"}, "said_at"),
        ({"iys_taken_at": "2026-01-01T09:00:00Z"}, "iys_taken_at"),
        ({"proof": {"kind": "form", "reference": "f"}}, "proof.kind"),
    ],
)
def test_customers_cannot_say_what_is_not_theirs_to_say(
    system: LocalSystem, ayse: Someone, said: dict[str, Any], field: str
) -> None:
    given = {"status": "ONAY", "source": "HS_WEB", "text_version": "1"}

    reply = say(Client(system, "customer", ayse.id), ayse, **given | said)

    assert (reply.status, reply.body["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"proof": None}, 400, "proof"),
        ({"text_version": None}, 400, "text_version"),
        ({"source": "HS_FAX"}, 400, "source"),
        ({"source": "IYS_WEB"}, 400, "source"),
        ({"address": "0532 123 45 67"}, 400, "address"),
        ({"address": None}, 400, "address"),
        ({"channel": "MEKTUP"}, 400, "address"),
        ({"said_at": "2099-01-01T09:00:00Z"}, 400, "said_at"),
        ({"iys_taken_at": "2026-01-01T09:00:00Z"}, 400, "iys_taken_at"),
        ({"proof": {"kind": "code", "reference": "two words"}}, 400, "proof.reference"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_field_at_fault(
    agent: Client, ayse: Someone, said: dict[str, Any], status: int, field: str
) -> None:
    reply = say(agent, ayse, **GIVEN | said)

    assert (reply.status, reply.body["errors"][0]["field"]) == (status, field), reply.text


def test_one_code_never_proves_two_purposes(agent: Client, ayse: Someone) -> None:
    by_code = GIVEN | {"proof": {"kind": "code", "reference": f"code-{ayse.id}"}}

    member = say(agent, ayse, **by_code, purpose="membership")
    marketing = say(agent, ayse, **by_code)

    assert member.status == 201
    assert marketing.status == 409
    assert "one by one" in marketing.body["detail"]
    assert codes(ask(agent, ayse)) == ["no_consent"]


def test_the_same_request_again_is_one_word_and_another_under_its_key_is_refused(
    agent: Client, ayse: Someone
) -> None:
    body = {"customer_id": ayse.id, "channel": "MESAJ", "address": ayse.phone, **GIVEN}
    first = agent.create("/v1/engagement/consents", body, f"key-{ayse.id}")
    again = agent.create("/v1/engagement/consents", body, f"key-{ayse.id}")
    other = agent.create("/v1/engagement/consents", body | REFUSED, f"key-{ayse.id}")

    assert (first.status, again.status, other.status) == (201, 200, 422)
    assert again.body == first.body


def test_who_says_no_is_obeyed_unverified_and_nothing_is_told_them(
    agent: Client, ayse: Someone
) -> None:
    body = {"customer_id": ayse.id, "channel": "MESAJ", "address": ayse.phone, **REFUSED}

    refused = agent.create("/v1/engagement/consents", body, **{"Sahip-Reason": ""})
    listed = agent.get(f"/v1/engagement/consents?customer_id={ayse.id}", **{"Sahip-Reason": ""})

    assert refused.status == 201
    assert listed.status == 403


def test_what_another_system_knows_comes_with_the_time_iys_had_it(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    shop = Client(system, "integration")
    history = {"said_at": "2026-01-05T09:00:00Z", "iys_taken_at": "2026-01-06T09:00:00Z"}

    reply = say(shop, ayse, **GIVEN | history)

    assert (reply.status, reply.body["at_iys"]) == (201, "taken")
    assert ask(agent, ayse)["may"]


def test_what_iys_should_have_heard_of_by_now_is_listed_the_longest_late_first(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    said = [
        say(agent, ayse, **GIVEN, said_at=f"2026-01-0{day}T09:00:00Z").body["consent_id"]
        for day in (6, 5, 7)
    ]
    say(agent, ayse, **GIVEN)
    system.settle()

    late = agent.get("/v1/engagement/consents?late=true&limit=2").body
    rest = agent.get(f"/v1/engagement/consents?late=true&limit=2&cursor={late['cursor']}").body
    heard(system)
    system.settle()
    none = agent.get("/v1/engagement/consents?late=true").body

    found = [one["consent_id"] for one in late["consents"] + rest["consents"]]
    assert found == [said[1], said[0], said[2]]
    assert none["consents"] == []
    assert codes(ask(agent, ayse)) == []  # the one that was told in time holds


def test_a_consent_told_to_iys_too_late_is_void_and_says_so(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    someone = a_customer(agent)
    say(agent, someone, **GIVEN, said_at="2026-01-05T09:00:00Z")
    heard(system)

    assert codes(ask(agent, someone)) == ["consent_not_told"]


def test_a_refusal_told_to_iys_is_obeyed_as_soon_as_it_is_heard(
    system: LocalSystem, agent: Client, iys: Path
) -> None:
    someone = a_customer(agent)
    say(agent, someone, **GIVEN)
    heard(system)
    assert ask(agent, someone)["may"]
    change = {
        "consentDate": date_of(datetime.now(UTC) + timedelta(seconds=1)),
        "source": "IYS_WEB",
        "recipient": someone.phone,
        "recipientType": "BIREYSEL",
        "status": "RET",
        "type": "MESAJ",
        "transactionId": "tx-1",
    }
    with (iys / "in.jsonl").open("a") as file:
        file.write(f"{json.dumps(change)}\n")

    heard(system)

    assert codes(ask(agent, someone)) == ["refused"]
    system.settle()  # lists follow a moment later
    [first, *_] = agent.get(f"/v1/engagement/consents?customer_id={someone.id}").body["consents"]
    assert (first["status"], first["source"], first["at_iys"]) == ("RET", "IYS_WEB", "not_needed")


def test_an_open_complaint_that_is_serious_stops_offers_and_a_plain_one_surveys(
    agent: Client, system: LocalSystem
) -> None:
    someone = a_customer(agent)
    for purpose in ("marketing", "survey"):
        say(agent, someone, **GIVEN, purpose=purpose)
    heard(system)
    agent.create("/v1/complaints", {"customer_id": someone.id, "text": "late"})
    system.settle()
    plain = [ask(agent, someone, purpose=one) for one in ("offer", "survey")]
    agent.create("/v1/complaints", {"customer_id": someone.id, "seriousness": "safety"})
    system.settle()
    serious = [ask(agent, someone, purpose=one) for one in ("offer", "survey", "delivery")]

    assert [codes(one) for one in plain] == [[], ["open_complaint"]]
    assert [codes(one) for one in serious] == [["serious_complaint"]] * 2 + [[]]


def test_offers_made_in_conversations_count(agent: Client, system: LocalSystem) -> None:
    someone = a_customer(agent)
    say(agent, someone, **GIVEN)
    heard(system)
    for direction in ("out", "out", "in"):
        told = {
            "at": datetime.now(UTC).isoformat(),
            "direction": direction,
            "kind": "offer",
            "channel": "phone",
        }
        reply = agent.create(f"/v1/customers/{someone.id}/conversations", told)
        assert reply.status == 201, reply.text
    system.settle()

    now = ask(agent, someone, at=datetime.now(UTC).isoformat())

    assert "too_often" in codes(now)
    [much] = [one["ceiling"] for one in now["reasons"] if one["code"] == "too_often"]
    assert much == {"most": 2, "days": 7, "segment": None}


def test_somebody_of_the_first_tier_hears_offers_more_seldom_than_others(
    agent: Client, system: LocalSystem
) -> None:
    someone, manager = a_customer(agent), Client(system, "manager")
    say(agent, someone, **GIVEN)
    owner = engaged(manager, "Selin Uz")
    a_segment(manager, "Hepsi", 2, owner, is_default=True)
    first = a_segment(manager, "Altın", 1, owner)
    said = {"segment": first, "reason": "of the best"}
    assert manager.post(f"/v1/customers/{someone.id}/care", said).status == 200
    told = {"at": datetime.now(UTC).isoformat(), "direction": "out", "kind": "offer"}
    talk = {**told, "channel": "phone"}
    assert agent.create(f"/v1/customers/{someone.id}/conversations", talk).status == 201
    heard(system)

    now = ask(agent, someone, at=datetime.now(UTC).isoformat())
    seen = agent.get(f"/v1/engagement/silence/{someone.id}").body

    [much] = [one for one in now["reasons"] if one["code"] == "too_often"]
    assert much["ceiling"] == {"most": 1, "days": 7, "segment": "Altın"}
    assert much["detail"].endswith("1 in 7 days is the bound of Altın")
    assert (seen["tier"], seen["floor"], seen["ceilings"][0]) == ("Altın", 45, much["ceiling"])


def test_a_lost_phone_is_not_used(agent: Client, system: LocalSystem) -> None:
    someone, second = a_customer(agent), "+905429990000"
    known = agent.get(f"/v1/customers/{someone.id}")
    points = [
        {"kind": "phone", "value": someone.phone, "state": "lost"},
        {"kind": "phone", "value": second},
    ]
    changed = agent.patch(
        f"/v1/customers/{someone.id}",
        {"contact_points": points},
        **{"If-Match": known.headers["ETag"]},
    )
    assert changed.status == 200, changed.text
    system.settle()

    assert ask(agent, someone, purpose="delivery")["address"]["value"] == second


def test_somebody_who_does_not_exist_is_not_asked_about(agent: Client) -> None:
    body = {"customer_id": "cus_nobody", "channel": "sms", "purpose": "offer", "at": NOON}
    reply = agent.post("/v1/engagement/may-contact", body)

    assert reply.status == 404


def test_two_entries_of_one_person_are_asked_about_together(
    system: LocalSystem, agent: Client
) -> None:
    first, second = a_customer(agent), a_customer(agent)
    say(agent, second, **GIVEN)
    link = {"other_id": second.id, "reason": "she says so"}
    reply = agent.create(f"/v1/customers/{first.id}/links", link)
    assert reply.status == 201, reply.text
    heard(system)

    assert ask(agent, first)["address"]["value"] == second.phone
    service = ask(agent, second, channel="email", purpose="delivery")
    assert service["address"]["value"] == first.email


def test_a_change_that_cannot_be_read_is_told_as_a_failure_once_and_holds_up_nothing(
    system: LocalSystem, iys: Path
) -> None:
    with (iys / "in.jsonl").open("a") as file:
        file.write('{"status": "?", "transactionId": "tx-odd"}\n')

    outcomes = [run(system, "FetchIys") for _ in range(2)]

    assert [one.failed for one in outcomes] == [True, False]


def test_other_services_are_told_how_we_get_on_with_somebody(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    said_at = (datetime.now(UTC) - timedelta(days=200)).isoformat()
    talk = {"at": said_at, "channel": "phone", "direction": "in", "kind": "service"}
    path = f"/v1/customers/{ayse.id}/conversations"
    assert agent.create(path, talk | {"summary": "a word"}).status == 201
    offer = talk | {"direction": "out", "kind": "offer", "summary": "a dryer"}
    assert agent.create(path, offer | {"at": NOW.isoformat()}).status == 201
    say(agent, ayse, **GIVEN)
    say(agent, ayse, **REFUSED)
    say(agent, ayse, **GIVEN, purpose="membership")
    system.settle()

    told = told_of(system, ayse.id)

    assert (told["silence_days"], told["band"]) == (200, "neglected")
    assert [one["channel"] for one in told["offers"]] == ["phone"]
    assert [(one["channel"], one["status"]) for one in told["said"]] == [("MESAJ", "RET")]
    assert told_of(system, "nobody")["silence_days"] is None


def test_what_came_of_an_offer_is_taken_in_once_counted_and_shown(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    shop, offer = Client(system, "integration"), f"off_{ayse.id[-8:]}"
    told = {"customer_id": ayse.id, "offer_id": offer, "medium": "sms", "result": "refused"}
    first = shop.create("/v1/engagement/responses", told, f"res-{ayse.id}")
    again = shop.create("/v1/engagement/responses", told, f"res-{ayse.id}")
    thanks = {"customer_id": ayse.id, "medium": "letter", "result": "thanked"}
    assert agent.create("/v1/engagement/responses", thanks).status == 201
    hindered = {"customer_id": ayse.id, "rule": f"rule.{offer[-8:].lower()}", "words": "too late"}
    assert agent.create("/v1/engagement/frictions", hindered).status == 201
    nothing = agent.create("/v1/engagement/responses", {**told, "offer_id": None})
    system.settle()

    counted = agent.get(f"/v1/engagement/offers/{offer}/responses").body
    listed = agent.get(f"/v1/engagement/responses?customer_id={ayse.id}").body["responses"]
    rules = agent.get("/v1/engagement/frictions/counts").body["rules"]
    words = agent.get(f"/v1/engagement/frictions?rule={hindered['rule']}").body["frictions"]
    seen = told_of(system, ayse.id)

    assert (first.status, again.status, again.body) == (201, 200, first.body)
    assert (nothing.status, nothing.body["errors"][0]["field"]) == (400, "offer_id")
    assert counted["results"] == [{"medium": "sms", "result": "refused", "count": 1}]
    assert [one["result"] for one in listed] == ["thanked", "refused"]
    assert [one["result"] for one in seen["answers"]] == ["thanked", "refused"]
    assert (seen["frictions"], seen["silence_days"]) == (1, 0)
    assert hindered["rule"] in [one["rule"] for one in rules]
    assert [one["words"] for one in words] == ["too late"]


def test_a_new_customer_costs_what_was_spent_on_the_campaign_that_they_name(
    system: LocalSystem, agent: Client
) -> None:
    manager, campaign = Client(system, "manager"), f"launch-{next(_numbers)}"
    for number in range(2):
        body = {"name": f"Ece {'ABC'[number]}l", "heard_from": f"tv:{campaign}"}
        assert agent.create("/v1/customers", body).status == 201
    today = day_in_turkey(datetime.now(UTC))
    spent = {"channel": "tv", "campaign": campaign, "amount": 5_001, "currency": "TRY"}
    taken = manager.create("/v1/engagement/spend", spent | {"day": str(today)})
    refused = manager.create("/v1/engagement/spend", spent | {"day": "2099-01-01"})
    system.settle()

    told = agent.get(f"/v1/engagement/acquisition?month={today:%Y-%m}").body
    [tv] = [one for one in told["channels"] if one["channel"] == "tv"]
    [ours] = [one for one in tv["campaigns"] if one["campaign"] == campaign]

    assert (taken.status, refused.status) == (201, 400)
    assert ours["new_customers"] == 2
    assert ours["cost_of_one"] == [{"amount": 2_501, "currency": "TRY"}]
    assert agent.get("/v1/engagement/acquisition?month=2026-13").status == 400


def test_who_brought_whom_is_said_without_circles_and_ended_once(
    system: LocalSystem, agent: Client, ayse: Someone
) -> None:
    friend = a_customer(agent)
    system.settle()
    said = {"kind": "referred", "reason": "she told us"}
    body = said | {"customer_id": ayse.id, "other_id": friend.id}
    made = agent.create("/v1/engagement/influences", body)
    back = said | {"customer_id": friend.id, "other_id": ayse.id}
    circle = agent.create("/v1/engagement/influences", back)
    stranger = agent.create("/v1/engagement/influences", body | {"other_id": "cus_nobody"})
    told = agent.get(f"/v1/engagement/influences?customer_id={ayse.id}").body["lines"]
    path = f"/v1/engagement/influences/{made.body['influence_id']}/end"
    ends = [agent.post(path, {"reason": reason}).status for reason in ("no", "no", "other")]

    assert (made.status, circle.status, stranger.status) == (201, 409, 404)
    [referred] = [one for one in told if one["kind"] == "referred"]
    assert [one["customer_id"] for one in referred["below"]] == [friend.id]
    assert (referred["value"], referred["is_all"]) == ([], True)
    assert ends == [200, 200, 409]
    assert agent.create("/v1/engagement/influences", back).status == 201


def told_of(system: LocalSystem, customer_id: str) -> Any:
    """What `summary` tells the view."""
    agent = {"subject": "s", "client_id": "view", "roles": ["agent"], "customer_id": None}
    request = {
        "ids": [customer_id],
        "caller": agent | {"grounds": {"reason": "case", "reference": None}},
        "parts": ["engagement"],
        "deadline_ms": 1500,
        "correlation_id": "request-12345678",
    }
    [described] = [one for one in system.world.services if one.name == "engagement"]
    name = described.function("Summary").name
    outcome = system.functions.invoke(name, json.dumps(request).encode())
    return outcome.answer()["customers"][customer_id]["parts"]["engagement"]
