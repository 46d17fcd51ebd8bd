"""Who brought whom, kept in DynamoDB without circles.

Of each customer id one item says whom they come from, and carries a version. Whoever adds a link
has looked at everybody above, and writes it on the condition that none of these has changed: so of
two who would close a circle together one is refused.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.engagement.domain.influence import (
    DEEPEST,
    MOST_ABOVE,
    MOST_BELOW,
    MOST_SOURCES,
    Below,
    Circle,
    Influence,
    InfluenceKind,
    InfluenceNotFound,
    SaidBefore,
    TooLongALine,
    TooManySources,
)
from shared.aws.clients import ATTEMPTS
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import from_item, to_attribute, to_item
from shared.aws.pauses import pause
from shared.aws.reading import read_together
from shared.entity import Act
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOGETHER = 100  # that are read in one call

influences = EntityDocument(Influence)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Whom a customer id comes from, by which influence, as of a version; 0 where none is."""

    sources: Mapping[str, str]
    version: int = 0


_NONE = _Line(sources={})


class DynamoInfluences:
    """Implements ports.influences.Influences."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._store = EntityStore(client, table, secret, influences)

    def add(
        self, influence: Influence, *, fingerprint: str, sources: Collection[str]
    ) -> tuple[Influence, bool]:
        for tried in range(1, ATTEMPTS + 1):
            there = self._store.created(influence.influence_id, fingerprint=fingerprint)
            if there is not None:
                return there, True
            beside = self._linking(influence, {influence.customer_id, *sources})
            try:
                return self._store.create(influence, fingerprint=fingerprint, beside=beside)
            except ChangedMeanwhile:
                pause(tried)
        raise ChangedMeanwhile("the line that they come from keeps changing; repeat the request")

    def get(self, influence_id: str) -> Influence:
        influence = self._store.get(influence_id)
        if influence is None:
            raise InfluenceNotFound(influence_id)
        return influence

    def end(self, influence: Influence) -> None:
        for tried in range(1, ATTEMPTS + 1):
            line = self._lines(influence.of, [influence.other_id])[influence.other_id]
            left = {
                one: said for one, said in line.sources.items() if said != influence.influence_id
            }
            beside = [
                self._put(influence.of, influence.other_id, left, line.version),
                {"Delete": {"TableName": self._table, "Key": to_item(_below_key(influence))}},
            ]
            try:
                self._store.save(influence, beside=beside)
            except ChangedMeanwhile:
                if tried == ATTEMPTS or self.get(influence.influence_id).ended_at:
                    raise
                pause(tried)
            else:
                return

    def above(self, kind: InfluenceKind, customer_id: str) -> Mapping[str, str]:
        return self._lines(kind, [customer_id])[customer_id].sources

    def below(self, kind: InfluenceKind, customer_id: str) -> tuple[Sequence[Below], bool]:
        found: dict[str, Below] = {}
        generation, is_all = [customer_id], True
        for depth in range(1, DEEPEST + 1):
            following: list[str] = []
            for source in generation:
                room = MOST_BELOW - len(found)
                if room <= 0:
                    return list(found.values()), False
                children, is_whole = self._children(kind, source, room)
                is_all = is_all and is_whole
                for child, said in children:
                    if child not in found:
                        one = Below(customer_id=child, generation=depth, influence_id=said)
                        found[child] = one
                        following.append(child)
            generation = following
        return list(found.values()), is_all and not generation

    def forget(self, act: Act, customer_id: str) -> None:
        """Take the words out of what was said of somebody who was erased. Safe to repeat."""
        behind: Any = {}
        while True:
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": to_attribute(f"X#said#{customer_id}")},
                Limit=TOGETHER,
                **behind,
            )
            for influence in self._store.those([item["sk"]["S"] for item in page["Items"]]):
                forgotten = influence.forgotten(act)
                if forgotten is not influence:
                    self._store.save(forgotten)
            if "LastEvaluatedKey" not in page:
                return
            behind = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _said_of(self, customer_id: str, influence: Influence) -> dict[str, Any]:
        """What lets it be found by either of the two, also after its end."""
        item = {"pk": f"X#said#{customer_id}", "sk": influence.influence_id}
        return {"Put": {"TableName": self._table, "Item": to_item(item)}}

    def _children(
        self, kind: InfluenceKind, source: str, most: int
    ) -> tuple[list[tuple[str, str]], bool]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(f"X#to#{kind}#{source}")},
            Limit=most,
        )
        items = map(from_item, found["Items"])
        return [(item["sk"], item["id"]) for item in items], "LastEvaluatedKey" not in found

    def _linking(self, influence: Influence, sources: set[str]) -> list[dict[str, Any]]:
        """The writes that link the two, on the condition that all above is as it was looked at."""
        kind, other = influence.of, influence.other_id
        lines = self._all_above(kind, sources)
        if other in lines:
            raise Circle(kind)
        line = self._lines(kind, [other])[other]
        if influence.customer_id in line.sources:
            raise SaidBefore
        if len(line.sources) >= MOST_SOURCES[kind]:
            raise TooManySources(kind)
        linked = {**line.sources, influence.customer_id: influence.influence_id}
        below = _below_key(influence) | {"id": influence.influence_id}
        return [
            self._put(kind, other, linked, line.version),
            {"Put": {"TableName": self._table, "Item": to_item(below)}},
            *(self._said_of(one, influence) for one in (influence.customer_id, other)),
            *(self._unchanged(kind, one, each.version) for one, each in sorted(lines.items())),
        ]

    def _all_above(self, kind: InfluenceKind, sources: set[str]) -> dict[str, _Line]:
        """These and all that they come from. Raise TooLongALine where they are too many."""
        lines: dict[str, _Line] = {}
        ahead = set(sources)
        while ahead:
            if len(lines) + len(ahead) > MOST_ABOVE:
                raise TooLongALine
            lines |= self._lines(kind, ahead)
            ahead = {each for one in ahead for each in lines[one].sources} - lines.keys()
        return lines

    def _lines(self, kind: InfluenceKind, ids: Collection[str]) -> dict[str, _Line]:
        keys = [to_item(_key(kind, one)) for one in sorted(set(ids))]
        found = dict.fromkeys(ids, _NONE)
        for item in map(from_item, read_together(self._client, self._table, keys)):
            customer_id = item["pk"].removeprefix(f"X#by#{kind}#")
            sources = json.loads(item["sources"])
            found[customer_id] = _Line(sources=sources, version=item["version"])
        return found

    def _put(
        self, kind: InfluenceKind, customer_id: str, sources: Mapping[str, str], version: int
    ) -> dict[str, Any]:
        values = _key(kind, customer_id) | {"sources": json.dumps(sources)}
        put = {"TableName": self._table, "Item": to_item({**values, "version": version + 1})}
        return {"Put": put | _as_read(version)}

    def _unchanged(self, kind: InfluenceKind, customer_id: str, version: int) -> dict[str, Any]:
        check = {"TableName": self._table, "Key": to_item(_key(kind, customer_id))}
        return {"ConditionCheck": check | _as_read(version)}


def _as_read(version: int) -> dict[str, Any]:
    if not version:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": to_attribute(version)},
    }


def _key(kind: InfluenceKind, customer_id: str) -> dict[str, str]:
    return {"pk": f"X#by#{kind}#{customer_id}", "sk": "A"}


def _below_key(influence: Influence) -> dict[str, str]:
    return {"pk": f"X#to#{influence.of}#{influence.customer_id}", "sk": influence.other_id}
