"""Silences kept in DynamoDB: one item for each customer id, with the day somebody has to look."""

import zlib
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from services.engagement.domain.neglect import FLOORS
from services.engagement.domain.silence import NOTHING_KNOWN, Silence, Word
from shared.aws.clients import ATTEMPTS
from shared.aws.clocks import SHARDS
from shared.aws.items import Values, from_item, moment, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOGETHER = 100  # items that DynamoDB reads in one call
SILENCE = "silence"  # the kind of clocks
_DAYS = ("since", "theirs", "ours", "offered")


class DynamoSilences:
    """Implements ports.silences.Silences.

    An item stands in the index `due` by the first day on which this customer may be over their
    floor, by the strictest there is: which one is theirs is asked when they are looked at.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, ids: Collection[str]) -> Mapping[str, Silence]:
        found: dict[str, Silence] = {}
        keys = [silence_key(one) for one in sorted(set(ids))]
        for start in range(0, len(keys), TOGETHER):
            some = keys[start : start + TOGETHER]
            for item in map(from_item, read_together(self._client, self._table, some)):
                found[item["pk"].removeprefix("Y#")] = silence_in(item)
        return found

    def version_of(self, customer_id: str) -> int:
        """The version of what is known of a customer; 0 where nothing is."""
        return int(self._read(customer_id).get("version", 0))

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
        values: Values = {
            name: told.isoformat() for name in _DAYS if (told := getattr(silence, name))
        }
        if silence.begins is not None:
            strictest = FLOORS.on(max(silence.begins, FLOORS.oldest)).strictest
            values |= due(customer_id, silence.begins + timedelta(days=strictest))
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
    if version:
        told[":before"] = to_attribute(version)
    update: dict[str, Any] = {
        "TableName": table,
        "Key": silence_key(customer_id),
        "UpdateExpression": f"SET {names}",
        "ConditionExpression": is_as_read,
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": told,
    }
    write(client, [{"Update": update}])
