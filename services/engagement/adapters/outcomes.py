"""Responses, frictions, and what they add up to, kept in DynamoDB.

Each is an entity, created once. What it adds to lists and counts it adds in one transaction with
its own line in a list, which is put only if it is not there: so nothing is counted twice.
"""

import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.engagement.adapters.silences import FRICTIONS, DynamoRapports, rapport_key
from services.engagement.domain import NOBODY
from services.engagement.domain.friction import Friction
from services.engagement.domain.rapport import Answered, Rapport
from services.engagement.domain.response import Response
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import ROW, from_item, moment, to_attribute, to_item
from shared.aws.writes import ConditionFailed, write
from shared.calendar import day_in_turkey
from shared.entity import Act

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARDS = 8  # of an offer's counts: a wave is answered by thousands at once
MOST_RULES = 1000
TOGETHER = 100  # that are read in one call
_RULES = "F#counts"
_YEAR = "year:"

responses = EntityDocument(Response)
frictions = EntityDocument(Friction)


class DynamoOutcomes:
    """Implements ports.outcomes.Outcomes."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._responses = EntityStore(client, table, secret, responses)
        self._frictions = EntityStore(client, table, secret, frictions)

    def add(
        self, entity: Response | Friction, *, fingerprint: str
    ) -> tuple[Response | Friction, bool]:
        if isinstance(entity, Response):
            return self._responses.create(entity, fingerprint=fingerprint)
        theirs = to_item({"pk": _theirs(entity.customer_id), "sk": entity.friction_id})
        # So that it is found when they are erased, which may be before it is counted.
        beside = [{"Put": {"TableName": self._table, "Item": theirs}}]
        return self._frictions.create(entity, fingerprint=fingerprint, beside=beside)

    def of_offer(self, offer_id: str) -> Mapping[tuple[str, str], int]:
        found: Counter[tuple[str, str]] = Counter()
        for item in self._query(_offer_place(offer_id), SHARDS):
            for name, number in item.items():
                medium, apart, result = name.partition(":")
                if apart:
                    found[medium, result] += int(number)
        return found

    def frictions(self) -> Sequence[tuple[str, int, Mapping[str, int]]]:
        told = [
            (
                str(item["sk"]),
                int(item["count"]),
                {
                    name.removeprefix(_YEAR): int(number)
                    for name, number in sorted(item.items())
                    if name.startswith(_YEAR)
                },
            )
            for item in self._query(_RULES, MOST_RULES)
        ]
        return sorted(told, key=lambda one: (-one[1], one[0]))

    def forget(self, act: Act, customer_id: str) -> None:
        """Take the words out of what was in the way of somebody who was erased. Safe to repeat."""
        behind: Any = {}
        while True:
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": to_attribute(_theirs(customer_id))},
                Limit=TOGETHER,
                **behind,
            )
            for friction in self._frictions.those([item["sk"]["S"] for item in page["Items"]]):
                forgotten = friction.forgotten(act)
                if forgotten is not friction:
                    self._frictions.save(forgotten)
            if "LastEvaluatedKey" not in page:
                return
            behind = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _query(self, place: str, most: int) -> list[dict[str, Any]]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(place)},
            Limit=most,
        )
        return [from_item(item) for item in found["Items"]]


class OutcomeCounts:
    """What the projector keeps of responses and frictions."""

    def __init__(self, client: "DynamoDBClient", table: str, rapports: DynamoRapports) -> None:
        self._client = client
        self._table = table
        self._rapports = rapports

    def keep(self, entity: Response | Friction) -> None:
        """Count it, unless that was done before."""
        if isinstance(entity, Response):
            self._keep_response(entity)
        else:
            self._keep_friction(entity)

    def _keep_response(self, response: Response) -> None:
        counts = []
        if response.offer_id is not None:
            shard = zlib.crc32(response.response_id.encode()) % SHARDS
            key = {"pk": _offer_place(response.offer_id), "sk": str(shard)}
            counts.append(self._adding(to_item(key), f"{response.medium}:{response.result}"))
        place = responses_place(response.customer_id)
        line = _line(place, response.at, response.response_id, _shown(response))
        self._once(line, counts)
        answer = Answered(
            at=response.at,
            response_id=response.response_id,
            medium=response.medium,
            result=response.result,
            offer_id=response.offer_id,
            message_id=response.message_id,
        )

        def answered(before: Rapport) -> Rapport:
            after, day = before.answered(answer), day_in_turkey(response.at)
            after = after.with_praise(day) if response.is_praise else after
            return after.heard(day) if response.is_word else after

        self._rapports.keep({response.customer_id: answered})

    def _keep_friction(self, friction: Friction) -> None:
        year = f"{_YEAR}{day_in_turkey(friction.at).year}"
        beside = [self._adding(to_item({"pk": _RULES, "sk": friction.rule}), "count", year)]
        if friction.customer_id != NOBODY:
            beside.append(self._adding(rapport_key(friction.customer_id), FRICTIONS))
        shown = {
            "friction_id": friction.friction_id,
            "at": friction.at.isoformat(),
            "customer_id": None if friction.customer_id == NOBODY else friction.customer_id,
            "rule": friction.rule,
            "words": friction.words,
        }
        line = _line(frictions_place(friction.rule), friction.at, friction.friction_id, shown)
        if not self._once(line, beside) and not friction.words:
            write(self._client, [{"Put": {"TableName": self._table, "Item": line}}])

    def _once(self, line: dict[str, Any], beside: Sequence[dict[str, Any]]) -> bool:
        """Put a line, and what comes with it; nothing where the line is there. Say which."""
        put = {
            "TableName": self._table,
            "Item": line,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        try:
            write(self._client, [{"Put": put}, *beside])
        except ConditionFailed:
            return False
        return True

    def _adding(self, key: dict[str, Any], *names: str) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": key,
                "UpdateExpression": "ADD " + ", ".join(f"#n{n} :one" for n in range(len(names))),
                "ExpressionAttributeNames": {f"#n{n}": name for n, name in enumerate(names)},
                "ExpressionAttributeValues": {":one": to_attribute(1)},
            }
        }


def _line(place: str, at: datetime, entity_id: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    return to_item(
        {
            "pk": place,
            "sk": f"{ROW}{moment(at)}#{entity_id}",
            "id": entity_id,
            "shown": json.dumps(shown, ensure_ascii=False, separators=(",", ":")),
        }
    )


def _theirs(customer_id: str) -> str:
    """Where it stands which frictions were a customer's."""
    return f"F#of#{customer_id}"


def responses_place(customer_id: str) -> str:
    """Where what came of what a customer was told is listed."""
    return f"X#of#{customer_id}"


def frictions_place(rule: str) -> str:
    """Where each time is listed that a rule was in the way."""
    return f"F#rule#{rule}"


def _offer_place(offer_id: str) -> str:
    return f"X#offer#{offer_id}"


def _shown(response: Response) -> Mapping[str, Any]:
    return {
        "response_id": response.response_id,
        "customer_id": response.customer_id,
        "at": response.at.isoformat(),
        "medium": response.medium,
        "result": response.result,
        "offer_id": response.offer_id,
        "message_id": response.message_id,
    }
