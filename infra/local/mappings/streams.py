"""Carries the records of a table's stream to a function, in order, as Lambda does."""

import base64
import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import orjson
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.functions import MAX_PAYLOAD, Functions, Outcome
from infra.local.mappings.batches import failed_items
from infra.local.mappings.patterns import matches
from infra.local.mappings.settings import Pace
from infra.local.mappings.wake import Bell
from infra.local.templates.descriptions import StreamMapping, World
from infra.local.transport.plain_json import PLAIN

# What GetRecords gives at most: so many records, and of a megabyte as many as fit in. With fewer
# and less it gave all there were.
_PAGE = 1000
_PAGE_BYTES = 500_000
_STALE_ITERATOR = ("ExpiredIteratorException", "TrimmedDataAccessException")
_BATCH_ROOM = MAX_PAYLOAD - 100  # bytes for records in one event

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StreamRecord:
    """A record as the function gets it, written out once."""

    sequence_number: str
    written_at: datetime
    text: str


@dataclass
class _Shard:
    """How far one shard is read. Without an iterator, reading goes on after `last`."""

    shard_id: str
    iterator: str | None = None
    last: str | None = None
    closed: bool = False


class StreamReader:
    """One reader of one stream, with a position of its own, in a thread of its own."""

    def __init__(
        self,
        mapping: StreamMapping,
        world: World,
        functions: Functions,
        bell: Bell,
        pace: Pace,
        *,
        fresh_iterators: bool,
    ) -> None:
        """`fresh_iterators`: ask for an iterator before each read instead of keeping the next."""
        self.name = mapping.name
        self._mapping = mapping
        self._world = world
        self._functions = functions
        self._bell = bell
        self._pace = pace
        self._fresh_iterators = fresh_iterators
        self._streams = boto3.client("dynamodbstreams")
        self._stopping = threading.Event()
        self._asked = 0
        self._answered = 0
        self._retrying: str | None = None
        self._shards: dict[str, _Shard] = {}
        self._stream_arn = ""
        self._thread = threading.Thread(target=self._read_on, name=mapping.name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        table = boto3.client("dynamodb").describe_table(TableName=self._mapping.table)["Table"]
        self._stream_arn = table["LatestStreamArn"]
        self._look_for_shards()
        self._thread.start()

    def stop(self) -> None:
        """Finish the call that runs, and read no more. What is not done is read next time."""
        self._stopping.set()
        self._bell.ring()

    def join(self, seconds: float) -> None:
        """Wait until the reader has stopped."""
        self._thread.join(seconds)

    def alive(self) -> bool:
        """Whether it reads."""
        return self._thread.is_alive()

    def ask(self) -> int:
        """Look at once. `nothing_since` tells for this number when nothing was found."""
        self._asked += 1
        self._bell.ring()
        return self._asked

    def nothing_since(self, ticket: int) -> bool:
        """Whether a look begun after `ask` gave this ticket found that all is done."""
        return self._answered >= ticket

    def moving(self) -> str | None:
        """What keeps the reader busy, in words."""
        if self._retrying:
            return f"{self.name} tries again: {self._retrying}"
        return None if self._answered >= self._asked else f"{self.name} reads"

    def _read_on(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            gather = self._pace.gather_more if self._bell.wait(pause) else self._pace.gather
            self._stopping.wait(self._mapping.window_seconds or gather)
            pause = self._pace.poll
            asked = self._asked
            try:
                while self._read_pages() and not self._stopping.is_set():
                    asked = self._asked
                self._answered = asked
            except (ClientError, BotoCoreError) as error:
                if self._stopping.is_set():
                    return
                logger.warning("%s: %s", self.name, error)
                for shard in self._shards.values():
                    shard.iterator = None
            except Exception:
                logger.exception("%s goes on after a failure", self.name)

    def _read_pages(self) -> bool:
        """Read each shard once. Whether there may be more."""
        more = False
        for shard in list(self._shards.values()):
            if not shard.closed:
                more |= self._read_page(shard)
        return more

    def _read_page(self, shard: _Shard) -> bool:
        iterator = shard.iterator or self._iterator(shard)
        try:
            page = self._streams.get_records(ShardIterator=iterator, Limit=_PAGE)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _STALE_ITERATOR:
                raise
            shard.iterator = None
            return True
        records: Sequence[Any] = page["Records"]
        following = page.get("NextShardIterator")
        if records:
            wanted = [record for record in map(self._event_record, records) if record]
            for batch in self._batches(wanted):
                if not self._deliver(shard, batch):
                    return False  # stopped before it was done: not to be passed over
            shard.last = records[-1]["dynamodb"]["SequenceNumber"]
        if following is None:
            shard.closed = True
            self._look_for_shards()
            return True
        shard.iterator = None if self._fresh_iterators else following
        size = sum(record["dynamodb"].get("SizeBytes", 0) for record in records)
        return len(records) == _PAGE or size > _PAGE_BYTES

    def _iterator(self, shard: _Shard) -> str:
        position: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard.last is not None:
            position = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "SequenceNumber": shard.last,
            }
        answer = self._streams.get_shard_iterator(
            StreamArn=self._stream_arn, ShardId=shard.shard_id, **position
        )
        return answer["ShardIterator"]

    def _look_for_shards(self) -> None:
        described = self._streams.describe_stream(StreamArn=self._stream_arn)
        for shard in described["StreamDescription"]["Shards"]:
            self._shards.setdefault(shard["ShardId"], _Shard(shard["ShardId"]))

    def _event_record(self, record: Mapping[str, Any]) -> StreamRecord | None:
        """The record as an event carries it; None if the mapping's filter leaves it out."""
        event = {
            **record,
            "eventSource": "aws:dynamodb",
            "awsRegion": self._world.region,
            "eventSourceARN": self._stream_arn,
        }
        filters = self._mapping.filters
        if filters and not any(matches(pattern, event) for pattern in filters):
            return None
        return StreamRecord(
            sequence_number=record["dynamodb"]["SequenceNumber"],
            written_at=record["dynamodb"]["ApproximateCreationDateTime"],
            text=orjson.dumps(event, _plain, PLAIN).decode(),
        )

    def _batches(self, records: Sequence[StreamRecord]) -> Iterator[list[StreamRecord]]:
        """Yield batches of the mapping's size, smaller where an event would become too large."""
        batch: list[StreamRecord] = []
        room = _BATCH_ROOM
        for record in records:
            size = len(record.text.encode()) + 1
            if batch and (len(batch) == self._mapping.batch_size or size > room):
                yield batch
                batch, room = [], _BATCH_ROOM
            batch.append(record)
            room -= size
        if batch:
            yield batch

    def _deliver(self, shard: _Shard, batch: list[StreamRecord]) -> bool:
        """Call the function until every record is done or given up. False if stopped before."""
        waiting = [(batch, 0)]
        while waiting:
            if self._stopping.is_set():
                return False
            records, failures = waiting.pop()
            records = self._give_up_old(shard, records, failures)
            if not records:
                continue
            outcome = self._call(records)
            first = self._first_failed(outcome, records)
            if first is None:
                self._retrying = None
                continue
            rest = records[first:]
            self._retrying = f"record {rest[0].sequence_number}"
            if first:  # the checkpoint moves up to the record that failed
                waiting.append((rest, 0))
            elif self._mapping.bisects and len(rest) > 1:  # halving is not counted as a retry
                half = len(rest) // 2
                waiting += [(rest[half:], failures), (rest[:half], failures)]
            elif 0 <= self._mapping.maximum_retries <= failures:
                self._give_up(shard, rest, "RetryAttemptsExhausted", failures + 1, outcome)
                self._retrying = None
                continue
            else:
                waiting.append((rest, failures + 1))
            pause = self._pace.retry * 2**failures
            self._stopping.wait(min(pause, self._pace.retry_at_most))
        return True

    def _call(self, records: Sequence[StreamRecord]) -> Outcome:
        payload = f'{{"Records":[{",".join(record.text for record in records)}]}}'
        return self._functions.invoke(self._mapping.function, payload.encode())

    def _first_failed(self, outcome: Outcome, records: Sequence[StreamRecord]) -> int | None:
        ids = [record.sequence_number for record in records]
        failed = failed_items(outcome, ids, reports=self._mapping.reports_item_failures)
        return min((ids.index(one) for one in failed), default=None)

    def _give_up_old(
        self, shard: _Shard, records: list[StreamRecord], failures: int
    ) -> list[StreamRecord]:
        if self._mapping.maximum_age_seconds < 0:
            return records
        oldest = time.time() - self._mapping.maximum_age_seconds
        old = [record for record in records if record.written_at.timestamp() < oldest]
        if old:
            self._give_up(shard, old, "RecordAgeExceeded", failures, None)
        return records[len(old) :]

    def _give_up(
        self,
        shard: _Shard,
        records: Sequence[StreamRecord],
        condition: str,
        calls: int,
        outcome: Outcome | None,
    ) -> None:
        """Tell the on-failure destination which records were passed over, and why."""
        first, last = records[0], records[-1]
        logger.error(
            "%s: %s, records %s to %s are given up",
            self.name,
            condition,
            first.sequence_number,
            last.sequence_number,
        )
        if self._mapping.on_failure_queue is None:
            return
        function = self._functions.find(self._mapping.function)
        document: dict[str, Any] = {
            "requestContext": {
                "requestId": outcome.request_id if outcome else "",
                "functionArn": function.arn,
                "condition": condition,
                "approximateInvokeCount": calls,
            },
            "version": "1.0",
            "timestamp": _iso(datetime.now(UTC)),
            "DDBStreamBatchInfo": {
                "shardId": shard.shard_id,
                "startSequenceNumber": first.sequence_number,
                "endSequenceNumber": last.sequence_number,
                "approximateArrivalOfFirstRecord": _iso(first.written_at),
                "approximateArrivalOfLastRecord": _iso(last.written_at),
                "batchSize": len(records),
                "streamArn": self._stream_arn,
            },
        }
        if outcome is not None:
            document["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST"}
            if outcome.failed:
                document["responseContext"]["functionError"] = "Unhandled"
        queue = self._world.queue_of(self._mapping.on_failure_queue)
        boto3.client("sqs").send_message(QueueUrl=queue.url, MessageBody=json.dumps(document))


def _plain(value: Any) -> Any:
    """What JSON does not know, as Lambda's events carry it."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(type(value).__name__)


def _iso(time_: datetime) -> str:
    return time_.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
