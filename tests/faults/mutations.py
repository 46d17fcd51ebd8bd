"""Faults planted in our own code: each is a mistake that somebody might make."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from services.customer import bootstrap as customer_bootstrap
from services.customer.events import event_of as customer_event_of
from services.orders import bootstrap as orders_bootstrap
from services.orders.events import event_of as order_event_of
from shared.aws import projection, publication, queue
from shared.aws.entities import EntityStore
from shared.aws.publication import EventBus, Saying
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.writes import write

Plant = Callable[[pytest.MonkeyPatch], None]


def publish_in_the_request(patch: pytest.MonkeyPatch) -> None:
    """Save, then tell the bus, and leave nothing to the stream."""
    create, save, update = EntityStore.create, EntityStore.save, EntityStore.update
    publishers = {
        "order": (orders_bootstrap, order_event_of),
        "customer": (customer_bootstrap, customer_event_of),
    }
    written: list[Any] = []

    def tell(*entities: Any) -> None:
        for entity in entities:
            if entity.kind in publishers:
                bootstrap, event_of = publishers[entity.kind]
                entries = entity.entries_since(entity.version - 1)
                events = [event_of(entity.entity_id, entity.customer_id, one) for one in entries]
                bootstrap.bus().publish(Saying(origin="", event=one) for one in events if one)

    def create_and_tell(store: Any, entity: Any, **others: Any) -> Any:
        stored, repeated = create(store, entity, **others)
        if not repeated:
            tell(stored, *written)
        written.clear()
        return stored, repeated

    def save_and_tell(store: Any, entity: Any, **others: Any) -> None:
        save(store, entity, **others)
        tell(*written)
        written.clear()

    def note_and_update(store: Any, entity: Any) -> Any:
        written.append(entity)
        return update(store, entity)

    patch.setattr(EntityStore, "create", create_and_tell)
    patch.setattr(EntityStore, "save", save_and_tell)
    patch.setattr(EntityStore, "update", note_and_update)
    for service in ("customer", "orders"):
        patch.setattr(f"services.{service}.app.publish", lambda *_: {"batchItemFailures": []})


def no_version_guard_in_the_projector(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes last is shown."""
    patch.setattr("shared.aws.projection.write", _without_conditions(write))


def no_version_guard_in_the_reader(patch: pytest.MonkeyPatch) -> None:
    """Whatever link is heard of last holds."""
    patch.setattr("shared.aws.links.write", _without_conditions(write))


def a_swallowed_exception(patch: pytest.MonkeyPatch) -> None:
    """What the bus would not take is forgotten."""
    publish = EventBus.publish

    def try_to_publish(bus: EventBus, sayings: Any) -> list[Saying]:
        with suppress(Exception):
            publish(bus, sayings)
        return []

    patch.setattr(EventBus, "publish", try_to_publish)


def delete_before_work(patch: pytest.MonkeyPatch) -> None:
    """A message counts as done before it is handled: what then fails is gone."""
    read_all = EventReader.read_all

    def acknowledge_and_read(reader: EventReader, event: Any, handle: Any) -> dict[str, Any]:
        with suppress(BaseException):  # the message is no longer there to come again
            read_all(reader, event, handle)
        return {"batchItemFailures": []}

    patch.setattr(EventReader, "read_all", acknowledge_and_read)


def no_partial_response(patch: pytest.MonkeyPatch) -> None:
    """What of a batch was not done is not told."""
    for module in (publication, projection, queue):
        patch.setattr(module, "failures", lambda _: {"batchItemFailures": []})


def no_reason_beside_a_dead_letter(patch: pytest.MonkeyPatch) -> None:
    """A message is set aside without a word, or with the words of whoever sent it."""

    def park(letters: Any, record: Mapping[str, Any], reason: str) -> None:
        letters._client.send_message(
            QueueUrl=letters._url,
            MessageBody=record["body"],
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": json.dumps(record["body"])}
            },
        )

    patch.setattr(DeadLetters, "park", park)


def a_repeat_is_an_error(patch: pytest.MonkeyPatch) -> None:
    """A write whose answer was lost is refused when it is tried again."""
    patch.setattr(EntityStore, "_is_stored", lambda *_: False)


@dataclass(frozen=True)
class Mistake:
    """A mistake, the kind of fault that brings it to light, and what is then found broken."""

    plant: Plant
    fault: str
    broken: str

    def __str__(self) -> str:
        return str(getattr(self.plant, "__name__", self.plant))


PLANTED = (
    Mistake(publish_in_the_request, "a crash after it", "stored and never published"),
    Mistake(no_version_guard_in_the_projector, "a crash after it", "counted anew"),
    Mistake(no_version_guard_in_the_reader, "a crash after it", "is kept with"),
    Mistake(a_swallowed_exception, "throttled three times", "stored and never published"),
    Mistake(delete_before_work, "a crash before it", "not in the timeline"),
    Mistake(no_partial_response, "taken in part three times", "stored and never published"),
    Mistake(
        no_reason_beside_a_dead_letter,
        "a crash before it",
        "personal data in a dead letter's reason",
    ),
    Mistake(a_repeat_is_an_error, "its answer is lost", "in the end the answer was 409"),
)


def _without_conditions(whole: Any) -> Any:
    def write_blindly(client: Any, writes: Any) -> None:
        whole(client, [{kind: _bare(asked) for kind, asked in each.items()} for each in writes])

    return write_blindly


def _bare(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A write that asks nothing of what is there."""
    bare = {name: value for name, value in asked.items() if name != "ConditionExpression"}
    values = bare.pop("ExpressionAttributeValues", {})
    expression = bare.get("UpdateExpression", "")
    used = {name: value for name, value in values.items() if name in expression}
    return bare | ({"ExpressionAttributeValues": used} if used else {})
