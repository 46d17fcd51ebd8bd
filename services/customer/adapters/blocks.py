"""Blocks: those who share something are kept together, so that one read shows all to compare.

A block is one item under the keyed hash of what is shared, with what each of its members is
compared by. Who has joined a block was written on the condition that it was as it had been read:
so of two who come at once, one sees the other. A customer has one item that says as what and
where they stand; it changes in the same transaction.

A block that more than fifty share is common. It keeps no members, is never written again, and is
evidence of nothing: a dealer's own number, a counter's e-mail, a district's commonest name.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from services.customer.domain import Customer
from services.customer.ports import Block, Document, Neighbourhood
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.reading import read_together

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_MEMBERS = 50  # of a block
MOST_KEYS = 30  # of a customer: old ones, new ones and pairs have room in one transaction


class DynamoBlocks:
    """The blocks in one table."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._secret = secret.encode()

    def read(self, customer_id: str, keys: Collection[str]) -> Neighbourhood:
        """The blocks of these keys, and as what the customer stands in which by now."""
        places = {self._place(key): key for key in sorted(keys, key=_rank)[:MOST_KEYS]}
        own = f"B#={customer_id}"
        found = read_together(
            self._client, self._table, [_item_key(one) for one in (own, *places)]
        )
        items = {item["pk"]["S"]: from_item(item) for item in found}
        kept = items.get(own, {"version": 0, "places": "[]"})
        return Neighbourhood(
            customer_id=customer_id,
            version=kept["version"],
            traits=json.loads(kept["traits"]) if "traits" in kept else None,
            places=frozenset(json.loads(kept["places"])),
            blocks=[_block(key, place, items.get(place)) for place, key in places.items()],
        )

    def changes(
        self, customer: Customer, traits: Document, seen: Neighbourhood
    ) -> Iterator[dict[str, Any]]:
        """The writes by which a customer stands in the blocks seen, and in no other."""
        customer_id = customer.customer_id
        standing = [block for block in seen.blocks if _has_room(block, customer_id)]
        yield self._keeping(customer, traits, seen, {block.place for block in standing})
        for block in seen.blocks:
            members = block.members
            if members is not None and members.get(customer_id) != traits:
                joined = {**members, customer_id: traits} if block in standing else None
                yield self._write(block, joined)
        left = seen.places - {block.place for block in seen.blocks}
        for block in self._read_left(left):
            if block.members is not None and customer_id in block.members:
                rest = {one: it for one, it in block.members.items() if one != customer_id}
                yield self._write(block, rest) if rest else self._delete(block)

    def _keeping(
        self, customer: Customer, traits: Document, seen: Neighbourhood, places: set[str]
    ) -> dict[str, Any]:
        values: Values = {
            "pk": f"B#={customer.customer_id}",
            "sk": "A",
            "version": customer.version,
            "places": _compact(sorted(places)),
            "traits": _compact(traits),
        }
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if seen.version:
            put["ConditionExpression"] = "version = :seen"
            put["ExpressionAttributeValues"] = {":seen": to_attribute(seen.version)}
        return {"Put": put}

    def _write(self, block: Block, members: Mapping[str, Document] | None) -> dict[str, Any]:
        values: Values = {"pk": block.place, "sk": "A"}
        if members is None:
            values["common"] = True
        else:
            text = _compact(members)
            values |= {"members": text, "state": _state_of(text)}
        item = {"TableName": self._table, "Item": to_item(values)}
        return {"Put": item | _as_seen(block)}

    def _delete(self, block: Block) -> dict[str, Any]:
        item: dict[str, Any] = {"TableName": self._table, "Key": _item_key(block.place)}
        return {"Delete": item | _as_seen(block)}

    def _read_left(self, places: Collection[str]) -> list[Block]:
        keys = [_item_key(one) for one in sorted(places)]
        found = read_together(self._client, self._table, keys) if keys else []
        return [_block("", item["pk"]["S"], from_item(item)) for item in found]

    def _place(self, key: str) -> str:
        digest = hmac.new(self._secret, f"block\0{key}".encode(), hashlib.sha256).hexdigest()
        return f"B#{digest[:32]}"


def _rank(key: str) -> tuple[bool, str]:
    """Of too many keys those go by which most people meet who have nothing to do with another."""
    return key.startswith("sound"), key


def _block(key: str, place: str, values: Values | None) -> Block:
    if values is None:
        return Block(key=key, place=place, seen=None, members={})
    if values.get("common"):
        return Block(key=key, place=place, seen=None, members=None)
    return Block(key=key, place=place, seen=values["state"], members=json.loads(values["members"]))


def _has_room(block: Block, customer_id: str) -> bool:
    members = block.members
    return members is not None and (customer_id in members or len(members) < MOST_MEMBERS)


def _as_seen(block: Block) -> dict[str, Any]:
    """The condition that nobody has come or gone since it was read."""
    if block.seen is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#state = :seen",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {":seen": to_attribute(block.seen)},
    }


def _state_of(text: str) -> str:
    """What tells one list of members from another. The same members again are the same state."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _item_key(place: str) -> dict[str, Any]:
    return to_item({"pk": place, "sk": "A"})


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _compact(document: object) -> str:
    return _ENCODER.encode(document)
