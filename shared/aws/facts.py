"""Facts: rows put once under their event's id. Repeats and disorder change nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws.clients import ATTEMPTS
from shared.aws.items import ROW, customer_partition, to_item
from shared.aws.pauses import pause
from shared.aws.writes import is_passing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_ITEMS = 25  # of one BatchWriteItem call


class NotTaken(Exception):
    """DynamoDB left a row of a batch undone three times."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened to a customer. The same id always holds the same."""

    fact_id: str
    customer_id: str
    at: datetime
    shown: str


class Facts:
    """The facts in one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, facts: Mapping[str, Fact]) -> dict[str, Exception]:
        """Put all facts; return what went wrong under the names of those that failed."""
        failed: dict[str, Exception] = {}
        names = iter(facts)
        while some := list(islice(names, MOST_ITEMS)):
            failed |= self._put({name: facts[name] for name in some})
        return failed

    def _put(self, facts: Mapping[str, Fact]) -> dict[str, Exception]:
        # Two deliveries of one fact in a batch are one item: DynamoDB takes a key once a call.
        pending = list({_key(fact): _put_request(fact) for fact in facts.values()}.values())
        try:
            for tried in range(1, ATTEMPTS + 1):
                answer = self._client.batch_write_item(RequestItems={self._table: pending})
                pending = list(answer.get("UnprocessedItems", {}).get(self._table, []))
                if not pending:
                    return {}
                if tried < ATTEMPTS:
                    pause(tried)
        except (BotoCoreError, ClientError) as error:
            if len(facts) == 1 or isinstance(error, BotoCoreError) or is_passing(error):
                return dict.fromkeys(facts, error)
            return self._put_alone(facts)
        undone = set(_keys(pending))
        return {name: NotTaken() for name, fact in facts.items() if _key(fact) in undone}

    def _put_alone(self, facts: Mapping[str, Fact]) -> dict[str, Exception]:
        """Put each by itself: DynamoDB refuses a whole call for one row that it cannot take."""
        failed: dict[str, Exception] = {}
        for name, fact in facts.items():
            failed |= self._put({name: fact})
        return failed


def _key(fact: Fact) -> tuple[str, str]:
    at = fact.at.isoformat(timespec="microseconds")
    return customer_partition(fact.customer_id), f"{ROW}{at}#{fact.fact_id}"


def _put_request(fact: Fact) -> Any:
    pk, sk = _key(fact)
    item = to_item({"pk": pk, "sk": sk, "id": fact.fact_id, "shown": fact.shown})
    return {"PutRequest": {"Item": item}}


def _keys(requests: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for request in requests:
        item = request["PutRequest"]["Item"]
        yield item["pk"]["S"], item["sk"]["S"]
