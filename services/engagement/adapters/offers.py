"""Offers and votes kept in DynamoDB, who is on which list, and who holds whose place.

An offer's partition (`O#<offer>`) has an item for each on its list, the words that hold of those
who are named, the general words by their time, all votes by their time, and how far its wave has
come. In a person's (`O#<customer>`) stand which offers have reached them and are still on, and the
votes whose reasons were said of them alone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.engagement.adapters.votes import (
    ABOUT,
    NAMED,
    VOTES,
    place_of,
    read_word,
    row_key,
    vote_document,
    word_of,
)
from services.engagement.domain.offers.clashes import Hold, clash
from services.engagement.domain.offers.offer import Offer, OfferNotFound, OfferStatus
from services.engagement.domain.offers.people import Addressee, Contact
from services.engagement.domain.offers.votes import Said, Vote, Word
from services.engagement.ports.offers import Walk
from shared.aws.clocks import Clocks
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import Values, entity_key, from_item, moment, to_attribute, to_item
from shared.aws.projection import Projection
from shared.aws.reading import read_together
from shared.aws.rows import Page
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OFFERS = "offer"  # the kind of clocks
TOGETHER = 100  # items that DynamoDB reads in one call
MOST_OPEN = 100  # offers that are gone through in one run
MOST_GENERAL = 200  # general words of one offer that are looked through, the newest
MOST_HISTORY = 5  # pages of a customer's contacts, of a thousand each
PAGE = 1000
LISTED, GENERAL, WALK = "P#", "G#", "WALK"
AT_ONCE = 5  # attempts at a place that others take meanwhile

offer_document = EntityDocument(Offer)
projections = (Projection(document=offer_document), Projection(document=vote_document))


class DynamoOffers:
    """Implements ports.offers.Offers."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str, clocks: Clocks) -> None:
        self._client = client
        self._table = table
        self._clocks = clocks
        self._offers = EntityStore(client, table, secret, offer_document)
        self._votes = EntityStore(client, table, secret, vote_document)

    def add(self, offer: Offer, *, fingerprint: str) -> tuple[Offer, bool]:
        return self._offers.create(offer, fingerprint=fingerprint)

    def get(self, offer_id: str) -> Offer:
        offer = self._offers.get(offer_id)
        if offer is None:
            raise OfferNotFound(offer_id)
        return offer

    def save(self, offer: Offer) -> None:
        self._offers.save(offer)

    def list_people(self, offer: Offer, people: Mapping[str, str]) -> None:
        beside = [
            self._put({**row_key(offer.offer_id, f"{LISTED}{one}"), "owner": owner})
            for one, owner in people.items()
        ]
        self._offers.save(offer, beside=beside)

    def listed(self, offer_id: str, customer_ids: Collection[str]) -> Mapping[str, str]:
        found = self._those(row_key(offer_id, f"{LISTED}{one}") for one in set(customer_ids))
        return {one["sk"].removeprefix(LISTED): one["owner"] for one in found}

    def naming(self, offer_ids: Collection[str], customer_ids: Collection[str]) -> Collection[str]:
        pairs = ((offer, one) for offer in set(offer_ids) for one in set(customer_ids))
        found = self._those(row_key(offer, f"{LISTED}{one}") for offer, one in pairs)
        return {one["pk"].removeprefix("O#") for one in found}

    def page(self, offer_id: str, *, after: str | None, size: int) -> Sequence[str]:
        start: Any = (
            {"ExclusiveStartKey": to_item(row_key(offer_id, f"{LISTED}{after}"))} if after else {}
        )
        found = self._begin(offer_id, LISTED, Limit=size, **start)
        return [one["sk"].removeprefix(LISTED) for one in found]

    def vote(self, offer: Offer, vote: Vote, *, fingerprint: str) -> tuple[Vote, bool]:
        place = place_of(vote)
        word = word_of(vote)
        shown: Values = {"word": word, "people": len(vote.names)}
        beside = [
            {
                "ConditionCheck": {
                    "TableName": self._table,
                    "Key": entity_key(offer.offer_id),
                    "ConditionExpression": "version = :version",
                    "ExpressionAttributeValues": {":version": to_attribute(offer.version)},
                }
            },
            self._put({**row_key(offer.offer_id, f"{VOTES}{place}"), **shown}),
            {
                "Update": {
                    "TableName": self._table,
                    "Key": to_item(row_key(offer.offer_id, WALK)),
                    "UpdateExpression": "SET voted = :yes",
                    "ExpressionAttributeValues": {":yes": to_attribute(True)},
                }
            },
        ]
        sks = [f"{NAMED}{one}" for one in vote.names] if vote.names else [f"{GENERAL}{place}"]
        beside += [self._put({**row_key(offer.offer_id, sk), "word": word}) for sk in sks]
        if vote.is_about_one:
            beside.append(self._put(row_key(vote.names[0], f"{ABOUT}{vote.vote_id}")))
        return self._votes.create(vote, fingerprint=fingerprint, beside=beside)

    def cast(self, vote_id: str, *, fingerprint: str) -> Vote | None:
        return self._votes.created(vote_id, fingerprint=fingerprint)

    def said(self, offer_id: str, people: Collection[Addressee]) -> Mapping[str, Said]:
        found = self._begin(offer_id, GENERAL, ScanIndexForward=False, Limit=MOST_GENERAL)
        general = tuple(read_word(one["word"]) for one in found)
        keys = (row_key(offer_id, f"{NAMED}{each}") for one in people for each in one.ids)
        named = {
            one["sk"].removeprefix(NAMED): read_word(one["word"]) for one in self._those(keys)
        }
        return {
            one.person_id: Said(
                general=general, named=tuple(named[each] for each in one.ids if each in named)
            )
            for one in people
        }

    def votes(
        self, offer_id: str, *, size: int, cursor: str | None, cursors: Cursors
    ) -> tuple[list[tuple[Word, int]], str | None]:
        """All votes of an offer with how many they name, the newest first, and the next cursor.

        Raise Invalid where the cursor is not of this list.
        """
        query = f"votes of {offer_id}"
        start: Any = {} if cursor is None else {"ExclusiveStartKey": cursors.read(cursor, query)}
        found = self._query(offer_id, VOTES, ScanIndexForward=False, Limit=size, **start)
        last = found.get("LastEvaluatedKey")
        items = list(map(from_item, found["Items"]))
        return (
            [(read_word(one["word"]), one["people"]) for one in items],
            cursors.write(last, query) if last else None,
        )

    def open_ones(self, until: datetime) -> Sequence[Offer]:
        rows = self._clocks.soonest(MOST_OPEN, until=until)
        ids = [row["pk"].removeprefix("C#") for row in rows]
        found = {one.offer_id: one for one in self._offers.those(ids)}
        offers = [found[one] for one in ids if one in found]
        return [one for one in offers if one.status is OfferStatus.OPEN]

    def page_of_open(
        self, until: datetime, *, size: int, cursor: str | None, cursors: Cursors
    ) -> Page:
        """The open offers that begin before a time, the first ones first.

        Raise Invalid where the cursor is not of this list.
        """
        return self._clocks.due(
            until, size=size, cursor=cursor, cursors=cursors, query="open offers"
        )

    def walk(self, offer_id: str) -> Walk:
        found = self._client.get_item(
            TableName=self._table, Key=to_item(row_key(offer_id, WALK)), ConsistentRead=True
        )
        values = from_item(found.get("Item", {}))
        begun_at = values.get("begun_at")
        return Walk(
            begun_at=datetime.fromisoformat(begun_at) if begun_at else None,
            after=values.get("after"),
            has_votes=values.get("voted", False),
        )

    def move(self, offer_id: str, before: Walk, after: Walk) -> None:
        changes = {
            "begun_at": moment(after.begun_at) if after.begun_at else None,
            "after": after.after,
        }
        seen = {
            "begun_at": moment(before.begun_at) if before.begun_at else None,
            "after": before.after,
        }
        values = {f":new_{name}": one for name, one in changes.items() if one is not None}
        values |= {f":old_{name}": one for name, one in seen.items() if one is not None}
        sets = [f"#{name} = :new_{name}" for name, one in changes.items() if one is not None]
        removes = [f"#{name}" for name, one in changes.items() if one is None]
        conditions = [
            f"#{name} = :old_{name}" if one is not None else f"attribute_not_exists(#{name})"
            for name, one in seen.items()
        ]
        if not after.has_votes and before.has_votes:
            removes.append("voted")
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": to_item(row_key(offer_id, WALK)),
            "UpdateExpression": " ".join(
                f"{verb} {', '.join(some)}"
                for verb, some in (("SET", sets), ("REMOVE", removes))
                if some
            ),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": {f"#{name}": name for name in changes},
        }
        if values:
            update["ExpressionAttributeValues"] = {
                name: to_attribute(one) for name, one in values.items()
            }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed as refused:
            there = self.walk(offer_id)
            if (there.begun_at, there.after) == (after.begun_at, after.after):
                return  # our own write, whose answer was lost on the way
            raise ChangedMeanwhile("another run walks on; this one ends") from refused

    def _put(self, values: Values) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": to_item(values)}}

    def _those(self, keys: Any) -> list[Values]:
        wanted = [to_item(one) for one in keys]
        found: list[Values] = []
        for start in range(0, len(wanted), TOGETHER):
            some = wanted[start : start + TOGETHER]
            found += map(from_item, read_together(self._client, self._table, some))
        return found

    def _begin(self, offer_id: str, begins: str, **more: Any) -> list[Values]:
        return list(map(from_item, self._query(offer_id, begins, **more)["Items"]))

    def _query(self, offer_id: str, begins: str, **more: Any) -> Any:
        return self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :begins)",
            ExpressionAttributeValues={
                ":pk": to_attribute(f"O#{offer_id}"),
                ":begins": to_attribute(begins),
            },
            ConsistentRead=True,
            **more,
        )


class DynamoHolds:
    """Implements ports.offers.Holds: an item for each customer id, in one transaction a person."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def holding(
        self, people: Collection[Addressee], hold: Hold, at: datetime
    ) -> Mapping[str, Sequence[str]]:
        held = self._held([each for one in people for each in one.ids])
        return {one.person_id: _against(hold, _of(one, held), at) for one in people}

    def take(self, person: Addressee, hold: Hold, at: datetime) -> Sequence[str]:
        for _ in range(AT_ONCE):
            held = self._held(person.ids)
            against = _against(hold, _of(person, held), at)
            if against:
                return against
            missing = [one for one in person.ids if hold not in held.get(one, _NOTHING).holds]
            if not missing:
                return ()
            try:
                write(
                    self._client,
                    [self._held_by(one, held.get(one, _NOTHING), hold, at) for one in missing],
                )
            except ConditionFailed:
                continue  # somebody else takes a place with them; look who
            return ()
        raise ChangedMeanwhile("others take places with them all the time; repeat it")

    def _held_by(
        self, customer_id: str, held: "_Held", hold: Hold, at: datetime
    ) -> dict[str, Any]:
        """The write of a hold, on the condition that the others are as they were read.

        What is over is left out, so that an item never grows without bound.
        """
        holds = [one for one in held.holds if one.ends_at > at and one.offer_id != hold.offer_id]
        values: Values = {
            **row_key(customer_id, "PLACE"),
            "turn": held.turn + 1,
            "holds": _holds().dump_json([*holds, hold]).decode(),
        }
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if held.turn:
            put["ConditionExpression"] = "turn = :turn"
            put["ExpressionAttributeValues"] = {":turn": to_attribute(held.turn)}
        return {"Put": put}

    def _held(self, customer_ids: Collection[str]) -> "dict[str, _Held]":
        keys = [to_item(row_key(one, "PLACE")) for one in sorted(set(customer_ids))]
        found: dict[str, _Held] = {}
        for start in range(0, len(keys), TOGETHER):
            some = keys[start : start + TOGETHER]
            for values in map(from_item, read_together(self._client, self._table, some)):
                found[values["pk"].removeprefix("O#")] = _Held(
                    values["turn"], tuple(_holds().validate_json(values["holds"]))
                )
        return found


class _Held:
    """Who holds the place with a customer, and how often that has changed."""

    def __init__(self, turn: int, holds: tuple[Hold, ...]) -> None:
        self.turn = turn
        self.holds = holds


_NOTHING = _Held(0, ())


class DynamoHistory:
    """Implements ports.offers.History on the contacts that are counted."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, person: Addressee, until: datetime) -> Sequence[Contact]:
        found = [contact for one in person.ids for contact in self._of(one)]
        spoken = [one for one in found if one.at <= until]
        return sorted(spoken, key=lambda one: one.at, reverse=True)

    def _of(self, customer_id: str) -> list[Contact]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": to_attribute(f"T#{customer_id}")},
            "Limit": PAGE,
        }
        found: list[Contact] = []
        for _ in range(MOST_HISTORY):
            answer = self._client.query(**query)
            for item in answer["Items"]:
                counted_as, at, _ = item["sk"]["S"].split("#", 2)
                found.append(Contact(at=datetime.fromisoformat(at), counted_as=counted_as))
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return found


def keep_offer(clocks: Clocks, offer: Offer) -> None:
    """Let an offer be found from its beginning on, for as long as it is open."""
    due_at = offer.starts_at if offer.status is OfferStatus.OPEN else None
    shown = {
        "offer_id": offer.offer_id,
        "wave": offer.wave,
        "product": offer.product,
        "channel": offer.channel,
        "segment": offer.segment,
        "people": offer.people,
        "starts_at": offer.starts_at.isoformat(),
        "ends_at": offer.ends_at.isoformat(),
    }
    clocks.keep(offer.offer_id, offer.version, due_at, shown)


def _of(person: Addressee, held: Mapping[str, _Held]) -> list[Hold]:
    return [hold for one in person.ids if one in held for hold in held[one].holds]


def _against(hold: Hold, held: Sequence[Hold], at: datetime) -> list[str]:
    return sorted({one.offer_id for one in held if clash(hold, one, at)})


@cache
def _holds() -> TypeAdapter[list[Hold]]:
    return TypeAdapter(list[Hold])
