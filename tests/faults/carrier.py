"""What Lambda's event source mappings do, one step after the other in the caller's own thread."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from moto.sqs.models import Message

from infra.local.mappings.batches import failed_items
from infra.local.mappings.patterns import matches
from infra.local.templates.descriptions import QueueMapping, StreamMapping
from tests.faults.world import World

MOST_ROUNDS = 100

Record = Mapping[str, Any]
Batches = Sequence[Sequence[Record]]
Split = Callable[[StreamMapping, Sequence[Record]], Batches]


class NotQuiet(Exception):
    """Something goes round and round."""


class Carrier:
    """Carries stream records and queue messages to functions until there are none left."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._read: dict[str, int] = {}  # records that each mapping has done with
        self.split: Split = in_order
        self.times = 1  # that each stream record is carried, and so each event said

    def start_over(self) -> None:
        """Begin with empty streams, and carry everything once and in order."""
        self._read.clear()
        self.split = in_order
        self.times = 1

    def unread(self, table: str) -> list[dict[str, Any]]:
        """What a table's stream says of entities since the beginning, as events carry it."""
        shard = self._world.dynamodb.tables[table].stream_shard
        records = [_plain(each.to_json()) for each in shard.items] if shard else []
        return [one for one in records if one["dynamodb"]["Keys"]["pk"]["S"].startswith("E#")]

    def settle(self) -> None:
        """Carry until all is quiet. Raise NotQuiet where that never comes."""
        described = self._world.described
        for _ in range(MOST_ROUNDS):
            moved = [self._carry_stream(each) for each in described.stream_mappings]
            moved += [self._carry_queue(each) for each in described.queue_mappings]
            if not any(moved):
                return
        raise NotQuiet

    def _carry_stream(self, mapping: StreamMapping) -> bool:
        shard = self._world.dynamodb.tables[mapping.table].stream_shard
        if shard is None:
            return False
        done = self._read.get(mapping.name, 0)
        found = [_plain(each.to_json()) for each in shard.items[done:]]
        self._read[mapping.name] = done + len(found)
        wanted = [each for each in found if _passes(mapping, each)]
        for batch in self.split(mapping, wanted):
            for _ in range(self.times):
                self._deliver(mapping, batch)
        return bool(wanted)

    def _deliver(self, mapping: StreamMapping, batch: Sequence[Record]) -> None:
        """Call until every record is done, or given up as often as the mapping says."""
        waiting = [(batch, 0)]
        while waiting:
            records, failures = waiting.pop()
            outcome = self._world.invoke(mapping.function, {"Records": records})
            ids = [str(each["dynamodb"]["SequenceNumber"]) for each in records]
            failed = failed_items(outcome, ids, reports=mapping.reports_item_failures)
            if not failed:
                continue
            first = min(ids.index(one) for one in failed)
            rest = records[first:]
            if first:  # the checkpoint moves up to the record that failed
                waiting.append((rest, 0))
            elif mapping.bisects and len(rest) > 1:
                half = len(rest) // 2
                waiting += [(rest[half:], failures), (rest[:half], failures)]
            elif 0 <= mapping.maximum_retries <= failures:
                self._give_up(mapping, rest)
            else:
                waiting.append((rest, failures + 1))

    def _give_up(self, mapping: StreamMapping, records: Sequence[Record]) -> None:
        if mapping.on_failure_queue is not None:
            queue = self._world.described.queue_of(mapping.on_failure_queue)
            numbers = [each["dynamodb"]["SequenceNumber"] for each in records]
            self._world.sqs.send_message(queue.name, json.dumps({"records": numbers}))
        self._world.ledger.given_up += [str(each["dynamodb"]["Keys"]) for each in records]

    def _carry_queue(self, mapping: QueueMapping) -> bool:
        """Carry one batch; what fails is seen again at once, until the queue sets it aside."""
        queue = self._world.described.queue_of(mapping.queue)
        sqs = self._world.sqs
        if not sqs.queues[queue.name]._messages:
            return False
        messages = sqs.receive_message(queue.name, mapping.batch_size, 0, 0)
        if not messages:  # the last have just been set aside
            return True
        event = {"Records": [_record(each, queue.arn) for each in messages]}
        outcome = self._world.invoke(mapping.function, event)
        failed = failed_items(
            outcome, [each.id for each in messages], reports=mapping.reports_item_failures
        )
        for message in messages:
            if message.id not in failed and message.receipt_handle is not None:
                sqs.delete_message(queue.name, message.receipt_handle)
        return True


def _passes(mapping: StreamMapping, record: Record) -> bool:
    return not mapping.filters or any(matches(one, record) for one in mapping.filters)


def in_order(mapping: StreamMapping, records: Sequence[Record]) -> Batches:
    """Batches as Lambda makes them."""
    size = mapping.batch_size
    return [records[start : start + size] for start in range(0, len(records), size)]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """A stream record as an event carries it."""
    plain: dict[str, Any] = json.loads(json.dumps(record, default=_seconds))
    return plain


def _seconds(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)


def _record(message: Message, arn: str) -> dict[str, Any]:
    """A queue message as an event carries it."""
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.approximate_receive_count)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
    }
