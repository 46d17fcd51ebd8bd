"""The staff, the segments, and the roster: one item with all that says who cares for whom.

The roster changes in the transactions that store a segment or somebody who owns customers, on the
condition that it is as it was read: so it never says more or less than they do, and of two who
take the same rank at once one is refused. Each owner has a ledger: how many customers they own
themselves and have room for. It is what an assignment is conditional on.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.customer.domain.segments import Roster, Segment, SegmentNotFound
from services.customer.domain.staff import Staff, StaffNotFound, StillOwns
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.reading import read_together
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

staff_document = EntityDocument(Staff)
segment_document = EntityDocument(Segment)

ROSTER = to_item({"pk": "CARE", "sk": "ROSTER"})
AT_ONCE = 100  # items that are read in one call
STAFF = "STAFF"  # the partition in which everybody is listed


@dataclass(frozen=True, kw_only=True)
class StaffPage:
    """Some of the staff, and the cursor of the next ones; None when these were the last."""

    staff: list[Staff]
    cursor: str | None


@dataclass(frozen=True, kw_only=True)
class OwnedPage:
    """Customers of somebody's own, and the cursor of the next ones."""

    customer_ids: list[str]
    cursor: str | None


class DynamoStaff:
    """Implements ports.care.StaffDirectory."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._staff = EntityStore(client, table, secret, staff_document)
        self._segments = EntityStore(client, table, secret, segment_document)

    def roster(self) -> Roster:
        found = self._client.get_item(TableName=self._table, Key=ROSTER, ConsistentRead=True)
        return read_roster(found.get("Item"))

    def add(self, staff: Staff, roster: Roster | None, *, fingerprint: str) -> tuple[Staff, bool]:
        return self._staff.create(
            staff,
            fingerprint=fingerprint,
            found_by=_found_by(staff),
            beside=self._beside(None, staff, roster),
        )

    def find(self, staff_id: str, *, fingerprint: str) -> Staff | None:
        return self._staff.created(staff_id, fingerprint=fingerprint)

    def get(self, staff_id: str) -> Staff:
        staff = self._staff.get(staff_id)
        if staff is None:
            raise StaffNotFound(staff_id)
        return staff

    def save(self, before: Staff, after: Staff, roster: Roster | None) -> None:
        try:
            self._staff.save(
                after,
                found_by_before=_found_by(before),
                found_by=_found_by(after),
                beside=self._beside(before, after, roster),
            )
        except ChangedMeanwhile:
            if before.owns and not after.owns and self.owned([after.staff_id])[after.staff_id]:
                raise StillOwns(after.staff_id) from None
            raise

    def add_segment(
        self, segment: Segment, roster: Roster, *, fingerprint: str
    ) -> tuple[Segment, bool]:
        return self._segments.create(
            segment, fingerprint=fingerprint, beside=[self._roster(roster)]
        )

    def find_segment(self, segment_id: str, *, fingerprint: str) -> Segment | None:
        return self._segments.created(segment_id, fingerprint=fingerprint)

    def get_segment(self, segment_id: str) -> Segment:
        segment = self._segments.get(segment_id)
        if segment is None:
            raise SegmentNotFound(segment_id)
        return segment

    def save_segment(self, segment: Segment, roster: Roster) -> None:
        self._segments.save(segment, beside=[self._roster(roster)])

    def owned(self, staff_ids: Collection[str]) -> Mapping[str, int]:
        counts = dict.fromkeys(sorted(staff_ids), 0)
        keys = [ledger_key(one) for one in counts]
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            for values in map(from_item, read_together(self._client, self._table, some)):
                counts[values["pk"].removeprefix(_OWNED)] = values["count"]
        return counts

    def page(self, *, size: int, cursor: str | None, cursors: Cursors) -> StaffPage:
        """Everybody, in no order that means anything.

        Raise Invalid where the cursor is not of this list.
        """
        items, after = self._query(
            STAFF, "", size=size, cursor=cursor, cursors=cursors, query="the staff"
        )
        return StaffPage(staff=[_listed(one) for one in items], cursor=after)

    def page_of_owned(
        self, staff_id: str, *, size: int, cursor: str | None, cursors: Cursors
    ) -> OwnedPage:
        """The customers of somebody's own. Raise Invalid as `page` does."""
        items, after = self._query(
            f"{_OWNED}{staff_id}",
            _ONE,
            size=size,
            cursor=cursor,
            cursors=cursors,
            query=f"customers of {staff_id}",
        )
        ids = [one["sk"].removeprefix(_ONE) for one in items]
        return OwnedPage(customer_ids=ids, cursor=after)

    def _query(
        self, pk: str, begins: str, *, size: int, cursor: str | None, cursors: Cursors, query: str
    ) -> tuple[list[Values], str | None]:
        start: Any = {} if cursor is None else {"ExclusiveStartKey": cursors.read(cursor, query)}
        condition = "pk = :pk AND begins_with(sk, :begins)" if begins else "pk = :pk"
        values = {":pk": pk, ":begins": begins} if begins else {":pk": pk}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={name: to_attribute(one) for name, one in values.items()},
            Limit=size,
            **start,
        )
        last = found.get("LastEvaluatedKey")
        return list(map(from_item, found["Items"])), cursors.write(last, query) if last else None

    def _beside(
        self, before: Staff | None, after: Staff, roster: Roster | None
    ) -> list[dict[str, Any]]:
        shown = json.dumps(staff_document.write(after))
        listed = to_item({"pk": STAFF, "sk": after.staff_id, "shown": shown})
        writes: list[dict[str, Any]] = [{"Put": {"TableName": self._table, "Item": listed}}]
        if roster is not None:
            writes.append(self._roster(roster))
        if after.owns or (before is not None and before.owns):
            writes.append(self._ledger(before, after))
        return writes

    def _roster(self, roster: Roster) -> dict[str, Any]:
        """The write of the next roster, on the condition that it is as it was read."""
        text = _rosters().dump_json(roster, exclude_defaults=True, exclude=_NOT_ON_IT).decode()
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": ROSTER | to_item({"version": roster.version, "roster": text}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if roster.version > 1:
            put["ConditionExpression"] = "version = :seen"
            put["ExpressionAttributeValues"] = {":seen": to_attribute(roster.version - 1)}
        return {"Put": put}

    def _ledger(self, before: Staff | None, after: Staff) -> dict[str, Any]:
        had = before.most_customers if before is not None else 0
        values: Values = {
            ":zero": 0,
            ":more": after.most_customers - had,
            ":takes": after.owns and after.left_at is None,
        }
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": ledger_key(after.staff_id),
            "UpdateExpression": "SET takes = :takes ADD room :more, #count :zero",
            "ExpressionAttributeNames": {"#count": "count"},
            "ExpressionAttributeValues": {
                name: to_attribute(value) for name, value in values.items()
            },
        }
        if not after.owns:
            update["ConditionExpression"] = "#count = :zero"
        return {"Update": update}


def read_roster(item: Mapping[str, Any] | None) -> Roster:
    """The roster of its item; empty where there is none yet."""
    return Roster() if item is None else _rosters().validate_json(from_item(item)["roster"])


def ledger_key(staff_id: str) -> dict[str, Any]:
    """Where it is kept how many customers somebody owns."""
    return to_item({"pk": f"{_OWNED}{staff_id}", "sk": "A"})


def owned_key(staff_id: str, customer_id: str) -> dict[str, Any]:
    """Where it is kept that a customer is somebody's own."""
    return to_item({"pk": f"{_OWNED}{staff_id}", "sk": f"{_ONE}{customer_id}"})


_OWNED, _ONE = "O#", "C#"
# Of segments only what one must know to say who cares for whom: the rest is their own record.
_NOT_ON_IT: Any = {"segments": {"__all__": {"log", "changes", "via", "shown_under", "version"}}}


@cache
def _rosters() -> TypeAdapter[Roster]:
    return TypeAdapter(Roster)


def _listed(values: Values) -> Staff:
    return staff_document.read({"customer_id": "", **json.loads(values["shown"])})


def _found_by(staff: Staff) -> list[Identifier]:
    return [Identifier(kind="staff_subject", value=staff.subject, unique=True)]
