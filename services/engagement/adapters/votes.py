"""Votes as they are looked up, and how what was said of one person is forgotten with them."""

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.engagement.domain.offers.votes import Vote, Word
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import from_item, moment, to_attribute, to_item
from shared.aws.writes import ConditionFailed, write
from shared.entity import Act

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMED, VOTES = "W#", "V#"  # of an offer: the words on those who are named, and all votes
ABOUT = "V#"  # of a customer: the votes whose reasons were said of them alone
TOGETHER = 100  # votes that are read in one call

vote_document = EntityDocument(Vote)


class DynamoNamedVotes:
    """The votes that name one person, as far as their reasons are concerned."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._votes = EntityStore(client, table, secret, vote_document)

    def forget(self, act: Act, customer_id: str) -> None:
        """Take the reasons out of what was decided of somebody who was erased alone.

        Safe to repeat: the vote itself, by which it is found, lets go last.
        """
        behind: Any = {}
        while True:
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :about)",
                ExpressionAttributeValues={
                    ":pk": to_attribute(f"O#{customer_id}"),
                    ":about": to_attribute(ABOUT),
                },
                Limit=TOGETHER,
                ConsistentRead=True,
                **behind,
            )
            ids = [from_item(item)["sk"].removeprefix(ABOUT) for item in page["Items"]]
            for vote in self._votes.those(ids) if ids else ():
                forgotten = vote.forgotten(act)
                if forgotten is not vote:
                    for sk in (f"{VOTES}{place_of(vote)}", f"{NAMED}{customer_id}"):
                        self._say(vote, sk, forgotten)
                    self._votes.save(forgotten)
            if "LastEvaluatedKey" not in page:
                return
            behind = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _say(self, vote: Vote, sk: str, forgotten: Vote) -> None:
        """Change a word, where it is still of this vote and says why."""
        update = {
            "TableName": self._table,
            "Key": to_item(row_key(vote.offer_id, sk)),
            "UpdateExpression": "SET word = :now",
            "ConditionExpression": "word = :before",
            "ExpressionAttributeValues": {
                ":now": to_attribute(word_of(forgotten)),
                ":before": to_attribute(word_of(vote)),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            return  # a later vote stands there, or it was forgotten before


def row_key(one: str, sk: str) -> dict[str, str]:
    """The key of what is looked up of an offer, or of a customer."""
    return {"pk": f"O#{one}", "sk": sk}


def place_of(vote: Vote) -> str:
    """Where a vote stands among all of its offer."""
    return f"{moment(vote.at)}#{vote.vote_id}"


def word_of(vote: Vote) -> str:
    """What is looked up of a vote."""
    return _words().dump_json(Word.of(vote, is_named=bool(vote.names))).decode()


def read_word(written: str) -> Word:
    """What was looked up."""
    return _words().validate_json(written)


@cache
def _words() -> TypeAdapter[Word]:
    return TypeAdapter(Word)
