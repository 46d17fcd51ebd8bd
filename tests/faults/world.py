"""The functions of all services as their templates lay them out, with moto behind them."""

import json
import logging
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.models import botocore_stubber
from moto.dynamodb.models import DynamoDBBackend
from moto.sqs.models import SQSBackend, sqs_backends

from infra.local.engines.moto import MotoEngine, copied_items
from infra.local.environment import Environment, united
from infra.local.functions import Functions, Handler, Outcome, load_functions
from infra.local.provision import provision
from infra.local.system import INFRA
from infra.local.templates import Account, read_world, service_names
from infra.local.templates.descriptions import Function
from infra.local.templates.values import HTTP_FUNCTION
from infra.local.workers import Workers
from shared.aws.logs import JsonLines, log
from tests.faults.calls import HOOK, Call, Calls
from tests.faults.kinds import answer, asked
from tests.faults.ledger import Ledger
from tests.faults.shortcuts import ShortBus, ShortDynamo

T = TypeVar("T")

SOURCES = ("Customer", "Orders", "Complaints", "Warranty", "Engagement")  # of the view
ACCOUNT, REGION = "123456789012", "eu-central-1"
SECRET = "faults" * 10  # of everything that has one
_CRASHES = logging.getLogger("infra.local.functions")  # a traceback for each, which takes long


@dataclass(frozen=True)
class Saved:
    """A moment at which all was quiet."""

    tables: Mapping[str, Any]
    ledger: Ledger
    iys: Mapping[str, str]  # what stands in its files
    box: str | None  # what the gateway that is a file was given


class _SameThread(Workers):
    """Runs a function where it is called: nothing here waits for a function that hangs."""

    def run(self, work: Callable[[], T], timeout: float) -> T:
        return work()


class Watched(Functions):
    """Functions whose AWS calls are noted under their names."""

    def __init__(self, calls: Calls, ledger: "World") -> None:
        super().__init__()
        self._workers = _SameThread("function")
        self._calls = calls
        self._ledger = ledger
        self.prefixes: dict[str, str] = {}

    def add(self, function: Function, handler: Handler) -> None:
        def watched(event: Any, context: Any) -> Any:
            with self._calls.running(*self._named(function, event)):
                return handler(event, context)

        super().add(function, watched)

    def _named(self, function: Function, event: Any) -> tuple[str, str]:
        """The handler's name, and on whose behalf it runs."""
        if function.logical_id != HTTP_FUNCTION:
            return f"{function.service}.{function.logical_id}", ""
        path = f"{self.prefixes[function.service]}{event['resource']}".rstrip("/")
        actor = event["headers"].get("X-Correlation-Id", "")
        return f"{event['httpMethod']} {path}", actor

    def _call(self, *arguments: Any) -> Outcome:
        outcome = super()._call(*arguments)
        if outcome.failed:  # Lambda writes the error and where it arose into the log
            self._ledger.ledger.lines.append(outcome.payload.decode())
        return outcome


class World:
    """Everything but what carries events and requests."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.iys = state / "iys"  # the folder that plays İYS
        self.box = state / "box" / "messages.jsonl"  # the gateway that is a file
        self.ledger = Ledger()
        self.calls = Calls(self._send)
        self._engine = MotoEngine()
        self._environment = Environment()
        self._lock = threading.Lock()
        self._handlers = logging.getLogger(log.name).handlers[:]

    def start(self) -> None:
        """Make everything that the templates name, in an account of its own."""
        self._engine.start()
        self.calls.install()
        account = Account(account=ACCOUNT, region=REGION, stage="faults")
        names = service_names(INFRA)
        parameters = {
            "IysUrl": self.iys.as_uri(),
            # One gateway that knows no repeats, and one that does.
            "SmsUrl": "sns:",
            "WhatsappUrl": self.box.parent.as_uri(),
            "ReachLine": "0850 000 00 00",
            "RefuseLine": "0850 000 00 01",
            # A busy machine is no source that hangs: nothing here waits for one that does.
            **{f"{source}DeadlineMs": "5000" for source in SOURCES},
        }
        self.described = read_world(
            INFRA, names, account, secret=lambda _: SECRET, parameters=parameters
        )
        provision(self.described)
        self._environment.put(united(self.described.services))
        self._forget_clients()
        self.functions = Watched(self.calls, self)
        self.functions.prefixes = {
            service.name: service.path_prefix for service in self.described.services
        }
        self.apps = load_functions(self.described, "services", self.functions)
        self._dynamo = ShortDynamo(ACCOUNT, REGION)
        self._bus = ShortBus(ACCOUNT, REGION, self.described)
        self._handlers = log.handlers[:]
        log.handlers[:] = [_Lines(self)]
        _CRASHES.setLevel(logging.CRITICAL)

    def stop(self) -> None:
        """Leave nothing behind."""
        log.handlers[:] = self._handlers
        _CRASHES.setLevel(logging.NOTSET)
        self.functions.close()
        self._environment.restore()
        self._engine.stop()
        self._forget_clients()

    @property
    def dynamodb(self) -> DynamoDBBackend:
        """What plays DynamoDB."""
        return self._dynamo.backend

    @property
    def sqs(self) -> SQSBackend:
        """What plays SQS."""
        return sqs_backends[ACCOUNT][REGION]

    def items(self, table: str) -> list[dict[str, Any]]:
        """All items of a table."""
        found = self.dynamodb.tables[table].items
        return [item.to_json()["Attributes"] for row in found.values() for item in row.values()]

    def table_of(self, service: str) -> str:
        """The table of a service."""
        return f"sahip-{self.described.stage}-{service.replace('_', '-')}"

    def invoke(self, function: str, event: Any) -> Outcome:
        """Call a function by its name and wait."""
        return self.functions.invoke(function, json.dumps(event).encode())

    def save(self) -> Saved:
        """This moment, at which the streams are read and the queues empty."""
        tables = self.dynamodb.tables
        items = {name: copied_items(table) for name, table in tables.items()}
        iys = {one.name: one.read_text() for one in self.iys.glob("*.jsonl")}
        box = self.box.read_text() if self.box.exists() else None
        return Saved(items, self.ledger.copy(), iys, box)

    def restore(self, saved: Saved | None = None) -> None:
        """Be back at that moment, or at the very beginning."""
        for name, table in self.dynamodb.tables.items():
            table.items = saved.tables[name] if saved else defaultdict(dict)
            table.items = copied_items(table)
            if table.stream_shard is not None:
                table.stream_shard.items = []
        for queue in self.sqs.queues.values():
            queue._messages = []
            queue.pending_messages.clear()
            queue.deleted_messages.clear()
        self.iys.mkdir(parents=True, exist_ok=True)
        for file in self.iys.glob("*.jsonl"):
            file.unlink()
        for name, text in (saved.iys if saved else {}).items():
            (self.iys / name).write_text(text)
        self.box.unlink(missing_ok=True)
        if saved and saved.box is not None:
            self.box.parent.mkdir(parents=True, exist_ok=True)
            self.box.write_text(saved.box)
        self.ledger = saved.ledger.copy() if saved else Ledger()
        self.calls.start_over()

    def _send(self, call: Call, request: AWSPreparedRequest) -> AWSResponse:
        """Let AWS, as it is played here, do what is asked."""
        service, _, name = call.operation.partition(".")
        if call.operation == "lambda.Invoke":
            return self._invoked(call.what.rpartition(" ")[2], request)
        if service == "dynamodb" and call.handler:
            status, text = self._dynamo.answer(name, asked(request))
            return answer(text, status=status)
        if call.operation == "eventbridge.PutEvents":
            return self._published(request)
        if call.operation == "sns.Publish":
            [text] = parse_qs(cast("str", request.body))["Message"]
            self.ledger.texts.append((text, self._is_refused()))
        with self._lock:
            played = botocore_stubber(f"{HOOK}.{call.operation}", request)
        if played is None:
            raise NotImplementedError(call.what)
        return played

    def _invoked(self, function: str, request: AWSPreparedRequest) -> AWSResponse:
        payload: Any = request.body
        outcome = self.functions.invoke(function, payload)
        headers = {"X-Amz-Function-Error": "Unhandled"} if outcome.failed else {}
        return answer(outcome.payload, headers=headers)

    def _published(self, request: AWSPreparedRequest) -> AWSResponse:
        entries = asked(request)["Entries"]
        with self._lock:
            self._bus.put(entries)
            for entry in entries:
                self.ledger.published.append(entry | {"Detail": json.loads(entry["Detail"])})
        told = [{"EventId": str(place)} for place in range(len(entries))]
        return answer({"FailedEntryCount": 0, "Entries": told})

    def _is_refused(self) -> bool:
        """Whether anybody has refused marketing by texts, as the books stand at this moment."""
        words = [one for one in self.items(self.table_of("engagement")) if "state" in one]
        states = [json.loads(one["state"]["S"]) for one in words]
        refusal = {"channel": "MESAJ", "purpose": "marketing", "status": "RET"}
        return any(refusal.items() <= one.items() for one in states)

    def _forget_clients(self) -> None:
        """A service keeps its clients, and what is made of them, in its bootstrap."""
        for name, module in list(sys.modules.items()):
            if name.startswith("services.") and name.endswith(".bootstrap"):
                for value in list(vars(module).values()):
                    if hasattr(value, "cache_clear"):
                        value.cache_clear()
        boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION if self._engine.alive() else None


class _Lines(logging.Handler):
    """Writes the lines of our own log into the ledger."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self._world.ledger.lines.append(self.format(record))
