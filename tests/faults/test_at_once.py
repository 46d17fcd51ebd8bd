"""Requests that come at the same time: one wins, the others are told so, and nothing is lost."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from tests.faults import story
from tests.faults.caller import Reply
from tests.faults.stage import Stage
from tests.faults.story import Told
from tests.faults.turns import at_once, in_turns, interleavings

CUSTOMER = {"name": "Ayşe", "contact_points": [{"kind": "email", "value": "a@example.com"}]}
ORDER = {"customer_id": "cus_a", "lines": [story.WASHER]}
WON, TOLD_SO = (200, 201), (409, 412)


@pytest.mark.parametrize("threads", [2, 3, 10, 50])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/customers", CUSTOMER),
        ("/v1/orders", ORDER),
        ("/v1/orders", {**ORDER, "external_id": "web-1"}),
    ],
)
def test_the_same_creation_from_many_threads_makes_one_thing(
    stage: Stage, threads: int, path: str, body: dict[str, Any]
) -> None:
    told = stage.begin()
    agent = told.as_("agent")
    other = {**body, ("name" if path == "/v1/customers" else "currency"): "XXX"}

    replies = at_once(
        {
            **{f"same-{n}": lambda: agent.create(path, body, "key") for n in range(threads)},
            "another": lambda: agent.create(path, other, "key"),
        }
    )

    statuses = Counter(reply.status for reply in replies.values())
    assert statuses[201] == 1
    assert statuses.keys() <= {200, 201, 409, 422}
    first = next(actor for actor, reply in replies.items() if reply.status == 201)
    for actor, reply in replies.items():
        if (actor == "another") != (first == "another"):
            assert reply.status in (409, 422)
        elif reply.status == 200:
            assert reply.headers["Idempotency-Replayed"] == "true"
            assert reply.body == replies[first].body
    stage.carrier.settle()
    if path == "/v1/customers":
        assert stage.invariants.broken() == []


@pytest.mark.parametrize("threads", [2, 10, 50])
def test_one_external_id_wished_for_by_many_is_given_once(stage: Stage, threads: int) -> None:
    told = stage.begin()
    agent = told.as_("agent")
    body = {**ORDER, "external_id": "web-1"}

    replies = at_once(
        {f"{n}": partial(agent.create, "/v1/orders", body, f"key-{n}") for n in range(threads)}
    )

    assert Counter(reply.status for reply in replies.values()) == {201: 1, 409: threads - 1}


MOVES: Mapping[str, Any] = {
    "approve": ("agent", {}),
    "ship": ("operations", {"tracking": "TR1"}),
    "cancel": ("agent", {"reason": "another shop"}),
}


@pytest.mark.parametrize(
    ("before", "one", "other"),
    [
        ("approve_order", "approve", "cancel"),
        ("approve_order", "approve", "approve"),
        ("ship_order", "ship", "cancel"),
    ],
)
def test_of_two_moves_of_an_order_at_once_none_is_lost_in_silence(
    stage: Stage, before: str, one: str, other: str
) -> None:
    scene = stage.scenes()[before]
    path = f"/v1/orders/{scene.ids['washer']}"
    for order in interleavings("the-one-", "the-other", (2, 2)):
        told = stage.begin(scene.before, scene.ids)

        replies = in_turns(
            stage.world.calls,
            order,
            {
                "the-one-": partial(_move, told, path, one, "the-one-"),
                "the-other": partial(_move, told, path, other, "the-other"),
            },
        )

        now = told.as_("agent").get(path).body["version"]
        _assert_nothing_lost(replies, now, {"approve": 1, "ship": 2}[one])
        stage.carrier.settle()
        assert stage.invariants.broken() == [], f"in the order {order}"


def test_of_two_changes_of_a_profile_at_once_one_is_told_that_it_came_too_late(
    stage: Stage,
) -> None:
    scene = stage.scenes()["change_profile"]
    path = f"/v1/customers/{scene.ids['ayse']}"
    bodies = ({"name": "Ayşe Yılmaz"}, {"external_ids": ["shop:1", "shop:2"]})
    for order in interleavings("the-one-", "the-other", (2, 2)):
        told = stage.begin(scene.before, scene.ids)
        agent = told.as_("agent")
        etag = agent.get(path).headers["ETag"]

        def change(actor: str, body: Any, agent: Any = agent, etag: str = etag) -> Reply:
            named = {"If-Match": etag, "X-Correlation-Id": actor}
            reply: Reply = agent.ask("PATCH", path, body, named)
            return reply

        replies = in_turns(
            stage.world.calls,
            order,
            {
                "the-one-": partial(change, "the-one-", bodies[0]),
                "the-other": partial(change, "the-other", bodies[1]),
            },
        )

        [won] = [reply for reply in replies.values() if reply.status in WON]
        [late] = [reply for reply in replies.values() if reply.status not in WON]
        assert late.status in TOLD_SO
        assert agent.get(path).body == won.body
        stage.carrier.settle()
        assert stage.invariants.broken() == [], f"in the order {order}"


def _move(told: Told, path: str, move: str, actor: str) -> Reply:
    role, body = MOVES[move]
    return told.as_(role).ask("POST", f"{path}/{move}", body, {"X-Correlation-Id": actor})


def _assert_nothing_lost(replies: Mapping[str, Reply], now: int, before: int) -> None:
    """Each who was told that it is done has a version, and there are no others."""
    won = {reply.body["version"] for reply in replies.values() if reply.status in WON}
    assert won == set(range(before + 1, now + 1))
    assert all(reply.status in (*WON, *TOLD_SO) for reply in replies.values())
