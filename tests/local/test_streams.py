"""A stream reaches its readers in order, and one bad record does not hold it up for ever."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from infra.local.mappings.settings import Pace
from infra.local.mappings.streams import StreamReader
from infra.local.mappings.wake import Wakes
from infra.local.provision import provision
from tests.local.worlds import (
    Handler,
    a_function,
    a_queue,
    a_stream_mapping,
    a_table,
    a_world,
    functions_with,
)

pytestmark = pytest.mark.usefixtures("aws")
WORLD = a_world(tables=[a_table()], queues=[a_queue("failures")])
PACE = Pace(poll=5, gather=0.005, retry=0.001)


def write(*keys: str) -> None:
    table = boto3.resource("dynamodb").Table("things")
    for key in keys:
        table.put_item(Item={"pk": key})


@contextmanager
def reading(handler: Handler, *, pace: Pace = PACE, **changes: Any) -> Iterator[StreamReader]:
    """A reader at work on the stream of the table `things`."""
    wakes = Wakes(WORLD)
    wakes.install()
    provision(WORLD)
    reader = StreamReader(
        a_stream_mapping(**changes),
        WORLD,
        functions_with(handler),
        wakes.bell("things"),
        pace,
        fresh_iterators=True,
    )
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        reader.join(5)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)


def quiet(reader: StreamReader) -> None:
    ticket = reader.ask()
    wait_until(lambda: reader.nothing_since(ticket))


def key(record: Mapping[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["pk"]["S"])


def failures() -> list[Any]:
    queue = WORLD.queues[0]
    found = boto3.client("sqs").receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in found.get("Messages", [])]


class Recorder:
    """A function that notes what it gets and fails where it is told to."""

    def __init__(self, *poison: str, partly: bool = True) -> None:
        self.batches: list[list[str]] = []
        self.done: list[str] = []
        self._poison = poison
        self._partly = partly

    def __call__(self, event: Any, _context: Any) -> Any:
        self.batches.append([key(record) for record in event["Records"]])
        if not self._partly and set(self._poison) & set(self.batches[-1]):
            raise RuntimeError("poison")
        for record in event["Records"]:
            if key(record) in self._poison:
                number = record["dynamodb"]["SequenceNumber"]
                return {"batchItemFailures": [{"itemIdentifier": number}]}
            self.done.append(key(record))
        return None


def test_a_record_carries_what_lambda_gives() -> None:
    events: list[Any] = []
    with reading(lambda event, _: events.append(event)) as reader:
        boto3.client("dynamodb").put_item(
            TableName="things", Item={"pk": {"S": "a"}, "raw": {"B": b"\x00\x01"}}
        )
        quiet(reader)

    [record] = events[0]["Records"]
    assert record["eventName"] == "INSERT"
    assert record["eventSource"] == "aws:dynamodb"
    assert record["awsRegion"] == "eu-central-1"
    assert record["eventSourceARN"].startswith(f"{WORLD.tables[0].arn}/stream/")
    assert record["eventID"]
    change = record["dynamodb"]
    assert change["NewImage"] == {"pk": {"S": "a"}, "raw": {"B": "AAE="}}
    assert change["Keys"] == {"pk": {"S": "a"}}
    assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert time.time() - change["ApproximateCreationDateTime"] < 60
    assert isinstance(change["SequenceNumber"], str)


def test_a_write_wakes_the_reader_at_once() -> None:
    read = threading.Event()
    with reading(lambda _e, _c: read.set()) as reader:
        quiet(reader)
        begun = time.monotonic()
        write("a")

        assert read.wait(5)
    assert time.monotonic() - begun < PACE.poll / 5


def test_what_others_write_is_found_by_a_look_now_and_then() -> None:
    recorder = Recorder()
    with reading(recorder, pace=Pace(poll=0.05, gather=0.001)) as reader:
        quiet(reader)
        stranger = boto3.Session().client("dynamodb")
        stranger.put_item(TableName="things", Item={"pk": {"S": "a"}})

        wait_until(lambda: recorder.done == ["a"])


def test_records_come_in_order_and_in_batches_of_the_size_asked_for() -> None:
    recorder = Recorder()
    names = [f"k{number}" for number in range(25)]
    provision(WORLD)
    write(*names)
    with reading(recorder, batch_size=10) as reader:
        quiet(reader)

    assert [len(batch) for batch in recorder.batches] == [10, 10, 5]
    assert recorder.done == names


def test_only_records_that_pass_the_filter_are_delivered() -> None:
    recorder = Recorder()
    pattern = {"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "E#"}]}}}}
    with reading(recorder, filters=[pattern]) as reader:
        write("E#1", "P#1", "E#2")
        quiet(reader)

    assert recorder.done == ["E#1", "E#2"]


def test_two_readers_of_one_stream_keep_their_own_place() -> None:
    slow, quick = Recorder("b"), Recorder()
    with reading(slow, maximum_retries=-1) as held, reading(quick) as free:
        write("a", "b", "c")
        quiet(free)
        assert quick.done == ["a", "b", "c"]
        wait_until(lambda: "tries again" in (held.moving() or ""))
        assert slow.done == ["a"]


@pytest.mark.parametrize("partly", [True, False])
@pytest.mark.parametrize("place", range(5))
def test_a_poison_record_is_passed_over_and_told_and_the_others_are_done(
    place: int, partly: bool
) -> None:
    names = [f"k{number}" for number in range(5)]
    recorder = Recorder(names[place], partly=partly)
    provision(WORLD)
    write(*names)
    with reading(recorder) as reader:
        quiet(reader)

    assert recorder.done == [name for name in names if name != names[place]]
    [told] = failures()
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["requestContext"]["approximateInvokeCount"] == 3
    assert told["requestContext"]["functionArn"] == a_function().arn
    info = told["DDBStreamBatchInfo"]
    assert info["batchSize"] == 1
    assert info["startSequenceNumber"] == info["endSequenceNumber"]
    assert ("functionError" in told["responseContext"]) is not partly


def test_a_failure_that_passes_costs_nothing_but_a_repetition() -> None:
    calls: list[int] = []

    def handler(event: Any, _context: Any) -> None:
        calls.append(len(event["Records"]))
        if len(calls) == 1:
            raise RuntimeError("not now")

    with reading(handler, bisects=False) as reader:
        write("a", "b")
        quiet(reader)

    assert calls[-1] == calls[0]
    assert failures() == []


def test_without_bisecting_the_whole_batch_is_passed_over() -> None:
    recorder = Recorder("b", partly=False)
    provision(WORLD)
    write("a", "b", "c")
    with reading(recorder, bisects=False) as reader:
        quiet(reader)

    assert recorder.done == []
    [told] = failures()
    assert told["DDBStreamBatchInfo"]["batchSize"] == 3


def test_a_report_of_a_record_that_was_not_sent_fails_the_whole_batch() -> None:
    nonsense = {"batchItemFailures": [{"itemIdentifier": "nobody"}]}
    provision(WORLD)
    write("a", "b")
    with reading(lambda _e, _c: nonsense, bisects=False) as reader:
        quiet(reader)

    assert failures()[0]["DDBStreamBatchInfo"]["batchSize"] == 2


def test_a_record_that_is_too_old_is_told_and_not_delivered() -> None:
    recorder = Recorder()
    provision(WORLD)
    write("a")
    time.sleep(1.1)
    with reading(recorder, maximum_age_seconds=1) as reader:
        write("b")
        quiet(reader)

    assert recorder.done == ["b"]
    assert failures()[0]["requestContext"]["condition"] == "RecordAgeExceeded"


def test_a_reader_that_stops_in_the_midst_of_retries_stops() -> None:
    with reading(Recorder("a"), maximum_retries=-1, pace=Pace(retry=60)) as reader:
        write("a")
        wait_until(lambda: "tries again" in (reader.moving() or ""))
        reader.stop()
        reader.join(2)
        assert not reader.alive()
