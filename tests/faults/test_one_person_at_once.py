"""Customers taken for one person while orders come and others say otherwise: none is orphaned."""

from functools import partial

import pytest

from tests.faults.caller import Reply
from tests.faults.stage import Stage
from tests.faults.story import FILTER, Told
from tests.faults.truth import Truth
from tests.faults.turns import in_turns, interleavings
from tests.faults.world import Saved

READS_AND_WRITE = 4  # calls of a link and of its end
ONE, OTHER = "the-one-", "the-other"


@pytest.fixture
def three(stage: Stage) -> tuple[Saved, dict[str, str]]:
    """Three customers with an order each."""
    told = stage.begin()
    agent = told.as_("agent")
    for name in "abc":
        reply = agent.create("/v1/customers", {"name": name.upper()}, name)
        told.created(name, "customer", reply)
        _order(told, name, f"order-{name}")
    stage.carrier.settle()
    return stage.world.save(), told.ids


@pytest.mark.parametrize(
    ("one", "other"),
    [("ab", "ba"), ("ab", "bc"), ("ab", "cb")],
    ids=["A to B and B to A", "A to B and B to C", "A to B and C to B"],
)
def test_two_links_at_once_leave_no_cycle_and_no_orphan(
    stage: Stage, three: tuple[Saved, dict[str, str]], one: str, other: str
) -> None:
    saved, ids = three
    for order in interleavings(ONE, OTHER, (READS_AND_WRITE, READS_AND_WRITE)):
        told = stage.begin(saved, ids)

        replies = in_turns(
            stage.world.calls,
            order,
            {
                ONE: partial(_link, told, one, ONE),
                OTHER: partial(_link, told, other, OTHER),
            },
        )
        _order(told, "a", "meanwhile")
        stage.carrier.settle()

        assert {reply.status for reply in replies.values()} <= {201, 409}
        assert stage.invariants.broken() == [], f"in the order {order}"
        persons = _persons(stage, ids)
        linked = [pair for pair, actor in ((one, ONE), (other, OTHER)) if _won(replies[actor])]
        assert linked
        for pair in linked:
            assert persons[pair[0]] == persons[pair[1]]


def test_a_link_while_an_order_comes_loses_nothing_and_its_end_restores_all(
    stage: Stage, three: tuple[Saved, dict[str, str]]
) -> None:
    saved, ids = three
    for order in interleavings(ONE, OTHER, (READS_AND_WRITE, 1)):
        for settled_between in (False, True):
            told = stage.begin(saved, ids)

            replies = in_turns(
                stage.world.calls,
                order,
                {
                    ONE: partial(_link, told, "ba", ONE),
                    OTHER: partial(_order, told, "a", "meanwhile", OTHER),
                },
            )
            if settled_between:
                stage.carrier.settle()
                assert stage.invariants.broken() == [], f"in the order {order}"
            _end(told, "b", replies[ONE])
            stage.carrier.settle()

            assert stage.invariants.broken() == [], f"in the order {order}"
            assert _persons(stage, ids) == {name: {ids[name]} for name in "abc"}
            seen = told.as_("agent").get(f"/v1/view/customers/{ids['a']}").body["orders"]["data"]
            assert seen["count"] == 2


def test_the_end_of_a_link_while_another_is_made_leaves_whole_persons(
    stage: Stage, three: tuple[Saved, dict[str, str]]
) -> None:
    saved, ids = three
    told = stage.begin(saved, ids)
    linked = _link(told, "ab", "to-begin")
    stage.carrier.settle()
    saved = stage.world.save()
    for order in interleavings(ONE, OTHER, (READS_AND_WRITE, READS_AND_WRITE)):
        told = stage.begin(saved, ids)

        replies = in_turns(
            stage.world.calls,
            order,
            {
                ONE: partial(_end, told, "a", linked, ONE),
                OTHER: partial(_link, told, "cb", OTHER),
            },
        )
        _order(told, "b", "meanwhile")
        stage.carrier.settle()

        assert {reply.status for reply in replies.values()} <= {200, 201, 409}
        assert stage.invariants.broken() == [], f"in the order {order}"


def test_a_chain_of_links_is_one_person_and_comes_apart_in_any_order(
    stage: Stage, three: tuple[Saved, dict[str, str]]
) -> None:
    saved, ids = three
    for first, last in (("ab", "bc"), ("bc", "ab"), ("ab", "ca"), ("ba", "cb")):
        for ended in ((0, 1), (1, 0)):
            told = stage.begin(saved, ids)
            links = [_link(told, pair, f"link-{pair}") for pair in (first, last)]
            _order(told, "a", "meanwhile")
            stage.carrier.settle()
            assert stage.invariants.broken() == []
            assert _persons(stage, ids) == {name: set(ids.values()) for name in "abc"}

            for place in ended:
                _end(told, (first, last)[place][0], links[place])
                stage.carrier.settle()
                assert stage.invariants.broken() == []
            assert _persons(stage, ids) == {name: {ids[name]} for name in "abc"}


def test_a_profile_that_is_changed_while_its_customers_are_joined_or_parted_is_somebodys(
    stage: Stage, three: tuple[Saved, dict[str, str]]
) -> None:
    saved, ids = three
    told = stage.begin(saved, ids)
    linked = _link(told, "ab", "to-begin")
    stage.carrier.settle()
    joined = stage.world.save()
    cases = (
        (saved, lambda told: _link(told, "ab", ONE)),
        (joined, lambda told: _end(told, "a", linked, ONE)),
    )
    for before, act in cases:
        for order in interleavings(ONE, OTHER, (READS_AND_WRITE, READS_AND_WRITE)):
            told = stage.begin(before, ids)
            tag = told.as_("agent").get(f"/v1/customers/{ids['b']}").headers["ETag"]

            replies = in_turns(
                stage.world.calls,
                order,
                {ONE: partial(act, told), OTHER: partial(_rename, told, "b", "Canan", tag)},
            )
            stage.carrier.settle()

            assert replies[ONE].status in (200, 201)
            assert replies[OTHER].status in (200, 409, 412)
            assert stage.invariants.broken() == [], f"in the order {order}"
            for each in told.as_("agent").get(f"/v1/customers/{ids['a']}/links").body["links"]:
                path = f"/v1/customers/{each['asked'][0]}/links/{each['link_id']}/end"
                assert told.as_("agent").post(path, {"reason": "a twin"}).status == 200
            stage.carrier.settle()

            assert stage.invariants.broken() == [], f"in the order {order}"
            assert _persons(stage, ids) == {name: {ids[name]} for name in "abc"}
            names = {one: told.as_("agent").get(f"/v1/customers/{ids[one]}").body for one in "abc"}
            assert (names["a"]["name"], names["c"]["name"]) == ("A", "C")
            assert names["b"]["name"] in ("B", "Canan")


def test_what_comes_by_what_both_have_while_they_are_parted_waits_or_is_somebody_elses(
    stage: Stage,
) -> None:
    told = stage.begin()
    point = {"kind": "phone", "value": "+905420007788"}
    for name in "ab":
        body = {"name": "Nur", "contact_points": [point]}
        reply = told.as_("agent").create("/v1/customers", body, name)
        told.created(name, "customer", reply)
    linked = _link(told, "ab", "to-begin")
    stage.carrier.settle()
    saved, ids = stage.world.save(), told.ids
    came_to = set()
    for act in (_register, _complain, _talk):
        for order in interleavings(ONE, OTHER, (READS_AND_WRITE, READS_AND_WRITE)):
            told = stage.begin(saved, ids)

            replies = in_turns(
                stage.world.calls,
                order,
                {ONE: partial(_end, told, "a", linked, ONE), OTHER: partial(act, told, OTHER)},
            )
            stage.carrier.settle()

            assert _won(replies[ONE]), replies[ONE].text
            assert _won(replies[OTHER]), replies[OTHER].text
            assert stage.invariants.broken() == [], f"in the order {order}"
            agent = told.as_("agent")
            link = f"/v1/customers/{ids['a']}/links/{linked.body['link_id']}"
            waiting = agent.get(f"{link}/review").body["waiting"]
            there = [one for one in Truth.of(stage.world).found if one.kind in KINDS]
            assert {one["entity_id"] for one in waiting} == {
                one.entity_id for one in there if one.holder in ids.values()
            }
            came_to |= {one.holder in ids.values() for one in there}
            for one in waiting:
                path, body = one["attribute"], {"customer_id": ids["b"]}
                assert agent.post(path, body).status == 200
            stage.carrier.settle()

            assert stage.invariants.broken() == [], f"in the order {order}"
            assert agent.get(f"{link}/review").body["waiting"] == []
    assert came_to == {True, False}  # a registration that comes too late is of somebody new


KINDS = ("unit", "complaint", "conversation")
FOUND_BY = {"kind": "phone", "shared": True}


def _register(told: Told, actor: str) -> Reply:
    body = {
        "name": "Nur",
        "contact_point": {"kind": "phone", "value": "+905420007788"},
        "product": "iron",
        "bought_on": "2026-01-05",
        "bought_from": "a shop",
    }
    return _created(told, "/v1/warranty/registrations", body, actor, "registration_id")


def _complain(told: Told, actor: str) -> Reply:
    body = {"customer_id": told.ids["a"], "found_by": FOUND_BY}
    return _created(told, "/v1/complaints", body, actor, "complaint_id")


def _talk(told: Told, actor: str) -> Reply:
    said = {"at": "2026-11-20T12:00:00+03:00", "channel": "store", "direction": "in"}
    path = f"/v1/customers/{told.ids['a']}/conversations"
    body = {**said, "kind": "service", "found_by": FOUND_BY}
    return _created(told, path, body, actor, "conversation_id")


def _created(told: Told, path: str, body: object, actor: str, name: str) -> Reply:
    headers = {"Idempotency-Key": actor, "X-Correlation-Id": actor}
    reply = told.as_("agent").ask("POST", path, body, headers)
    if _won(reply):
        told.world.ledger.keys[actor] = reply.body[name]
    return reply


def _rename(told: Told, whose: str, name: str, tag: str) -> Reply:
    headers = {"If-Match": tag, "X-Correlation-Id": OTHER}
    path = f"/v1/customers/{told.ids[whose]}"
    return told.as_("agent").ask("PATCH", path, {"name": name}, headers)


def _link(told: Told, pair: str, actor: str) -> Reply:
    stays, joins = pair[0], pair[1]
    headers = {"Idempotency-Key": actor, "X-Correlation-Id": actor}
    path = f"/v1/customers/{told.ids[stays]}/links"
    body = {"other_id": told.ids[joins], "reason": "the same face"}
    reply = told.as_("agent").ask("POST", path, body, headers)
    if _won(reply):
        told.world.ledger.keys[actor] = reply.body["link_id"]
    return reply


def _end(told: Told, asked: str, linked: Reply, actor: str = "to-end-it") -> Reply:
    path = f"/v1/customers/{told.ids[asked]}/links/{linked.body['link_id']}/end"
    headers = {"X-Correlation-Id": actor}
    return told.as_("agent").ask("POST", path, {"reason": "a twin"}, headers)


def _order(told: Told, name: str, key: str, actor: str = "as-it-was-told") -> Reply:
    body = {"customer_id": told.ids[name], "lines": [FILTER]}
    headers = {"Idempotency-Key": key, "X-Correlation-Id": actor}
    reply = told.as_("agent").ask("POST", "/v1/orders", body, headers)
    assert _won(reply)
    told.world.ledger.keys[key] = reply.body["order_id"]
    return reply


def _won(reply: Reply) -> bool:
    return reply.status in (200, 201)


def _persons(stage: Stage, ids: dict[str, str]) -> dict[str, set[str]]:
    truth = Truth.of(stage.world)
    return {name: truth.person(customer_id) for name, customer_id in ids.items()}
