"""Conditional writes: what fails is told apart, what may pass is tried again."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from shared.aws.clients import ATTEMPTS
from shared.aws.items import Values, summary_key, to_attribute, to_item
from shared.aws.pauses import pause

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

CONDITION_FAILED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"


class ConditionFailed(Exception):
    """A condition did not hold and nothing was written.

    `failed` are the places, in the list of writes, of the conditions at fault.
    """

    def __init__(self, failed: Sequence[int]) -> None:
        super().__init__(f"conditions {list(failed)} did not hold")
        self.failed = failed


def write(client: "DynamoDBClient", writes: Sequence[dict[str, Any]]) -> None:
    """Do all writes or none; each is a `Put`, `Update` or `Delete` as a transaction takes it.

    Raise ConditionFailed where a condition does not hold. A conflict with
    another transaction is tried again, three times in all.
    """
    if len(writes) > 1:
        items: Any = list(writes)
        attempt(lambda: client.transact_write_items(TransactItems=items))
        return
    [(kind, request)] = writes[0].items()
    single: dict[str, Callable[..., object]] = {
        "Put": client.put_item,
        "Update": client.update_item,
        "Delete": client.delete_item,
    }
    attempt(lambda: single[kind](**request))


def write_batch(client: "DynamoDBClient", table: str, requests: Sequence[Any]) -> list[Any]:
    """Do up to 25 puts and deletes without conditions, in three attempts; return what is undone.

    DynamoDB may leave out some of them while it is busy.
    """
    pending = list(requests)
    for tried in range(1, ATTEMPTS + 1):
        answer = client.batch_write_item(RequestItems={table: pending})
        pending = list(answer.get("UnprocessedItems", {}).get(table, []))
        if not pending:
            return []
        if tried < ATTEMPTS:
            pause(tried)
    return pending


def add_to_summary(table: str, customer_id: str, gained: Mapping[str, int]) -> dict[str, Any]:
    """The write that adds to counts of a customer's summary, unless they were erased."""
    names = dict(enumerate(sorted(gained)))
    return {
        "Update": {
            "TableName": table,
            "Key": summary_key(customer_id),
            "UpdateExpression": "ADD " + ", ".join(f"#n{i} :n{i}" for i in names),
            "ConditionExpression": "attribute_not_exists(erased_at)",
            "ExpressionAttributeNames": {f"#n{i}": name for i, name in names.items()},
            "ExpressionAttributeValues": {
                f":n{i}": to_attribute(gained[name]) for i, name in names.items()
            },
        }
    }


def put_newer(client: "DynamoDBClient", table: str, values: Values) -> bool:
    """Put an item of some `version`, unless what stands there is as new; say whether it was put.

    So what is kept of an entity stays right when records of its changes come again, or late.
    """
    put = {
        "TableName": table,
        "Item": to_item(values),
        "ConditionExpression": "attribute_not_exists(pk) OR version < :version",
        "ExpressionAttributeValues": {":version": to_attribute(values["version"])},
    }
    try:
        write(client, [{"Put": put}])
    except ConditionFailed:
        return False
    return True


def attempt(call: Callable[[], T]) -> T:
    """Make a call that another transaction may be in the way of."""
    for tried in range(1, ATTEMPTS + 1):
        try:
            return call()
        except ClientError as error:
            reasons = reasons_of(error)
            failed = [place for place, why in enumerate(reasons) if why == CONDITION_FAILED]
            if failed:
                raise ConditionFailed(failed) from error
            if CONFLICT not in reasons or tried == ATTEMPTS:
                raise
        pause(tried)
    raise AssertionError("unreachable")


def reasons_of(error: ClientError) -> list[str]:
    """Why a write was refused, one reason for each item of it."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        reasons: Any = error.response.get("CancellationReasons", [])
        return [reason.get("Code", "None") for reason in reasons]
    return [code.removesuffix("Exception")]


def is_passing(error: ClientError) -> bool:
    """Whether AWS was only busy, so that the same call may succeed later."""
    status = error.response["ResponseMetadata"].get("HTTPStatusCode", 0)
    return status >= _SERVER_ERROR or any(reason in _PASSING for reason in reasons_of(error))


_SERVER_ERROR = 500
_PASSING = {
    CONFLICT,
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingError",
    "TooManyRequests",
    "TransactionInProgress",
    "InternalServerError",
    "ServiceUnavailable",
    "LimitExceeded",
}
