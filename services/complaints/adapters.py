"""Complaints kept in DynamoDB, how they show, and which promises fall due when."""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.complaints.domain import Complaint, ComplaintNotFound
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.projection import Projection, Projector, Row
from shared.aws.rows import Page, Rows, shown
from shared.aws.writes import ConditionFailed, write
from shared.contracts.summary import (
    ComplaintBrief,
    ComplaintsPart,
    CustomerSummary,
    RecentComplaint,
)
from shared.entity import Entity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NEWEST = 10
MOST_OPEN = 50
OPEN = "O#"  # place in the sparse index of a customer's rows

DUE = "due"  # the sparse index of promises that run, over all customers
SHARDS = 4  # of it: one partition takes a thousand writes a second

document = EntityDocument(Complaint)


class DynamoComplaints:
    """Implements ports.Complaints."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._store = EntityStore(client, table, secret, document)

    def add(self, complaint: Complaint, *, fingerprint: str) -> tuple[Complaint, bool]:
        return self._store.create(complaint, fingerprint=fingerprint)

    def get(self, complaint_id: str) -> Complaint:
        complaint = self._store.get(complaint_id)
        if complaint is None:
            raise ComplaintNotFound(complaint_id)
        return complaint

    def save(self, complaint: Complaint) -> None:
        self._store.save(complaint)


def row_of(complaint: Complaint) -> Row:
    """How a complaint shows in its customer's list, and what it adds to the counts."""
    moment = complaint.opened_at.isoformat(timespec="microseconds")
    return Row(
        at=complaint.opened_at,
        shown=_shown(complaint),
        counted={"count": 1, "open": 1} if complaint.is_open else {"count": 1},
        live=f"{OPEN}{moment}#{complaint.complaint_id}" if complaint.is_open else None,
    )


projection = Projection(document=document, row=row_of)


class Clocks:
    """The promises that run, in one index over all customers.

    Each complaint has one item for its clock, which carries the version it
    speaks of: so repeats and disorder change nothing. While a promise runs, the
    item stands in the index by the instant it falls due; afterwards it is out
    of it.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, complaint: Complaint) -> None:
        """Keep the clock as of this version, unless what is kept is as new."""
        values: Values = {"version": complaint.version}
        if complaint.clock is not None:
            values |= {
                "due_shard": str(zlib.crc32(complaint.complaint_id.encode()) % SHARDS),
                "due_place": f"{_moment(complaint.clock.due_at)}#{complaint.complaint_id}",
                "shown": json.dumps(_shown(complaint), ensure_ascii=False, separators=(",", ":")),
            }
        put = {
            "TableName": self._table,
            "Item": to_item({"pk": f"C#{complaint.complaint_id}", "sk": "A"} | values),
            "ConditionExpression": "attribute_not_exists(pk) OR version < :version",
            "ExpressionAttributeValues": {":version": to_attribute(complaint.version)},
        }
        try:
            write(self._client, [{"Put": put}])
        except ConditionFailed:
            return  # a record that came again, or late

    def late(self, now: datetime, *, size: int, cursor: str | None, cursors: Cursors) -> Page:
        """What fell due before now, the longest overdue first.

        One query for each shard, of at most `size` + 1 items. Raise Invalid
        where the cursor is not of this list.
        """
        query = "late complaints"
        behind = cursors.read(cursor, query)["behind"] if cursor is not None else ""
        found = sorted(
            (row for shard in range(SHARDS) for row in self._due(shard, behind, now, size + 1)),
            key=lambda row: str(row["due_place"]),
        )
        rows = found[:size]
        more = len(found) > size
        return Page(
            rows=rows,
            cursor=cursors.write({"behind": rows[-1]["due_place"]}, query) if more else None,
        )

    def _due(self, shard: int, behind: str, now: datetime, most: int) -> list[Values]:
        # Nothing sorts between a place and the same with a blank behind it.
        first, last = f"{behind} ", _moment(now)
        if first > last:
            return []
        found = self._client.query(
            TableName=self._table,
            IndexName=DUE,
            KeyConditionExpression="due_shard = :shard AND due_place BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":shard": to_attribute(str(shard)),
                ":first": to_attribute(first),
                ":last": to_attribute(last),
            },
            Limit=most,
        )
        return [from_item(item) for item in found["Items"]]


class ComplaintProjector(Projector):
    """Keeps rows, counts and clocks."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        super().__init__(client, table, projection)
        self._clocks = Clocks(client, table)

    def keep(self, entity: Entity, before: Entity | None) -> None:
        if isinstance(entity, Complaint):
            self._clocks.keep(entity)


class ComplaintSummaries:
    """What is told of a customer's complaints."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summarise(self, customer_id: str) -> CustomerSummary:
        """One read where the newest ten rows show all that is open, a second where not."""
        head = self._rows.head(customer_id, newest=NEWEST)
        still_open = [row for row in head.rows if "live" in row]
        if len(still_open) < head.total("open"):
            still_open = self._rows.live(customer_id, place=OPEN, most=MOST_OPEN)
        part = ComplaintsPart(
            count=head.total("count"),
            open_count=head.total("open"),
            open=[ComplaintBrief.model_validate(_told(row, ComplaintBrief)) for row in still_open],
            recent=[
                RecentComplaint.model_validate(_told(row, RecentComplaint)) for row in head.rows
            ],
        )
        return CustomerSummary(
            members=head.members,
            newly_joined=head.newly_joined,
            parts={"complaints": part.model_dump(mode="json")},
        )


def _shown(complaint: Complaint) -> Mapping[str, Any]:
    clock = complaint.clock
    return {
        "complaint_id": complaint.complaint_id,
        "customer_id": complaint.holder,
        "kind": complaint.about,
        "seriousness": complaint.seriousness,
        "title": complaint.title,
        "status": complaint.status,
        "owner": complaint.owner,
        "opened_at": complaint.opened_at.isoformat(),
        "waits_for": clock.waits_for if clock else None,
        "due_at": clock.due_at.isoformat() if clock else None,
    }


def _told(row: Values, model: type[ComplaintBrief]) -> dict[str, Any]:
    document = shown(row)
    return {name: document[name] for name in model.model_fields}


def _moment(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")
