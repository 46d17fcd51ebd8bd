"""Shorter ways through moto, which spends most of its time on what changes nothing here.

Its actions are called without the HTTP around them, and an update of the usual shape without
parsing and copying it several times over. What has another shape takes moto's own way.
"""

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import ConditionalCheckFailed, HashKeyTooLong
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.sqs.models import sqs_backends
from werkzeug.exceptions import HTTPException

from infra.local.engines.moto_actions import Actions
from infra.local.mappings.patterns import matches
from infra.local.templates.descriptions import World

MOST_BYTES = 400_000  # of an item
MOST_KEY_BYTES = 2048  # which moto's updates do not heed
_ASSIGNMENT = re.compile(r"(#?\w+) = (:\w+)")
_ADDITION = re.compile(r"(#?\w+) (:\w+)")

_Asked = Mapping[str, Any]


class ShortDynamo:
    """DynamoDB's actions, as moto has them, one at a time."""

    def __init__(self, account: str, region: str) -> None:
        self.backend: DynamoDBBackend = dynamodb_backends[account][region]
        self._region = region
        self._actions = Actions()
        self._long_update = self.backend.update_item
        setattr(self.backend, "update_item", self._update)  # noqa: B010
        self._short: Mapping[str, Callable[[_Asked], _Asked]] = {
            "GetItem": self._get,
            "PutItem": self._put,
            "UpdateItem": self._update_alone,
        }

    def answer(self, action: str, body: Any) -> tuple[int, str]:
        """The status and the body that an action is answered."""
        if action not in self._short:
            return self._actions.of_items(action, self._region, body)
        with self._actions.lock:
            try:
                return 200, json.dumps(self._short[action](body))
            except HTTPException as error:
                return error.code or 400, str(error.description)

    def _get(self, asked: _Asked) -> _Asked:
        item = self.backend.get_item(asked["TableName"], asked["Key"])
        if item is None:
            return {}
        names = asked.get("ProjectionExpression")
        found: dict[str, Any] = item.to_json()["Attributes"]
        wanted = names.split(", ") if names else found
        return {"Item": {name: found[name] for name in wanted if name in found}}

    def _put(self, asked: _Asked) -> _Asked:
        self.backend.put_item(
            asked["TableName"],
            asked["Item"],
            condition_expression=asked.get("ConditionExpression"),
            expression_attribute_names=asked.get("ExpressionAttributeNames"),
            expression_attribute_values=asked.get("ExpressionAttributeValues"),
        )
        return {}

    def _update_alone(self, asked: _Asked) -> _Asked:
        self._update(
            asked["TableName"],
            asked["Key"],
            asked["UpdateExpression"],
            asked.get("ExpressionAttributeNames", {}),
            asked.get("ExpressionAttributeValues", {}),
            condition_expression=asked.get("ConditionExpression"),
        )
        return {}

    def _update(
        self,
        table_name: str,
        key: Any,
        update_expression: str,
        expression_attribute_names: dict[str, Any],
        expression_attribute_values: dict[str, Any],
        *,
        condition_expression: str | None = None,
        **others: Any,
    ) -> Item:
        table = self.backend.get_table(table_name)
        names, values = expression_attribute_names or {}, expression_attribute_values or {}
        hash_key, range_key = self.backend.get_keys_value(table, key)
        if hash_key.size() > MOST_KEY_BYTES:
            raise HashKeyTooLong
        before = table.get_item(hash_key, range_key)
        changed = _changed(update_expression, names, values, before)
        if changed is None:
            return self._long_update(
                table_name, key, update_expression, names, values,
                condition_expression=condition_expression, **others,
            )  # fmt: skip
        if not get_filter_expression(condition_expression, names, values).expr(before):
            raise ConditionalCheckFailed
        item = _item(hash_key, range_key, before, {**key, **changed})
        if item.size() > MOST_BYTES or range_key is None:
            return self._long_update(table_name, key, update_expression, names, values)
        table.items[hash_key][range_key] = item
        if table.stream_shard is not None:
            table.stream_shard.add(before, item)
        return item


class ShortBus:
    """EventBridge, with the rules of the templates, into moto's queues."""

    def __init__(self, account: str, region: str, described: World) -> None:
        self._sqs = sqs_backends[account][region]
        self._rules = described.rules

    def put(self, entries: Sequence[_Asked]) -> None:
        """Send each entry to the queues of the rules that it fits."""
        for place, entry in enumerate(entries):
            event = {
                "version": "0",
                "id": f"bus-{place}",
                "source": entry["Source"],
                "detail-type": entry["DetailType"],
                "detail": json.loads(entry["Detail"]),
            }
            for rule in self._rules:
                if rule.bus == entry["EventBusName"] and matches(rule.pattern, event):
                    for target in rule.targets:
                        queue = target.queue_arn.rpartition(":")[2]
                        self._sqs.send_message(queue, json.dumps(event))


def _changed(
    expression: str, names: _Asked, values: _Asked, before: Item | None
) -> dict[str, Any] | None:
    """The attributes that a plain SET or ADD leaves behind; None where it is not plain."""
    kind, _, clauses = expression.partition(" ")
    changed: dict[str, Any] = {}
    for clause in clauses.split(", "):
        found = {"SET": _ASSIGNMENT, "ADD": _ADDITION}.get(kind, _ADDITION).fullmatch(clause)
        if found is None or kind not in ("SET", "ADD"):
            return None
        name, value = names.get(found[1], found[1]), values[found[2]]
        if kind == "ADD":
            if "N" not in value:
                return None
            old = before.attrs.get(name) if before else None
            value = {"N": str(int(value["N"]) + (int(old.value) if old else 0))}
        changed[name] = value
    return changed


def _item(hash_key: Any, range_key: Any, before: Item | None, changed: _Asked) -> Item:
    item = copy.copy(before) if before else Item(hash_key, range_key, {})
    item.attrs = LimitedSizeDict()
    kept = before.attrs if before else {}
    for name, value in {**kept, **{k: DynamoType(v) for k, v in changed.items()}}.items():
        dict.__setitem__(item.attrs, name, value)
    return item
