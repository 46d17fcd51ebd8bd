"""Nobody is forgotten: who has had no word for long is on their owner's list, which says why."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from infra.local.system import LocalSystem
from tests.client import Client
from tests.journeys.test_owners import STAFF, a_segment, engaged
from tests.journeys.test_verifying import a_customer

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Company:
    """Selin owns Nazlı, Can owned Ela and has left, and Cem owns everybody else."""

    selin: str
    can: str
    cem: str
    nazli: str
    ela: str
    deniz: str  # with whom there was a word last week


@pytest.fixture(scope="module")
def company(system: LocalSystem) -> Company:
    """With the lists of the day made. They are made once a day, so all stories begin here."""
    agent, manager = Client(system, "agent"), Client(system, "manager")
    names = ("Selin Ak", "Can Tan", "Cem Oğuz", "Derya Ünlü")
    selin, can, cem, derya = (engaged(manager, name) for name in names)
    # Of who comes from other stories, somebody else takes care.
    a_segment(manager, "Hepsi", 652, derya, is_default=True)
    hers = a_segment(manager, "Sessizler", 653, cem)
    nazli, ela, deniz = (
        a_customer(agent, name) for name in ("Nazlı Çınar", "Ela Işın", "Deniz Ay")
    )
    for customer, said in ((nazli, {"owner": selin}), (ela, {"owner": can, "segment": hers})):
        body = {**said, "reason": "knows them"}
        assert manager.post(f"/v1/customers/{customer}/care", body).status == 200
    assert manager.post(f"{STAFF}/{can}/leave", {}).status == 200
    talked(agent, nazli, days=372)
    talked(agent, nazli, days=20, direction="out", kind="offer")
    talked(agent, ela, days=200)
    talked(agent, deniz, days=7)
    make_lists(system)
    return Company(selin=selin, can=can, cem=cem, nazli=nazli, ela=ela, deniz=deniz)


def talked(agent: Client, customer: str, *, days: int = 0, **told: str) -> None:
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    body = {
        "at": at,
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "summary": "a word",
    }
    reply = agent.create(f"/v1/customers/{customer}/conversations", body | told)
    assert reply.status == 201, reply.text


def make_lists(system: LocalSystem) -> None:
    """As the schedule does, as soon as all is heard."""
    system.settle()
    [described] = [one for one in system.world.services if one.name == "engagement"]
    outcome = system.functions.invoke(described.function("ListForgotten").name, b"{}")
    assert not outcome.failed, outcome


def list_of(client: Client, owner: str | None = None) -> Any:
    reply = client.get(f"/v1/engagement/forgotten{f'?owner={owner}' if owner else ''}")
    assert reply.status == 200, reply.text
    return reply.body


def may_offer(agent: Client, customer: str) -> list[str]:
    body = {"customer_id": customer, "channel": "sms", "purpose": "offer"}
    told = agent.post("/v1/engagement/may-contact", body).body
    return [one["code"] for one in told["reasons"]]


def test_who_was_forgotten_for_a_year_is_on_the_owners_list_until_somebody_is_of_use_to_them(
    system: LocalSystem, agent: Client, company: Company
) -> None:
    selin = Client(system, "owner", subject=str(uuid5(NAMESPACE_URL, "Selin Ak")))

    mine = list_of(selin)
    [call] = mine["calls"]

    assert (mine["owner"], mine["is_complete"], mine["count"]) == (company.selin, True, 1)
    assert (call["customer_id"], call["days"], call["band"]) == (company.nazli, 372, "forgotten")
    assert [(one["code"], one["found"]) for one in call["reasons"]] == [
        ("silence", 372),
        ("no_contact_by_us", 372),
        ("only_offers", 372),
    ]
    assert call["points"] == sum(one["points"] for one in call["reasons"])
    assert call["reasons"][0]["detail"].startswith("372 days without a word")
    assert list_of(agent, company.selin)["calls"] == mine["calls"]

    # She is sold something all the same: after two offers in a week the third is too much, and she
    # is as forgotten as before.
    for _ in range(2):
        talked(agent, company.nazli, direction="out", kind="offer")
    system.settle()
    assert "too_often" in may_offer(agent, company.nazli)
    assert [one["customer_id"] for one in list_of(selin)["calls"]] == [company.nazli]

    seen = agent.get(f"/v1/view/customers/{company.nazli}").body["engagement"]
    assert (seen["status"], seen["data"]["silence_days"]) == ("fresh", 372)
    assert [one["channel"] for one in seen["data"]["offers"]] == ["phone"] * 3
    herself = Client(system, "customer", company.nazli)
    assert herself.get(f"/v1/view/customers/{company.nazli}").body["engagement"] is None

    talked(agent, company.nazli, direction="out", kind="value")
    system.settle()
    assert list_of(selin)["calls"] == []
    now = agent.get(f"/v1/engagement/silence/{company.nazli}").body
    assert (now["days"], now["points"], now["band"]) == (0, 0, "cared_for")


def test_who_takes_a_leavers_place_has_the_leavers_customers_on_the_list(
    agent: Client, company: Company
) -> None:
    [call] = list_of(agent, company.cem)["calls"]

    assert (call["customer_id"], call["days"]) == (company.ela, 200)
    assert (call["owner"], call["acting_as"]) == (company.can, "segment_owner")
    assert list_of(agent, company.can)["calls"] == []
    assert list_of(agent)["owner"] is None
