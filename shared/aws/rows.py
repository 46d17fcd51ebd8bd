"""Reading what the projector keeps of a customer: a summary and rows, newest first."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.aws.cursors import Cursors
from shared.aws.items import (
    LIVE,
    MOVED,
    ROW,
    SUMMARY,
    WAITS_SINCE,
    Values,
    customer_partition,
    from_item,
    to_attribute,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


MOST_LOOKED_THROUGH = 1000  # rows, for what waits


@dataclass(frozen=True, kw_only=True)
class Head:
    """A customer's summary and newest rows, from one bounded read."""

    summary: Values
    rows: list[Values]

    def total(self, name: str) -> int:
        """What the customer's entities add up to under this name."""
        return int(self.summary.get(name, 0))

    def totals(self, prefix: str) -> dict[str, int]:
        """The totals whose names begin with this, by the rest of their names; none that came to 0.

        A count that came and went leaves a 0 behind.
        """
        return {
            name.removeprefix(prefix): int(value)
            for name, value in sorted(self.summary.items())
            if name.startswith(prefix) and value
        }

    @property
    def members(self) -> list[str]:
        """The customer ids known to be the same person, the customer's own included."""
        return members_in(self.summary)

    @property
    def newly_joined(self) -> list[str]:
        """Those taken for the same person, which nobody has confirmed yet."""
        return newly_joined_in(self.summary)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, and the cursor of the next ones; None when these were the last."""

    rows: list[Values]
    cursor: str | None


class Rows:
    """The rows of one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def head(self, customer_id: str, *, newest: int, beside: int = 0) -> Head:
        """The summary and the newest rows in one read of at most `newest` + `beside` + 1 items.

        `beside` is how many items the table keeps between the two.
        """
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(customer_partition(customer_id))},
            ScanIndexForward=False,
            Limit=newest + beside + 1,
        )
        items = [from_item(item) for item in found["Items"]]
        summary: Values = next((item for item in items if item["sk"] == SUMMARY), {})
        rows = [item for item in items if item["sk"] != SUMMARY and MOVED not in item]
        return Head(summary=summary, rows=rows)

    def live(self, customer_id: str, *, place: str, most: int) -> list[Values]:
        """The newest rows at one place of the sparse index, at most so many."""
        found = self._client.query(
            TableName=self._table,
            IndexName=LIVE,
            KeyConditionExpression="pk = :pk AND begins_with(live, :place)",
            ExpressionAttributeValues={
                ":pk": to_attribute(customer_partition(customer_id)),
                ":place": to_attribute(place),
            },
            ScanIndexForward=False,
            Limit=most,
        )
        return [from_item(item) for item in found["Items"]]

    def page(
        self, customer_id: str, *, size: int, cursor: str | None, cursors: Cursors, query: str
    ) -> Page:
        """The next rows, newest first. Raise Invalid where the cursor is not of this query."""
        place = customer_partition(customer_id)
        return self.page_at(place, size=size, cursor=cursor, cursors=cursors, query=query)

    def page_at(
        self, place: str, *, size: int, cursor: str | None, cursors: Cursors, query: str
    ) -> Page:
        """The next rows of any partition, as `page` says."""
        start: Any = {} if cursor is None else {"ExclusiveStartKey": cursors.read(cursor, query)}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :row)",
            ExpressionAttributeValues={
                ":pk": to_attribute(place),
                ":row": to_attribute(ROW),
            },
            ScanIndexForward=False,
            Limit=size,
            **start,
        )
        last = found.get("LastEvaluatedKey")
        return Page(
            rows=[row for row in map(from_item, found["Items"]) if MOVED not in row],
            cursor=cursors.write(last, query) if last else None,
        )

    def waiting(
        self, customer_id: str, *, since: datetime, until: datetime
    ) -> tuple[list[Values], bool]:
        """What came in a time by something that several had, and nobody has said whose it is.

        Of the newest thousand rows; return also whether there are more to look through.
        """
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :row)",
            FilterExpression=f"{WAITS_SINCE} BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":pk": to_attribute(customer_partition(customer_id)),
                ":row": to_attribute(ROW),
                ":since": to_attribute(since.isoformat(timespec="microseconds")),
                ":until": to_attribute(until.isoformat(timespec="microseconds")),
            },
            ScanIndexForward=False,
            Limit=MOST_LOOKED_THROUGH,
        )
        return [from_item(item) for item in found["Items"]], "LastEvaluatedKey" in found

    def members(self, customer_id: str) -> list[str]:
        """The customer ids known to be the same person, the customer's own included."""
        found = self._client.get_item(
            TableName=self._table,
            Key={"pk": to_attribute(customer_partition(customer_id)), "sk": to_attribute(SUMMARY)},
            ProjectionExpression="members",
        )
        return members_in(from_item(found.get("Item", {})))


def shown(row: Values) -> dict[str, Any]:
    """What a row shows."""
    document: dict[str, Any] = json.loads(row["shown"])
    return document


def members_in(summary: Values) -> list[str]:
    """The customer ids known to be the same person, by one's summary."""
    members: list[str] = json.loads(summary.get("members", "[]"))
    return members


def newly_joined_in(summary: Values) -> list[str]:
    """Those taken for the same person, which nobody has confirmed yet, by one's summary."""
    newly: list[str] = json.loads(summary.get("newly_joined", "[]"))
    return newly
