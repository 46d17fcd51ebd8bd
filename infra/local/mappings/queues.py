"""Works through a queue with a function, as Lambda does."""

import base64
import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.functions import Functions
from infra.local.mappings.batches import failed_items
from infra.local.mappings.patterns import Pattern, matches
from infra.local.mappings.settings import Pace
from infra.local.mappings.wake import Bell
from infra.local.templates.descriptions import QueueMapping, World

_PER_RECEIVE = 10  # messages that ReceiveMessage gives at most
_PER_DELETE = 10

logger = logging.getLogger(__name__)


class QueueReader:
    """Threads that take turns: one receives, the others are busy with what they received."""

    def __init__(
        self, mapping: QueueMapping, world: World, functions: Functions, bell: Bell, pace: Pace
    ) -> None:
        self.name = mapping.name
        self._mapping = mapping
        self._queue = world.queue_of(mapping.queue)
        self._region = world.region
        self._functions = functions
        self._bell = bell
        self._pace = pace
        self._sqs = boto3.client("sqs")
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0  # threads that wait for their turn or for a message
        self._in_hand = 0  # messages received and not yet done with
        self._asked = 0
        self._answered = 0
        self._look_again = 0.0  # when hidden messages show again, on the monotonic clock

    def start(self) -> None:
        """Begin to receive."""
        self._bell.ring()
        self._start_thread()

    def stop(self) -> None:
        """Finish what is in hand, and receive no more."""
        self._stopping.set()
        self._bell.ring()

    def join(self, seconds: float) -> None:
        """Wait until what was in hand is done."""
        deadline = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))

    def alive(self) -> bool:
        """Whether it works."""
        return any(thread.is_alive() for thread in self._threads)

    def ask(self) -> int:
        """Look at once. `nothing_since` tells for this number when nothing was found."""
        with self._lock:
            self._asked += 1
        self._bell.ring()
        return self._asked

    def nothing_since(self, ticket: int) -> bool:
        """Whether a look begun after `ask` gave this ticket found nothing; nothing is in hand."""
        return self._answered >= ticket

    def moving(self) -> str | None:
        """What keeps it busy, in words."""
        waiting = self._waiting()
        if waiting:
            return f"{self._queue.name} holds {waiting} messages"
        if self._in_hand:
            return f"{self.name} has {self._in_hand} messages in hand"
        return None if self._answered >= self._asked else f"{self.name} looks"

    def _waiting(self) -> int:
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=self._queue.url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )["Attributes"]
        return sum(int(count) for count in attributes.values())

    def _start_thread(self) -> None:
        self._idle += 1
        thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while not self._stopping.is_set():
            with self._turn:
                messages = self._next_batch()
            if messages:
                try:
                    self._handle(messages)
                except Exception:
                    logger.exception("%s goes on after a failure", self.name)
                finally:
                    with self._lock:
                        self._in_hand -= len(messages)
                        self._idle += 1
                    if self._answered < self._asked:
                        self._bell.ring()  # somebody waits to hear that nothing is in hand

    def _next_batch(self) -> list[Mapping[str, Any]]:
        """Wait for messages. May return none; then it is to be called again."""
        if self._stopping.is_set():
            return []
        hidden = self._look_again - time.monotonic()
        longest = min(self._pace.poll, hidden) if hidden > 0 else self._pace.poll
        gather = self._pace.gather_more if self._bell.wait(longest) else self._pace.gather
        if not self._stopping.is_set():
            self._stopping.wait(self._mapping.window_seconds or gather)
        if self._stopping.is_set():
            return []
        asked = self._asked
        try:
            messages = self._receive()
        except (ClientError, BotoCoreError) as error:
            if not self._stopping.is_set():
                logger.warning("%s: %s", self.name, error)
                self._stopping.wait(self._pace.poll)
            return []
        with self._lock:
            if messages:
                self._in_hand += len(messages)
                self._idle -= 1
                if not self._idle and len(self._threads) < self._mapping.maximum_concurrency:
                    self._start_thread()
            elif not self._in_hand:
                self._answered = asked
        return messages

    def _receive(self) -> list[Mapping[str, Any]]:
        messages: list[Mapping[str, Any]] = []
        while (room := self._mapping.batch_size - len(messages)) > 0:
            found: Sequence[Mapping[str, Any]] = self._sqs.receive_message(
                QueueUrl=self._queue.url,
                MaxNumberOfMessages=min(room, _PER_RECEIVE),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
                WaitTimeSeconds=0,
            ).get("Messages", [])
            messages += found
            if len(found) < min(room, _PER_RECEIVE):
                return messages
        self._bell.ring()  # a full batch: there may be more
        return messages

    def _handle(self, messages: Sequence[Mapping[str, Any]]) -> None:
        wanted = [one for one in messages if self._passes(one)]
        failed: set[str] = set()
        if wanted:
            event = {"Records": [self._event_record(message) for message in wanted]}
            outcome = self._functions.invoke(self._mapping.function, json.dumps(event).encode())
            ids = [message["MessageId"] for message in wanted]
            failed = failed_items(outcome, ids, reports=self._mapping.reports_item_failures)
        self._delete([one for one in messages if one["MessageId"] not in failed])
        if failed:
            self._show_again([one for one in messages if one["MessageId"] in failed])

    def _passes(self, message: Mapping[str, Any]) -> bool:
        filters = self._mapping.filters
        if not filters:
            return True
        return any(matches(pattern, _filtered_part(message, pattern)) for pattern in filters)

    def _event_record(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": dict(message.get("Attributes", {})),
            "messageAttributes": {
                name: _attribute(value)
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message.get("MD5OfBody"),
            "eventSource": "aws:sqs",
            "eventSourceARN": self._queue.arn,
            "awsRegion": self._region,
        }

    def _delete(self, messages: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(messages), _PER_DELETE):
            part = messages[start : start + _PER_DELETE]
            answer = self._sqs.delete_message_batch(
                QueueUrl=self._queue.url,
                Entries=[
                    {"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]}
                    for n, one in enumerate(part)
                ],
            )
            for refusal in answer.get("Failed", []):
                logger.warning("%s: not deleted: %s", self.name, refusal.get("Code"))

    def _show_again(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Let what failed come again when the queue's visibility timeout is over, or sooner."""
        hidden = self._pace.redelivery
        if hidden is not None:
            for message in messages:
                self._sqs.change_message_visibility(
                    QueueUrl=self._queue.url,
                    ReceiptHandle=message["ReceiptHandle"],
                    VisibilityTimeout=hidden,
                )
        seconds = self._queue.visibility_timeout if hidden is None else hidden
        self._look_again = time.monotonic() + seconds
        if not seconds:
            self._bell.ring()


def _filtered_part(message: Mapping[str, Any], pattern: Pattern) -> dict[str, Any]:
    """What a filter sees: the body as JSON if the pattern asks inside it."""
    body: Any = message["Body"]
    if isinstance(pattern.get("body"), Mapping):
        try:
            body = json.loads(body)
        except ValueError:
            return {}
    return {"body": body}


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        written["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        written["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode("ascii")
    return written
