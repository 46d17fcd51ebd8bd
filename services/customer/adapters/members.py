"""Who may be in a segment: whom somebody put there, and who came into a group by what happened.

An item for each of them: the projector keeps those who are put there by hand, and counting those
who come into a group. Nobody is taken away, so whoever lists looks again at each. Of everybody in
the books there is one too, for the default segment, which has whoever is in no other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from services.customer.adapters.care import ALL, IN, DynamoCare, member_key
from services.customer.domain.care import Served, Standing, served
from services.customer.domain.groups import groups_of, ledger_of
from services.customer.domain.segments import Roster, Segment
from shared.aws.items import from_item, to_attribute
from shared.aws.writes import write_batch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOGETHER = 25  # items of one BatchWriteItem call
BY_HAND, BY_RULE, BY_DEFAULT = "hand", "rule", "default"


@dataclass(frozen=True, kw_only=True)
class MemberPage:
    """Members of a segment, one customer id each, and the place of the next ones."""

    customer_ids: list[str]
    after: str | None


class NotAllNoted(Exception):
    """DynamoDB left something undone three times; the same again does the rest."""


class DynamoMembers:
    """Who is in which segment."""

    def __init__(self, client: "DynamoDBClient", table: str, care: DynamoCare) -> None:
        self._client = client
        self._table = table
        self._care = care

    def note(self, customer_ids: Collection[str], day: date) -> None:
        """Keep into which groups these have come, by what happened to them as persons.

        Raise NotAllNoted.
        """
        _, persons = self._care.persons(sorted(set(customer_ids)), strongly=True)
        keys = {
            (group.value, one.customer_id)
            for standings in persons.values()
            for group in groups_of(ledger_of(one.ledger for one in standings), day)
            for one in standings
        }
        puts = [{"PutRequest": {"Item": member_key(*key)}} for key in sorted(keys)]
        for start in range(0, len(puts), TOGETHER):
            if write_batch(self._client, self._table, puts[start : start + TOGETHER]):
                raise NotAllNoted

    def page(
        self,
        segment: Segment,
        *,
        after: str | None,
        size: int,
        day: date,
        is_default: bool = False,
    ) -> MemberPage:
        """The next members, of at most so many who may be some: those put there by hand first.

        Of the default segment everybody in the books may be one.
        """
        way, _, last = (after or f"{BY_DEFAULT if is_default else BY_HAND}:").partition(":")
        where = {BY_HAND: segment.segment_id, BY_DEFAULT: ALL}.get(way, segment.group or "")
        start: Any = {"ExclusiveStartKey": member_key(where, last)} if last else {}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(f"{IN}{where}")},
            Limit=size,
            **start,
        )
        ids = [from_item(item)["sk"] for item in found["Items"]]
        roster, persons = self._care.persons(ids) if ids else (Roster(), {})
        listed = [
            standings[0].customer_id
            for one, standings in persons.items()
            if standings
            and one == _stands_for(standings, segment, way)
            and _is_in(served(standings, roster, day), segment)
        ]
        more = found.get("LastEvaluatedKey")
        if more is not None:
            return MemberPage(customer_ids=listed, after=f"{way}:{from_item(more)['sk']}")
        goes_on = way == BY_HAND and segment.group is not None
        return MemberPage(customer_ids=listed, after=f"{BY_RULE}:" if goes_on else None)


def _is_in(care: Served, segment: Segment) -> bool:
    return care.segment is not None and care.segment.segment_id == segment.segment_id


def _stands_for(standings: Sequence[Standing], segment: Segment, way: str) -> str:
    """Under which of a person's customer ids they are listed, so that they are listed once.

    Under none where all of them were erased.
    """
    if way == BY_DEFAULT:
        known = any(one.since is not None for one in standings)
        return standings[0].customer_id if known else ""
    by_hand = [one.customer_id for one in standings if one.care.segment == segment.segment_id]
    if way == BY_HAND:
        return min(by_hand, default="")
    return "" if by_hand else standings[0].customer_id
