"""What nobody can read holds up nothing else; of a stream's record it is kept where it lies."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.faults import story
from tests.faults.service import complaints, consents, keeping_in_touch, orders, warranty
from tests.faults.stage import Stage
from tests.faults.story import CANARY, Step, Told

ID = "E#poison"
THINGS: dict[str, tuple[Step, Step]] = {
    "customer": (story.create_ayse, story.create_isik),
    "orders": (orders.place_past_order, orders.approve_gift),
    "complaints": (complaints.open_complaint, complaints.open_two_complaints_at_once),
    "warranty": (warranty.register_product, warranty.register_what_was_delivered),
    "engagement": (consents.give_consent, keeping_in_touch.withdraw_consent),
}
KINDS = {
    "customer": "customer",
    "orders": "order",
    "complaints": "complaint",
    "warranty": "unit",
    "engagement": "consent",
}
LOG = {"version": 1, "n": 0, "what": "x", "at": CANARY, "by": "", "facts": {}}
POISON: dict[str, dict[str, str]] = {
    "an unknown kind": {"kind": "unknown"},
    "a state that is no JSON": {"state": f"{{{CANARY}"},
    "a state of another shape": {"state": json.dumps({"name": {"of": CANARY}, "text": CANARY})},
    "a log that is no JSON": {"log": f"{{{CANARY}"},
    "a log of another shape": {"log": json.dumps([LOG])},
    "nothing but a key": {"state": "", "log": "", "kind": "", "customer_id": ""},
}


@pytest.mark.parametrize("service", THINGS)
@pytest.mark.parametrize("kind", POISON)
def test_a_poison_record_anywhere_in_a_stream_is_given_up_alone(
    stage: Stage, service: str, kind: str
) -> None:
    scene = stage.scenes()["create_ayse" if service == "customer" else "place_past_order"]
    for place in range(3):
        told = stage.begin(scene.before, scene.ids)
        steps: list[Any] = list(THINGS[service])
        steps.insert(place, lambda told: _poison(told, service, POISON[kind]))
        for step in steps:
            reply = step(told)
            assert reply is None or reply.status < 300, reply.text

        stage.carrier.settle()

        ledger = stage.world.ledger
        assert ledger.given_up
        assert all(ID in one for one in ledger.given_up)
        numbers = {number for one in _failures(stage, service) for number in one["records"]}
        assert len(numbers) == 1
        _forget(stage, service)
        assert stage.invariants.broken() == []


@pytest.mark.parametrize("service", THINGS)
@pytest.mark.parametrize("kind", POISON)
def test_what_cannot_be_read_keeps_a_reconciliation_from_nothing_else(
    stage: Stage, service: str, kind: str
) -> None:
    scene = stage.scenes()["create_ayse" if service == "customer" else "place_past_order"]
    told = stage.begin(scene.before, scene.ids)
    _poison(told, service, POISON[kind])
    for step in THINGS[service]:
        step(told)
    shard = stage.world.dynamodb.tables[stage.world.table_of(service)].stream_shard
    assert shard is not None
    shard.items = []  # as after a day of outage

    outcome = stage.world.invoke(stage.function(service, "Reconcile"), {"hours": 1})

    assert outcome.failed, "nobody would hear of it"
    _forget(stage, service)
    stage.carrier.settle()
    assert stage.invariants.broken() == []


def _poison(told: Told, service: str, flaw: dict[str, str]) -> None:
    """Something in the table that no version of our code has written."""
    entity = {
        "pk": ID,
        "sk": "A",
        "kind": KINDS[service],
        "customer_id": told.ids.get("ayse", "cus_x"),
        "state": "{}",
        "log": "[]",
        "changed_at": datetime.now(UTC).isoformat(),
    }
    item: dict[str, Any] = {name: {"S": text} for name, text in (entity | flaw).items()}
    told.world.dynamodb.put_item(told.world.table_of(service), item | {"version": {"N": "1"}})


def _failures(stage: Stage, service: str) -> list[Any]:
    """What lies where the service's streams leave what they gave up."""
    table = stage.world.table_of(service)
    mappings = [one for one in stage.world.described.stream_mappings if one.table == table]
    [arn] = {one.on_failure_queue for one in mappings}
    assert arn is not None
    queue = stage.world.sqs.queues[stage.world.described.queue_of(arn).name]
    return [json.loads(message.body) for message in queue._messages]


def _forget(stage: Stage, service: str) -> None:
    """Take the poison away, so that all else can be looked at."""
    rows = stage.world.dynamodb.tables[stage.world.table_of(service)].items
    [key] = [key for key in rows if key.value == ID]
    del rows[key]
    stage.world.ledger.given_up.clear()
