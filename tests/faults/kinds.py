"""The ways in which an AWS call goes wrong, and which calls can go wrong in which way."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from shared.aws.clients import ATTEMPTS
from tests.faults.calls import Call, Crash, Send

FOR_EVER = 10**9

Meddle = Callable[[Call, AWSPreparedRequest, Send], AWSResponse]

_READING = ("Get", "BatchGet", "Query", "Scan", "List", "Describe", "Receive", "TransactGet")
_CONFLICTING = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
_PARTIAL = frozenset({"PutEvents", "BatchWriteItem"})
_THROTTLED = {
    "dynamodb": (400, "ThrottlingException"),
    "eventbridge": (400, "ThrottlingException"),
    "sqs": (403, "RequestThrottled"),
    "kms": (400, "ThrottlingException"),
    "lambda": (429, "TooManyRequestsException"),
}
_THROTTLED_IN_XML = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"
    "<Message>slower, please</Message></Error><RequestId>r</RequestId></ErrorResponse>"
)


@dataclass(frozen=True)
class Kind:
    """One way. It befalls so many tries in a row, of the calls that `befalls` names."""

    name: str
    tries: int
    befalls: Callable[[str], bool]
    _meddle: Meddle

    def meddle(self, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        """Let it happen to this try."""
        return self._meddle(call, request, send)

    @property
    def harmless(self) -> bool:
        """Whether a later try of the same call does all that the first should have done."""
        return self in BUSY and self.tries < ATTEMPTS

    @property
    def passes(self) -> bool:
        """Whether it ends by itself."""
        return self.tries < FOR_EVER

    def __str__(self) -> str:
        return self.name


def answer(
    body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> AWSResponse:
    """An answer of AWS's."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    raw: Any = MockRawResponse(content)
    given: Any = dict(headers or {})
    return AWSResponse("https://played.invalid/", status, given, raw)


def read(response: AWSResponse) -> Any:
    """The body of an answer."""
    return json.loads(response.content or b"null")


def asked(request: AWSPreparedRequest) -> Any:
    """The body of a request."""
    content: Any = request.body
    return json.loads(content)


def _crash_before(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    raise Crash(f"before {call}")


def _crash_after(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send(call, request)
    raise Crash(f"after {call}")


def _lose_answer(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send(call, request)
    raise ConnectionClosedError(endpoint_url=request.url)


def _hang(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)  # what is heard after the time allowed


def _throttle(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    service = call.operation.partition(".")[0]
    if service == "sns":  # which speaks XML
        return answer(_THROTTLED_IN_XML, status=400)
    status, kind = _THROTTLED[service]
    return _refused(status, kind)


def _conflict(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    if call.operation.endswith("TransactWriteItems"):
        return _cancelled(request, "TransactionConflict")
    return _refused(400, "TransactionConflictException")


def _throttle_one_item(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    return _cancelled(request, "ThrottlingError")


def _take_part(call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
    """Take every second of what is asked, beginning with the second."""
    body = asked(request)
    if "Entries" in body:
        entries = body["Entries"]
        taken = _sent(call, request, send, body | {"Entries": entries[1::2]}, entries[1::2])
        told = iter(taken.get("Entries", []))
        refusal = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower, please"}
        results = [next(told) if place % 2 else refusal for place in range(len(entries))]
        return answer({"FailedEntryCount": len(entries[::2]), "Entries": results})
    [(table, items)] = body["RequestItems"].items()
    _sent(call, request, send, body | {"RequestItems": {table: items[1::2]}}, items[1::2])
    return answer({"UnprocessedItems": {table: items[::2]}})


def _sent(
    call: Call, request: AWSPreparedRequest, send: Send, body: Any, part: Sequence[Any]
) -> Any:
    if not part:
        return {}
    request.body = json.dumps(body).encode()
    return read(send(call, request))


def _refused(status: int, kind: str) -> AWSResponse:
    return answer(
        {"__type": kind, "message": "slower, please"},
        status=status,
        headers={"x-amzn-ErrorType": kind},
    )


def _cancelled(request: AWSPreparedRequest, reason: str) -> AWSResponse:
    """A transaction refused because of its last item."""
    items = asked(request)["TransactItems"]
    reasons = [{"Code": "None"}] * (len(items) - 1) + [{"Code": reason, "Message": "wait"}]
    kind = "TransactionCanceledException"
    return answer(
        {"__type": kind, "Message": "cancelled", "CancellationReasons": reasons}, status=400
    )


def _any(operation: str) -> bool:
    return True


def _writing(operation: str) -> bool:
    return not operation.partition(".")[2].startswith(_READING)


def _one_of(operations: Iterable[str]) -> Callable[[str], bool]:
    return lambda operation: operation.partition(".")[2] in operations


CRASHES = (
    Kind("a crash before it", 1, _any, _crash_before),
    Kind("a crash after it", 1, _any, _crash_after),
    Kind("its answer is lost", 1, _writing, _lose_answer),
    Kind("its answers are lost three times", 3, _writing, _lose_answer),
)
BUSY = (
    Kind("it hangs past its deadline", 3, _any, _hang),
    Kind("throttled once", 1, _any, _throttle),
    Kind("throttled twice", 2, _any, _throttle),
    Kind("throttled three times", 3, _any, _throttle),
    Kind("throttled for ever", FOR_EVER, _any, _throttle),
    Kind("a conflict once", 1, _one_of(_CONFLICTING), _conflict),
    Kind("a conflict twice", 2, _one_of(_CONFLICTING), _conflict),
    Kind("a conflict three times", 3, _one_of(_CONFLICTING), _conflict),
    Kind("a conflict for ever", FOR_EVER, _one_of(_CONFLICTING), _conflict),
)
PARTIAL = (
    Kind("taken in part once", 1, _one_of(_PARTIAL), _take_part),
    Kind("taken in part three times", 3, _one_of(_PARTIAL), _take_part),
    Kind("one item of it throttled", 1, _one_of({"TransactWriteItems"}), _throttle_one_item),
)
KINDS = (*CRASHES, *BUSY, *PARTIAL)


class Everywhere:
    """Lets every call go wrong as often as the kind says, and then pass."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._tried: Counter[tuple[str, int, str]] = Counter()

    def __call__(self, call: Call) -> Kind | None:
        if not self._kind.befalls(call.operation):
            return None
        same = (call.handler, call.invocation, call.what)
        self._tried[same] += 1
        return self._kind if self._tried[same] % (self._kind.tries + 1) else None

    def __str__(self) -> str:
        return f"every call {self._kind}"


class At:
    """Lets one call go wrong: from that call on, as many tries of the same as the kind says."""

    def __init__(self, call: Call, kind: Kind) -> None:
        self._call = call
        self._kind = kind
        self._begun = False
        self.left = kind.tries

    def __call__(self, call: Call) -> Kind | None:
        self._begun = self._begun or call == self._call
        if not self._begun or not self.left or not self._is_meant(call):
            return None
        self.left -= 1
        return self._kind

    @property
    def happened(self) -> bool:
        return self.left < self._kind.tries

    def _is_meant(self, call: Call) -> bool:
        same = call.handler == self._call.handler and call.what == self._call.what
        return same and (not self._kind.passes or call.invocation == self._call.invocation)
