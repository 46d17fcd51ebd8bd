"""Whoever picks up the phone has a number, an e-mail or an order number, and wants the person."""

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

HOME = {"kind": "phone", "value": "0212 555 44 33"}


def a_customer(agent: Client, **particulars: object) -> str:
    created = agent.create("/v1/customers", particulars)
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def test_one_who_fits_is_seen_at_once(system: LocalSystem, agent: Client) -> None:
    merve = a_customer(
        agent,
        name="Merve Çelik",
        contact_points=[{"kind": "email", "value": "Merve@Example.com"}],
        external_ids=["shop:merve"],
    )
    line = {"product": "iron", "quantity": 1, "unit_price": 89_900, "kdv_class": "general"}
    agent.create(
        "/v1/orders", {"customer_id": merve, "external_id": "web-merve-1", "lines": [line]}
    )
    system.settle()

    for asked in (
        {"email": "merve@example.com"},
        {"external_id": "shop:merve"},
        {"order_id": "web-merve-1"},
    ):
        seen = agent.post("/v1/view/lookup", asked)
        assert seen.status == 200
        assert seen.body["customer_id"] == merve
        assert seen.body["orders"]["data"]["count"] == 1


def test_who_has_the_look_already_is_told_so_until_something_happens(
    system: LocalSystem, agent: Client
) -> None:
    path = f"/v1/view/customers/{a_customer(agent, name='Deniz Ak')}"
    system.settle()

    first = agent.get(path)
    again = agent.get(path, **{"If-None-Match": first.headers["ETag"]})
    agent.create("/v1/complaints", {"customer_id": path.rpartition("/")[2], "title": "late"})
    system.settle()
    changed = agent.get(path, **{"If-None-Match": first.headers["ETag"]})

    assert (first.status, again.status, changed.status) == (200, 304, 200)
    assert (again.text, again.headers["ETag"]) == ("", first.headers["ETag"])
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_department_sees_by_its_view_and_who_looked_is_listed_with_it(
    system: LocalSystem, agent: Client
) -> None:
    yeter = a_customer(agent, name="Yeter Kaya")
    line = {"product": "iron", "quantity": 1, "unit_price": 918_273_600, "kdv_class": "general"}
    agent.create("/v1/orders", {"customer_id": yeter, "lines": [line]})
    system.settle()
    technician = Client(system, "agent", department="field_service", subject="usta")
    path = f"/v1/view/customers/{yeter}"

    whole, seen = agent.get(path), technician.get(path, **{"Sahip-Reason": "visit; jira-12"})
    found = technician.get(path, **{"If-None-Match": whole.headers["ETag"]})
    again = technician.get(path, **{"If-None-Match": seen.headers["ETag"]})

    assert (found.status, again.status) == (200, 304)
    assert "918273600" in whole.text
    assert "918273600" not in seen.text
    assert seen.body["seen_by"]["view"] == "field_service"
    assert seen.body["payment_light"]["light"] == "amber"
    states = [
        [(one["fact"], one["state"]) for one in each.body["facts"]] for each in (whole, seen)
    ]
    assert states[0] == states[1]
    assert len(states[0]) == 9
    looks = Client(system, "manager").get(f"{path}/looks").body["looks"]
    assert [(one["department"], one["view"], one["reason"]) for one in looks] == [
        ("field_service", "field_service", "case"),
        ("field_service", "field_service", "case"),
        ("field_service", "field_service", "visit"),
        (None, "whole", "case"),
    ]
    assert {(one["by"], one["reference"]) for one in looks[:3]} == {
        ("usta", None),
        ("usta", "jira-12"),
    }


def test_a_shared_phone_gives_candidates_until_they_are_one_person(
    system: LocalSystem, agent: Client
) -> None:
    address = {"district": "Kadıköy", "city": "İstanbul"}
    elif_, zeynep = (
        a_customer(agent, name=name, contact_points=[HOME], addresses=[address])
        for name in ("Elif Kaya", "Zeynep Kaya")
    )

    shared = agent.post("/v1/view/lookup", {"phone": "+902125554433"}).body

    assert {(one["customer_id"], one["display_name"]) for one in shared["candidates"]} == {
        (elif_, "Elif Kaya"),
        (zeynep, "Zeynep Kaya"),
    }
    assert {one["district"] for one in shared["candidates"]} == {"Kadıköy"}

    agent.create(f"/v1/customers/{elif_}/links", {"other_id": zeynep, "reason": "one person"})
    system.settle()

    assert agent.post("/v1/view/lookup", {"phone": "0212 5554433"}).body["complete"]


@pytest.mark.parametrize(
    "asked", [{"phone": "0532 000 11 22"}, {"phone": "12"}, {"order_id": "never-was"}]
)
def test_nobody_is_told_as_nobody(agent: Client, asked: dict[str, str]) -> None:
    nobody = agent.post("/v1/view/lookup", asked)

    assert nobody.status == 404
    assert "nobody is known" in nobody.body["detail"]


def test_what_was_talked_about_is_seen(system: LocalSystem, agent: Client) -> None:
    can = a_customer(agent, name="Can")
    talk = {
        "at": "2026-11-20T14:05:00+03:00",
        "channel": "phone",
        "with": "Deniz",
        "direction": "in",
        "kind": "service",
        "summary": "asked when the technician comes",
    }
    held = agent.create(f"/v1/customers/{can}/conversations", talk)
    assert held.status == 201
    system.settle()

    seen = agent.get(f"/v1/view/customers/{can}").body["conversations"]["data"]

    told = {**talk, "at": "2026-11-20T11:05:00Z", "promise": None}
    told["conversation_id"] = held.body["conversation_id"]
    assert seen == {"count": 1, "recent": [told], "open_promises": 0, "promises": []}
    listed = agent.get(f"/v1/customers/{can}/conversations").body["conversations"]
    assert [one["summary"] for one in listed] == ["asked when the technician comes"]
