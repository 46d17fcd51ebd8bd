"""A message that cannot be taken harms no other; it is set aside with its reason, and kept."""

import json
from typing import Any

import pytest

from infra.local.templates.descriptions import QueueMapping
from services.orders import bootstrap
from shared.aws import clients
from shared.aws.queue import DeadLetters, EventReader
from shared.contracts.customer import CustomerLinkChanged
from tests.faults.events import envelope, link_changed
from tests.faults.invariants import attributes_of, dead_letters
from tests.faults.kinds import BUSY, At
from tests.faults.stage import Stage
from tests.faults.story import CANARY, PERSONAL

READERS = ("customer", "orders", "complaints", "warranty", "engagement", "customer_view")
BATCH = 3
LINK = CustomerLinkChanged.detail_type
_GOOD = link_changed("cus_x", 1, ["cus_x"])


def _with(**detail: Any) -> Any:
    return {**_GOOD, "detail": {**_GOOD["detail"], **detail}}


POISON: dict[str, Any] = {
    "no JSON": f"{{{CANARY}",
    "no object": json.dumps([CANARY]),
    "nested too deeply": "[" * 100_000,
    "an unknown type": envelope("SomethingUnknown.v1", name=CANARY),
    "an unknown major version": {**_GOOD, "detail-type": "CustomerLinkChanged.v9"},
    "a type that is no text": {**_GOOD, "detail-type": {"v": 1}},
    "another's source": {**_GOOD, "source": "sahip.elsewhere"},
    "no detail": {**_GOOD, "detail": CANARY},
    "a field missing": envelope(LINK, name=CANARY),
    "a wrong type of field": _with(link_version=CANARY),
    "a list that is none": _with(members=CANARY),
    "a time without a zone": _with(occurred_at="2026-11-23T09:00:00"),
    "a version below one": _with(version=0),
    "too large": _with(members=["cus_x", "m" * 450_000]),
    "too large a name": _with(entity_id="e" * 450_000, customer_id="cus_x"),
    "too long an id": _with(event_id="i" * 3_000),
    "too long a customer": _with(customer_id="c" * 3_000),
    "no customer": _with(customer_id=""),
}
# What one reader cannot take is nothing to another who does not keep it.
_OF_LINKS = {"too large a name", "too long an id", "no customer"}
HARMLESS = {
    "customer": _OF_LINKS,
    "orders": _OF_LINKS,
    "complaints": _OF_LINKS,
    "warranty": _OF_LINKS,
    "engagement": _OF_LINKS,
    "customer_view": {"no customer"},
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", POISON)
def test_poison_anywhere_in_a_batch_is_set_aside_alone(
    stage: Stage, reader: str, kind: str
) -> None:
    for place in range(BATCH):
        stage.begin()
        good = [f"cus_{number}" for number in range(BATCH - 1)]
        messages = [link_changed(one, 1, [one, "cus_other"]) for one in good]
        messages.insert(place, POISON[kind])

        _send(stage, reader, *messages)
        stage.carrier.settle()

        assert set(good) <= _linked(stage, reader)
        if kind not in HARMLESS[reader]:
            [letter] = dead_letters(stage.world)
            assert letter.body == _text(POISON[kind])
            told = attributes_of(letter)
            assert told["reason"]
            assert told["source"]
            assert told["event_id"]
            assert not any(secret in told["reason"] for secret in PERSONAL)
            assert not any(secret in line for line in _lines(stage) for secret in PERSONAL)


def test_a_message_sent_back_after_a_repair_is_taken_and_nothing_stays_dead(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.begin()
    letters = DeadLetters(clients.sqs(), _dead_letter_url(stage, "orders"))
    with monkeypatch.context() as before_the_repair:
        before_the_repair.setattr(bootstrap, "events", lambda: EventReader({}, letters))
        _send(stage, "orders", link_changed("cus_a", 1, ["cus_a", "cus_b"]))
        stage.carrier.settle()
    [letter] = dead_letters(stage.world)
    assert "unknown type" in attributes_of(letter)["reason"]

    stage.send_back()

    assert dead_letters(stage.world) == []
    assert _linked(stage, "orders") == {"cus_a"}


def test_what_cannot_be_done_for_now_is_set_aside_after_five_times_and_done_when_sent_back(
    stage: Stage,
) -> None:
    scene = stage.scenes()["link_customers"]
    [for_ever] = [kind for kind in BUSY if kind.name == "throttled for ever"]
    stuck = next(call for call in scene.calls if call.handler == "orders.OnEvents")
    told = stage.begin(scene.before, scene.ids)
    stage.world.calls.meddler = At(stuck, for_ever)

    stage.tell(told, scene.step)

    letters = dead_letters(stage.world)
    assert letters
    assert all("failed 5 times" in attributes_of(one)["reason"] for one in letters)
    assert all(attributes_of(one)["source"] == "sahip.customer" for one in letters)

    stage.world.calls.meddler = None
    stage.send_back()

    assert stage.invariants.broken() == []


def test_poison_sent_back_without_a_repair_comes_to_lie_there_again(stage: Stage) -> None:
    stage.begin()
    _send(stage, "orders", POISON["no JSON"])
    stage.carrier.settle()

    stage.send_back()

    [letter] = dead_letters(stage.world)
    assert letter.body == POISON["no JSON"]


def _send(stage: Stage, reader: str, *messages: Any) -> None:
    queue = stage.world.described.queue_of(_mapping(stage, reader).queue)
    for message in messages:
        stage.world.sqs.send_message(queue.name, _text(message))


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)


def _mapping(stage: Stage, reader: str) -> QueueMapping:
    function = stage.function(reader, "OnEvents")
    [found] = [one for one in stage.world.described.queue_mappings if one.function == function]
    return found


def _dead_letter_url(stage: Stage, reader: str) -> str:
    queue = stage.world.described.queue_of(_mapping(stage, reader).queue)
    arn = json.loads(queue.attributes["RedrivePolicy"])["deadLetterTargetArn"]
    return stage.world.described.queue_of(arn).url


def _linked(stage: Stage, reader: str) -> set[str]:
    """The customers whose link a reader has taken."""
    return {
        item["pk"]["S"].removeprefix("P#")
        for item in stage.world.items(stage.world.table_of(reader))
        if item["sk"]["S"] == "SUMMARY"
    }


def _lines(stage: Stage) -> list[str]:
    return stage.world.ledger.lines
