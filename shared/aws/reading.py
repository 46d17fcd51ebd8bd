"""Reading many items in one call."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.aws.clients import ATTEMPTS
from shared.aws.pauses import pause
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def read_together(
    client: "DynamoDBClient", table: str, keys: Sequence[dict[str, Any]], *, strongly: bool = True
) -> list[Any]:
    """Those of at most a hundred items that are there, in no order.

    What DynamoDB leaves out of its answer is asked for again. Raise Unavailable where some of it
    does not come in three attempts.
    """
    wanted: Any = {table: {"Keys": list(keys), "ConsistentRead": strongly}}
    found: list[Any] = []
    for tried in range(1, ATTEMPTS + 1):
        answer = client.batch_get_item(RequestItems=wanted)
        found += answer["Responses"].get(table, ())
        wanted = answer.get("UnprocessedKeys")
        if not wanted:
            return found
        if tried < ATTEMPTS:
            pause(tried)
    raise Unavailable("the table is busy; repeat the request")
