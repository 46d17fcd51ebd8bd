"""The table's log on the bus: every entry is published, at least once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.aws.clients import ATTEMPTS
from shared.aws.entities import read_log
from shared.aws.items import Values
from shared.aws.logs import tell
from shared.aws.pauses import pause
from shared.aws.stream import failures, writes_of
from shared.contracts.event import Event, Message
from shared.entity import Entry

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

    _Said = tuple["Saying", PutEventsRequestEntryTypeDef]

MOST_ENTRIES = 10  # of one PutEvents call
MOST_BYTES = 256 * 1024 - 4096  # of one PutEvents call, with room for the envelope

EventOf = Callable[[str, str, Entry], Event | None]
"""Entity id, customer id and entry of the log to the event that says it, if any does."""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """An event, and the stream record or entity it comes from."""

    origin: str
    event: Message


class EventBus:
    """The bus that all services talk over."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, sayings: Iterable[Saying]) -> list[Saying]:
        """Publish all. Return those that the bus would not take in three attempts.

        PutEvents answers 200 when it refuses some entries: only those are sent again.
        """
        refused: list[Saying] = []
        for batch in _batches((one, self._entry(one.event)) for one in sayings):
            refused += self._send(batch)
        return refused

    def _send(self, batch: "Sequence[_Said]") -> list[Saying]:
        pending = list(batch)
        for tried in range(1, ATTEMPTS + 1):
            answer = self._client.put_events(Entries=[entry for _, entry in pending])
            if not answer["FailedEntryCount"]:
                return []
            results = zip(pending, answer["Entries"], strict=True)
            pending = [one for one, result in results if result.get("ErrorCode")]
            if tried < ATTEMPTS:
                pause(tried)
        return [saying for saying, _ in pending]

    def _entry(self, event: Message) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._name,
            "Source": event.source,
            "DetailType": event.detail_type,
            "Detail": event.model_dump_json(),
        }


def publish_changes(
    stream_event: dict[str, Any], bus: EventBus, event_of: EventOf
) -> dict[str, Any]:
    """Say on the bus what the records' new entries say; answer which records must come again."""
    sayings = [
        Saying(origin=write.sequence, event=event)
        for write in writes_of(stream_event)
        for event in _events(write.after, event_of, _newer_than(write.version_before))
    ]
    refused = bus.publish(sayings)
    for saying in sayings:
        tell("published", **_named(saying.event))
    if refused:
        tell("not published", events=[one.event.event_id for one in refused])
    return failures(dict.fromkeys(one.origin for one in refused))


def events_of_item(values: Values, since: datetime, event_of: EventOf) -> Iterator[Event]:
    """The events of an entity's entries that were not recorded before a time."""
    return _events(values, event_of, lambda entry: entry.at >= since)


def _events(values: Values, event_of: EventOf, wanted: Callable[[Entry], bool]) -> Iterator[Event]:
    entity_id = values["pk"].removeprefix("E#")
    for entry in read_log(values):
        if wanted(entry):
            event = event_of(entity_id, values["customer_id"], entry)
            if event is not None:
                yield event


def _newer_than(version: int) -> Callable[[Entry], bool]:
    return lambda entry: entry.version > version


def _batches(said: "Iterable[_Said]") -> "Iterator[list[_Said]]":
    batch: list[_Said] = []
    size = 0
    for saying, entry in said:
        length = len(entry["Detail"].encode()) + 256
        if batch and (len(batch) == MOST_ENTRIES or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((saying, entry))
        size += length
    if batch:
        yield batch


def _named(event: Message) -> dict[str, str]:
    return {
        "event_id": event.event_id,
        "type": event.detail_type,
        "correlation_id": event.correlation_id,
    }
