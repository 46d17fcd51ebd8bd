"""Walking through the table, with a note of how far one has come."""

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.customer.domain import Customer
from services.customer.domain.walk import Walk
from services.customer.ports import Step
from shared.aws.entities import EntityDocument, Unreadable
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.logs import tell
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = to_item({"pk": "X#dedup", "sk": "A"})
_walks = TypeAdapter(Walk)


class DynamoWalks:
    """Implements ports.Walks."""

    def __init__(
        self, client: "DynamoDBClient", table: str, customers: EntityDocument[Customer]
    ) -> None:
        self._client = client
        self._table = table
        self._customers = customers

    def current(self) -> Walk | None:
        found = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True)
        if "Item" not in found:
            return None
        return _walks.validate_json(from_item(found["Item"])["walk"])

    def save(self, before: Walk | None, after: Walk) -> None:
        values: Values = {"turn": after.turn, "walk": _walks.dump_json(after).decode()}
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": _KEY | to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if before is not None:
            put["ConditionExpression"] = "turn = :turn"
            put["ExpressionAttributeValues"] = {":turn": to_attribute(before.turn)}
        try:
            write(self._client, [{"Put": put}])
        except ConditionFailed as refused:
            if self.current() == after:
                return  # our own write, whose answer was lost on the way
            raise ChangedMeanwhile("somebody else walks through the books too") from refused

    def step(self, place: str | None, items: int) -> Step:
        start: Any = {"ExclusiveStartKey": json.loads(place)} if place else {}
        found = self._client.scan(
            TableName=self._table,
            FilterExpression="kind = :customer",
            ExpressionAttributeValues={":customer": to_attribute(self._customers.kind)},
            ConsistentRead=True,
            Limit=items,
            **start,
        )
        customers = []
        for values in map(from_item, found["Items"]):
            try:
                customers.append(self._customers.read(values))
            except Unreadable as flaw:
                tell("cannot be read", entity=values["pk"].removeprefix("E#"), flaw=str(flaw))
        last = found.get("LastEvaluatedKey")
        return Step(
            customers=customers,
            next_place=json.dumps(last) if last else None,
            items=found["ScannedCount"],
        )
