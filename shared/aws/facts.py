"""Facts: rows put once under their event's id. Repeats and disorder change nothing.

What is said to be another customer's takes its facts along. Whose a thing is stands beside the
facts; whoever puts facts looks at it afterwards, and whoever writes it looks for facts afterwards.
So one of the two sees the other, whatever happens between them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from shared.aws.clients import ATTEMPTS
from shared.aws.items import ROW, customer_partition, from_item, to_attribute, to_item
from shared.aws.logs import tell
from shared.aws.pauses import pause
from shared.aws.writes import ConditionFailed, is_passing, write, write_batch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

MOST_ITEMS = 25  # of one BatchWriteItem call
MOST_KEYS = 100  # of one BatchGetItem call
MOST_ROUNDS = 5  # of looking whose a thing is, while others say so


class NotTaken(Exception):
    """DynamoDB left a row of a batch undone three times."""


class KeptChanging(Exception):
    """Whose a thing is was changed again and again; the same again will do."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened to a customer. The same id always holds the same.

    `about` is the entity it happened to, of which it is known whose that is.
    """

    fact_id: str
    about: str
    customer_id: str
    at: datetime
    shown: str


@dataclass(frozen=True, kw_only=True)
class Holding:
    """That an entity is somebody's as of a version of it, and whose it may have been before.

    Nothing of it happened before `since`; None where that is not known.
    """

    about: str
    version: int
    holder: str
    left: Sequence[str]
    since: datetime | None


class Facts:
    """The facts in one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, facts: Mapping[str, Fact]) -> dict[str, Exception]:
        """Put all facts; return what went wrong under the names of those that failed."""
        failed: dict[str, Exception] = {}
        for names in _portions(facts, MOST_ITEMS):
            some = {name: facts[name] for name in names}
            undone = self._put(some)
            failed |= undone
            done = [fact for name, fact in some.items() if name not in undone]
            try:
                self._bring_home(done)
            except (BotoCoreError, ClientError, NotTaken, KeptChanging) as error:
                failed |= dict.fromkeys(some, error)
        return failed

    def hold(self, holding: Holding) -> None:
        """Keep whose an entity is, and let its facts be there. Safe to repeat, in any order.

        It reads what its customers before have had since it began. Raise what AWS raises, and
        NotTaken or KeptChanging.
        """
        update = {
            "TableName": self._table,
            "Key": _holding_key(holding.about),
            "UpdateExpression": "SET holder = :holder, version = :version",
            "ConditionExpression": "attribute_not_exists(pk) OR version <= :version",
            "ExpressionAttributeValues": {
                ":holder": to_attribute(holding.holder),
                ":version": to_attribute(holding.version),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            tell("whose it is is known already", about=holding.about, version=holding.version)
            return
        for customer_id in holding.left:
            for some in self._of(holding, customer_id):
                self._bring_home(some)

    def _of(self, holding: Holding, customer_id: str) -> Iterator[list[Fact]]:
        """An entity's facts where a customer has them, page by page."""
        since = _moment(holding.since) if holding.since else ""
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :since AND :behind",
            "FilterExpression": "begins_with(id, :about)",
            "ExpressionAttributeValues": {
                ":pk": to_attribute(customer_partition(customer_id)),
                ":since": to_attribute(f"{ROW}{since}"),
                ":behind": to_attribute(f"{ROW}~"),
                ":about": to_attribute(f"{holding.about}:"),
            },
            "ConsistentRead": True,
        }
        while True:
            page = self._client.query(**query)
            yield [_read(from_item(item), holding.about) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _bring_home(self, facts: Sequence[Fact]) -> None:
        """Let facts that are somewhere be with whom they belong to, however often that changes."""
        astray = list({_key(fact): fact for fact in facts}.values())
        for _ in range(MOST_ROUNDS):
            holders = self._holders({fact.about for fact in astray})
            astray = [
                fact
                for fact in astray
                if holders.get(fact.about, fact.customer_id) != fact.customer_id
            ]
            if not astray:
                return
            home = [replace(fact, customer_id=holders[fact.about]) for fact in astray]
            # Put first: between the two it is rather there twice than not at all.
            self._write([_put_request(fact) for fact in home])
            self._write([_delete_request(fact) for fact in astray])
            astray = home
        raise KeptChanging

    def _holders(self, abouts: Iterable[str]) -> dict[str, str]:
        """By entity: whose it is said to be. Of most nobody has ever said anything."""
        holders: dict[str, str] = {}
        for some in _portions(sorted(abouts), MOST_KEYS):
            pending: Any = [_holding_key(one) for one in some]
            for tried in range(1, ATTEMPTS + 1):
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": pending, "ConsistentRead": True}}
                )
                for item in map(from_item, answer["Responses"].get(self._table, [])):
                    holders[item["pk"].removeprefix(_HOLDS)] = item["holder"]
                undone: Any = answer.get("UnprocessedKeys", {})
                pending = undone.get(self._table, {}).get("Keys", [])
                if not pending:
                    break
                if tried == ATTEMPTS:
                    raise NotTaken
                pause(tried)
        return holders

    def _write(self, requests: Sequence[Any]) -> None:
        for some in _portions(requests, MOST_ITEMS):
            if write_batch(self._client, self._table, some):
                raise NotTaken

    def _put(self, facts: Mapping[str, Fact]) -> dict[str, Exception]:
        # Two deliveries of one fact in a batch are one item: DynamoDB takes a key once a call.
        pending = list({_key(fact): _put_request(fact) for fact in facts.values()}.values())
        try:
            pending = write_batch(self._client, self._table, pending)
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


_HOLDS = "H#"  # before the id of an entity, where it stands whose that is


def _holding_key(about: str) -> dict[str, Any]:
    return to_item({"pk": f"{_HOLDS}{about}", "sk": "A"})


def _key(fact: Fact) -> tuple[str, str]:
    return customer_partition(fact.customer_id), f"{ROW}{_moment(fact.at)}#{fact.fact_id}"


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _put_request(fact: Fact) -> Any:
    pk, sk = _key(fact)
    item = to_item({"pk": pk, "sk": sk, "id": fact.fact_id, "shown": fact.shown})
    return {"PutRequest": {"Item": item}}


def _delete_request(fact: Fact) -> Any:
    pk, sk = _key(fact)
    return {"DeleteRequest": {"Key": to_item({"pk": pk, "sk": sk})}}


def _read(row: Mapping[str, Any], about: str) -> Fact:
    at, _, _ = row["sk"].removeprefix(ROW).partition("#")
    return Fact(
        fact_id=row["id"],
        about=about,
        customer_id=row["pk"].removeprefix(customer_partition("")),
        at=datetime.fromisoformat(at),
        shown=row["shown"],
    )


def _keys(requests: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for request in requests:
        item = request["PutRequest"]["Item"]
        yield item["pk"]["S"], item["sk"]["S"]


def _portions(values: Iterable[T], most: int) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some
