"""Who was said to care for whom, what happened to customers, and how it shows."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.customer.adapters.staff import AT_ONCE, ROSTER, ledger_key, owned_key, read_roster
from services.customer.domain import Customer
from services.customer.domain.care import NOBODY_SAID, Care, Served, Standing, served
from services.customer.domain.groups import Ledger
from services.customer.domain.segments import Roster
from services.customer.domain.staff import OwnsTooMany
from services.customer.ports import Change
from services.customer.ports.care import Counted
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import Values, from_item, summary_key, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, add_to_summary, write
from shared.contracts.summary import (
    ActingBrief,
    CarePart,
    GroupBrief,
    GroupReason,
    Money,
    OwnerBrief,
)
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

COUNTED = "ledger#"  # before the names of what is counted beside a customer's summary
IN = "IN#"  # before a segment's id, or the name of a group
ALL = "ALL"  # in the place of either: everybody in the books
ERASED = "erased_at"  # of a summary, and of a card until the summary says so
CARE = "care"  # of a card: what somebody has said


class DynamoCare:
    """Implements ports.care.CareBook."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._customers = EntityStore(client, table, secret, EntityDocument(Customer))

    def look(self, entries: Sequence[Customer]) -> tuple[Roster, list[Standing]]:
        roster, found = self._read([one.customer_id for one in entries], strongly=True)
        return roster, [
            Standing(
                customer_id=one.customer_id,
                care=one.care or NOBODY_SAID,
                ledger=ledger_in(found.get(one.customer_id, {})),
            )
            for one in entries
        ]

    def beside(self, customer_ids: Iterable[str]) -> tuple[Roster, dict[str, Standing]]:
        """The roster, and how these stand by their summaries, which may lag a little."""
        roster, found = self._read(list(customer_ids), strongly=False)
        return roster, {one: _standing(one, values) for one, values in found.items()}

    def persons(
        self, customer_ids: Sequence[str], *, strongly: bool = False
    ) -> tuple[Roster, dict[str, list[Standing]]]:
        """The roster, and of each customer all entries of the person, the leader's first.

        Nothing of whom nothing is known. It takes one call, and another one where a person has
        an entry that is not asked for.
        """
        roster, found = self._read(customer_ids, strongly=strongly)
        ids = {one: person_in(one, values) for one, values in found.items()}
        missing = sorted({one for some in ids.values() for one in some} - found.keys())
        if missing:
            found |= self._read(missing, strongly=strongly)[1]
        standing = {one: _standing(one, values) for one, values in found.items()}
        return roster, {
            one: [standing[each] for each in some if each in standing] for one, some in ids.items()
        }

    def assign(self, changes: Sequence[Change]) -> None:
        (_, first), *others = changes
        owners, writes = self._owners(changes)
        beside = [self._customers.update(after) for _, after in others] + writes
        try:
            self._customers.save(first, beside=beside)
        except ChangedMeanwhile:
            for staff_id, more in owners.items():
                ledger = self._ledger_of(staff_id)
                if more > 0 and ledger.get("takes") and ledger["room"] < more:
                    raise OwnsTooMany(staff_id) from None
            raise

    def count(self, happened: Sequence[Counted]) -> Collection[str]:
        by_id = {one.event_id: one for one in happened}
        added: dict[str, Counter[str]] = {}
        for one in by_id.values():
            added.setdefault(one.customer_id, Counter()).update(one.counts)
        adding = [
            add_to_summary(
                self._table, customer_id, {COUNTED + name: n for name, n in counts.items()}
            )
            for customer_id, counts in added.items()
        ]
        try:
            write(self._client, [*map(self._once, by_id.values()), *adding])
        except ConditionFailed:
            # Some were counted before, or of who is erased; by itself each tells which it is.
            alone = [[one] for one in by_id.values()] if len(by_id) > 1 else []
            return {event_id for one in alone for event_id in self.count(one)}
        return set(by_id)

    def _once(self, one: Counted) -> dict[str, Any]:
        put = {
            "TableName": self._table,
            "Item": to_item({"pk": f"F#{one.customer_id}", "sk": one.event_id}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return {"Put": put}

    def _read(
        self, customer_ids: Sequence[str], *, strongly: bool
    ) -> tuple[Roster, dict[str, Values]]:
        keys = [ROSTER, *(summary_key(one) for one in dict.fromkeys(customer_ids))]
        roster: Any = None
        found: dict[str, Values] = {}
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            for item in read_together(self._client, self._table, some, strongly=strongly):
                if item["pk"] == ROSTER["pk"]:
                    roster = item
                else:
                    values = from_item(item)
                    found[values["pk"].removeprefix("P#")] = values
        return read_roster(roster), found

    def _owners(self, changes: Sequence[Change]) -> tuple[dict[str, int], list[dict[str, Any]]]:
        """How many customers each owner gets or loses, and the writes that keep it."""
        gained: dict[str, int] = {}
        writes: list[dict[str, Any]] = []
        for before, after in changes:
            old, new = _owner(before), _owner(after)
            if old == new:
                continue
            if old is not None:
                key = owned_key(old, after.customer_id)
                writes.append({"Delete": {"TableName": self._table, "Key": key}})
                gained[old] = gained.get(old, 0) - 1
            if new is not None:
                item = owned_key(new, after.customer_id)
                writes.append({"Put": {"TableName": self._table, "Item": item}})
                gained[new] = gained.get(new, 0) + 1
        return gained, writes + [self._ledger(one, more) for one, more in sorted(gained.items())]

    def _ledger(self, staff_id: str, more: int) -> dict[str, Any]:
        values: Values = {":more": more, ":less": -more}
        update: dict[str, Any] = {
            "TableName": self._table,
            "Key": ledger_key(staff_id),
            "UpdateExpression": "ADD room :less, #count :more",
            "ExpressionAttributeNames": {"#count": "count"},
        }
        if more > 0:
            update["ConditionExpression"] = "takes = :yes AND room >= :more"
            values[":yes"] = True
        update["ExpressionAttributeValues"] = {
            name: to_attribute(value) for name, value in values.items()
        }
        return {"Update": update}

    def _ledger_of(self, staff_id: str) -> Values:
        found = self._client.get_item(
            TableName=self._table, Key=ledger_key(staff_id), ConsistentRead=True
        )
        return from_item(found.get("Item", {}))


def said_segment(customer: Customer) -> str | None:
    """The segment that somebody has put a customer into."""
    return customer.care.segment if customer.care else None


def member_key(where: str, customer_id: str) -> dict[str, Any]:
    """Where it is kept that a customer may be in a segment, by its id, in a group, or in ALL."""
    return to_item({"pk": f"{IN}{where}", "sk": customer_id})


def _owner(customer: Customer) -> str | None:
    return customer.care.owner if customer.care else None


@cache
def _cares() -> TypeAdapter[Care]:
    return TypeAdapter(Care)


def care_document(care: Care) -> dict[str, Any]:
    """What somebody has said, as a card keeps it: who said so when stays with the customer."""
    document: dict[str, Any] = _cares().dump_python(
        care, mode="json", exclude={"changes"}, exclude_none=True
    )
    return document


def ledger_in(values: Values) -> Ledger:
    """What is counted beside a summary."""
    return Ledger.of(
        {
            name.removeprefix(COUNTED): int(count)
            for name, count in values.items()
            if name.startswith(COUNTED)
        }
    )


def standing_in(customer_id: str, summary: Values, card: Mapping[str, Any] | None) -> Standing:
    """How a customer stands by a summary and the card that is in it, if there is one."""
    said = card.get(CARE) if card else None
    return Standing(
        customer_id=customer_id,
        care=_cares().validate_python(said) if said else NOBODY_SAID,
        ledger=ledger_in(summary),
        since=datetime.fromisoformat(card["since"]) if card else None,
    )


def _standing(customer_id: str, summary: Values) -> Standing:
    card = json.loads(summary.get("card", "null"))
    is_erased = ERASED in summary or (card is not None and ERASED in card)
    return standing_in(customer_id, summary, None if is_erased else card)


def person_in(customer_id: str, summary: Values) -> list[str]:
    """All confirmed entries of the person by a customer's summary, the leader's first."""
    members = json.loads(summary.get("members", "[]")) or [customer_id]
    leader = summary.get("person_id", customer_id)
    return sorted(members, key=lambda one: (one != leader, one))


def part_of(standings: Sequence[Standing], roster: Roster, day: date) -> CarePart:
    """How it shows who cares for a person, with the reasons."""
    known = [one.since for one in standings if one.since is not None]
    since = min(known, default=None)
    return shown(served(standings, roster, day)).model_copy(update={"known_since": since})


def shown(care: Served) -> CarePart:
    """All of it, with the reasons."""
    segment, owner, acting = care.segment, care.owner, care.acting
    return CarePart(
        segment_id=segment.segment_id if segment else None,
        tier=segment.name if segment else None,
        rank=segment.rank if segment else None,
        queue=segment.queue if segment else None,
        owner=OwnerBrief(
            staff_id=owner.staff_id,
            subject=owner.subject,
            name=owner.name,
            presence=care.presence or "",
            through=care.through,
            languages=list(owner.languages),
        )
        if owner
        else None,
        acting=ActingBrief(
            staff_id=acting.staff_id,
            subject=acting.subject,
            name=acting.name,
            acting_as=care.acting_as or "",
        )
        if acting
        else None,
        assigned=care.assigned,
        reason=care.reason,
        groups=[
            GroupBrief(
                group=group,
                reasons=[GroupReason.model_validate(vars(one)) for one in reasons],
            )
            for group, reasons in care.groups.items()
        ],
        value=[Money(amount=amount, currency=currency) for currency, amount in care.value.items()],
    )


def without_reasons(part: CarePart) -> CarePart:
    """What is told without grounds: tier, owner and queue."""
    return part.model_copy(
        update={"assigned": None, "reason": None, "groups": [], "value": [], "known_since": None}
    )
