"""Reading events from a queue: each is done, brought back, or parked with its reason."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared.aws.logs import about, tell, tell_failure
from shared.aws.stream import failures
from shared.contracts.event import Message
from shared.errors import ChangedMeanwhile, DomainError, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LAST_TRY = 5  # the queues' maxReceiveCount: after it SQS itself moves a message, without a reason
LONGEST_REASON = 500  # characters


class Poison(Exception):
    """A message that no repetition can help. The text says why, without quoting it."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An event as a queue brought it."""

    message_id: str
    event: Any  # a Message, of one of the classes that the reader knows


_PASSING = (ChangedMeanwhile, Unavailable)  # refusals that the same message may not meet again

EachEvent = Callable[[Any], None]
SomeEvents = Callable[[Sequence[Any]], None]
AllEvents = Callable[[Sequence[Delivery]], Mapping[str, Exception]]


class DeadLetters:
    """Where messages are parked that cannot be taken, with source, event id and reason."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def park(self, record: Mapping[str, Any], reason: str) -> None:
        """Keep the message as it came, so that it can be sent back after a repair."""
        envelope = _envelope(record)
        attributes = {
            "reason": reason[:LONGEST_REASON],
            "source": str(envelope.get("source") or "unknown"),
            "event_id": str(_detail(envelope).get("event_id") or "unknown"),
            "detail_type": str(envelope.get("detail-type") or "unknown"),
        }
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=record["body"],
            MessageAttributes={
                name: {"DataType": "String", "StringValue": _printable(value)[:LONGEST_REASON]}
                for name, value in attributes.items()
            },
        )
        tell("parked", message=record["messageId"], reason=attributes["reason"])


class EventReader:
    """The reader of one queue."""

    def __init__(self, known: Mapping[str, type[Message]], dead_letters: DeadLetters) -> None:
        """`known` are the events that this reader takes, by their detail type."""
        self._known = known
        self._dead_letters = dead_letters

    def read_each(self, sqs_event: dict[str, Any], handle: EachEvent) -> dict[str, Any]:
        """Hand over the events one by one; one that fails does not hold up the others."""

        def handle_all(deliveries: Sequence[Delivery]) -> Mapping[str, Exception]:
            return _alone(deliveries, handle)

        return self.read_all(sqs_event, handle_all)

    def read_together(self, sqs_event: dict[str, Any], handle: SomeEvents) -> dict[str, Any]:
        """Hand over the events of a batch together, which costs fewer calls.

        Where that fails they are handed over one by one, so that one that fails does not hold up
        the others; so `handle` stands that what it did is told to it again.
        """

        def handle_all(deliveries: Sequence[Delivery]) -> Mapping[str, Exception]:
            if len(deliveries) > 1:
                try:
                    handle([one.event for one in deliveries])
                except Exception as error:  # noqa: BLE001 each by itself tells which it was
                    tell_failure("not read together", error)
                else:
                    for one in deliveries:
                        with _about(one.event):
                            tell("read", type=one.event.detail_type)
                    return {}
            return _alone(deliveries, lambda event: handle([event]))

        return self.read_all(sqs_event, handle_all)

    def read_all(self, sqs_event: dict[str, Any], handle: AllEvents) -> dict[str, Any]:
        """Hand over the events of a batch together; `handle` says which message failed, and how.

        Answer which messages must come again. A message that cannot be helped,
        or has come for the last time, is parked with its reason instead.
        """
        deliveries: list[Delivery] = []
        failed: dict[str, Exception] = {}
        for record in sqs_event["Records"]:
            try:
                event = self._parse(record)
                deliveries.append(Delivery(message_id=record["messageId"], event=event))
            except Poison as poison:
                failed[record["messageId"]] = poison
        if deliveries:
            failed |= handle(deliveries)
        again = [
            record["messageId"]
            for record in sqs_event["Records"]
            if record["messageId"] in failed
            and not self._parked(record, failed[record["messageId"]])
        ]
        return failures(again)

    def _parse(self, record: Mapping[str, Any]) -> Message:
        envelope = _envelope(record)
        if not envelope:
            raise Poison("the message is not an event: it is no JSON object")
        name = envelope.get("detail-type")
        known = self._known.get(name) if isinstance(name, str) else None
        if known is None:
            raise Poison(f"unknown type {str(name)[:80]!r}")
        source = envelope.get("source")
        if not isinstance(source, str) or not known.comes_from(source):
            raise Poison(f"{name} comes from {known.senders()} alone")
        try:
            return known.read(source, _detail(envelope))
        except ValidationError as error:
            flaws = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
            raise Poison(f"{name} does not fit its schema: {', '.join(flaws)}") from error
        except (ValueError, RecursionError) as error:
            raise Poison(f"{name} is no JSON: it holds NaN, or is nested too deeply") from error

    def _parked(self, record: Mapping[str, Any], error: Exception) -> bool:
        """Park what cannot be helped. Where even that fails, SQS brings the message back."""
        if isinstance(error, Poison | DomainError) and not isinstance(error, _PASSING):
            reason = str(error)
        elif int(record["attributes"]["ApproximateReceiveCount"]) >= LAST_TRY:
            reason = f"failed {LAST_TRY} times, the last time with {type(error).__name__}"
        else:
            return False
        try:
            self._dead_letters.park(record, reason)
        except Exception as failure:  # noqa: BLE001 not parked, so it comes again
            tell_failure("not parked", failure, message=record["messageId"])
            return False
        return True


def _alone(deliveries: Sequence[Delivery], handle: EachEvent) -> dict[str, Exception]:
    """Hand over events one by one; return what failed, by message."""
    failed: dict[str, Exception] = {}
    for delivery in deliveries:
        with _about(delivery.event):
            try:
                handle(delivery.event)
                tell("read", type=delivery.event.detail_type)
            except Exception as error:  # noqa: BLE001 it comes again, or is parked
                tell_failure("not read", error)
                failed[delivery.message_id] = error
    return failed


def _about(event: Any) -> AbstractContextManager[None]:
    return about(correlation_id=event.correlation_id, event_id=event.event_id)


def _printable(text: str) -> str:
    """The text as SQS takes it, which refuses control characters and half characters."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _envelope(record: Mapping[str, Any]) -> dict[str, Any]:
    """The event in a message; empty where it holds none."""
    try:
        body = json.loads(record["body"])
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _detail(envelope: Mapping[str, Any]) -> dict[str, Any]:
    detail = envelope.get("detail")
    return detail if isinstance(detail, dict) else {}
