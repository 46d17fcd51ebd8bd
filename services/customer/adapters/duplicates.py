"""Pairs of customers who may be one person, and the queue of those that wait for somebody."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from services.customer.adapters.blocks import DynamoBlocks
from services.customer.domain import Customer
from services.customer.domain.duplicates import Duplicate, DuplicateNotFound, Standing
from services.customer.ports import Document, DuplicatePage, Neighbourhood
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.items import entity_key, from_item, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

document = EntityDocument(Duplicate)


class DynamoDuplicates:
    """Implements ports.Duplicates."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._blocks = DynamoBlocks(client, table, secret)
        self._duplicates = EntityStore(client, table, secret, document)

    def neighbourhood(self, customer_id: str, keys: Collection[str]) -> Neighbourhood:
        return self._blocks.read(customer_id, keys)

    def keep(
        self,
        customer: Customer,
        traits: Document,
        seen: Neighbourhood,
        *,
        found: Sequence[Duplicate] = (),
        changed: Sequence[tuple[Duplicate, Duplicate]] = (),
    ) -> None:
        writes = list(self._blocks.changes(customer, traits, seen))
        for one in found:
            writes.append(self._duplicates.creation(one, fingerprint=one.duplicate_id))
            writes += self._identifiers(None, one) + self._places(None, one)
        for before, after in changed:
            writes.append(self._duplicates.update(after))
            writes += self._identifiers(before, after) + self._places(before, after)
        try:
            write(self._client, writes)
        except ConditionFailed as refused:
            raise ChangedMeanwhile("others came or went meanwhile; repeat it") from refused

    def waiting(self, customer_id: str) -> Sequence[Duplicate]:
        ids = self._duplicates.identifiers.find(_of(customer_id))
        return list(self.known(ids).values())

    def known(self, ids: Collection[str]) -> Mapping[str, Duplicate]:
        if not ids:
            return {}
        keys = [entity_key(one) for one in sorted(set(ids))]
        items = map(from_item, read_together(self._client, self._table, keys))
        found = [document.read(item) for item in items]
        return {one.duplicate_id: one for one in found}

    def get(self, duplicate_id: str) -> Duplicate:
        duplicate = self._duplicates.get(duplicate_id)
        if duplicate is None:
            raise DuplicateNotFound(duplicate_id)
        return duplicate

    def save(self, before: Duplicate, after: Duplicate) -> None:
        self._duplicates.save(
            after,
            found_by_before=_found_by(before),
            found_by=_found_by(after),
            beside=self._places(before, after),
        )

    def page(
        self, standing: Standing, *, size: int, cursor: str | None, cursors: Cursors
    ) -> DuplicatePage:
        """The next pairs that wait, the likeliest first.

        Raise Invalid where the cursor is not of this list.
        """
        query = f"duplicates that are {standing}"
        start: Any = {} if cursor is None else {"ExclusiveStartKey": cursors.read(cursor, query)}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(_queue(standing))},
            Limit=size,
            **start,
        )
        last = found.get("LastEvaluatedKey")
        return DuplicatePage(
            duplicates=[_read(from_item(item)) for item in found["Items"]],
            cursor=cursors.write(last, query) if last else None,
        )

    def _identifiers(self, before: Duplicate | None, after: Duplicate) -> list[dict[str, Any]]:
        known = _found_by(before) if before else []
        return self._duplicates.identifiers.changes(after.duplicate_id, known, _found_by(after))

    def _places(self, before: Duplicate | None, after: Duplicate) -> list[dict[str, Any]]:
        """The writes that lead from one place in the queue to another."""
        writes: list[dict[str, Any]] = []
        left, place = _place(before) if before else None, _place(after)
        if left is not None and left != place:
            writes.append({"Delete": {"TableName": self._table, "Key": to_item(left)}})
        if place is not None:
            shown = {"customer_id": after.customer_id, **document.write(after)}
            item = to_item({**place, "shown": json.dumps(shown)})
            writes.append({"Put": {"TableName": self._table, "Item": item}})
        return writes


def _read(place: Mapping[str, Any]) -> Duplicate:
    return document.read(json.loads(place["shown"]))


def _place(duplicate: Duplicate) -> dict[str, str] | None:
    """Where a pair stands in the queue, the likeliest first and then the eldest."""
    if not duplicate.standing.waits:
        return None
    rank = f"{round((1 - duplicate.resemblance.probability) * _RANKS):07d}"
    found_at = duplicate.found_at.isoformat(timespec="microseconds")
    sk = f"{rank}#{found_at}#{duplicate.duplicate_id}"
    return {"pk": _queue(duplicate.standing), "sk": sk}


_RANKS = 1_000_000


def _queue(standing: Standing) -> str:
    return f"Q#duplicates#{standing}"


def _found_by(duplicate: Duplicate) -> list[Identifier]:
    """A pair that waits is found by each of the two."""
    return [_of(one) for one in duplicate.pair] if duplicate.standing.waits else []


def _of(customer_id: str) -> Identifier:
    return Identifier(kind="duplicate_of", value=customer_id)
