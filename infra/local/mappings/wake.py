"""Tells readers at once when there is something for them, so that they need not keep looking.

Our own clients write to the engine; a hook on them sees each successful write and rings for
those who read that table or queue. What others write is found by a slow look now and then.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import boto3

from infra.local.mappings.patterns import matches
from infra.local.templates.descriptions import Rule, World

_DYNAMODB_WRITES = (
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
)
_SQS_WRITES = ("SendMessage", "SendMessageBatch")
MOST_TYPES = 1000  # of events
_KEY = "sahip_written"
_OK = 300


class Bell:
    """Rings once for any number of reasons."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake whoever waits, or will wait next."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Return when rung, or after so many seconds; what rang before counts no more.

        Tell whether it had rung already: whoever waits has more to do than they can keep up with.
        """
        had_rung = self._rung.is_set()
        self._rung.wait(max(0.0, seconds))
        self._rung.clear()
        return had_rung


class Wakes:
    """Which bells ring for which table or queue."""

    def __init__(self, world: World) -> None:
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._queues_of = lru_cache(MOST_TYPES)(partial(_queues_of, list(world.rules)))

    def bell(self, source: str) -> Bell:
        """A bell that rings when this table or queue, by its name, is written to."""
        bell = Bell()
        self.listen(source, bell.ring)
        return bell

    def listen(self, source: str, listener: Callable[[], None]) -> None:
        """Have somebody told when this table or queue, by its name, is written to."""
        self._listeners.setdefault(source, []).append(listener)

    def ring(self, source: str) -> None:
        """Tell those who listen that this table or queue, by its name, was written to."""
        for listener in self._listeners.get(source, ()):
            listener()

    def install(self) -> None:
        """Listen to boto3's default session: to every client made from it from now on."""
        if boto3.DEFAULT_SESSION is None:
            boto3.setup_default_session()
        session = boto3.DEFAULT_SESSION
        if session is None:
            raise RuntimeError("boto3 has no default session")
        events = session.events
        writes = [("dynamodb", name, self._note_tables) for name in _DYNAMODB_WRITES]
        writes += [("sqs", name, self._note_queue) for name in _SQS_WRITES]
        writes += [("events", "PutEvents", self._note_events)]
        for service, operation, note in writes:
            events.register(f"before-parameter-build.{service}.{operation}", note)
            events.register(f"after-call.{service}.{operation}", self._written)

    def _note_tables(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        names: Iterable[str]
        if "TransactItems" in params:
            names = {
                action["TableName"]
                for item in params["TransactItems"]
                for action in item.values()
                if "TableName" in action
            }
        elif "RequestItems" in params:
            names = params["RequestItems"]
        else:
            names = [params.get("TableName", "")]
        context[_KEY] = [name.rsplit("/", 1)[-1] for name in names]

    def _note_queue(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_KEY] = [str(params.get("QueueUrl", "")).rsplit("/", 1)[-1]]

    def _note_events(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        queues: set[str] = set()
        for entry in params.get("Entries", ()):
            bus = str(entry.get("EventBusName", "default")).rsplit("/", 1)[-1]
            queues |= self._queues_of(bus, entry.get("Source"), entry.get("DetailType"))
        context[_KEY] = queues

    def _written(self, http_response: Any, context: Mapping[str, Any], **_: Any) -> None:
        if http_response.status_code < _OK:
            for name in context.get(_KEY, ()):
                self.ring(name)


def _queues_of(
    rules: Sequence[Rule], bus: str, source: str | None, detail_type: str | None
) -> set[str]:
    """The queues that may get an event; what is in it is not looked at, to ring is cheaper."""
    event = {"source": source, "detail-type": detail_type}
    return {
        target.queue_arn.rsplit(":", 1)[-1]
        for rule in rules
        if rule.bus == bus
        and matches({name: rule.pattern[name] for name in event if name in rule.pattern}, event)
        for target in rule.targets
    }
