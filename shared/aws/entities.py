"""The truth about each entity: one item, written on a condition, never overwritten blindly."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from shared.aws.clients import ATTEMPTS
from shared.aws.identifiers import Identifier, Identifiers
from shared.aws.items import Values, entity_key, from_item, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.entity import Entity, Entry
from shared.errors import ChangedMeanwhile, Conflict, KeyReused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

E = TypeVar("E", bound=Entity)

APART = {"customer_id", "version", "log"}  # what an item has beside the state


@cache
def _log() -> TypeAdapter[tuple[Entry, ...]]:
    return TypeAdapter(tuple[Entry, ...])


class Unreadable(Exception):
    """What stands in an item is no entity as this code knows it. It says where, never what."""

    def __init__(self, flaw: Exception) -> None:
        if isinstance(flaw, ValidationError):
            told = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in flaw.errors()]
        else:
            told = [str(flaw)]
        super().__init__(", ".join(told))


def read_log(values: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The log of an item's plain values, which is kept apart from the state.

    Raise Unreadable where it is none.
    """
    try:
        return _log().validate_json(values["log"])
    except (KeyError, TypeError, ValueError) as flaw:
        raise Unreadable(flaw) from None  # whose own message would quote what was written


class IdentifierTaken(Conflict):
    """A unique identifier already belongs to another entity."""

    def __init__(self, identifier: Identifier, holder: str) -> None:
        super().__init__(f"this {identifier.kind.replace('_', ' ')} already belongs to {holder}")


_CHANGED = "it was changed meanwhile; read it again and repeat"


class EntityDocument(Generic[E]):
    """How an entity of one class is written into an item and read back."""

    def __init__(self, entity: type[E]) -> None:
        self.kind = entity.kind
        self._entity = entity

    @cached_property
    def _state(self) -> TypeAdapter[E]:
        # Built when it is first used: whoever only publishes never reads a state.
        return TypeAdapter(self._entity)

    def write(self, entity: E) -> Values:
        """The attributes that change with every version.

        Each kilobyte costs a write unit, so nothing is said twice: the state leaves out what
        has an attribute of its own, and by whom and in which request it came is in the log.
        """
        return {
            "version": entity.version,
            "changed_at": entity.changed_at.isoformat(),
            "state": self._state.dump_json(entity, exclude=APART, exclude_none=True).decode(),
            "log": _log().dump_json(entity.log).decode(),
        }

    def read(self, values: Mapping[str, Any]) -> E:
        """The entity of an item's plain values. Raise Unreadable where it is none."""
        log = read_log(values)
        try:
            apart = {
                "customer_id": values["customer_id"],
                "version": values["version"],
                "log": log,
            }
            return self._state.validate_python({**from_json(values["state"]), **apart})
        except (KeyError, TypeError, ValueError) as flaw:
            raise Unreadable(flaw) from None


class EntityStore(Generic[E]):
    """The entities of one class in the table of their service."""

    def __init__(
        self, client: "DynamoDBClient", table: str, secret: str, document: EntityDocument[E]
    ) -> None:
        self._client = client
        self._table = table
        self._document = document
        self.identifiers = Identifiers(client, table, secret)

    def create(
        self,
        entity: E,
        *,
        fingerprint: str,
        found_by: Sequence[Identifier] = (),
        beside: Sequence[dict[str, Any]] = (),
    ) -> tuple[E, bool]:
        """Put the entity unless its id is there already: then it is the same request again.

        `beside` are writes that must happen with it or not at all. Return the
        entity as it now stands, and whether this was a repeat. Raise KeyReused
        where the id came from another request, IdentifierTaken where a unique
        identifier is somebody else's, and ChangedMeanwhile where a condition
        beside it does not hold.
        """
        claims = [self.identifiers.claim(one, entity.entity_id) for one in found_by]
        try:
            write(self._client, [self.creation(entity, fingerprint=fingerprint), *claims, *beside])
        except ConditionFailed as refused:
            there = self.created(entity.entity_id, fingerprint=fingerprint)
            if there is None:
                raise self._taken(found_by, entity.entity_id) from refused
            return there, True
        return entity, False

    def creation(self, entity: E, *, fingerprint: str) -> dict[str, Any]:
        """The write of a new entity, to stand beside others."""
        values: Values = {
            "kind": entity.kind,
            "customer_id": entity.customer_id,
            "fingerprint": fingerprint,
            **self._document.write(entity),
        }
        return {
            "Put": {
                "TableName": self._table,
                "Item": entity_key(entity.entity_id) | to_item(values),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def created(self, entity_id: str, *, fingerprint: str) -> E | None:
        """What this request created before, as it now stands; None where it did not.

        Raise KeyReused where another request has used the same key.
        """
        there = self._read(entity_id)
        if there is None:
            return None
        if there["fingerprint"] != fingerprint:
            raise KeyReused(
                "this Idempotency-Key was used before with another request; "
                "send a new key with a new request"
            )
        return self._document.read(there)

    def get(self, entity_id: str) -> E | None:
        """The entity, strongly read; None where there is none."""
        values = self._read(entity_id)
        return None if values is None else self._document.read(values)

    def those(self, ids: Collection[str]) -> list[E]:
        """Those of at most a hundred entities that are there, strongly read in one call, by id."""
        keys = [entity_key(one) for one in sorted(set(ids))]
        items = read_together(self._client, self._table, keys) if keys else []
        found = sorted((from_item(item) for item in items), key=lambda values: values["pk"])
        return [self._document.read(values) for values in found]

    def save(
        self,
        entity: E,
        *,
        found_by_before: Sequence[Identifier] = (),
        found_by: Sequence[Identifier] = (),
        beside: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Write the entity's next version, and what it is found by from now on.

        `beside` are writes that must happen with it or not at all. Raise
        ChangedMeanwhile where it, or what is beside it, is no longer as it was
        read, and IdentifierTaken as `create` does.
        """
        keys = self.identifiers.changes(entity.entity_id, found_by_before, found_by)
        try:
            write(self._client, [self.update(entity), *keys, *beside])
        except ConditionFailed as refused:
            if self._is_stored(entity):
                return  # our own write, whose answer was lost on the way
            if 0 in refused.failed:
                raise ChangedMeanwhile(_CHANGED) from refused
            raise self._taken(found_by, entity.entity_id) from refused

    def find_again(self, entity_id: str, keys: Callable[[E], Sequence[dict[str, Any]]]) -> None:
        """Let an entity be found by what it is found by as it now stands.

        `keys` are the writes of that, for whoever was there before such keys were. Raise
        ChangedMeanwhile where it keeps changing.
        """
        for _ in range(ATTEMPTS):
            entity = self.get(entity_id)
            writes = keys(entity) if entity is not None else ()
            if entity is None or not writes:
                return
            unchanged = {
                "TableName": self._table,
                "Key": entity_key(entity_id),
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": to_attribute(entity.version)},
            }
            try:
                write(self._client, [{"ConditionCheck": unchanged}, *writes])
            except ConditionFailed:
                continue  # whoever changed it wrote only what was new
            return
        raise ChangedMeanwhile(_CHANGED)

    def update(self, entity: E) -> dict[str, Any]:
        """The write of an entity's next version, to stand beside others."""
        values = self._document.write(entity)
        return {
            "Update": {
                "TableName": self._table,
                "Key": entity_key(entity.entity_id),
                "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values),
                "ConditionExpression": "#version = :before",
                "ExpressionAttributeNames": {f"#{name}": name for name in values},
                "ExpressionAttributeValues": {
                    f":{name}": to_attribute(value) for name, value in values.items()
                }
                | {":before": to_attribute(entity.version - 1)},
            }
        }

    def _is_stored(self, entity: E) -> bool:
        there = self._read(entity.entity_id)
        ours = self._document.write(entity)
        return there is not None and all(there.get(name) == ours[name] for name in ours)

    def _read(self, entity_id: str) -> Values | None:
        found = self._client.get_item(
            TableName=self._table, Key=entity_key(entity_id), ConsistentRead=True
        )
        return from_item(found["Item"]) if "Item" in found else None

    def _taken(self, found_by: Sequence[Identifier], entity_id: str) -> Conflict:
        for one in found_by:
            holders = self.identifiers.find(one) if one.unique else []
            if holders and holders != [entity_id]:
                return IdentifierTaken(one, holders[0])
        return ChangedMeanwhile(_CHANGED)
