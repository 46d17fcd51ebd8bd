"""Whatever happened, and whoever was joined and parted meanwhile: a view is what services hold."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.faults.caller import Reply
from tests.faults.calls import Call
from tests.faults.stage import Stage
from tests.faults.story import FILTER, Told
from tests.faults.test_view_without_its_sources import Ill
from tests.faults.truth import Truth

WHO = st.sampled_from("abcd")
NEWEST = st.integers(0, 2)
STEP = st.one_of(
    st.tuples(st.just("link"), WHO, WHO),
    st.tuples(st.just("end"), WHO, NEWEST),
    st.tuples(
        st.sampled_from(["order", "complaint", "talk", "rename", "registration"]), WHO, NEWEST
    ),
    st.tuples(st.sampled_from(["approve", "deliver", "cancel", "pay"]), WHO, NEWEST),
    st.tuples(st.just("settle"), WHO, NEWEST),
)


class History:
    """Four customers, and what befalls them. What is refused has not happened."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._told = stage, stage.begin()
        self._agent = self._told.as_("agent")
        self._operations = self._told.as_("operations")
        self._numbers = count(1)
        self._orders: dict[str, list[str]] = {one: [] for one in "abcd"}
        for one in "abcd":
            name = {"name": f"{one.upper()}nonymous"}
            self._told.created(one, "customer", self._agent.create("/v1/customers", name, one))

    @property
    def told(self) -> Told:
        return self._told

    def take(self, step: tuple[str, str, Any]) -> None:
        what, who, other = step
        getattr(self, f"_{what}")(who, other)

    def part_all(self) -> None:
        for one in "abcd":
            while self._links(one):
                self._end(one, 0)

    def _create(self, path: str, body: Any) -> Reply:
        reply = self._agent.create(path, body, f"history-{next(self._numbers)}")
        assert reply.status in (200, 201, 400, 409), reply.text
        return reply

    def _link(self, one: str, other: str) -> None:
        body = {"other_id": self._told.ids[other], "reason": "they say so"}
        self._create(f"/v1/customers/{self._told.ids[one]}/links", body)

    def _links(self, one: str) -> Sequence[Any]:
        found: Sequence[Any] = self._agent.get(f"/v1/customers/{self._told.ids[one]}/links").body[
            "links"
        ]
        return found

    def _end(self, one: str, place: int) -> None:
        for link in self._links(one)[place : place + 1]:
            path = f"/v1/customers/{link['asked'][0]}/links/{link['link_id']}/end"
            assert self._agent.post(path, {"reason": "they are two"}).status == 200

    def _order(self, one: str, _: int) -> None:
        body = {"customer_id": self._told.ids[one], "lines": [FILTER]}
        self._orders[one].append(self._create("/v1/orders", body).body["order_id"])

    def _move(self, one: str, place: int, what: str, body: Any) -> None:
        for order_id in self._orders[one][::-1][place : place + 1]:
            reply = self._operations.post(f"/v1/orders/{order_id}/{what}", body)
            assert reply.status in (200, 409), reply.text

    def _approve(self, one: str, place: int) -> None:
        self._move(one, place, "approve", {})

    def _deliver(self, one: str, place: int) -> None:
        self._move(one, place, "approve", {})
        self._move(one, place, "ship", {"tracking": "TR1"})
        self._move(one, place, "deliver", {})

    def _cancel(self, one: str, place: int) -> None:
        self._move(one, place, "cancel", {"reason": "not needed"})

    def _pay(self, one: str, place: int) -> None:
        for order_id in self._orders[one][::-1][place : place + 1]:
            key = f"history-{next(self._numbers)}"
            body = {"method": "cash", "amount": 1_000}
            headers = {"Idempotency-Key": key}
            path = f"/v1/orders/{order_id}/payments"
            reply = self._agent.ask("POST", path, body, headers)
            assert reply.status in (200, 201, 409), reply.text

    def _complaint(self, one: str, _: int) -> None:
        self._create("/v1/complaints", {"customer_id": self._told.ids[one], "title": "It drips"})

    def _talk(self, one: str, _: int) -> None:
        said = {"channel": "store", "direction": "in", "kind": "service"}
        at = f"2026-11-20T12:{next(self._numbers) % 60:02}:00+03:00"
        path = f"/v1/customers/{self._told.ids[one]}/conversations"
        self._create(path, {**said, "at": at, "summary": "It drips"})

    def _rename(self, one: str, place: int) -> None:
        path = f"/v1/customers/{self._told.ids[one]}"
        self._agent.change(path, {"name": f"{one.upper()}nonymous {'IJK'[place]}"})

    def _registration(self, one: str, _: int) -> None:
        serial = f"IR-{next(self._numbers):06}"
        body = {"product": "iron", "serial": serial, "bought_on": "2026-01-05"}
        point = {"kind": "phone", "value": f"+9054200077{'abcd'.index(one):02}"}
        somebody = {"name": f"Nur {one}", "contact_point": point, "bought_from": "a shop"}
        self._create("/v1/warranty/registrations", {**body, **somebody})

    def _settle(self, *_: Any) -> None:
        self._stage.carrier.settle()


def all_down(call: Call) -> Ill | None:
    """No service answers the view."""
    return Ill("down") if call.operation == "lambda.Invoke" else None


def views(stage: Stage, told: Told) -> dict[str, Any]:
    agent, customers = told.as_("agent"), Truth.of(stage.world).customers
    replies = {one: agent.get(f"/v1/view/customers/{one}") for one in customers}
    assert {one.status for one in replies.values()} == {200}
    return {one: reply.body for one, reply in replies.items()}


def views_while_all_is_down(stage: Stage, told: Told) -> dict[str, Any]:
    stage.world.calls.meddler = all_down
    seen = views(stage, told)
    stage.world.calls.meddler = None
    return seen


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(STEP, min_size=10, max_size=16))
def test_after_any_history_a_view_is_what_services_hold_or_what_they_told_last(
    whole_stage: Stage, steps: Sequence[tuple[str, str, Any]]
) -> None:
    history = History(whole_stage)
    for step in steps:
        history.take(step)
    whole_stage.carrier.settle()
    together = views(whole_stage, history.told)
    assert whole_stage.invariants.broken() == []

    _must_be_what_was_told(views_while_all_is_down(whole_stage, history.told), together)
    history.part_all()
    whole_stage.carrier.settle()
    parting = views_while_all_is_down(whole_stage, history.told)
    alone = views(whole_stage, history.told)
    assert whole_stage.invariants.broken() == []

    for one, view in parting.items():  # what was remembered of two is not one's
        for part in PARTS:
            if view[part]["status"] == "last_known":
                assert view[part]["data"] == alone[one][part]["data"]
    _must_be_what_was_told(views_while_all_is_down(whole_stage, history.told), alone)


# What each has when they are parted, whatever else is told of who they are.
PARTS = ("orders", "payments", "complaints", "products", "conversations")


def _must_be_what_was_told(last: Mapping[str, Any], fresh: Mapping[str, Any]) -> None:
    for one, view in fresh.items():
        assert view["complete"]
        for part in ("customer", *PARTS):
            assert last[one][part]["status"] == "last_known"
            assert last[one][part]["data"] == view[part]["data"]
            assert last[one][part]["as_of"] <= view[part]["as_of"]
        assert _states(last[one]) == _states(view)


def _states(view: Any) -> list[tuple[str, str]]:
    return [(one["fact"], one["state"]) for one in view["facts"]]
