"""What the customer service keeps of its entities: cards, rows, and where people are listed."""

from typing import TYPE_CHECKING

from services.customer.adapters import projections
from services.customer.adapters.directory import DynamoDirectory
from services.customer.domain import Customer
from shared.aws.projection import Projector
from shared.aws.stream import Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class CustomerProjector(Projector):
    """Keeps cards, rows, totals and the directory."""

    def __init__(self, client: "DynamoDBClient", table: str, directory: DynamoDirectory) -> None:
        super().__init__(client, table, *projections)
        self._directory = directory

    def keep(self, change: Write) -> None:
        if change.after["kind"] != Customer.kind:
            return
        read = self._projections[Customer.kind].document.read
        before = read(change.before) if change.before else None
        self._directory.keep(read(change.after), before=before)
