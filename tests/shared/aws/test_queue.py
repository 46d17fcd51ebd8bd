"""Each message of a batch is done, brought back or parked, whatever the others are."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shared.aws.queue import LAST_TRY, DeadLetters, EventReader
from shared.contracts.event import Event
from shared.errors import Conflict
from tests.account import AwsAccount
from tests.shared.aws.notes import Note, NoteWritten, event_of

QUEUE = "orders-events-dead"


def envelope(n: int = 1, /, **changes: Any) -> dict[str, Any]:
    event = event_of(f"note-{n}", "cus_1", Note.write(f"note-{n}").log[0])
    detail = json.loads(event.model_dump_json())
    return {"source": "sahip.notes", "detail-type": "NoteWritten.v1", "detail": detail} | changes


def a_message(body: Any, *, message_id: str = "m-1", received: int = 1) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(received)},
    }


class Reader:
    """An event reader, what it has handed over, and what it has parked."""

    def __init__(self, aws: AwsAccount) -> None:
        dead_letters = DeadLetters(aws.sqs, aws.queue(QUEUE))
        self._aws = aws
        self._reader = EventReader({"NoteWritten.v1": NoteWritten}, dead_letters)
        self.handled: list[str] = []
        self.together: list[list[str]] = []
        self.fails: Callable[[Event], None] = lambda _: None

    def read(self, *messages: dict[str, Any]) -> list[str]:
        answer = self._reader.read_each({"Records": list(messages)}, self._handle)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def read_together(self, *messages: dict[str, Any]) -> list[str]:
        answer = self._reader.read_together({"Records": list(messages)}, self._handle_all)
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def parked(self) -> list[tuple[str, dict[str, str]]]:
        return [
            (
                message["Body"],
                {name: one["StringValue"] for name, one in message["MessageAttributes"].items()},
            )
            for message in self._aws.messages(QUEUE)
        ]

    def _handle_all(self, events: Sequence[Event]) -> None:
        for event in events:
            self.fails(event)
        self.together.append([event.entity_id for event in events])

    def _handle(self, event: Event) -> None:
        self.fails(event)
        self.handled.append(event.entity_id)


@pytest.fixture
def reader(aws: AwsAccount) -> Reader:
    return Reader(aws)


POISONS = {
    "no JSON": ("{", "it is no JSON object"),
    "a list": ([1], "it is no JSON object"),
    "nested too deeply": ("[" * 100_000, "it is no JSON object"),
    "no type": ({"source": "sahip.notes"}, "unknown type"),
    "another type": (
        envelope(1, **{"detail-type": "NoteBurnt.v1"}),
        "unknown type 'NoteBurnt.v1'",
    ),
    "another version": (envelope(1, **{"detail-type": "NoteWritten.v2"}), "unknown type"),
    "a type that is no text": (envelope(1, **{"detail-type": ["x"]}), "unknown type"),
    "a forged source": (envelope(source="sahip.orders"), "comes from sahip.notes alone"),
    "no detail": (envelope(detail=None), "does not fit its schema"),
    "a wrong field": (
        envelope(detail=envelope()["detail"] | {"version": "canary"}),
        "version: int_parsing",
    ),
    "a version of nought": (
        envelope(detail=envelope()["detail"] | {"version": 0}),
        "version: greater_than_equal",
    ),
}


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("kind", POISONS)
def test_a_poison_message_anywhere_in_a_batch_is_parked_alone_with_its_reason(
    reader: Reader, kind: str, place: int
) -> None:
    poison, reason = POISONS[kind]
    messages = [a_message(envelope(n), message_id=f"m-{n}") for n in range(2)]
    messages.insert(place, a_message(poison, message_id="m-poison"))

    assert reader.read(*messages) == []

    assert reader.handled == ["note-0", "note-1"]
    [(body, told)] = reader.parked()
    assert body == (poison if isinstance(poison, str) else json.dumps(poison))
    assert reason in told["reason"]
    assert "canary" not in str(told)


def test_a_message_that_fails_comes_again_and_does_not_hold_up_the_others(
    reader: Reader,
) -> None:
    def fails(event: Event) -> None:
        if event.entity_id == "note-1":
            raise RuntimeError("personal canary")

    reader.fails = fails
    messages = [a_message(envelope(n), message_id=f"m-{n}") for n in range(3)]

    assert reader.read(*messages) == ["m-1"]

    assert reader.handled == ["note-0", "note-2"]
    assert reader.parked() == []


def test_a_batch_is_read_together_but_for_what_is_no_event(reader: Reader) -> None:
    messages = [a_message(envelope(n), message_id=f"m-{n}") for n in range(3)]
    poison = a_message("{", message_id="m-poison")

    assert reader.read_together(messages[0], poison, *messages[1:]) == []

    assert reader.together == [["note-0", "note-1", "note-2"]]
    assert len(reader.parked()) == 1


def test_what_fails_together_is_read_again_one_by_one(reader: Reader) -> None:
    def fails(event: Event) -> None:
        if event.entity_id == "note-1":
            raise Conflict("its present state forbids this")
        if event.entity_id == "note-2":
            raise RuntimeError("personal canary")

    reader.fails = fails
    messages = [a_message(envelope(n), message_id=f"m-{n}") for n in range(4)]

    assert reader.read_together(*messages) == ["m-2"]

    assert reader.together == [["note-0"], ["note-3"]]
    [(_, told)] = reader.parked()
    assert told["event_id"] == "note-1:1:0"


def test_what_fails_for_the_last_time_is_parked_with_the_kind_of_failure_alone(
    reader: Reader,
) -> None:
    def fails(_: Event) -> None:
        raise RuntimeError("personal canary")

    reader.fails = fails

    assert reader.read(a_message(envelope(), received=LAST_TRY - 1)) == ["m-1"]
    assert reader.read(a_message(envelope(), received=LAST_TRY)) == []

    [(_, told)] = reader.parked()
    assert told["reason"] == "failed 5 times, the last time with RuntimeError"
    assert told["event_id"] == "note-1:1:0"
    assert told["source"] == "sahip.notes"


def test_what_a_rule_refuses_is_parked_at_once_because_it_stays_refused(reader: Reader) -> None:
    def fails(_: Event) -> None:
        raise Conflict("its present state forbids this")

    reader.fails = fails

    assert reader.read(a_message(envelope())) == []

    [(_, told)] = reader.parked()
    assert told["reason"] == "its present state forbids this"


def test_what_cannot_be_parked_comes_again(aws: AwsAccount) -> None:
    reader = EventReader({}, DeadLetters(aws.sqs, "https://queue.amazonaws.com/1/no-such-queue"))

    answer = reader.read_each({"Records": [a_message("{")]}, lambda _: None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


@pytest.mark.parametrize("strange", ["\u0000\u0007", "\ud800", "x" * 5000, ""])
def test_a_message_with_strange_marks_is_parked_all_the_same(reader: Reader, strange: str) -> None:
    body = json.dumps(envelope(source=strange, detail={"event_id": strange}))

    assert reader.read(a_message(body)) == []

    [(parked, told)] = reader.parked()
    assert parked == body
    assert set(told) == {"reason", "source", "event_id", "detail_type"}
    assert all(value.isprintable() and len(value) <= 500 for value in told.values())


def test_a_field_that_a_newer_publisher_added_is_passed_over(reader: Reader) -> None:
    newer = envelope(detail=envelope()["detail"] | {"colour": "red"})

    assert reader.read(a_message(newer)) == []

    assert reader.handled == ["note-1"]
    assert reader.parked() == []
