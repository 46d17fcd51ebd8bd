"""People linked and parted, by us and by the system, while things come in between: all is kept."""

import json
from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import boto3
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

LINE = {"product": "washer", "quantity": 1, "unit_price": 100, "kdv_class": "general"}
_numbers = count(1)

WHO = st.sampled_from("abc")
STEP = st.one_of(
    st.tuples(st.just("link"), WHO, WHO),
    st.tuples(st.just("end"), WHO, st.integers(0, 1)),
    st.tuples(st.sampled_from(["order", "complaint", "rename"]), WHO, st.none()),
    st.tuples(st.sampled_from(["web order", "registration"]), WHO, st.none()),
    st.tuples(st.sampled_from(["call", "settle"]), st.none(), st.none()),
)


class Household:
    """Two entries of one person, whom the system finds, and her sister, with one phone at home."""

    def __init__(self, system: LocalSystem, agent: Client) -> None:
        self._system, self._agent = system, agent
        number = next(_numbers)
        # Nobody of one household may resemble anybody of another.
        digits = str(uuid4().int)[:10]
        letters = "".join("bcdfghklmp"[int(one)] + "aeiou"[int(one) % 5] for one in digits)
        self._born = f"{1940 + number}-{1 + number % 12:02}-{1 + number % 28:02}"
        self._district = letters.title()
        self._phone = {"kind": "phone", "value": f"0216 44{number % 10} {number + 1000}"}
        self._names = {
            "a": f"Zübeyde {letters}oğlu",
            "b": f"ZUBEYDE {letters}oğlu",
            "c": f"Melahat {letters}oğlu",
        }
        self.ids = {one: self._create(one, number) for one in "abc"}
        self.made: set[str] = set()  # orders and complaints by the id of whose they are

    def _create(self, one: str, number: int) -> str:
        particulars: dict[str, Any] = {}
        if one != "c":
            mail = {"kind": "email", "value": f"zubeyde{number}@example.com"}
            home = {"lines": f"{self._district} Cad. {number}", "district": self._district}
            particulars = {"birth_date": self._born, "addresses": [home]}
            points = [self._phone, mail]
        else:
            points = [self._phone]
        body = {"name": self._names[one], "contact_points": points, **particulars}
        return str(self._agent.create("/v1/customers", body).body["customer_id"])

    def take(self, step: tuple[str, Any, Any]) -> None:
        what, one, other = step
        getattr(self, f"_{what.replace(' ', '_')}")(one, other)

    def _link(self, one: str, other: str) -> None:
        body = {"other_id": self.ids[other], "reason": "they say so"}
        linked = self._agent.create(f"/v1/customers/{self.ids[one]}/links", body)
        assert linked.status in ((400,) if one == other else (200, 201, 409)), linked.text

    def _end(self, one: str, place: int) -> None:
        for link in self.links(self.ids[one])[place : place + 1]:
            self._end_link(link)

    def _end_link(self, link: Any) -> None:
        path = f"/v1/customers/{link['asked'][0]}/links/{link['link_id']}/end"
        ended = self._agent.post(path, {"reason": "they are two"})
        assert ended.status in (200, 409), ended.text

    def _order(self, one: str, _: None) -> None:
        body = {"customer_id": self.ids[one], "lines": [LINE]}
        self.made.add(self._agent.create("/v1/orders", body).body["order_id"])

    def _complaint(self, one: str, _: None) -> None:
        found_by = {"kind": "phone", "shared": True}
        body = {"customer_id": self.ids[one], "found_by": found_by}
        self.made.add(self._agent.create("/v1/complaints", body).body["complaint_id"])

    def _rename(self, one: str, _: None) -> None:
        path = f"/v1/customers/{self.ids[one]}"
        tag = self._agent.get(path).headers["ETag"]
        body = {"name": self._names["c"]}
        assert self._agent.patch(path, body, **{"If-Match": tag}).status in (200, 409, 412)

    def _registration(self, one: str, _: None) -> None:
        body = {
            "name": self._names[one],
            "contact_point": self._phone,
            "serial": f"IR-{next(_numbers):06}",
            "bought_on": "2026-01-05",
            "bought_from": "a shop in Moda",
        }
        nobody = {"Authorization": "", "Sahip-Reason": ""}
        done = self._agent.create("/v1/warranty/registrations", body, **nobody)
        assert done.status in (200, 201), done.text

    def _web_order(self, one: str, _: None) -> None:
        number = f"{next(_numbers):06}"
        customer = {"name": self._names[one], "phone": self._phone["value"]}
        lines = {"currency": "TRY", "lines": [LINE]}
        self._tell("ExternalOrderPlaced.v1", order_id=number, customer=customer, **lines)

    def _call(self, *_: None) -> None:
        at = "2026-11-20T12:10:00+03:00"
        said = {"phone": self._phone["value"], "direction": "in", "started_at": at, "ended_at": at}
        self._tell("ExternalCallEnded.v1", call_id=f"{next(_numbers):06}", **said)

    def _settle(self, *_: None) -> None:
        self._system.settle()

    def _tell(self, name: str, **detail: Any) -> None:
        told = {"event_id": f"e-{next(_numbers)}", "occurred_at": "2026-11-20T12:10:00+03:00"}
        entry: Any = {
            "EventBusName": "sahip-local",
            "Source": "external.merging",
            "DetailType": name,
            "Detail": json.dumps(told | detail),
        }
        assert boto3.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0

    def links(self, customer_id: str) -> list[Any]:
        found: list[Any] = self._agent.get(f"/v1/customers/{customer_id}/links").body["links"]
        return found

    def everybody(self) -> list[str]:
        """All with the phone: they, and whoever was taken for somebody new."""
        found = self._agent.post("/v1/customers/lookup", {"phone": self._phone["value"]})
        return [one["customer_id"] for one in found.body["customers"]]

    def persons(self) -> dict[str, set[str]]:
        """By customer: who is one person with them, as the live links say."""
        groups = {one: {one} for one in self.everybody()}
        for one in list(groups):
            for link in self.links(one):
                united = groups[link["asked"][0]] | groups[link["asked"][1]]
                groups |= dict.fromkeys(united, united)
        return groups

    def part_all(self) -> None:
        for one in self.everybody():
            while live := self.links(one):
                self._end_link(live[0])

    def seen(self, customer_id: str) -> set[str]:
        """What the view shows of somebody, by its id or, of talk, by its time."""
        view = self._complete(customer_id)
        parts = {"orders": "order_id", "complaints": "complaint_id"}
        shown = {one[name] for part, name in parts.items() for one in view[part]["data"]["recent"]}
        shown |= {one["unit_id"] for one in view["products"]["data"]["units"]}
        talks = view["conversations"]["data"]["count"]
        told = {one["about"] for one in view["timeline"]["data"]["recent"]}
        assert {one for one in told if one.startswith(("ord_", "cmp_", "unt_"))} <= shown
        return shown | {f"talk {n} of {customer_id}" for n in range(talks)}

    def _complete(self, customer_id: str) -> Any:
        """The view once all parts have come in time, which is not what is looked at here."""
        for _ in range(20):
            view = self._agent.get(f"/v1/view/customers/{customer_id}").body
            if view["complete"]:
                return view
        raise AssertionError(view)


def things(shown: set[str]) -> set[str]:
    """Of what is shown all but talk."""
    return {one for one in shown if not one.startswith("talk")}


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],  # a smaller example costs as much as a test
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEP, min_size=4, max_size=8))
def test_whatever_comes_in_between_is_seen_together_and_then_by_each_alone(
    system: LocalSystem, agent: Client, steps: Sequence[tuple[str, Any, Any]]
) -> None:
    household = Household(system, agent)
    for step in steps:
        household.take(step)
    system.settle()
    persons = household.persons()
    together = {one: household.seen(one) for one in persons}

    household.part_all()
    system.settle()

    alone = {one: household.seen(one) for one in household.everybody()}
    assert persons.keys() == alone.keys()
    for one, person in persons.items():
        assert things(together[one]) == set().union(*(things(alone[each]) for each in person))
        talks = sum(len(alone[each] - things(alone[each])) for each in person)
        assert len(together[one] - things(together[one])) == talks
    everything = [one for shown in alone.values() for one in things(shown)]
    assert len(everything) == len(set(everything))
    assert household.made <= set(everything)
    assert all(group == {one} for one, group in household.persons().items())


def test_the_system_links_the_two_and_somebody_who_links_them_again_confirms_it(
    system: LocalSystem, agent: Client
) -> None:
    household = Household(system, agent)
    system.settle()
    a, b = household.ids["a"], household.ids["b"]
    [by_itself] = household.links(a)
    assert by_itself["newly_joined"]

    key = "merging-confirms"
    body = {"other_id": a, "reason": "she showed her papers"}
    confirmed = agent.create(f"/v1/customers/{b}/links", body, key=key)
    again = agent.create(f"/v1/customers/{b}/links", body, key=key)

    assert (confirmed.status, again.status) == (200, 200)
    assert confirmed.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert confirmed.body["link_id"] == by_itself["link_id"]
    assert confirmed.body["confirm_reason"] == "she showed her papers"
    assert not confirmed.body["newly_joined"]
    assert agent.get(f"/v1/customers/{a}").body["members"] == sorted([a, b])
