"""Look-up keys: from a phone, an e-mail or another system's id to what it belongs to.

Only a keyed hash of the value is stored, so a key tells nothing to whoever
reads the table without the secret. Keys are written in the transaction that
writes the entity and read strongly: a look-up never lags. They are no index,
since an index cannot hold a list of phones.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.aws.items import to_attribute, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_SHARERS = 50  # nobody can choose among more


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A value, in its one canonical spelling, that something is found by.

    `unique` ones belong to one entity; the others may be shared.
    """

    kind: str
    value: str
    unique: bool = False


class Identifiers:
    """The look-up keys of one table."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._secret = secret.encode()

    def claim(self, identifier: Identifier, entity_id: str) -> dict[str, Any]:
        """The write that makes the entity found. It fails where a unique one is taken."""
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": self._key(identifier, entity_id) | to_item({"id": entity_id}),
        }
        if identifier.unique:
            put |= self._only_if_free(entity_id)
        return {"Put": put}

    def release(self, identifier: Identifier, entity_id: str) -> dict[str, Any]:
        """The write that ends being found."""
        delete: dict[str, Any] = {
            "TableName": self._table,
            "Key": self._key(identifier, entity_id),
        }
        if identifier.unique:
            delete |= self._only_if_free(entity_id)
        return {"Delete": delete}

    def changes(
        self, entity_id: str, before: Iterable[Identifier], after: Iterable[Identifier]
    ) -> list[dict[str, Any]]:
        """The writes that lead from one set of identifiers to another."""
        old, new = set(before), set(after)
        return [self.claim(one, entity_id) for one in _sorted(new - old)] + [
            self.release(one, entity_id) for one in _sorted(old - new)
        ]

    def find(self, identifier: Identifier) -> list[str]:
        """The ids of the entities it belongs to, at most 50 of them, strongly read."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(self.partition(identifier))},
            ConsistentRead=True,
            Limit=MOST_SHARERS,
        )
        return [item["id"]["S"] for item in found["Items"]]

    def partition(self, identifier: Identifier) -> str:
        """Where all that it leads to is kept."""
        message = f"{identifier.kind}\0{identifier.value}".encode()
        digest = hmac.new(self._secret, message, hashlib.sha256).hexdigest()
        return f"K#{identifier.kind}#{digest}"

    def _key(self, identifier: Identifier, entity_id: str) -> dict[str, Any]:
        sort = "A" if identifier.unique else f"P#{entity_id}"
        return to_item({"pk": self.partition(identifier), "sk": sort})

    @staticmethod
    def _only_if_free(entity_id: str) -> dict[str, Any]:
        return {
            "ConditionExpression": "attribute_not_exists(pk) OR id = :id",
            "ExpressionAttributeValues": {":id": to_attribute(entity_id)},
        }


def _sorted(identifiers: Iterable[Identifier]) -> list[Identifier]:
    return sorted(identifiers, key=lambda one: (one.kind, one.value))
