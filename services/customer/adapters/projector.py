"""What the customer service keeps of its entities: cards, rows, the directory, sessions."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from services.customer.adapters import projections
from services.customer.adapters.directory import DynamoDirectory
from services.customer.adapters.verification import list_session
from services.customer.domain import Customer, Session
from shared.aws.projection import Projector
from shared.entity import Entity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class CustomerProjector(Projector):
    """Keeps cards, rows, totals, the directory, and with whom there were which sessions."""

    def __init__(self, client: "DynamoDBClient", table: str, directory: DynamoDirectory) -> None:
        super().__init__(client, table, *projections)
        self._directory = directory

    def keep(self, entity: Entity, before: Entity | None) -> None:
        if isinstance(entity, Customer):
            known = before if isinstance(before, Customer) else None
            self._directory.keep(entity, before=known)
        elif isinstance(entity, Session):
            list_session(self._client, self._table, entity)

    def keep_together(self, entities: Sequence[tuple[Entity, Entity | None]]) -> Collection[str]:
        new = [one for one, before in entities if isinstance(one, Customer) and before is None]
        return self._directory.keep_newcomers(new)
