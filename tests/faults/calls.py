"""Notes each AWS call that a handler makes, by botocore's own hooks, and lets any of them fail."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.models import botocore_stubber

HOOK = "before-send"  # once for each try; what it returns is taken for AWS's answer

Send = Callable[["Call", AWSPreparedRequest], AWSResponse]


class Crash(BaseException):
    """The process of a function dies. No code of ours can catch it."""


@dataclass(frozen=True)
class Call:
    """One call of one handler: the `nth` like it in the `invocation`th run of the handler.

    `what` is the operation and what it is about, as in `dynamodb.PutItem orders E`.
    """

    handler: str
    invocation: int
    what: str
    nth: int

    @property
    def operation(self) -> str:
        return self.what.partition(" ")[0]

    def __str__(self) -> str:
        return f"{self.handler} (run {self.invocation}): {self.what} (no. {self.nth})"


@dataclass
class Invocation:
    """One run of a handler. Once `dead`, none of its threads does anything any more."""

    handler: str
    number: int
    actor: str = ""
    dead: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def next(self, what: str) -> Call:
        self.counts[what] += 1
        return Call(self.handler, self.number, what, self.counts[what])


class Meddler(Protocol):
    """Decides what becomes of a call; None where it is to go its way."""

    def __call__(self, call: Call) -> "Fault | None": ...


class Fault(Protocol):
    """A way in which a call goes wrong. It answers as AWS would, or raises what comes instead."""

    def meddle(self, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse: ...


class Gate(Protocol):
    """Lets the calls of several actors pass in a certain order."""

    def __call__(self, actor: str) -> None: ...


class Calls:
    """Stands between botocore and what plays AWS."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._mine = threading.local()
        self._running: list[Invocation] = []
        self._numbers: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.made: list[Call] = []
        self.meddler: Meddler | None = None
        self.gate: Gate | None = None

    def install(self) -> None:
        """Listen to every client made from boto3's default session from now on."""
        boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.unregister(HOOK, botocore_stubber)  # we ask moto ourselves
        session.events.register(HOOK, self._on_send)

    def start_over(self) -> None:
        """Forget what was noted, and count from one again."""
        self._numbers.clear()
        self.made = []
        self.meddler = self.gate = None

    @contextmanager
    def running(self, handler: str, actor: str = "") -> Iterator[Invocation]:
        """What is called meanwhile, in this thread or in threads of its own, is the handler's."""
        with self._lock:
            self._numbers[handler] += 1
            invocation = Invocation(handler, self._numbers[handler], actor)
            self._running.append(invocation)
        outer = getattr(self._mine, "invocation", None)
        self._mine.invocation = invocation
        try:
            yield invocation
        finally:
            self._mine.invocation = outer
            with self._lock:
                self._running.remove(invocation)

    def _here(self) -> Invocation | None:
        mine: Invocation | None = getattr(self._mine, "invocation", None)
        if mine is not None:
            return mine
        # A thread of a handler's own pool: only the outermost handler has any.
        return self._running[0] if self._running else None

    def _on_send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.removeprefix(f"{HOOK}.")
        what = _described(operation, request)
        with self._lock:
            invocation = self._here()
            if invocation is not None and not invocation.dead:
                call = invocation.next(what)
                self.made.append(call)
        if invocation is None:  # a thread that its handler has not waited for
            return self._send(Call("", 0, what, 0), request)
        if invocation.dead:
            raise Crash
        if self.gate is not None:
            self.gate(invocation.actor)
        fault = self.meddler(call) if self.meddler else None
        if fault is None:
            return self._send(call, request)
        try:
            return fault.meddle(call, request, self._send)
        except Crash:
            invocation.dead = True
            raise


def _described(operation: str, request: AWSPreparedRequest) -> str:
    return " ".join([operation, *_about(operation, request)])


def _about(operation: str, request: AWSPreparedRequest) -> list[str]:
    """What a call is about, without anything that differs from run to run."""
    if operation == "lambda.Invoke":
        return [request.url.split("/functions/", 1)[1].split("/", 1)[0]]
    if operation.startswith("sns."):
        return []  # to whom, and what, is nobody's business
    content: Any = request.body
    body = json.loads(content or b"{}")
    if "TransactItems" in body:
        writes = [next(iter(item.items())) for item in body["TransactItems"]]
        return [f"{kind}:{_item(asked)}" for kind, asked in writes]
    about = sorted(body.get("RequestItems", []))
    if "TableName" in body:
        about += [body["TableName"], _item(body)]
    if "QueueUrl" in body:
        about.append(body["QueueUrl"].rsplit("/", 1)[-1])
    return about


def _item(asked: dict[str, Any]) -> str:
    """The first letters of the partition key, which say what kind of item it is."""
    keys = asked.get("Key") or asked.get("Item") or {}
    value = keys.get("pk") or asked.get("ExpressionAttributeValues", {}).get(":pk") or {}
    return str(value.get("S", "")).partition("#")[0]
