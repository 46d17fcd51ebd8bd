"""The service through its front door: what is new of customers, and what was talked about."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.core.exceptions import JsonRESTError
from moto.kms.models import KmsBackend

from infra.local.engines.moto import MotoEngine
from infra.local.system import LocalSystem, Settings
from tests.client import Client
from tests.pace import BRISK

HOME = {"lines": "Moda Cad. 1/3", "district": "Kadıköy", "city": "İstanbul"}
TALK = {
    "at": "2026-03-01T15:00:00+03:00",
    "channel": "phone",
    "direction": "in",
    "kind": "service",
    "with": "Deniz",
    "summary": "asked when the technician comes",
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    state = tmp_path_factory.mktemp("state")
    settings = Settings(pace=BRISK)
    with LocalSystem(MotoEngine(), ("customer",), state_dir=state, settings=settings) as running:
        yield running


def a_customer(agent: Client, **particulars: Any) -> str:
    created = agent.create("/v1/customers", {"name": "Ayşe Işık"} | particulars)
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def test_a_customer_is_known_by_anything_but_not_by_nothing(agent: Client) -> None:
    nameless = agent.create("/v1/customers", {"external_ids": ["web:77"]})
    nobody = agent.create("/v1/customers", {"addresses": [HOME]})

    assert (nameless.status, nameless.body["name"]) == (201, None)
    assert nobody.status == 400
    assert "a name, a contact point or an external id" in nobody.body["detail"]


def test_a_customer_of_long_standing_is_one_since_then_with_their_addresses(
    agent: Client,
) -> None:
    told = {"addresses": [HOME], "heard_from": "a friend", "since": "2019-05-01T03:00:00+03:00"}

    customer = agent.get(f"/v1/customers/{a_customer(agent, **told)}").body

    assert customer["since"] == "2019-05-01T00:00:00Z"
    assert customer["addresses"] == [HOME | {"postal_code": None, "country": "TR"}]
    assert (customer["heard_from"], customer["lost_to"]) == ("a friend", None)


def test_addresses_are_replaced_as_a_whole_and_what_is_left_out_stays(agent: Client) -> None:
    path = f"/v1/customers/{a_customer(agent, addresses=[HOME], heard_from='a friend')}"
    at_first = {"If-Match": '"1"'}

    moved = agent.patch(path, {"addresses": [{"city": "Ankara"}], "lost_to": "B"}, **at_first)
    flawed = agent.patch(path, {"addresses": [{"country": "TR"}]}, **at_first)

    assert [one["city"] for one in moved.body["addresses"]] == ["Ankara"]
    assert (moved.body["heard_from"], moved.body["lost_to"]) == ("a friend", "B")
    assert flawed.status == 400
    assert flawed.body["errors"][0]["field"] == "addresses.0"


def test_a_tax_number_goes_in_whole_and_comes_out_with_its_end_alone(agent: Client) -> None:
    told = {"tax_ids": [{"scheme": "TCKN", "value": "172 917 160 60"}], "birth_date": "1977-03-14"}
    path = f"/v1/customers/{a_customer(agent, **told)}"

    kept = agent.get(path)
    keep_and_add = [{"scheme": "VKN", "value": "4540536920"}, {"scheme": "TCKN"}]
    both = agent.patch(path, {"tax_ids": keep_and_add}, **{"If-Match": '"1"'})
    again = agent.patch(path, {"tax_ids": keep_and_add}, **{"If-Match": '"2"'})
    none = agent.patch(path, {"tax_ids": [], "birth_date": "1977-03-15"}, **{"If-Match": '"2"'})

    tckn, vkn = {"scheme": "TCKN", "ends_with": "60"}, {"scheme": "VKN", "ends_with": "20"}
    assert (kept.body["tax_ids"], kept.body["birth_date"]) == ([tckn], "1977-03-14")
    assert (both.body["tax_ids"], both.body["version"]) == ([tckn, vkn], 2)
    assert (again.body["tax_ids"], again.body["version"]) == ([tckn, vkn], 2)
    assert (none.body["tax_ids"], none.body["birth_date"]) == ([], "1977-03-15")


def test_two_entries_of_one_person_are_found_by_their_number(agent: Client) -> None:
    told = {"tax_ids": [{"scheme": "VKN", "value": "4540536920"}]}
    one = a_customer(agent, **told)
    known = {"tax_id": "4540536920"}

    alone = agent.post("/v1/customers/recognition", known).body
    other = a_customer(agent, **told)
    shared = agent.post("/v1/customers/recognition", known).body
    found = agent.post("/v1/customers/lookup", known).body["customers"]

    assert (alone["outcome"], alone["persons"][0]["strength"]) == ("recognised", "strong")
    assert alone["persons"][0]["evidence"] == ["tax_id"]
    assert shared["outcome"] == "candidates"
    assert {one["customer_id"] for one in found} == {one, other}


def test_whoever_issues_the_invoice_sees_the_number_and_is_recorded(
    system: LocalSystem, agent: Client
) -> None:
    told = {"tax_ids": [{"scheme": "TCKN", "value": "17291716060"}]}
    path = f"/v1/customers/{a_customer(agent, **told)}"
    erp = Client(system, "integration")

    seen = erp.post(f"{path}/tax-ids/reveal", {"scheme": "TCKN", "reason": "invoice"})

    assert (seen.status, seen.body) == (200, {"scheme": "TCKN", "value": "17291716060"})
    assert seen.headers["Cache-Control"] == "no-store"
    assert (seen.headers["ETag"], agent.get(path).body["version"]) == ('"2"', 2)


def test_while_the_key_is_disabled_numbers_are_neither_kept_nor_shown_and_all_else_goes_on(
    system: LocalSystem, agent: Client
) -> None:
    def disabled(*_: object, **__: object) -> None:  # moto lets a disabled key work on
        raise JsonRESTError("DisabledException", "the key is disabled")

    # A number that no other test has: they would be linked while this one still speaks.
    told = {"tax_ids": [{"scheme": "TCKN", "value": "10000000146"}]}
    path = f"/v1/customers/{a_customer(agent, **told)}"
    at_first = {"If-Match": '"1"'}
    erp = Client(system, "integration")
    new = {"tax_ids": [{"scheme": "VKN", "value": "4540536920"}], "name": "Ayşe Ak"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KmsBackend, "encrypt", disabled)
        patch.setattr(KmsBackend, "decrypt", disabled)
        refused = [
            agent.create("/v1/customers", {"name": "Can Ak"} | told, key="while-disabled"),
            agent.patch(path, new, **at_first),
            erp.post(f"{path}/tax-ids/reveal", {"scheme": "TCKN", "reason": "invoice"}),
        ]
        same = agent.patch(path, told | {"lost_to": "B"}, **at_first)

    for one in refused:
        assert (one.status, one.headers["Retry-After"]) == (503, "30"), one.text
        assert "nothing was changed" in one.body["detail"]
    assert (same.status, same.body["version"], same.body["name"]) == (200, 2, "Ayşe Işık")
    again = agent.create("/v1/customers", {"name": "Can Ak"} | told, key="while-disabled")
    assert again.status == 201


def test_what_was_talked_about_is_recorded_once_and_listed_the_newest_first(
    system: LocalSystem, agent: Client
) -> None:
    path = f"/v1/customers/{a_customer(agent)}/conversations"
    first, again = (agent.create(path, TALK, key="talk-once") for _ in range(2))
    for day in (2, 3):
        agent.create(path, TALK | {"at": f"2026-03-0{day}T12:00:00Z", "summary": f"day {day}"})
    system.settle()

    page = agent.get(f"{path}?limit=2").body
    rest = agent.get(f"{path}?limit=2&cursor={page['cursor']}").body

    assert (first.status, again.status) == (201, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [one["summary"] for one in page["conversations"]] == ["day 3", "day 2"]
    assert rest == {"conversations": [first.body], "cursor": None}
    assert first.body == again.body
    assert first.body | TALK == first.body | {"at": TALK["at"]}
    assert first.body["at"] == "2026-03-01T12:00:00Z"


def test_a_promise_is_given_with_a_talk_and_kept_once(system: LocalSystem, agent: Client) -> None:
    path = f"/v1/customers/{a_customer(agent)}/conversations"
    promise = {"what": "we call", "by": "Technicians", "due": "2026-03-04T20:59:59Z"}
    given = agent.create(path, TALK | {"promise": promise})
    keep = f"{path}/{given.body['conversation_id']}/keep"

    kept = agent.post(keep, {"at": "2026-03-03T10:00:00+03:00"})
    again = agent.post(keep, {})
    system.settle()

    assert given.body["promise"] == promise | {"kept_at": None}
    assert kept.body["promise"] == promise | {"kept_at": "2026-03-03T07:00:00Z"}
    assert (kept.status, again.status) == (200, 200)
    assert (kept.headers["ETag"], kept.body) == (again.headers["ETag"], again.body)
    assert agent.get(path).body["conversations"] == [kept.body]


def test_a_cursor_of_one_customers_talks_opens_no_others(
    system: LocalSystem, agent: Client
) -> None:
    one, other = (f"/v1/customers/{a_customer(agent)}/conversations" for _ in range(2))
    for n in range(2):
        agent.create(one, TALK | {"summary": str(n)})
    system.settle()
    cursor = agent.get(f"{one}?limit=1").body["cursor"]

    assert agent.get(f"{other}?limit=1&cursor={cursor}").status == 400


def test_who_talked_with_somebody_and_how_they_were_verified_is_listed_the_newest_first(
    system: LocalSystem, agent: Client
) -> None:
    told = {"addresses": [HOME], "external_ids": ["shop:900"]}
    path = f"/v1/customers/{a_customer(agent, **told)}/sessions"
    body = {"channel": "call", "call_id": "c-1", "recognised_by": ["name", "district"]}
    first, second = (agent.create(path, body).body["session_id"] for _ in range(2))
    agent.post(f"{path}/{first}/verification", {"facts": {"external_id": "1", "street": "moda"}})
    agent.post(
        f"{path}/{first}/verification", {"facts": {"external_id": "900", "email": "a@b.co"}}
    )
    ended = agent.post(f"{path}/{second}/end", {})
    again = agent.post(f"{path}/{second}/end", {})
    system.settle()
    manager = Client(system, "manager")

    page = manager.get(f"{path}?limit=1").body
    rest = manager.get(f"{path}?limit=1&cursor={page['cursor']}").body

    assert (ended.status, ended.body) == (200, again.body)
    [newest], [eldest] = page["sessions"], rest["sessions"]
    assert (newest["session_id"], newest["ended_at"]) == (second, newest["until"])
    assert newest["ended_at"] == ended.body["over_since"]
    assert (eldest["session_id"], eldest["ended_at"]) == (first, None)
    assert (eldest["wrong"], eldest["verified_at"], eldest["verified_by"]) == (2, None, [])
    assert (eldest["channel"], eldest["call_id"], eldest["codes"]) == ("call", "c-1", 0)
    assert eldest["held_by"] == newest["held_by"]
    assert agent.get(path).status == 403
    assert agent.get(f"{path}/{second}").status == 409
    assert agent.get(f"{path}/{first}").status == 200


def test_what_is_said_of_customers_is_not_for_customers_and_nobody_talks_with_nobody(
    system: LocalSystem, agent: Client
) -> None:
    customer_id = a_customer(agent)
    path = f"/v1/customers/{customer_id}/conversations"
    herself = Client(system, "customer", customer_id)

    assert herself.get(path).status == herself.create(path, TALK).status == 403
    assert agent.create("/v1/customers/cus_nobody/conversations", TALK).status == 404
    assert agent.get("/v1/customers/cus_nobody/conversations").status == 404
