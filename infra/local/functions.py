"""Runs the services' functions as Lambda does: JSON in, JSON out, each call bounded."""

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any

from chalice.app import Chalice
from chalice.utils import to_cfn_resource_name

from infra.local.request_ids import request_id as new_request_id
from infra.local.templates.descriptions import Function, World
from infra.local.templates.values import HTTP_FUNCTION
from infra.local.workers import TookTooLong, Workers

MB = 1024 * 1024
MAX_PAYLOAD = 6 * MB  # bytes of a payload or an answer, when somebody waits for it
MAX_ASYNC_PAYLOAD = 1 * MB
ASYNC_RETRIES = 2

Handler = Callable[[Any, Any], Any]

logger = logging.getLogger(__name__)


class NoSuchFunction(Exception):
    """No function has this name or ARN."""


class InvalidPayload(Exception):
    """The payload is not JSON."""


class PayloadTooLarge(Exception):
    """The payload is larger than Lambda takes."""


class UndeclaredFunction(Exception):
    """A template names a function that the service's app does not declare."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a call. `failed` says that the payload describes an error."""

    payload: bytes
    failed: bool
    request_id: str

    def answer(self) -> Any:
        """The payload, read."""
        return json.loads(self.payload)


class Context:
    """The second argument of a handler, as in Lambda's Python runtime."""

    function_version = "$LATEST"
    identity = None
    client_context = None

    def __init__(self, function: Function, request_id: str) -> None:
        self.aws_request_id = request_id
        self.function_name = function.name
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory_mb)
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + function.timeout_seconds

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the call is given up."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class Functions:
    """Every function of the services that run here."""

    def __init__(self, *, async_retry_seconds: float = 60.0) -> None:
        """`async_retry_seconds` is the pause before the first retry of a call nobody waits for."""
        self._handlers: dict[str, tuple[Function, Handler]] = {}
        self._workers = Workers("function")
        self._async_retry_seconds = async_retry_seconds
        self._lock = threading.Lock()
        self._running: dict[str, str] = {}  # request id → function
        self._pending = 0
        self.calls = 0  # ever begun

    def add(self, function: Function, handler: Handler) -> None:
        """Run `handler` when this function is called."""
        self._handlers[function.name] = (function, handler)

    def find(self, name_or_arn: str) -> Function:
        """The function of a name, an ARN or a part of one. Raise NoSuchFunction."""
        name = name_or_arn.rsplit("function:", 1)[-1].removesuffix(":$LATEST")
        if name not in self._handlers:
            raise NoSuchFunction(name_or_arn)
        return self._handlers[name][0]

    def __contains__(self, name: str) -> bool:
        return name in self._handlers

    def invoke(
        self, name_or_arn: str, payload: bytes, *, patience: float | None = None
    ) -> Outcome:
        """Call a function and wait, at most its own timeout or `patience` seconds.

        Raise NoSuchFunction, InvalidPayload or PayloadTooLarge; what goes wrong in the
        function is an outcome. Raise TookTooLong if it is the patience that ends.
        """
        function = self.find(name_or_arn)
        event = _read(payload, MAX_PAYLOAD)
        return self._call(function, event, new_request_id(), patience)

    def invoke_later(self, name_or_arn: str, payload: bytes) -> str:
        """Call a function without waiting; a failure is tried again twice. Return the request id.

        Raise NoSuchFunction, InvalidPayload or PayloadTooLarge.
        """
        function = self.find(name_or_arn)
        _read(payload, MAX_ASYNC_PAYLOAD)
        request_id = new_request_id()
        with self._lock:
            self._pending += 1
        self._workers.start(lambda: self._try_until_done(function, payload, request_id))
        return request_id

    def moving(self) -> list[str]:
        """Names of the functions that run now or are to be called again."""
        with self._lock:
            waiting = [f"{self._pending} calls nobody waits for"] if self._pending else []
            return sorted({*self._running.values()}) + waiting

    def moved_since(self, calls: int) -> list[str]:
        """What still moves, or has moved since there had been so many calls, in words."""
        moving = self.moving()
        if not moving and self.calls != calls:
            return [f"{self.calls - calls} calls were made a moment ago"]
        return moving

    def close(self) -> None:
        """Let the threads end."""
        self._workers.close()

    def _try_until_done(self, function: Function, payload: bytes, request_id: str) -> None:
        try:
            for retry in range(ASYNC_RETRIES + 1):
                # A retry keeps the request's id, so that a handler can know it again.
                event = json.loads(payload)
                if not self._call(function, event, request_id, None).failed:
                    return
                if retry < ASYNC_RETRIES:
                    time.sleep(self._async_retry_seconds * (retry + 1))
            logger.error("%s: given up after %d tries", function.name, ASYNC_RETRIES + 1)
        finally:
            with self._lock:
                self._pending -= 1

    def _call(
        self, function: Function, event: Any, request_id: str, patience: float | None
    ) -> Outcome:
        handler = self._handlers[function.name][1]
        context = Context(function, request_id)
        with self._lock:
            self.calls += 1
            self._running[request_id] = function.name

        def work() -> tuple[bytes, bool]:
            try:
                return _run(function, handler, event, context)
            finally:
                with self._lock:
                    self._running.pop(request_id, None)

        own = function.timeout_seconds
        try:
            payload, failed = self._workers.run(
                work, own if patience is None else min(own, patience)
            )
        except TookTooLong:
            if patience is not None and patience < own:
                raise
            message = f"RequestId: {request_id} Error: Task timed out after {own:.2f} seconds"
            logger.error("%s: %s", function.name, message)
            error = {"errorType": "Sandbox.Timedout", "errorMessage": message}
            payload, failed = json.dumps(error).encode(), True
        return Outcome(payload=payload, failed=failed, request_id=request_id)


def load_functions(world: World, package: str, functions: Functions) -> Mapping[str, Chalice]:
    """Import each service's app and add its functions. Return the apps by service.

    Raise UndeclaredFunction if a template speaks of functions that no app declares.
    """
    apps: dict[str, Chalice] = {}
    for service in world.services:
        app = import_module(f"{package}.{service.name}.app").app
        if app.event_sources:
            raise UndeclaredFunction(
                f"{service.name}: {app.event_sources[0].name} is triggered by a decorator; "
                "triggers belong into the template"
            )
        give_own_request(app)
        apps[service.name] = app
        functions.add(service.function(HTTP_FUNCTION), app)
        for declared in app.pure_lambda_functions:
            function = service.function(to_cfn_resource_name(declared.name))
            functions.add(function, app.handler_map[declared.name])
    named = [
        function.name for service in world.services for function in service.functions.values()
    ]
    named += [mapping.function for mapping in world.stream_mappings]
    named += [mapping.function for mapping in world.queue_mappings]
    named += [schedule.function for schedule in world.schedules]
    missing = sorted({name for name in named if name not in functions})
    if missing:
        raise UndeclaredFunction(f"no app declares {', '.join(missing)}")
    return apps


def give_own_request(app: Chalice) -> None:
    """Let `current_request` and `lambda_context` be each thread's own.

    In Lambda a process serves one request at a time, so Chalice keeps them on the app itself.
    """
    if not isinstance(app, _OwnRequest):
        app.__dict__["_mine"] = threading.local()
        app.__class__ = type("LocalChalice", (_OwnRequest, type(app)), {})


class _OwnRequest:
    _mine: threading.local

    @property
    def current_request(self) -> Any:
        return getattr(self._mine, "request", None)

    @current_request.setter
    def current_request(self, request: Any) -> None:
        self._mine.request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._mine, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._mine.context = context


def _read(payload: bytes, limit: int) -> Any:
    if len(payload) > limit:
        raise PayloadTooLarge(f"{len(payload)} bytes, at most {limit}")
    try:
        return json.loads(payload or b"null")
    except (ValueError, RecursionError) as error:
        raise InvalidPayload(str(error)) from error


def _run(function: Function, handler: Handler, event: Any, context: Context) -> tuple[bytes, bool]:
    try:
        answer = handler(event, context)
    except BaseException as error:
        logger.exception("%s failed", function.name)
        return json.dumps(_described(error, context.aws_request_id)).encode(), True
    try:
        payload = json.dumps(answer, default=_as_lambda_does).encode()
    except (TypeError, ValueError, RecursionError) as error:
        logger.exception("%s answered what JSON cannot say", function.name)
        marshal = {"errorMessage": f"Unable to marshal response: {error}"}
        return json.dumps(marshal | {"errorType": "Runtime.MarshalError"}).encode(), True
    if len(payload) > MAX_PAYLOAD:
        message = (
            f"Response payload size ({len(payload)} bytes) exceeded maximum allowed payload "
            f"size ({MAX_PAYLOAD} bytes)."
        )
        large = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
        return json.dumps(large).encode(), True
    return payload, False


def _as_lambda_does(value: Any) -> Any:
    """Lambda's runtime writes decimals as numbers and refuses what JSON does not know."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _described(error: BaseException, request_id: str) -> dict[str, Any]:
    if isinstance(error, SystemExit):
        message = f"RequestId: {request_id} Error: Runtime exited with error: {error}"
        return {"errorType": "Runtime.ExitError", "errorMessage": message}
    # The first frame is ours; Lambda too begins with the handler's.
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames),
    }
