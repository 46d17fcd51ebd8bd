"""The complaints service's table, with what its stream would have made of its entities."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.complaints.adapters import (
    Clocks,
    ComplaintProjector,
    ComplaintSummaries,
    DynamoComplaints,
)
from services.complaints.domain import Complaint
from shared.aws.cursors import Cursors
from shared.aws.items import Values, entity_key, from_item
from shared.aws.rows import Page, Rows
from shared.aws.stream import Write
from shared.contracts.summary import ComplaintsPart

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECRET = "a secret for fingerprints"
TABLE = "sahip-test-complaints"


class Books:
    """Complaints in the table, and how they show."""

    def __init__(self, dynamodb: "DynamoDBClient") -> None:
        self._dynamodb = dynamodb
        self._projector = ComplaintProjector(dynamodb, TABLE)
        self.complaints = DynamoComplaints(dynamodb, TABLE, SECRET)
        self.rows = Rows(dynamodb, TABLE)

    def keep(self, *complaints: Complaint) -> None:
        """Write them and project them, as the stream would."""
        for complaint in complaints:
            self.complaints.add(complaint, fingerprint="f")
            self.project(self.item(complaint.complaint_id))

    def change(self, complaint: Complaint) -> None:
        """Save a next version and project it."""
        before = self.item(complaint.complaint_id)
        self.complaints.save(complaint)
        self.project(self.item(complaint.complaint_id), before)

    def item(self, complaint_id: str) -> Values:
        """What the table holds of a complaint."""
        found = self._dynamodb.get_item(TableName=TABLE, Key=entity_key(complaint_id))
        return from_item(found["Item"])

    def project(self, after: Values, before: Values | None = None) -> None:
        """Let the projector read one record of the stream."""
        entity_id = after["pk"].removeprefix("E#")
        self._projector.project(
            Write(entity_id=entity_id, before=before, after=after, sequence="1")
        )

    def part(self, customer_id: str = "cus_1") -> ComplaintsPart:
        """What the summary says of a customer."""
        summary = ComplaintSummaries(self.rows).summarise(customer_id)
        return ComplaintsPart.model_validate(summary.parts["complaints"])

    def late(self, now: datetime, *, size: int = 100, cursor: str | None = None) -> Page:
        """A page of the late ones."""
        cursors = Cursors(SECRET, "agent-1")
        return Clocks(self._dynamodb, TABLE).late(now, size=size, cursor=cursor, cursors=cursors)

    def items(self) -> Iterable[dict[str, Any]]:
        """All there is in the table."""
        return [from_item(item) for item in self._dynamodb.scan(TableName=TABLE)["Items"]]
