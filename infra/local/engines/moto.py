"""moto inside this process: nothing to install beside the tests, nothing kept, no timings."""

import base64
import copy
import json
import threading
from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import jsonpath_ng.ext
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from moto.sqs.models import SQSBackend

from infra.local.engines.engine import Settings


class MotoEngine:
    """Engine for tests. Every Query costs it time in proportion to the table: keep them small."""

    name = "moto"
    fresh_shard_iterators = True

    def __init__(self) -> None:
        self._settings = Settings()
        self._mock: Any = None
        self._replaced: list[tuple[Any, str, Any]] = []

    def start(self) -> None:
        """Begin with an empty account."""
        # An account's own address is not among those that moto stands in for.
        self._settings.put({"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"})
        self._mock = mock_aws()
        self._mock.start()
        lock = threading.RLock()
        for handler in (DynamoHandler, DynamoDBStreamsHandler):
            self._replace(handler, "call_action", _one_at_a_time(lock, handler.call_action))
        self._replace(DynamoDBBackend, "update_item", _in_a_copy(DynamoDBBackend.update_item))
        self._replace(Table, "__deepcopy__", _light_copy)
        self._replace(DynamoDBStreamsHandler, "get_records", _get_records)
        self._replace(jsonpath_ng.ext, "parse", cache(vars(jsonpath_ng.ext)["parse"]))
        # For each message it counts all that are in the queue; and no test lasts four days.
        self._replace(
            SQSBackend, "is_message_valid_based_on_retention_period", lambda *_, **__: True
        )

    def stop(self) -> None:
        """Forget everything. Does nothing when it is not running."""
        if self._mock is None:
            return
        while self._replaced:
            owner, name, original = self._replaced.pop()
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        self._mock.stop()
        self._mock = None
        self._settings.restore()

    def alive(self) -> bool:
        """Say whether it has been started."""
        return self._mock is not None

    def _replace(self, owner: Any, name: str, replacement: Any) -> None:
        self._replaced.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, replacement)


def _light_copy(table: Table, _: Any) -> Table:
    """For `Table.__deepcopy__`: a copy that no later write shows in.

    moto copies a table for each transaction, in case it fails. This one goes no deeper than
    writes do, which replace items and never write into them.
    """
    copied = copy.copy(table)
    copied.items = copied_items(table)
    shard = table.stream_shard
    if isinstance(shard, StreamShard):
        copied.stream_shard = copy.copy(shard)
        copied.stream_shard.items = list(shard.items)
        copied.stream_shard.table = copied
    return copied


def copied_items(table: Table) -> Any:
    """The items of a table, held on to."""
    return defaultdict(dict, {key: copy.copy(one) for key, one in table.items.items()})


def _one_at_a_time(lock: Any, unlocked: Any) -> Any:
    # A transaction that fails puts a copy of its table back, with it undoing whatever other
    # threads wrote in between; and who read the stream meanwhile has seen what never was, under
    # numbers that the next writes get.
    def call_action(handler: Any) -> Any:
        with lock:
            return unlocked(handler)

    return call_action


def _in_a_copy(update_item: Any) -> Any:
    # moto writes into the item itself, which copies of the table may hold too.
    def update(backend: DynamoDBBackend, table_name: str, key: Any, *args: Any, **kw: Any) -> Item:
        table = backend.get_table(table_name)
        hash_key, range_key = backend.get_keys_value(table, key)
        item: Any = table.get_item(hash_key, range_key)
        if item is not None and range_key is not None:
            table.items[hash_key][range_key] = copy.deepcopy(item)
        elif item is not None:
            table.items[hash_key] = copy.deepcopy(item)
        updated: Item = update_item(backend, table_name, key, *args, **kw)
        return updated

    return update


def _get_records(handler: DynamoDBStreamsHandler) -> str:
    # Records have the names of AWS's answer; looking for other ways to write them takes longer
    # than all the rest.
    asked = json.loads(handler.body)
    # An iterator holds on to the table as it was. Should a transaction have failed since, that
    # is what it undid, and the table that took its place goes on under the same numbers.
    iterator = handler.backend.shard_iterators.get(asked["ShardIterator"])
    if iterator is not None:
        name = iterator.stream_shard.table.name
        current = handler.backend.dynamodb.get_table(name).stream_shard
        iterator.stream_shard = current or iterator.stream_shard
    found = handler.backend.get_records(asked["ShardIterator"], asked.get("Limit", 1000))
    return json.dumps(found, default=_as_json)


def _as_json(value: Any) -> float | str:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)
