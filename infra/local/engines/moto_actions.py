"""moto's actions on items and streams, without the HTTP around them.

moto makes a werkzeug request of each call, reads it by botocore's models, and writes the answer by
trying many names for each value. That takes five times as long as what was asked for, and items
have the names of AWS's own JSON already, on the way in as well as on the way out.
"""

import base64
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.models import DynamoDBStreamsBackend, dynamodbstreams_backends
from werkzeug.exceptions import HTTPException

from infra.local.transport.wire import Answer, Headers

OF_ITEMS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)
OF_STREAMS = frozenset({"GetRecords", "GetShardIterator"})
MOST_RECORDS = 1000
_HOSTS = ("dynamodb.", "streams.dynamodb.")
_IN_BASE64 = (b'"B"', b'"BS"')  # what moto keeps as bytes


class Actions:
    """Answers what may be answered in short, one call at a time."""

    def __init__(self) -> None:
        # A transaction that fails puts a copy of its table back, with it undoing whatever other
        # threads wrote in between; and who read the stream meanwhile has seen what never was,
        # under numbers that the next writes get.
        self.lock = threading.RLock()

    def answer(self, operation: str, request: AWSPreparedRequest) -> AWSResponse | None:
        """The answer to an operation, such as `dynamodb.GetItem`; None if moto has to give it."""
        service, _, action = operation.partition(".")
        body: Any = request.body
        if service == "dynamodb" and action in OF_ITEMS:
            ask: Callable[[str, str, Any], tuple[int, str]] = self.of_items
        elif service == "dynamodb-streams" and action in OF_STREAMS:
            ask = self._of_streams
        else:
            return None
        if not isinstance(body, bytes) or any(mark in body for mark in _IN_BASE64):
            return None
        prefix, region, *rest = (urlsplit(request.url).hostname or "").rsplit(".", 3)
        if f"{prefix}." not in _HOSTS or rest != ["amazonaws", "com"]:
            return None
        try:
            status, text = ask(action, region, json.loads(body))
        except ServiceException:
            return None  # it was told nothing yet, and moto knows the words
        return Answer(request.url, status, Headers(), text.encode())

    def of_items(self, action: str, region: str, asked: Mapping[str, Any]) -> tuple[int, str]:
        """The status and the body that an action on items is answered."""
        handler = DynamoHandler()
        handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, region
        handler.response_headers = {}
        handler.body = handler.params = asked
        with self.lock:
            try:
                told = getattr(handler, camelcase_to_underscores(action))()
            except HTTPException as error:
                return error.code or 400, str(error.description)
            return 200, told if isinstance(told, str) else in_json(told.result)

    def _of_streams(self, action: str, region: str, asked: Mapping[str, Any]) -> tuple[int, str]:
        backend = dynamodbstreams_backends[DEFAULT_ACCOUNT_ID][region]
        with self.lock:
            if action == "GetRecords":
                _read_what_is(backend, asked["ShardIterator"])
                most = asked.get("Limit", MOST_RECORDS)
                return 200, in_json(backend.get_records(asked["ShardIterator"], most))
            # moto counts with it, whatever its type says.
            number: Any = int(asked["SequenceNumber"]) if "SequenceNumber" in asked else None
            iterator = backend.get_shard_iterator(
                asked["StreamArn"],
                asked["ShardId"],
                asked["ShardIteratorType"],
                number,
            )
            return 200, in_json({"ShardIterator": iterator.arn})


def _read_what_is(backend: DynamoDBStreamsBackend, iterator_arn: str) -> None:
    # An iterator holds on to the table as it was. Should a transaction have failed since, that
    # is what it undid, and the table that took its place goes on under the same numbers.
    iterator = backend.shard_iterators.get(iterator_arn)
    if iterator is not None:
        table = backend.dynamodb.get_table(iterator.stream_shard.table.name)
        iterator.stream_shard = table.stream_shard or iterator.stream_shard


def in_json(found: Any) -> str:
    """What moto has found, as AWS writes it."""
    return json.dumps(found, default=_as_json)


def _as_json(value: Any) -> float | str:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)
