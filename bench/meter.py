"""Notes each call to AWS on botocore's own hooks: its bytes, its times and what it costs."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3

from bench.capacity import TRANSACTION, Item, Key, Table, item_size, read_units

_KEY = "sahip_metered"
_OK = 300


@dataclass(kw_only=True)
class Call:
    """One call, as its caller sees it: with its retries."""

    service: str
    operation: str
    target: str
    parameters: Mapping[str, Any]
    started: float = 0.0
    ended: float = 0.0
    attempts: int = 0
    sent: int = 0  # bytes of bodies
    received: int = 0
    failed: bool = False
    items_read: int = 0
    read_units: float = 0.0
    write_units: int = 0
    written: list[tuple[Table, Key, Item | None]] = field(default_factory=list)  # as it was


@dataclass(kw_only=True)
class Recording:
    """The calls made while somebody watched."""

    calls: list[Call] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many calls were made one after another; those made at once count as one.

        It is the longest chain of calls of which each began when the one before had ended.
        """
        deepest, free = 0, 0.0
        for call in sorted(self.calls, key=lambda one: one.ended):
            if call.started >= free:
                deepest, free = deepest + 1, call.ended
        return deepest

    @property
    def read_units(self) -> float:
        return sum(call.read_units for call in self.calls)

    @property
    def write_units(self) -> int:
        return sum(call.write_units for call in self.calls)

    @property
    def items_read(self) -> int:
        return sum(call.items_read for call in self.calls)

    @property
    def sent(self) -> int:
        return sum(call.sent for call in self.calls)

    @property
    def received(self) -> int:
        return sum(call.received for call in self.calls)

    def count(self, operation: str) -> int:
        """How many calls were of this operation."""
        return sum(call.operation == operation for call in self.calls)


Pause = float | Callable[[Call], float]
"""Seconds; or how many, by call."""


class Meter:
    """Listens to all clients that are made from boto3's default session once it is installed.

    What items were before and after a write it reads with a client of its own, unmetered.
    """

    def __init__(self) -> None:
        self._recording: Recording | None = None
        self._pause: Pause = 0.0
        self._lock = threading.Lock()
        self._calling = threading.local()
        self._table = cache(self._described)
        self._own: Any = None

    def install(self) -> None:
        """Listen. Clients made before are not heard."""
        if boto3.DEFAULT_SESSION is None:
            boto3.setup_default_session()
        session = boto3.DEFAULT_SESSION
        assert session is not None  # noqa: S101 made just above
        self._own = boto3.Session().client("dynamodb")
        session.events.register("before-parameter-build", self._begin)
        session.events.register("before-call", self._start)
        session.events.register("before-send", self._send)
        session.events.register("after-call", self._end)
        session.events.register("after-call-error", self._break_off)

    @contextmanager
    def watch(self, *, pause: Pause = 0.0) -> Iterator[Recording]:
        """Record the calls of all threads. `pause` makes each call so many seconds longer.

        With a pause, calls that are made at once surely overlap, whatever else the machine
        does: so a recording's depth says what waits for what.
        """
        recording = self._recording = Recording()
        self._pause = pause
        try:
            yield recording
        finally:
            self._recording = None

    def _begin(self, params: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._recording is None:
            return
        service = model.service_model.service_name
        call = Call(
            service=service,
            operation=model.name,
            target=str(params.get("TableName") or params.get("FunctionName") or ""),
            parameters=dict(params),
        )
        if service == "dynamodb":
            call.written = [
                (table, key, table.look(key)) for table, key in _touched(call, self._table)
            ]
        context[_KEY] = call

    def _start(self, params: Any, context: Mapping[str, Any], **_: Any) -> None:
        call: Call | None = context.get(_KEY)
        self._calling.call = call
        if call is None:
            return
        call.started = time.perf_counter()
        call.sent = len(params["body"]) if isinstance(params["body"], str | bytes) else 0
        pause = self._pause(call) if callable(self._pause) else self._pause
        if pause:
            time.sleep(pause)

    def _send(self, **_: Any) -> None:
        call: Call | None = getattr(self._calling, "call", None)
        if call is not None:
            call.attempts += 1

    def _end(self, http_response: Any, parsed: Any, context: Mapping[str, Any], **_: Any) -> None:
        call: Call | None = context.get(_KEY)
        if call is None:
            return
        call.ended = time.perf_counter()
        call.failed = http_response.status_code >= _OK
        length = http_response.headers.get("content-length")
        call.received = int(length) if length else len(http_response.content)
        if call.service == "dynamodb":
            self._weigh(call, parsed)
        self._keep(call)

    def _break_off(self, context: Mapping[str, Any], **_: Any) -> None:
        call: Call | None = context.get(_KEY)
        if call is not None:
            call.ended, call.failed = time.perf_counter(), True
            self._keep(call)

    def _keep(self, call: Call) -> None:
        self._calling.call = None
        with self._lock:
            if self._recording is not None:
                self._recording.calls.append(call)

    def _described(self, name: str) -> Table:
        return Table.described(self._own, name)

    def _weigh(self, call: Call, parsed: Mapping[str, Any]) -> None:
        twice = TRANSACTION if call.operation.startswith("Transact") else 1
        for table, key, before in call.written:
            call.write_units += twice * table.write_units(before, table.look(key))
        consistent = bool(call.parameters.get("ConsistentRead"))
        if call.operation == "GetItem":
            item = self._table(call.target).look(call.parameters["Key"])
            self._read(call, [item] if item else [], consistent=consistent)
        elif call.operation == "BatchGetItem":
            for name, asked in call.parameters["RequestItems"].items():
                consistent = bool(asked.get("ConsistentRead"))
                for key in asked["Keys"]:
                    item = self._table(name).look(key)
                    self._read(call, [item] if item else [], consistent=consistent)
        elif call.operation in ("Query", "Scan"):
            self._read(call, self._seen(call, parsed), consistent=consistent)

    def _seen(self, call: Call, parsed: Mapping[str, Any]) -> Sequence[Item]:
        """All that was read, also what was then left out of the answer."""
        hiding = ("ProjectionExpression", "FilterExpression")
        if not any(name in call.parameters for name in hiding):
            items: Sequence[Item] = parsed.get("Items", ())
            return items
        open_ = {name: it for name, it in call.parameters.items() if name not in hiding}
        read = self._own.query if call.operation == "Query" else self._own.scan
        shown: Sequence[Item] = read(**open_)["Items"]
        return shown

    @staticmethod
    def _read(call: Call, items: Sequence[Item], *, consistent: bool) -> None:
        call.items_read += len(items)
        call.read_units += read_units(sum(map(item_size, items)), consistent=consistent)


def _touched(call: Call, find: Callable[[str], Table]) -> Iterator[tuple[Table, Key]]:
    """The tables and keys of the items that a call writes."""
    for name, request in _writes(call):
        table = find(name)
        yield table, request.get("Key") or table.key_of(request["Item"])


def _writes(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Table and request of each write in a call."""
    asked = call.parameters
    if call.operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield asked["TableName"], asked
    elif call.operation == "TransactWriteItems":
        for action in asked["TransactItems"]:
            [request] = action.values()
            yield request["TableName"], request
    elif call.operation == "BatchWriteItem":
        for table, requests in asked["RequestItems"].items():
            for one in requests:
                [request] = one.values()
                yield table, request
