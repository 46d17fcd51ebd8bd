"""What recognising needs from AWS: counting attempts, and asking who knows orders and serials."""

import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from services.customer.domain import Limit, TooManyAttempts
from services.customer.ports import Owners
from shared.access import Action, Caller
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.items import to_attribute, to_item
from shared.aws.writes import ConditionFailed, write
from shared.contracts.finding import FindAnswer, FindRequest
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient


class DynamoAttempts:
    """Implements ports.Attempts: one counter for each one and window, which DynamoDB forgets.

    Whose it is stands there as a keyed hash, so that no counter tells who called.
    """

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._secret = secret.encode()

    def count(self, limit: Limit, whose: str, now: datetime) -> None:
        ends = limit.ends(now)
        message = f"attempts\0{limit.of}\0{whose}".encode()
        digest = hmac.new(self._secret, message, hashlib.sha256).hexdigest()
        one_more = {
            "TableName": self._table,
            "Key": to_item({"pk": f"T#{limit.of}#{digest}", "sk": str(ends)}),
            "UpdateExpression": "ADD attempts :one SET expires_at = :ends",
            "ConditionExpression": "attribute_not_exists(attempts) OR attempts < :most",
            "ExpressionAttributeValues": {
                ":one": to_attribute(1),
                ":ends": to_attribute(ends),
                ":most": to_attribute(limit.most),
            },
        }
        try:
            write(self._client, [{"Update": one_more}])
        except ConditionFailed as full:
            raise TooManyAttempts(limit, now) from full


class FindFunction:
    """Implements ports.Finder on the `find` function of another service."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def find(
        self,
        kind: str,
        value: str,
        caller: Caller,
        correlation_id: str,
        *,
        among: Collection[str] = (),
    ) -> Owners:
        request = FindRequest(
            kind=kind,
            value=value,
            caller=caller.document(),
            correlation_id=correlation_id,
            action=Action.RECOGNISE_CUSTOMER.value,
            among=list(among),
        )
        try:
            answer = invoke(self._client, self._function, request, FindAnswer)
        except NoAnswer as error:
            raise Unavailable(
                f"whose {kind.replace('_', ' ')} this is cannot be told at the moment: {error}"
            ) from error
        return Owners(ids=[one.customer_id for one in answer.matches], more=answer.more)
