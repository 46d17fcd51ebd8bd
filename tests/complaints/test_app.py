"""The service through its front door: HTTP as people and machines use it, and its functions."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.system import LocalSystem, Settings
from shared.access import Caller, Role
from shared.grounds import Reason
from tests.client import Client, Reply
from tests.pace import BRISK

AMENDS = {
    "what": "a new one",
    "by_when": (datetime.now(UTC) + timedelta(days=9)).date().isoformat(),
    "worth": {"amount": 24_950},
}
SORRY = "We are sorry that this happened to you."
OURS = {"text": "We send another.", "fault": "ours", "apology": SORRY, "amends": AMENDS}
MONTHS_AGO = "2026-01-05T10:00:00Z"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    state = tmp_path_factory.mktemp("state")
    settings = Settings(pace=BRISK)
    with LocalSystem(MotoEngine(), ("complaints",), state_dir=state, settings=settings) as running:
        yield running


@pytest.fixture
def agent(system: LocalSystem) -> Client:
    return Client(system, "agent")


@pytest.fixture
def shop(system: LocalSystem) -> Client:
    """Another system."""
    return Client(system, "integration")


def told(client: Client, customer_id: str, **particulars: Any) -> Any:
    reply = client.create("/v1/complaints", {"customer_id": customer_id, **particulars})
    assert reply.status == 201, reply.text
    return reply.body


def do(client: Client, complaint: Any, move: str, body: Any | None = None) -> Reply:
    return client.post(f"/v1/complaints/{complaint['complaint_id']}/{move}", body or {})


def late_ids(client: Client, **headers: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        behind = f"&cursor={cursor}" if cursor else ""
        page = client.get(f"/v1/complaints?late=true&limit=2{behind}", **headers).body
        found += [one["complaint_id"] for one in page["complaints"]]
        cursor = page["cursor"]
    return found


def test_trouble_of_any_kind_is_taken_in_with_nothing_but_the_customer(agent: Client) -> None:
    complaint = told(agent, "cus_any")

    assert complaint["kind"] == "other"
    assert complaint["status"] == "open"
    assert complaint["first_owner"] == complaint["owner"] is not None
    assert complaint["waits_for"] == "answer"
    read = agent.get(f"/v1/complaints/{complaint['complaint_id']}")
    assert read.body == complaint
    assert read.headers["ETag"] == '"1"'


def test_a_request_that_comes_again_finds_the_complaint_as_it_stands(agent: Client) -> None:
    body = {"customer_id": "cus_again", "text": "It does not spin."}
    first = agent.create("/v1/complaints", body, key="again")
    do(agent, first.body, "answer", {"text": "We look into it."})

    again = agent.create("/v1/complaints", body, key="again")

    assert (first.status, again.status) == (201, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body["version"] == 2


def test_a_fault_of_ours_goes_from_telling_to_content_and_is_reopened_by_one_word(
    system: LocalSystem, agent: Client
) -> None:
    herself = Client(system, "customer", "cus_way")
    complaint = told(agent, "cus_way", kind="product", title="Broken", order_id="ord_1")

    refused = do(agent, complaint, "propose", {"text": "We send another.", "fault": "ours"})
    assert refused.status == 400
    assert refused.body["errors"][0]["field"] == "apology"
    assert do(agent, complaint, "propose", OURS).body["status"] == "proposed"

    resolved = do(herself, complaint, "accept", {"word": "Thank you."})
    assert resolved.body["acceptance"]["word_of"] == "customer"
    assert (resolved.body["status"], resolved.body["due_at"]) == ("resolved", None)

    reopened = do(herself, complaint, "reopen", {"word": "Broken again."})
    assert reopened.body["status"] == "open"
    assert reopened.body["waits_for"] == "resolution"


def test_the_desk_may_bring_the_customers_word(agent: Client) -> None:
    complaint = told(agent, "cus_word")
    do(agent, complaint, "propose", {"text": "It works like this.", "fault": "not_ours"})

    accepted = do(agent, complaint, "accept")

    assert accepted.body["acceptance"]["word_of"] == "desk"


def test_a_refused_move_names_the_legal_ones(agent: Client) -> None:
    complaint = told(agent, "cus_moves")

    refused = do(agent, complaint, "accept")

    assert refused.status == 409
    assert refused.body["legal_moves"] == ["answer", "hand-over", "help", "propose"]


def test_a_complaint_is_handed_over_with_a_reason_and_help_leaves_its_owner(agent: Client) -> None:
    complaint = told(agent, "cus_hand")
    helped = do(agent, complaint, "help", {"of": "stores", "what": "Is there another one?"})
    moved = do(agent, complaint, "hand-over", {"to": "agent-2", "reason": "customer_consents"})

    assert helped.body["owner"] == complaint["owner"]
    assert moved.body["owner"] == "agent-2"
    assert moved.body["first_owner"] == complaint["owner"]
    assert moved.body["hand_over_count"] == 1
    assert do(agent, complaint, "hand-over", {"to": "agent-3", "reason": "other"}).status == 400


def test_a_change_may_name_the_version_it_is_about(agent: Client) -> None:
    complaint = told(agent, "cus_version")
    path = f"/v1/complaints/{complaint['complaint_id']}/answer"
    agent.post(path, {"text": "We look into it."}, **{"If-Match": '"1"'})

    assert agent.post(path, {"text": "Send it back."}, **{"If-Match": '"1"'}).status == 412


def test_customers_complain_for_themselves_alone_and_are_spared_our_inner_life(
    system: LocalSystem, agent: Client
) -> None:
    herself, stranger = Client(system, "customer", "cus_own"), Client(system, "customer", "cus_x")
    complaint = told(herself, "cus_own", text="The parcel was open.")
    assert complaint["owner"] is None

    answered = do(agent, complaint, "answer", {"text": "Sorry.", "apology": SORRY})
    assert answered.body["first_owner"] is not None
    do(agent, complaint, "hand-over", {"to": "agent-2", "reason": "legal"})
    do(agent, complaint, "propose", OURS | {"fault": "partner"})

    seen = herself.get(f"/v1/complaints/{complaint['complaint_id']}").body
    assert (seen["fault"], seen["hand_overs"], seen["hand_over_count"]) == ("ours", [], 1)
    assert agent.get(f"/v1/complaints/{complaint['complaint_id']}").body["fault"] == "partner"

    assert stranger.get(f"/v1/complaints/{complaint['complaint_id']}").status == 404
    assert stranger.get("/v1/complaints?customer_id=cus_own").status == 404
    assert stranger.create("/v1/complaints", {"customer_id": "cus_own"}).status == 404
    found_by = {"kind": "phone", "shared": True}
    said = herself.create("/v1/complaints", {"customer_id": "cus_own", "found_by": found_by})
    assert (said.status, "known by your own id" in said.text) == (400, True)
    assert do(stranger, complaint, "accept").status == 404
    assert do(herself, complaint, "answer", {"text": "I answer myself."}).status == 403
    assert herself.get("/v1/complaints?late=true").status == 403


def test_only_integrations_bring_history_and_customers_do_not_judge(
    system: LocalSystem, agent: Client, shop: Client
) -> None:
    brought = told(shop, "cus_past", opened_at=MONTHS_AGO, first_owner="agent-9", title="")
    unheard = told(shop, "cus_past")
    herself = Client(system, "customer", "cus_past")

    assert brought["opened_at"] == MONTHS_AGO
    assert (brought["first_owner"], brought["late"]) == ("agent-9", True)
    assert unheard["first_owner"] is None
    for client, flaw in [
        (agent, {"opened_at": MONTHS_AGO}),
        (agent, {"first_owner": "agent-9"}),
        (herself, {"fault": "ours"}),
        (shop, {"opened_at": "2999-01-01T00:00:00Z"}),
    ]:
        refused = client.create("/v1/complaints", {"customer_id": "cus_past"} | flaw)
        assert refused.status == 400
        assert refused.body["errors"][0]["field"] in flaw


def test_late_ones_are_listed_over_all_customers_until_they_are_resolved(
    system: LocalSystem, agent: Client, shop: Client
) -> None:
    old = [
        told(shop, f"cus_late{n}", opened_at=f"2025-11-0{n}T10:00:00Z", title=f"No. {n}")
        for n in (3, 4, 5)
    ]
    fresh = told(agent, "cus_late3")
    system.settle()
    in_time_order = [one["complaint_id"] for one in old]

    found = late_ids(agent)
    assert found[:3] == in_time_order
    assert fresh["complaint_id"] not in found

    do(agent, old[0], "propose", {"text": "It works like this.", "fault": "not_ours"})
    do(agent, old[0], "accept")
    system.settle()
    assert late_ids(agent)[:2] == in_time_order[1:]

    row = agent.get("/v1/complaints?late=true&limit=1").body["complaints"][0]
    assert (row["title"], row["waits_for"], row["late"]) == ("No. 4", "answer", True)


def test_a_customers_complaints_are_listed_page_by_page(
    system: LocalSystem, agent: Client
) -> None:
    ids = [told(agent, "cus_pages")["complaint_id"] for _ in range(3)]
    system.settle()

    first = agent.get("/v1/complaints?customer_id=cus_pages&limit=2").body
    second = agent.get(f"/v1/complaints?customer_id=cus_pages&cursor={first['cursor']}").body

    assert [one["complaint_id"] for one in first["complaints"] + second["complaints"]] == ids[::-1]
    assert second["cursor"] is None
    mixed = agent.get(f"/v1/complaints?late=true&cursor={first['cursor']}")
    assert mixed.status == 400


@pytest.mark.parametrize("query", ["", "?late=false", "?late=true&customer_id=cus_1"])
def test_a_list_is_either_of_a_customer_or_of_the_late_ones(agent: Client, query: str) -> None:
    refused = agent.get(f"/v1/complaints{query}")

    assert refused.status == 400
    assert "either" in refused.body["detail"]


def test_the_view_is_told_what_its_caller_may_see(system: LocalSystem, agent: Client) -> None:
    complaint = told(agent, "cus_sum", title="Broken")
    system.settle()

    def ask(**claims: Any) -> Any:
        caller = Caller(subject="s", client_id="c", **claims).document()
        question = {
            "ids": ["cus_sum"],
            "caller": caller,
            "parts": ["complaints"],
            "deadline_ms": 1000,
            "correlation_id": "a-question",
        }
        name = system.world.services[0].function("Summary").name
        outcome = system.functions.invoke(name, json.dumps(question).encode())
        return json.loads(outcome.payload)["customers"]

    for_staff = ask(roles=frozenset({Role.AGENT}), grounds=Reason(code="case"))
    for_stranger = ask(roles=frozenset({Role.CUSTOMER}), customer_id="cus_x")

    part = for_staff["cus_sum"]["parts"]["complaints"]
    assert (part["count"], part["open_count"]) == (1, 1)
    told_of = ("complaint_id", "opened_at", "title", "owner", "seriousness", "due_at")
    assert part["open"] == [{name: complaint[name] for name in told_of}]
    assert for_stranger == {}


def test_a_reconciliation_says_everything_again_and_changes_no_count(
    system: LocalSystem, agent: Client
) -> None:
    complaint = told(agent, "cus_rec")
    do(agent, complaint, "answer", {"text": "We look into it."})
    system.settle()
    before = agent.get("/v1/complaints?customer_id=cus_rec").body, late_ids(agent)

    name = system.world.services[0].function("Reconcile").name
    outcome = system.functions.invoke(name, b'{"hours": 1}')
    system.settle()

    assert json.loads(outcome.payload)["events"] >= 2
    assert (agent.get("/v1/complaints?customer_id=cus_rec").body, late_ids(agent)) == before


def test_the_api_describes_itself(system: LocalSystem, agent: Client) -> None:
    paths = agent.get("/v1/complaints/openapi.json").body["paths"]

    assert set(paths) == {
        "/v1/complaints",
        "/v1/complaints/{complaint_id}",
        *(
            f"/v1/complaints/{{complaint_id}}/{move}"
            for move in ("answer", "hand-over", "help", "propose", "accept", "reopen", "attribute")
        ),
    }
    assert not any("delete" in methods for methods in paths.values())
