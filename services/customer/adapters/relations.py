"""Households and firms in the customer's table, and what is shown of them with each member.

Each customer has one item for all of theirs, beside what is shown of them in one look. It changes
in the transactions that store a relation and its end, so it never says more or less.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.customer.domain.relations import (
    MOST_RELATIONS,
    Relation,
    RelationNotFound,
    TooManyRelations,
)
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import Values, customer_partition, from_item, to_attribute, to_item
from shared.contracts.summary import RelationBrief
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RELATIONS = "RELATIONS"  # sorts between rows and the summary

document = EntityDocument(Relation)


class DynamoRelations:
    """Implements ports.Relations."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._relations = EntityStore(client, table, secret, document)

    def add(self, relation: Relation, *, fingerprint: str) -> tuple[Relation, bool]:
        ids = [one.customer_id for one in relation.members]
        showing = [self._show(relation, one) for one in ids]
        try:
            return self._relations.create(relation, fingerprint=fingerprint, beside=showing)
        except ChangedMeanwhile:
            for one in ids:
                if self._kept(one).get("count", 0) >= MOST_RELATIONS:
                    raise TooManyRelations(one) from None
            raise

    def find(self, relation_id: str, *, fingerprint: str) -> Relation | None:
        return self._relations.created(relation_id, fingerprint=fingerprint)

    def get(self, relation_id: str) -> Relation:
        relation = self._relations.get(relation_id)
        if relation is None:
            raise RelationNotFound(relation_id)
        return relation

    def end(self, ended: Relation) -> None:
        hiding = [self._hide(ended, one.customer_id) for one in ended.members]
        self._relations.save(ended, beside=hiding)

    def of(self, customer_id: str) -> Sequence[Relation]:
        kept = self._kept(customer_id)
        found = [document.read(json.loads(kept[name])["all"]) for name in names_in(kept)]
        return sorted(found, key=lambda one: (one.made_at, one.relation_id))

    def _kept(self, customer_id: str) -> Values:
        found = self._client.get_item(
            TableName=self._table, Key=_key(customer_id), ConsistentRead=True
        )
        return from_item(found.get("Item", {}))

    def _show(self, relation: Relation, customer_id: str) -> dict[str, Any]:
        everything = {"customer_id": relation.customer_id, **document.write(relation)}
        shown = {"brief": _brief(relation, customer_id), "all": everything}
        return self._update(
            customer_id,
            "SET #relation = :shown ADD #count :change",
            "attribute_not_exists(#count) OR #count < :most",
            relation,
            {":shown": json.dumps(shown), ":change": 1, ":most": MOST_RELATIONS},
        )

    def _hide(self, relation: Relation, customer_id: str) -> dict[str, Any]:
        return self._update(
            customer_id,
            "REMOVE #relation ADD #count :change",
            "attribute_exists(#relation)",
            relation,
            {":change": -1},
        )

    def _update(
        self, customer_id: str, update: str, condition: str, relation: Relation, values: Values
    ) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _key(customer_id),
                "UpdateExpression": update,
                "ConditionExpression": condition,
                "ExpressionAttributeNames": {
                    "#relation": relation.relation_id,
                    "#count": "count",
                },
                "ExpressionAttributeValues": {
                    name: to_attribute(value) for name, value in values.items()
                },
            }
        }


def names_in(kept: Values) -> list[str]:
    """Under which names a customer's item holds relations."""
    return sorted(kept.keys() - {"pk", "sk", "count"})


def briefs_in(kept: Values) -> list[dict[str, Any]]:
    """How the relations of a customer's item show, the eldest first."""
    briefs: list[dict[str, Any]] = [json.loads(kept[one])["brief"] for one in names_in(kept)]
    return sorted(briefs, key=lambda one: (one["since"], one["relation_id"]))


def _key(customer_id: str) -> dict[str, Any]:
    return to_item({"pk": customer_partition(customer_id), "sk": RELATIONS})


def _brief(relation: Relation, customer_id: str) -> dict[str, Any]:
    """How it shows to whoever looks at this member: of the others, how many they are."""
    [role] = [one.role for one in relation.members if one.customer_id == customer_id]
    return RelationBrief(
        relation_id=relation.relation_id,
        kind=relation.of,
        role=role,
        count=len(relation.members),
        since=relation.made_at,
    ).model_dump(mode="json")
