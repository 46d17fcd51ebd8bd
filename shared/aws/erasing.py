"""Letting go of what one service keeps of a customer who was erased.

First the summary is marked: from then on the projector shows nothing of theirs any more, however
late it hears of it. Then all that stands in their partition goes, and of each thing that has a
row there what was written in somebody's words. Nothing comes back when events are told again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shared.aws.items import (
    MOVED,
    ROW,
    SUMMARY,
    customer_partition,
    from_item,
    summary_key,
    to_attribute,
    to_item,
)
from shared.aws.logs import tell
from shared.aws.writes import ConditionFailed, write, write_batch
from shared.contracts.customer import CustomerErased
from shared.entity import Act

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOGETHER = 25  # items of one BatchWriteItem call

Forget = Callable[[str, Act], None]
"""Takes out of an entity, by its id, what somebody has said in their own words."""


def _nothing(_: str, __: Act) -> None: ...


class NotAllErased(Exception):
    """DynamoDB left something undone three times; the same again does the rest."""


class Erasure:
    """What one table keeps of customers who are erased."""

    def __init__(self, client: "DynamoDBClient", table: str, forget: Forget = _nothing) -> None:
        self._client = client
        self._table = table
        self._forget = forget

    def on_customer_erased(self, event: CustomerErased) -> None:
        """Let go of it all. Safe to repeat, at any time.

        Broken off, it goes on where it was: what is done is gone. Raise NotAllErased.
        """
        act = Act(by=event.event_id, at=event.occurred_at, correlation_id=event.correlation_id)
        self._mark(event)
        gone = 0
        while rows := self._some(event.customer_id):
            for row in rows:
                if row["sk"].startswith(ROW) and MOVED not in row:
                    self._forget(row["id"], act)
            self._delete([{"pk": row["pk"], "sk": row["sk"]} for row in rows])
            gone += len(rows)
        tell("erased", customer=event.customer_id, items=gone)

    def _mark(self, event: CustomerErased) -> None:
        marked = summary_key(event.customer_id) | to_item(
            {"erased_at": event.occurred_at.isoformat()}
        )
        put = {
            "TableName": self._table,
            "Item": marked,
            "ConditionExpression": "attribute_not_exists(erased_at)",
        }
        try:
            write(self._client, [{"Put": put}])
        except ConditionFailed:
            tell("erased before", customer=event.customer_id)

    def _some(self, customer_id: str) -> list[dict[str, Any]]:
        """Items that are still there, but for the summary, which sorts behind all rows."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(customer_partition(customer_id))},
            ConsistentRead=True,
            Limit=TOGETHER,
        )
        return [item for item in map(from_item, found["Items"]) if item["sk"] != SUMMARY]

    def _delete(self, keys: list[dict[str, str]]) -> None:
        requests = [{"DeleteRequest": {"Key": to_item(key)}} for key in keys]
        if write_batch(self._client, self._table, requests):
            raise NotAllErased
