"""What the customer service keeps of its entities: cards, rows, the directory, promises."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from services.customer.adapters import projections
from services.customer.adapters.care import ALL, member_key, said_segment
from services.customer.adapters.directory import DynamoDirectory
from services.customer.adapters.members import TOGETHER
from services.customer.adapters.promises import show_promise
from services.customer.adapters.verification import list_session
from services.customer.domain import Conversation, Customer, Session
from shared.aws.projection import Projector
from shared.aws.writes import write, write_batch
from shared.entity import Entity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class CustomerProjector(Projector):
    """Keeps cards, rows, totals, the directory, sessions by customer, and open promises."""

    def __init__(self, client: "DynamoDBClient", table: str, directory: DynamoDirectory) -> None:
        super().__init__(client, table, *projections)
        self._directory = directory

    def keep(self, entity: Entity, before: Entity | None) -> None:
        if isinstance(entity, Customer):
            known = before if isinstance(before, Customer) else None
            self._directory.keep(entity, before=known)
            self._keep_in_books(entity, before)
            self._keep_segment(entity, known)
        elif isinstance(entity, Session):
            list_session(self._client, self._table, entity)
        elif isinstance(entity, Conversation):
            had = isinstance(before, Conversation) and before.promise is not None
            if had or entity.promise is not None:
                show_promise(self._client, self._table, entity)

    def _keep_in_books(self, customer: Customer, before: Entity | None) -> None:
        """Let somebody be listed in the default segment, for as long as they are in no other."""
        key = member_key(ALL, customer.customer_id)
        if customer.erased_at is not None:
            write(self._client, [{"Delete": {"TableName": self._table, "Key": key}}])
        elif before is None:
            write(self._client, [{"Put": {"TableName": self._table, "Item": key}}])

    def _keep_segment(self, customer: Customer, before: Customer | None) -> None:
        """Let somebody be listed in the segment that they were put into.

        Who was taken out of it stays there: whoever lists looks at each anew.
        """
        said = said_segment(customer)
        if said is not None and (before is None or said_segment(before) != said):
            item = member_key(said, customer.customer_id)
            write(self._client, [{"Put": {"TableName": self._table, "Item": item}}])

    def keep_together(self, entities: Sequence[tuple[Entity, Entity | None]]) -> Collection[str]:
        new = [one for one, before in entities if isinstance(one, Customer) and before is None]
        kept = self._directory.keep_newcomers(new)
        puts = [{"PutRequest": {"Item": member_key(ALL, one)}} for one in sorted(kept)]
        try:
            left = any(
                write_batch(self._client, self._table, puts[start : start + TOGETHER])
                for start in range(0, len(puts), TOGETHER)
            )
        except ClientError:
            left = True
        return () if left else kept  # else each by itself says what the matter is
