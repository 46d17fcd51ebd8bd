"""How customers and we get on, kept in DynamoDB: one item for each customer id."""

import zlib
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.engagement.domain.neglect import FLOORS
from services.engagement.domain.rapport import Answered, Offered, Rapport, Said
from services.engagement.domain.silence import NOTHING_KNOWN, Silence
from shared.aws.clients import ATTEMPTS
from shared.aws.clocks import SHARDS
from shared.aws.items import Values, from_item, moment, to_attribute, to_item
from shared.aws.pauses import pause
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOGETHER = 100  # items that DynamoDB reads in one call
RAPPORT = "Y#"  # before a customer's id
SILENCE = "silence"  # the kind of clocks
ERASED = "erased_at"
PRAISED = "praised"  # the day on which they last thanked us or recommended us
FRICTIONS = "frictions"  # how many, beside what is kept of somebody
_DAYS = ("since", "theirs", "ours", "offered")


class DynamoRapports:
    """Implements ports.silences.Silences and Rapports.

    An item stands in the index `due` by the first day on which this customer may be over their
    floor, by the strictest there is: which one is theirs is asked when they are looked at.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, ids: Collection[str]) -> Mapping[str, Silence]:
        found: dict[str, Silence] = {}
        keys = [rapport_key(one) for one in sorted(set(ids))]
        for start in range(0, len(keys), TOGETHER):
            some = keys[start : start + TOGETHER]
            for item in map(from_item, read_together(self._client, self._table, some)):
                silence = _silence_in(item)
                if silence != NOTHING_KNOWN:  # something else may be kept of them
                    found[item["pk"].removeprefix(RAPPORT)] = silence
        return found

    def keep(self, changes: Mapping[str, Callable[[Rapport], Rapport]]) -> None:
        ids = sorted(changes)
        for start in range(0, len(ids), TOGETHER):
            some = ids[start : start + TOGETHER]
            self._keep({one: changes[one] for one in some})

    def _keep(self, changes: Mapping[str, Callable[[Rapport], Rapport]]) -> None:
        for tried in range(1, ATTEMPTS + 1):
            there = self._read(changes)
            writes = [
                self._put(one, int(values.get("version", 0)), after)
                for one, values in there.items()
                if ERASED not in values
                and (after := changes[one](before := rapport_in(values))) != before
            ]
            if not writes:
                return
            try:
                write(self._client, writes)
            except ConditionFailed:
                pause(tried)
                continue
            return
        raise ChangedMeanwhile("what is kept of customers keeps changing; it comes again")

    def forget(self, customer_id: str, at: datetime) -> None:
        """Let go of what is kept of somebody who was erased, for good."""
        names = {f"#n{n}": name for n, name in enumerate(_ALL)}
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": rapport_key(customer_id),
            # Of another version than anybody has read, so that whatever was under way fails.
            "UpdateExpression": f"SET #erased = :at ADD version :one REMOVE {', '.join(names)}",
            "ConditionExpression": "attribute_not_exists(#erased)",
            "ExpressionAttributeNames": {**names, "#erased": ERASED},
            "ExpressionAttributeValues": {
                ":at": to_attribute(at.isoformat()),
                ":one": to_attribute(1),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            return

    def look_later(self, customer_id: str, day: date) -> None:
        """Look at somebody on a later day, unless something is heard of them meanwhile."""
        there = self._read([customer_id])[customer_id]
        if ERASED in there:
            return
        update = self._update(customer_id, int(there.get("version", 0)), _due(customer_id, day))
        try:
            write(self._client, [update])
        except ConditionFailed:
            return  # with what was heard it is known when to look again

    def _read(self, ids: Collection[str]) -> Mapping[str, Values]:
        """What is kept of each; empty where there is nothing."""
        items = read_together(self._client, self._table, [rapport_key(one) for one in ids])
        found = {values["pk"]: values for values in map(from_item, items)}
        return {one: found.get(f"{RAPPORT}{one}", {}) for one in ids}

    def _put(self, customer_id: str, version: int, rapport: Rapport) -> dict[str, Any]:
        silence = rapport.silence
        values: Values = {
            name: told.isoformat() for name in _DAYS if (told := getattr(silence, name))
        }
        if rapport.praised is not None:
            values[PRAISED] = rapport.praised.isoformat()
        for name, kept in _LISTS.items():
            if listed := getattr(rapport, name):
                values[name] = kept().dump_json(listed, exclude_none=True).decode()
        if silence.begins is not None:
            strictest = FLOORS.on(max(silence.begins, FLOORS.oldest)).strictest
            values |= _due(customer_id, silence.begins + timedelta(days=strictest))
        return self._update(customer_id, version, values)

    def _update(self, customer_id: str, version: int, values: Values) -> dict[str, Any]:
        """The write of what is new of an item, which fails unless that is at a version."""
        values = {**values, "version": version + 1}
        names = {f"#n{n}": name for n, name in enumerate(values)}
        told = {f":n{n}": to_attribute(value) for n, value in enumerate(values.values())}
        if version:
            told[":before"] = to_attribute(version)
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": rapport_key(customer_id),
            "UpdateExpression": "SET " + ", ".join(f"#n{n} = :n{n}" for n in range(len(values))),
            "ConditionExpression": "version = :before"
            if version
            else "attribute_not_exists(version)",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": told,
        }
        return {"Update": update}


def rapport_key(customer_id: str) -> dict[str, Any]:
    """Where it is kept how a customer and we get on."""
    return to_item({"pk": f"{RAPPORT}{customer_id}", "sk": "A"})


def rapport_in(values: Mapping[str, Any]) -> Rapport:
    """What an item says; nothing where there is none."""
    lists = {
        name: kept().validate_json(values[name]) for name, kept in _LISTS.items() if name in values
    }
    praised = date.fromisoformat(values[PRAISED]) if PRAISED in values else None
    return Rapport(silence=_silence_in(values), praised=praised, **lists)


def _silence_in(values: Mapping[str, Any]) -> Silence:
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
    return Silence(**days)


def _due(customer_id: str, day: date) -> Values:
    """What places an item in the index by a day."""
    shard = zlib.crc32(customer_id.encode()) % SHARDS
    at = datetime.combine(day, time(), UTC)
    return {"due_shard": f"{SILENCE}{shard}", "due_place": f"{moment(at)}#{customer_id}"}


@cache
def _offers() -> TypeAdapter[tuple[Offered, ...]]:
    return TypeAdapter(tuple[Offered, ...])


@cache
def _answers() -> TypeAdapter[tuple[Answered, ...]]:
    return TypeAdapter(tuple[Answered, ...])


@cache
def _said() -> TypeAdapter[tuple[Said, ...]]:
    return TypeAdapter(tuple[Said, ...])


_LISTS: Mapping[str, Callable[[], TypeAdapter[Any]]] = {
    "offers": _offers,
    "answers": _answers,
    "said": _said,
}
_ALL = (
    *_DAYS,
    PRAISED,
    *_LISTS,
    FRICTIONS,
    "due_shard",
    "due_place",
)  # what goes with who is erased
