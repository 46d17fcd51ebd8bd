"""Messages kept in DynamoDB: what was asked for and said for which reason, and when it is due.

In the partition `R#<customer id>` stand `<reason>#ASKED` and `<reason>#SAID`, each with the id of
the one message that it is of. In `M#<customer id>` are the rows of a customer's list.
"""

import hashlib
import hmac
import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.engagement.domain import (
    Address,
    Claim,
    Message,
    MessageNotFound,
    MessageStatus,
    ReasonUsed,
)
from services.engagement.ports.messages import SaidAlready, Tally
from shared.aws import clocks
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import (
    MOVED,
    ROW,
    Values,
    entity_key,
    from_item,
    moment,
    to_attribute,
    to_item,
)
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, put_newer, write
from shared.calendar import day_in_turkey
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MESSAGES = "msg"  # the kind of clocks
UNCLEAR = "unclear"  # the kind of clocks of what a person must look at, since when it is so
TOGETHER = 100  # items that DynamoDB reads in one call
ASKED, SAID = "ASKED", "SAID"
TALLY_PARTS = 8
# By what happens to a message: every one that is sent carries the line to a person.
_TALLIED = {"sent": "carried", "reached": "followed"}

messages = EntityDocument(Message)


class DynamoOutbox:
    """Implements ports.messages.Outbox."""

    def __init__(
        self, client: "DynamoDBClient", table: str, secret: str, clock: clocks.Clocks
    ) -> None:
        self._client = client
        self._table = table
        self._store = EntityStore(client, table, secret, messages)
        self._clock = clock

    def add(self, message: Message, *, fingerprint: str) -> tuple[Message, bool]:
        asked = [self._mark(one, ASKED, message) for one in message.members]
        try:
            return self._store.create(message, fingerprint=fingerprint, beside=asked)
        except ChangedMeanwhile as refused:
            raise ReasonUsed(self._first(message)) from refused

    def get(self, message_id: str) -> Message:
        message = self._store.get(message_id)
        if message is None:
            raise MessageNotFound(message_id)
        return message

    def asked(self, message_ids: Collection[str]) -> Collection[str]:
        keys = [entity_key(one) for one in sorted(set(message_ids))]
        found = read_together(self._client, self._table, keys) if keys else ()
        return {from_item(item)["pk"].removeprefix("E#") for item in found}

    def save(self, message: Message) -> None:
        self._store.save(message, beside=self._tallied(message))

    def claim(self, message: Message) -> None:
        claim = _claim(message)
        said = [self._mark(one, SAID, message) for one in claim.ids]
        self._save_with(message, [*said, self._contact(message, claim)])

    def release(self, message: Message, *, claimed: Message) -> None:
        claim = _claim(claimed)
        said = [self._unmark(one, SAID, message) for one in claim.ids]
        contact = {"Delete": {"TableName": self._table, "Key": _contact_key(message, claim)}}
        self._save_with(message, [*said, contact])

    def restore(self, message: Message) -> None:
        claim = _claim(message)
        said = [self._mark(one, SAID, message, anyhow=True) for one in claim.ids]
        self._save_with(message, [*said, self._contact(message, claim)])

    def listed(self, customer_id: str) -> Iterator[str]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": to_attribute(message_list(customer_id))},
            "ConsistentRead": True,
        }
        while True:
            page = self._client.query(**query)
            rows = [from_item(item) for item in page["Items"]]
            yield from (row["sk"].rpartition("#")[2] for row in rows if MOVED not in row)
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def due(self, now: datetime, most: int) -> Sequence[Message]:
        rows = self._clock.soonest(most, until=now + timedelta(microseconds=1))
        ids = [row["pk"].removeprefix("C#") for row in rows]
        found: list[Message] = []
        for start in range(0, len(ids), TOGETHER):
            found += self._store.those(ids[start : start + TOGETHER])
        return _in_order(one for one in found if one.due_at is not None and one.due_at <= now)

    def _save_with(self, message: Message, beside: Sequence[dict[str, Any]]) -> None:
        try:
            write(
                self._client,
                [self._store.update(message), *beside, *self._tallied(message)],
            )
        except ConditionFailed as refused:
            if self._store.get(message.message_id) == message:
                return  # our own write, whose answer was lost on the way
            if 0 in refused.failed:
                raise ChangedMeanwhile("it was changed meanwhile") from refused
            raise SaidAlready from refused

    def _mark(
        self, customer_id: str, what: str, message: Message, *, anyhow: bool = False
    ) -> dict[str, Any]:
        key = _reason_key(customer_id, message.reason, what)
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": key | to_item({"id": message.message_id}),
        }
        return {
            "Put": put if anyhow else put | self._ours(message, "attribute_not_exists(pk) OR ")
        }

    def _unmark(self, customer_id: str, what: str, message: Message) -> dict[str, Any]:
        delete: dict[str, Any] = {
            "TableName": self._table,
            "Key": _reason_key(customer_id, message.reason, what),
        }
        return {"Delete": delete | self._ours(message, "attribute_not_exists(pk) OR ")}

    @staticmethod
    def _ours(message: Message, condition: str) -> dict[str, Any]:
        return {
            "ConditionExpression": f"{condition}id = :id",
            "ExpressionAttributeValues": {":id": to_attribute(message.message_id)},
        }

    def _contact(self, message: Message, claim: Claim) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": _contact_key(message, claim)}}

    def _tallied(self, message: Message) -> list[dict[str, Any]]:
        """What this version adds to its day's tally; in parts, since many add to it at once."""
        new = [one for one in message.log if one.version == message.version]
        gained = [_TALLIED[one.what] for one in new if one.what in _TALLIED]
        if not gained:
            return []
        part = zlib.crc32(message.message_id.encode()) % TALLY_PARTS
        place = {
            "pk": tally_of(day_in_turkey(new[-1].at)),
            "sk": f"{message.template}#{part}",
        }
        update = {
            "TableName": self._table,
            "Key": to_item(place),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :one" for name in gained),
            "ExpressionAttributeValues": {":one": to_attribute(1)},
        }
        return [{"Update": update}]

    def _first(self, message: Message) -> str:
        """The message that was asked for with the same reason."""
        keys = [_reason_key(one, message.reason, ASKED) for one in message.members]
        there = [from_item(item) for item in read_together(self._client, self._table, keys)]
        return min((one["id"] for one in there), default="another message")


class DynamoTallies:
    """Implements ports.messages.Tallies: a partition for each day, with parts for a template."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of_day(self, day: date) -> Sequence[Tally]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(tally_of(day))},
        )
        carried: Counter[str] = Counter()
        followed: Counter[str] = Counter()
        for item in map(from_item, found["Items"]):
            template = item["sk"].rpartition("#")[0]
            carried[template] += item.get("carried", 0)
            followed[template] += item.get("followed", 0)
        return [
            Tally(template=one, carried=carried[one], followed=followed[one])
            for one in sorted(carried)
        ]


class DynamoBounces:
    """Implements ports.messages.Bounces: an item for each address, by its keyed hash."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._secret = secret.encode()

    def key_of(self, address: Address) -> str:
        message = "\0".join(("bounce", address.kind, address.value)).encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def put(self, address_key: str, until: datetime) -> None:
        put = {
            "TableName": self._table,
            "Item": _bounce_key(address_key) | to_item({"held_until": moment(until)}),
            "ConditionExpression": "attribute_not_exists(pk) OR held_until < :until",
            "ExpressionAttributeValues": {":until": to_attribute(moment(until))},
        }
        try:
            write(self._client, [{"Put": put}])
        except ConditionFailed:
            return  # it is left alone for longer

    def of(self, addresses: Collection[Address], now: datetime) -> frozenset[Address]:
        by_key = {self.key_of(one): one for one in addresses}
        found: set[Address] = set()
        keys = sorted(by_key)
        for start in range(0, len(keys), TOGETHER):
            some = [_bounce_key(one) for one in keys[start : start + TOGETHER]]
            for item in read_together(self._client, self._table, some):
                values = from_item(item)
                if values["held_until"] > moment(now):
                    found.add(by_key[values["pk"].removeprefix("B#")])
        return frozenset(found)


def keep_message(
    client: "DynamoDBClient", table: str, clock: clocks.Clocks, message: Message
) -> None:
    """Keep a message's row in its customer's list, and when a run must look at it.

    Of who was erased there is a row that shows nothing, so that no older one comes back.
    """
    key = {
        "pk": message_list(message.customer_id),
        "sk": f"{ROW}{moment(message.asked_at)}#{message.message_id}",
    }
    row: Values = {"version": message.version}
    if message.forgotten_at is None:
        row["shown"] = json.dumps(shown_of(message), ensure_ascii=False)
    else:
        row[MOVED] = "erased"
    put_newer(client, table, key | row)
    if message.status is MessageStatus.UNCLEAR and message.forgotten_at is None:
        unclear = clocks.Clocks(client, table, kind=UNCLEAR)
        unclear.keep(message.message_id, message.version, message.changed_at, shown_of(message))
    else:
        clock.keep(message.message_id, message.version, message.due_at, {})


def tally_of(day: date) -> str:
    """The partition of a day's tallies."""
    return f"L#{day.isoformat()}"


def message_list(customer_id: str) -> str:
    """The partition of a customer's messages."""
    return f"M#{customer_id}"


def shown_of(message: Message) -> Mapping[str, Any]:
    """A message in one line. What it says is not in it."""
    return {
        "message_id": message.message_id,
        "customer_id": message.customer_id,
        "purpose": message.purpose,
        "reason": message.reason,
        "template": message.template,
        "offer_id": message.offer_id,
        "channel": message.sent_by,
        "hint": message.claim.hint if message.claim else None,
        "status": message.status,
        "reasons": list(message.reasons),
        "asked_at": message.asked_at.isoformat(),
        "again_at": message.due_at.isoformat() if message.due_at else None,
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
    }


def _in_order(found: Any) -> list[Message]:
    return sorted(found, key=lambda one: (one.due_at, one.message_id))


def _claim(message: Message) -> Claim:
    if message.claim is None:
        raise ValueError("nobody has claimed it")
    return message.claim


def _reason_key(customer_id: str, reason: str, what: str) -> dict[str, Any]:
    return to_item({"pk": f"R#{customer_id}", "sk": f"{reason}#{what}"})


def _contact_key(message: Message, claim: Claim) -> dict[str, Any]:
    place = f"{claim.counted_as}#{moment(claim.at)}#{message.message_id}"
    return to_item({"pk": f"T#{message.customer_id}", "sk": place})


def _bounce_key(address_key: str) -> dict[str, Any]:
    return to_item({"pk": f"B#{address_key}", "sk": "A"})
