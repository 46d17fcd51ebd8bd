"""Clocks that run: what falls due when, in one sparse index over all customers.

Each entity has one item for its clock, which carries the version it speaks of: so repeats and
disorder change nothing. While it runs, the item stands in the index by the instant it falls due;
afterwards it is out of it.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.aws.cursors import Cursors
from shared.aws.items import Values, from_item, moment, to_attribute
from shared.aws.rows import Page
from shared.aws.writes import put_newer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DUE = "due"  # the sparse index
SHARDS = 4  # of it: one partition takes a thousand writes a second
ALWAYS = "9999"  # behind every instant


class Clocks:
    """The clocks of one kind in one table; `kind` keeps several kinds of a table apart."""

    def __init__(self, client: "DynamoDBClient", table: str, *, kind: str = "") -> None:
        self._client = client
        self._table = table
        self._kind = kind

    def keep(
        self, entity_id: str, version: int, due_at: datetime | None, shown: Mapping[str, Any]
    ) -> None:
        """Keep the clock as of this version, unless what is kept is as new; None stops it."""
        values: Values = {"version": version}
        if due_at is not None:
            shard = zlib.crc32(entity_id.encode()) % SHARDS
            values |= {
                "due_shard": f"{self._kind}{shard}",
                "due_place": f"{moment(due_at)}#{entity_id}",
                "shown": json.dumps(shown, ensure_ascii=False, separators=(",", ":")),
            }
        key = {"pk": f"C#{entity_id}", "sk": "A"}
        put_newer(self._client, self._table, key | values)

    def due(
        self, now: datetime, *, size: int, cursor: str | None, cursors: Cursors, query: str
    ) -> Page:
        """What fell due before now, the longest overdue first.

        One query for each shard, of at most `size` + 1 items. Raise Invalid where the cursor is
        not of this query.
        """
        behind = cursors.read(cursor, query)["behind"] if cursor is not None else ""
        found = self._found(behind, moment(now), size + 1)
        rows = found[:size]
        more = len(found) > size
        return Page(
            rows=rows,
            cursor=cursors.write({"behind": rows[-1]["due_place"]}, query) if more else None,
        )

    def soonest(
        self, most: int, *, until: datetime | None = None, behind: str = ""
    ) -> list[Values]:
        """What runs, or falls due before a time, the soonest due first; at most so many.

        `behind` is the place of one, to go on after it.
        """
        return self._found(behind, moment(until) if until else ALWAYS, most)[:most]

    def _found(self, behind: str, last: str, most: int) -> list[Values]:
        rows = (
            row for shard in range(SHARDS) for row in self._of_shard(shard, behind, last, most)
        )
        return sorted(rows, key=lambda row: str(row["due_place"]))

    def _of_shard(self, shard: int, behind: str, last: str, most: int) -> list[Values]:
        # Nothing sorts between a place and the same with a blank behind it.
        first = f"{behind} "
        if first > last:
            return []
        found = self._client.query(
            TableName=self._table,
            IndexName=DUE,
            KeyConditionExpression="due_shard = :shard AND due_place BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":shard": to_attribute(f"{self._kind}{shard}"),
                ":first": to_attribute(first),
                ":last": to_attribute(last),
            },
            Limit=most,
        )
        return [from_item(item) for item in found["Items"]]
