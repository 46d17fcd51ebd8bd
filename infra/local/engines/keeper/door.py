"""The way in: the ASGI application around ministack."""

import json
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from .emulator import ITEM_WRITES, Ministack

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

logger = logging.getLogger(__name__)

# The calls made all the time go straight to their service: ministack's own way there (routing,
# tenants, request ids, tracing) costs more than most of them do.
STRAIGHT = {
    b"DynamoDB_20120810": "dynamodb",
    b"DynamoDBStreams_20120810": "dynamodb_streams",
    b"AmazonSQS": "sqs",
    b"AWSEvents": "eventbridge",
}
QUERY_ERROR = ("x-amzn-query-error",)
SAFE = ("GET", "HEAD", "OPTIONS")
READS = ("Get", "List", "Describe", "BatchGet", "TransactGet")
# Neither journaled nor worth a snapshot of their own: what passes through, or changes nothing.
PASSING = frozenset({
    "Query", "Scan", "PutEvents", "SendMessage", "SendMessageBatch", "ReceiveMessage",
    "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility", "Encrypt", "Decrypt",
    "ChangeMessageVisibilityBatch", "GenerateDataKey", "InitiateAuth", "AdminInitiateAuth",
})  # fmt: skip


class Door:
    """The ASGI application: ministack's own, with a shorter way in for the calls made most."""

    def __init__(self, ministack: Ministack) -> None:
        self._ministack = ministack
        self.lasting_change = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._ministack.app.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        prefix, _, name = headers.get(b"x-amz-target", b"").rpartition(b".")
        self._note(scope["method"], name.decode())
        if prefix in STRAIGHT and b"authorization" not in headers:
            await self._go_straight(STRAIGHT[prefix], headers, receive, send)
        else:
            await self._ministack.app.app(scope, receive, send)

    def _note(self, method: str, action: str) -> None:
        passing = action in PASSING or action.startswith(READS) if action else method in SAFE
        if not passing and action not in ITEM_WRITES:
            self.lasting_change = True

    async def _go_straight(
        self, service: str, headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        told = {n: headers.get(n.encode(), b"").decode() for n in ("x-amz-target", "host")}
        try:
            module = self._ministack.module(service)
            status, shown, content = await module.handle_request("POST", "/", told, body, {})
        except Exception as error:
            logger.exception("%s failed", told["x-amz-target"])
            status, shown = 500, {}
            content = json.dumps({"__type": "InternalError", "message": str(error)})
        data = content if isinstance(content, bytes) else content.encode()
        fields = [
            (b"content-type", b"application/x-amz-json-1.0"),
            (b"content-length", b"%d" % len(data)),
            (b"x-amzn-requestid", os.urandom(16).hex().encode()),
        ]
        fields += [
            (b"x-amzn-query-error", v.encode()) for k, v in shown.items() if k in QUERY_ERROR
        ]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": data})
