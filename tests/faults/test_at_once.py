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
from tests.faults.truth import Truth
from tests.faults.turns import at_once, in_turns, interleavings

CUSTOMER = {"name": "Ayşe", "contact_points": [{"kind": "email", "value": "a@example.com"}]}
ORDER = {"customer_id": "cus_a", "lines": [story.WASHER]}
COMPLAINT = {"customer_id": "cus_a", "text": "too late"}
PRODUCT = {
    "product": "glasses",
    "serial": "SG-2026 78",
    "bought_on": "2026-01-05",
    "bought_from": "Optik",
    "name": "Ayşe",
    "contact_point": {"kind": "email", "value": "a@example.com"},
}
OTHERWISE = {  # what makes it another request
    "/v1/customers": "name",
    "/v1/orders": "currency",
    "/v1/complaints": "text",
    "/v1/warranty/registrations": "bought_from",
}
WON, TOLD_SO = (200, 201), (409, 412)


@pytest.mark.parametrize("threads", [2, 3, 10, 50])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/customers", CUSTOMER),
        ("/v1/orders", ORDER),
        ("/v1/orders", {**ORDER, "external_id": "web-1"}),
        ("/v1/complaints", COMPLAINT),
        ("/v1/warranty/registrations", PRODUCT),
    ],
)
def test_the_same_creation_from_many_threads_makes_one_thing(
    stage: Stage, threads: int, path: str, body: dict[str, Any]
) -> None:
    told = stage.begin()
    agent = told.as_("agent")
    other = {**body, OTHERWISE[path]: "XXX"}

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
    if path in ("/v1/customers", "/v1/warranty/registrations"):  # where all is of somebody
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


@pytest.mark.parametrize("threads", [2, 10, 50])
def test_one_product_registered_by_many_requests_is_registered_once(
    stage: Stage, threads: int
) -> None:
    told = stage.begin()
    agent = told.as_("agent")
    register = partial(agent.create, "/v1/warranty/registrations", PRODUCT)

    replies = at_once({f"{n}": partial(register, f"key-{n}") for n in range(threads)})

    assert {reply.status for reply in replies.values()} <= {200, 201, 409}
    stage.carrier.settle()
    held = {reply.body["registration_id"] for reply in replies.values() if reply.status in WON}
    truth = Truth.of(stage.world)
    assert held == truth.registrations.keys()


@pytest.mark.parametrize("what", ["payments", "refunds"])
@pytest.mark.parametrize("threads", [2, 10, 50])
def test_money_told_of_by_many_requests_of_one_key_moves_once(
    stage: Stage, threads: int, what: str
) -> None:
    scene = stage.scenes()["invoice"]
    path = f"/v1/orders/{scene.ids['washer']}"
    told = stage.begin(scene.before, scene.ids)
    manager = told.as_("manager")
    before = manager.get(path).body
    body = {"amount": 100, **({"method": "cash"} if what == "payments" else {"reason": "kind"})}

    def move(amount: int) -> Reply:
        key = {"Idempotency-Key": "the-same"}
        return manager.ask("POST", f"{path}/{what}", {**body, "amount": amount}, key)

    replies = at_once(
        {
            **{f"same-{n}": lambda: move(100) for n in range(threads)},
            "another": lambda: move(200),
        }
    )

    statuses = Counter(reply.status for reply in replies.values())
    assert statuses[201] == 1
    assert statuses.keys() <= {200, 201, 409, 422}
    first = next(actor for actor, reply in replies.items() if reply.status == 201)
    amount = 200 if first == "another" else 100
    after = manager.get(path).body
    assert after["version"] == before["version"] + 1
    assert [one["amount"] for one in after[what]] == [
        *(one["amount"] for one in before[what]),
        amount,
    ]
    stage.carrier.settle()
    assert stage.invariants.broken() == []


def test_of_two_payments_at_once_none_is_lost_in_silence(stage: Stage) -> None:
    scene = stage.scenes()["invoice"]
    path = f"/v1/orders/{scene.ids['washer']}"
    for order in interleavings("the-one-", "the-other", (2, 2)):
        told = stage.begin(scene.before, scene.ids)
        agent = told.as_("agent")
        before = agent.get(path).body["paid"]

        def pay(actor: str, amount: int, agent: Any = agent) -> Reply:
            named = {"Idempotency-Key": actor, "X-Correlation-Id": actor}
            body = {"method": "cash", "amount": amount}
            reply: Reply = agent.ask("POST", f"{path}/payments", body, named)
            return reply

        amounts = {"the-one-": 1, "the-other": 10}
        acts = {actor: partial(pay, actor, amount) for actor, amount in amounts.items()}
        replies = in_turns(stage.world.calls, order, acts)

        won = [actor for actor, reply in replies.items() if reply.status in WON]
        assert won
        assert all(replies[actor].status in TOLD_SO for actor in amounts.keys() - set(won))
        assert agent.get(path).body["paid"] == before + sum(amounts[actor] for actor in won)
        stage.carrier.settle()
        assert stage.invariants.broken() == [], f"in the order {order}"


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
