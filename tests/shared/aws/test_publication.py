"""What the log says is said on the bus: all of it, in full batches, and what failed again."""

import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from shared.aws import pauses
from shared.aws.items import entity_key, to_item
from shared.aws.publication import MOST_BYTES, EventBus, Saying, events_of_item, publish_changes
from shared.contracts.event import Event
from shared.entity import Happening
from tests.account import stream_record
from tests.shared.aws.notes import Note, an_act, document, event_of


class PlayedBus:
    """EventBridge that refuses chosen events so often."""

    def __init__(self, refusals: dict[str, int] | None = None) -> None:
        self._refusals = refusals or {}
        self.calls: list[list[str]] = []
        self.taken: list[str] = []

    def put_events(self, *, Entries: Any) -> Any:  # noqa: N803 as AWS has it
        ids = [Event.model_validate_json(entry["Detail"]).event_id for entry in Entries]
        self.calls.append(ids)
        results = []
        for one in ids:
            if self._refusals.get(one, 0):
                self._refusals[one] -= 1
                results.append({"ErrorCode": "ThrottlingException"})
            else:
                self.taken.append(one)
                results.append({"EventId": one})
        failed = sum("ErrorCode" in result for result in results)
        return {"FailedEntryCount": failed, "Entries": results}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE", 0)


def publish(played: PlayedBus, *records: dict[str, Any]) -> list[str]:
    bus = EventBus(cast("Any", played), "sahip")
    answer = publish_changes({"Records": list(records)}, bus, event_of)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def item_of(note: Note) -> dict[str, Any]:
    values = {"kind": note.kind, "customer_id": note.customer_id, **document.write(note)}
    return entity_key(note.note_id) | to_item(values)


def a_record(before: Note | None, after: Note, sequence: str = "1") -> dict[str, Any]:
    return stream_record(item_of(before) if before else None, item_of(after), sequence)


def test_a_write_says_what_is_newer_in_the_log_than_the_version_before() -> None:
    note = Note.write()
    twice = note.after(an_act(1), Happening(what="moved"), Happening(what="renamed"))
    played = PlayedBus()

    assert publish(played, a_record(None, note, "1"), a_record(note, twice, "2")) == []

    assert played.taken == ["note-1:1:0", "note-1:2:0", "note-1:2:1"]
    assert len(played.calls) == 1


def test_only_the_refused_entries_of_a_call_are_sent_again() -> None:
    played = PlayedBus({"note-1:1:0": 2})
    records = [a_record(None, Note.write(f"note-{n}"), str(n)) for n in range(3)]

    assert publish(played, *records) == []

    assert sorted(played.taken) == ["note-0:1:0", "note-1:1:0", "note-2:1:0"]
    assert [len(call) for call in played.calls] == [3, 1, 1]


def test_what_the_bus_refuses_three_times_is_named_for_the_stream_to_bring_again() -> None:
    played = PlayedBus({"note-1:1:0": 3})
    records = [a_record(None, Note.write(f"note-{n}"), f"sequence-{n}") for n in range(3)]

    assert publish(played, *records) == ["sequence-1"]


def test_calls_are_filled_up_to_what_the_bus_takes() -> None:
    played = PlayedBus()

    publish(played, *(a_record(None, Note.write(f"note-{n}"), str(n)) for n in range(23)))

    assert [len(call) for call in played.calls] == [10, 10, 3]


def test_a_call_never_carries_more_bytes_than_the_bus_takes() -> None:
    event = event_of("note-1", "cus_1", Note.write().log[0])
    long = event.model_copy(update={"correlation_id": "x" * (MOST_BYTES // 3)})
    played = PlayedBus()

    EventBus(cast("Any", played), "sahip").publish(
        [Saying(origin=str(n), event=long) for n in range(5)]
    )

    assert [len(call) for call in played.calls] == [2, 2, 1]


def test_an_event_carries_type_and_source_and_in_its_detail_the_time_of_what_happened() -> None:
    seen: list[Any] = []

    class Listening(PlayedBus):
        def put_events(self, *, Entries: Any) -> Any:  # noqa: N803 as AWS has it
            seen.extend(Entries)
            return super().put_events(Entries=Entries)

    publish(Listening(), a_record(None, Note.write()))

    [entry] = seen
    assert entry["EventBusName"] == "sahip"
    assert (entry["Source"], entry["DetailType"]) == ("sahip.notes", "NoteWritten.v1")
    assert json.loads(entry["Detail"])["occurred_at"] == "2026-03-01T12:00:00Z"
    # The bus gets no time: it may lie years back, and is when it was said there.
    assert "Time" not in entry


def test_history_is_told_with_the_time_at_which_it_happened() -> None:
    long_ago = datetime(2017, 5, 4, tzinfo=UTC)
    note = Note.write().after(an_act(1), Happening(what="rewritten", happened_at=long_ago))
    values = {"pk": "E#note-1", "customer_id": "cus_1", **document.write(note)}

    since_its_recording = events_of_item(values, an_act(1).at, event_of)

    assert [event.occurred_at for event in since_its_recording] == [long_ago]


def test_a_reconciliation_finds_the_entries_since_a_time_the_time_itself_included() -> None:
    note = Note.write().become(worth=1).become(worth=2)
    values = {"pk": "E#note-1", "customer_id": "cus_1", **document.write(note)}

    since = an_act(1).at

    found = [event.event_id for event in events_of_item(values, since, event_of)]
    assert found == ["note-1:2:0", "note-1:3:0"]
