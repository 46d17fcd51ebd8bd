"""The projector: from the stream of entities to a customer's rows, card and totals.

Each entity has one row. It carries the version it shows and the contribution
it has already made to the customer's totals, and both change in one
transaction with those totals: so repeats, gaps and records out of order heal
themselves, and the totals cannot drift.

What somebody has said to be another customer's leaves a mark where it was: a
row of its version that shows nothing and counts nothing, so that no older
version can come back there, in whatever order the two are heard of.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from botocore.exceptions import ClientError

from shared.aws.entities import EntityDocument, Unreadable
from shared.aws.items import (
    CAME_BY,
    LIVE,
    MOVED,
    ROW,
    WAITS_SINCE,
    customer_partition,
    from_item,
    summary_key,
    to_attribute,
    to_item,
)
from shared.aws.logs import tell
from shared.aws.stream import Write, failures, writes_of
from shared.aws.writes import ConditionFailed, add_to_summary, is_passing, write
from shared.entity import Entity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

E = TypeVar("E", bound=Entity)

TOGETHER = 25  # changes in one transaction, so at most twice as many items
MOST_ROUNDS = 5  # of reading a row that others are changing


@dataclass(frozen=True, kw_only=True)
class Row:
    """How an entity shows in its customer's list, newest first by `at`, which never changes.

    `counted` is what it adds to the customer's totals. `live` places it in the
    sparse index of what still needs somebody; None keeps it out.
    """

    at: datetime
    shown: Mapping[str, Any]
    counted: Mapping[str, int] = field(default_factory=dict)
    live: str | None = None

    def __post_init__(self) -> None:
        if LIVE in self.counted:
            # DynamoDB refuses a number where the index has its text key.
            raise ValueError(f"a total cannot be called {LIVE}: the sparse index is")


@dataclass(frozen=True, kw_only=True)
class Projection(Generic[E]):
    """How entities of one kind show: as a row each, or as the customer's one card."""

    document: EntityDocument[E]
    row: Callable[[E], Row] | None = None
    card: Callable[[E], Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class _Change:
    """A write with its entity read, and what the stream says was there before."""

    projection: Projection[Any]
    after: Entity
    before: Entity | None
    sequence: str

    @property
    def seen(self) -> int:
        """The version that the row shows, if the stream is right; 0 for none."""
        return self.before.version if self.before else 0

    @property
    def moves(self) -> bool:
        """Whether it may still have to leave where it was shown before."""
        if self.after.shown_under is None:
            return False
        before = self.before  # of joined records it may be of any version, and tell nothing
        if before is None or before.version != self.after.version - 1:
            return True
        return before.shown_under != self.after.shown_under

    @property
    def left(self) -> list[str]:
        """The customers that it is shown under no more."""
        return [one for one in self.after.shown_under or () if one != self.after.holder]

    @property
    def counted_before(self) -> Mapping[str, int]:
        if self.projection.row is None or self.before is None:
            return {}
        return self.projection.row(self.before).counted

    def guess(self, customer_id: str) -> tuple[int, Mapping[str, int]]:
        """The version that a customer's row shows, and what it counts, if the stream is right."""
        if self.before is not None and self.before.holder == customer_id:
            return self.seen, self.counted_before
        return 0, {}


class Projector:
    """Keeps the rows and the summary of every customer in one table."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *projections: Projection[Any]
    ) -> None:
        self._client = client
        self._table = table
        self._projections = {each.document.kind: each for each in projections}

    def project_changes(self, stream_event: dict[str, Any]) -> dict[str, Any]:
        """Bring rows and summaries up to the records; answer which of them must come again."""
        unfinished: list[str] = []
        changes = map(self._read, _one_a_thing(writes_of(stream_event)))
        while some := list(islice(changes, TOGETHER)):
            shown = self._show_together(some)
            rest = [one for one in some if one.after.entity_id not in shown]
            late = self._do(self._show, rest)
            ahead = [one for one in some if one.sequence not in late]
            kept = self.keep_together([(one.after, one.before) for one in ahead])
            rest = [one for one in ahead if one.after.entity_id not in kept]
            late += self._do(self._keep, rest)
            unfinished += late
        return failures(unfinished)

    def project(self, write: Write) -> None:
        """Bring all that is kept of one entity up to the newest of its versions in `write`."""
        change = self._read(write)
        self._show(change)
        self._keep(change)

    def keep(self, entity: Entity, before: Entity | None) -> None:
        """Bring up to date what a service keeps of its entities besides rows, cards and totals.

        Nothing, unless a subclass says otherwise. It must bear a version that comes again or
        late. `before` is what the stream says went before; None where it says nothing.
        """

    def keep_together(self, entities: Sequence[tuple[Entity, Entity | None]]) -> Collection[str]:
        """Try to keep those of a batch at once, as `keep` would; return the ids of whose that is.

        All others are kept one by one. None are, unless a subclass says otherwise.
        """
        return ()

    def _keep(self, change: "_Change") -> None:
        self.keep(change.after, change.before)

    @staticmethod
    def _do(what: "Callable[[_Change], None]", changes: "Iterable[_Change]") -> list[str]:
        """Do it for each. Return the records that must come again, since AWS was busy."""
        late = []
        for change in changes:
            try:
                what(change)
            except ClientError as error:
                if not is_passing(error):
                    raise
                after = change.after
                tell("not projected", entity=after.entity_id, version=after.version)
                late.append(change.sequence)
        return late

    def _read(self, write: Write) -> "_Change":
        try:
            projection = self._projections[write.after["kind"]]
        except KeyError as unknown:
            raise Unreadable(unknown) from None
        read = projection.document.read
        return _Change(
            projection=projection,
            after=read(write.after),
            before=read(write.before) if write.before is not None else None,
            sequence=write.sequence,
        )

    def _show(self, change: "_Change") -> None:
        projection, after = change.projection, change.after
        if projection.card is not None:
            self._put_card(after, projection.card(after))
        if projection.row is not None:
            row = projection.row(after)
            if change.moves:
                gone = Row(at=row.at, shown={})
                for customer_id in change.left:
                    self._put_row(after, gone, customer_id, *change.guess(customer_id))
            self._put_row(after, row, after.holder, *change.guess(after.holder))

    def _show_together(self, changes: "Sequence[_Change]") -> Collection[str]:
        """Try the rows that change totals in one transaction; return whose they are.

        It trusts what the stream says went before. Where that is not so for any
        of them, nothing has changed and each is left to be shown alone.
        """
        rows: dict[str, tuple[Entity, dict[str, Any]]] = {}
        totals: dict[str, dict[str, int]] = {}
        for change in changes:
            projection, entity = change.projection, change.after
            if projection.row is None or projection.card is not None or change.moves:
                continue
            row = projection.row(entity)
            gained = _difference(change.counted_before, row.counted)
            if gained:  # else a plain write is enough, and half the price
                write = self._row(entity, row, entity.holder, change.seen)
                rows[entity.entity_id] = entity, write
                sums = totals.setdefault(entity.holder, {})
                for name, amount in gained.items():
                    sums[name] = sums.get(name, 0) + amount
        if len(rows) < 2:  # noqa: PLR2004
            return ()
        writes: Any = [one for _, one in rows.values()]
        writes += [add_to_summary(self._table, one, sums) for one, sums in totals.items()]
        try:
            self._client.transact_write_items(TransactItems=writes)
        except ClientError:
            return ()
        for entity, _ in rows.values():
            _projected(entity)
        return rows

    def _put_card(self, entity: Entity, card: Mapping[str, Any]) -> None:
        update = {
            "TableName": self._table,
            "Key": summary_key(entity.customer_id),
            "UpdateExpression": "SET card = :card, card_version = :version",
            "ConditionExpression": "attribute_not_exists(erased_at) AND "
            "(attribute_not_exists(card_version) OR card_version < :version)",
            "ExpressionAttributeValues": {
                ":card": to_attribute(_compact(card)),
                ":version": to_attribute(entity.version),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            _passed_over(entity)

    def _put_row(
        self, entity: Entity, row: Row, under: str, seen: int, counted: Mapping[str, int]
    ) -> None:
        """Try with what the stream says went before; only if that is not so, read the row."""
        for _ in range(MOST_ROUNDS):
            writes = [self._row(entity, row, under, seen)]
            gained = _difference(counted, row.counted)
            if gained:
                writes.append(add_to_summary(self._table, under, gained))
            try:
                write(self._client, writes)
            except ConditionFailed as refused:
                if 0 not in refused.failed:
                    _passed_over(entity)  # the customer was erased
                    return
                seen, counted = self._shown(entity, row, under)
                if seen >= entity.version:
                    _passed_over(entity)
                    return
            else:
                _projected(entity)
                return
        raise RuntimeError("a row kept changing while it was projected")

    def _row(self, entity: Entity, row: Row, under: str, seen: int) -> dict[str, Any]:
        waits = entity.via if entity.awaits_review else None
        item = _row_key(entity, row, under) | to_item(
            {
                "id": entity.entity_id,
                "version": entity.version,
                "shown": _compact(row.shown),
                "counted": _compact(row.counted),
                "live": row.live,
                MOVED: None if under == entity.holder else entity.holder,
                CAME_BY: waits.kind if waits else None,
                WAITS_SINCE: waits.at.isoformat(timespec="microseconds") if waits else None,
            }
        )
        put: dict[str, Any] = {"TableName": self._table, "Item": item}
        if seen:
            put["ConditionExpression"] = "version = :seen"
            put["ExpressionAttributeValues"] = {":seen": to_attribute(seen)}
        else:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        return {"Put": put}

    def _shown(self, entity: Entity, row: Row, under: str) -> tuple[int, Mapping[str, int]]:
        found = self._client.get_item(
            TableName=self._table, Key=_row_key(entity, row, under), ConsistentRead=True
        )
        if "Item" not in found:
            return 0, {}
        values = from_item(found["Item"])
        return values["version"], json.loads(values["counted"])


def _one_a_thing(writes: Iterable[Write]) -> list[Write]:
    """The writes of a batch with those of the same entity joined: only the last state shows."""
    joined: dict[str, Write] = {}
    for each in writes:
        other = joined.setdefault(each.entity_id, each)
        first, last = sorted((other, each), key=lambda one: one.after["version"])
        joined[each.entity_id] = replace(last, before=first.before, sequence=other.sequence)
    return list(joined.values())


def _row_key(entity: Entity, row: Row, under: str) -> dict[str, Any]:
    return to_item(
        {
            "pk": customer_partition(under),
            "sk": f"{ROW}{row.at.isoformat(timespec='microseconds')}#{entity.entity_id}",
        }
    )


def _difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
    return {name: change for name, change in changes.items() if change}


def _compact(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _projected(entity: Entity) -> None:
    tell(
        "projected",
        entity=entity.entity_id,
        version=entity.version,
        correlation_id=entity.log[-1].correlation_id,
    )


def _passed_over(entity: Entity) -> None:
    tell("projection passed over", entity=entity.entity_id, version=entity.version)
