"""Complaints kept in DynamoDB, how they show, and which promises fall due when."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.complaints.domain import Complaint, ComplaintNotFound
from shared.aws import clocks
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import Values
from shared.aws.projection import Projection, Projector, Row
from shared.aws.rows import Page, Rows, shown
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
    """The promises that run, in one index over all customers."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._clocks = clocks.Clocks(client, table)

    def keep(self, complaint: Complaint) -> None:
        """Keep the clock as of this version, unless what is kept is as new."""
        due_at = complaint.clock.due_at if complaint.clock else None
        self._clocks.keep(complaint.complaint_id, complaint.version, due_at, _shown(complaint))

    def late(self, now: datetime, *, size: int, cursor: str | None, cursors: Cursors) -> Page:
        """What fell due before now, the longest overdue first.

        Raise Invalid where the cursor is not of this list.
        """
        return self._clocks.due(
            now, size=size, cursor=cursor, cursors=cursors, query="late complaints"
        )


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
