"""Silences kept in DynamoDB: one item for each customer id, with the day somebody has to look."""

import zlib
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from services.engagement.domain.neglect import FLOORS, looks_again
from services.engagement.domain.silence import NOTHING_KNOWN, Silence, Word
from shared.aws.clients import ATTEMPTS
from shared.aws.clocks import SHARDS
from shared.aws.items import Values, from_item, moment, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SILENCE = "silence"  # the kind of clocks
_DAYS = ("since", "theirs", "ours", "offered")


class DynamoSilences:
    """Implements ports.silences.Silences.

    An item stands in the index `due` by the first day on which this customer may be over their
    floor: by the strictest floor there is, since what holds for them is asked when it is looked at.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, ids: Collection[str]) -> Mapping[str, Silence]:
        keys = [silence_key(one) for one in sorted(set(ids))]
        items = read_together(self._client, self._table, keys) if keys else []
        found = [from_item(item) for item in items]
        return {one["pk"].removeprefix("Y#"): silence_in(one) for one in found}

    def hear(self, customer_id: str, word: Word, day: date) -> None:
        for _ in range(ATTEMPTS):
            there = self._read(customer_id)
            before = silence_in(there)
            after = before.after(word, day)
            if after == before:
                return
            try:
                self._put(customer_id, there.get("version", 0), after)
            except ConditionFailed:
                continue
            return
        raise ChangedMeanwhile("what is known of this customer keeps changing; it comes again")

    def _read(self, customer_id: str) -> Values:
        found = self._client.get_item(
            TableName=self._table, Key=silence_key(customer_id), ConsistentRead=True
        )
        return from_item(found.get("Item", {}))

    def _put(self, customer_id: str, version: int, silence: Silence) -> None:
        begins = silence.begins
        look_at = looks_again(silence, FLOORS.on(begins).soonest) if begins else None
        values: Values = {
            name: told.isoformat() for name in _DAYS if (told := getattr(silence, name))
        }
        values |= due(customer_id, look_at) if look_at else {}
        update_silence(self._client, self._table, customer_id, version, values)


def silence_key(customer_id: str) -> dict[str, Any]:
    return to_item({"pk": f"Y#{customer_id}", "sk": "A"})


def silence_in(values: Mapping[str, Any]) -> Silence:
    """What an item says."""
    if not values:
        return NOTHING_KNOWN
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
    return Silence(**days)


def due(customer_id: str, day: date) -> Values:
    """What places an item in the index by a day."""
    shard = zlib.crc32(customer_id.encode()) % SHARDS
    at = datetime.combine(day, time(), UTC)
    return {"due_shard": f"{SILENCE}{shard}", "due_place": f"{moment(at)}#{customer_id}"}


def update_silence(
    client: "DynamoDBClient", table: str, customer_id: str, version: int, values: Values
) -> None:
    """Write what is new of an item that is at a version. Raise ConditionFailed where it is not."""
    values = values | {"version": version + 1}
    names = ", ".join(f"#{name} = :{name}" for name in values)
    is_as_read = "#version = :before" if version else "attribute_not_exists(#version)"
    told = {f":{name}": to_attribute(value) for name, value in values.items()}
    update: dict[str, Any] = {
        "TableName": table,
        "Key": silence_key(customer_id),
        "UpdateExpression": f"SET {names}",
        "ConditionExpression": is_as_read,
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": told | ({":before": to_attribute(version)} if version else {}),
    }
    write(client, [{"Update": update}])
