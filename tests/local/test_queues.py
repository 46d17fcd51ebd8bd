"""A queue is worked through; what fails comes again, and ends with the dead letters."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from infra.local.mappings.queues import QueueReader
from infra.local.mappings.settings import Pace
from infra.local.mappings.wake import Wakes
from infra.local.provision import provision
from tests.local.worlds import Handler, a_queue, a_queue_mapping, a_world, functions_with

pytestmark = pytest.mark.usefixtures("aws")
WORK, DEAD = a_queue("work", dead="dead"), a_queue("dead")
WORLD = a_world(queues=[WORK, DEAD])
PACE = Pace(poll=5, gather=0.005, redelivery=0)


def send(*bodies: Any) -> None:
    sqs = boto3.client("sqs")
    for body in bodies:
        text = body if isinstance(body, str) else json.dumps(body)
        sqs.send_message(QueueUrl=WORK.url, MessageBody=text)


def left_in(queue: Any) -> list[str]:
    found = boto3.client("sqs").receive_message(
        QueueUrl=queue.url, MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [message["Body"] for message in found.get("Messages", [])]


@contextmanager
def working(handler: Handler, *, pace: Pace = PACE, **changes: Any) -> Iterator[QueueReader]:
    """A reader at work on the queue `work`."""
    wakes = Wakes(WORLD)
    wakes.install()
    provision(WORLD)
    reader = QueueReader(
        a_queue_mapping(**changes), WORLD, functions_with(handler), wakes.bell("work"), pace
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


def quiet(reader: QueueReader) -> None:
    ticket = reader.ask()
    wait_until(lambda: reader.nothing_since(ticket) and reader.moving() is None)


def bodies(event: Any) -> list[str]:
    return [record["body"] for record in event["Records"]]


def test_a_message_carries_what_lambda_gives() -> None:
    events: list[Any] = []
    with working(lambda event, _: events.append(event)) as reader:
        boto3.client("sqs").send_message(
            QueueUrl=WORK.url,
            MessageBody="hello",
            MessageAttributes={"reason": {"DataType": "String", "StringValue": "why not"}},
        )
        quiet(reader)

    [record] = events[0]["Records"]
    assert record["body"] == "hello"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert int(record["attributes"]["SentTimestamp"]) > 0
    assert record["messageAttributes"]["reason"] == {
        "stringValue": "why not",
        "dataType": "String",
        "stringListValues": [],
        "binaryListValues": [],
    }
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == WORK.arn
    assert record["messageId"]
    assert record["receiptHandle"]


def test_a_message_wakes_the_reader_at_once_and_is_gone_when_done() -> None:
    read = threading.Event()
    with working(lambda _e, _c: read.set()) as reader:
        quiet(reader)
        begun = time.monotonic()
        send("a")
        assert read.wait(5)
        assert time.monotonic() - begun < PACE.poll / 5
        quiet(reader)

    assert left_in(WORK) == []


@pytest.mark.parametrize("place", range(3))
def test_a_failed_record_does_not_hold_up_the_others(place: int) -> None:
    names = ["a", "b", "c"]
    done: list[str] = []

    def handler(event: Any, _context: Any) -> Any:
        bad = [one["messageId"] for one in event["Records"] if one["body"] == names[place]]
        done.extend(body for body in bodies(event) if body != names[place])
        return {"batchItemFailures": [{"itemIdentifier": one} for one in bad]}

    provision(WORLD)
    send(*names)
    with working(handler) as reader:
        quiet(reader)

    assert sorted(done) == sorted(set(names) - {names[place]})
    assert left_in(DEAD) == [names[place]]


def test_a_function_that_fails_leaves_the_whole_batch() -> None:
    seen: list[str] = []

    def handler(event: Any, _context: Any) -> None:
        seen.extend(bodies(event))
        raise RuntimeError

    with working(handler) as reader:
        send("a")
        quiet(reader)

    assert seen == ["a", "a"]  # as often as the queue allows
    assert left_in(DEAD) == ["a"]


def test_each_delivery_counts() -> None:
    counts: list[str] = []

    def handler(event: Any, _context: Any) -> None:
        counts.extend(one["attributes"]["ApproximateReceiveCount"] for one in event["Records"])
        raise RuntimeError

    with working(handler) as reader:
        send("a")
        quiet(reader)

    assert counts == ["1", "2"]


def test_what_failed_is_hidden_for_the_queues_visibility_timeout() -> None:
    seen: list[Any] = []

    def handler(event: Any, _context: Any) -> Any:
        seen.append(event)
        return {"batchItemFailures": [{}]}

    with working(handler, pace=Pace(gather=0.005)) as reader:
        send("a")
        wait_until(lambda: len(seen) == 1)
        ticket = reader.ask()
        wait_until(lambda: reader.nothing_since(ticket))

        assert left_in(WORK) == []
        assert reader.moving() == "work holds 1 messages"


def test_no_more_than_the_concurrency_asked_for_run_at_once() -> None:
    lock, running, most = threading.Lock(), 0, 0

    def handler(_event: Any, _context: Any) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.2)  # longer than batches take to come together
        with lock:
            running -= 1

    provision(WORLD)
    send(*map(str, range(8)))
    with working(handler, batch_size=1, maximum_concurrency=2) as reader:
        quiet(reader)

    assert most == 2


def test_messages_that_do_not_pass_the_filter_are_dropped() -> None:
    seen: list[str] = []
    pattern = {"body": {"kind": ["wanted"]}}
    with working(lambda event, _: seen.extend(bodies(event)), filters=[pattern]) as reader:
        send({"kind": "wanted"}, {"kind": "other"}, "no json")
        quiet(reader)

    assert seen == ['{"kind": "wanted"}']
    assert left_in(WORK) == []


def test_stopping_waits_for_what_is_in_hand() -> None:
    begun, release = threading.Event(), threading.Event()

    def handler(_event: Any, _context: Any) -> None:
        begun.set()
        release.wait(5)

    with working(handler) as reader:
        send("a")
        assert begun.wait(5)
        reader.stop()
        release.set()
        reader.join(5)

        assert not reader.alive()
    assert left_in(WORK) == []
