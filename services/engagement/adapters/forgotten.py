"""The lists of the forgotten in DynamoDB: one item for each owner and day, and one for the run."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.engagement.adapters.silences import SILENCE
from services.engagement.domain.forgotten import CallList, Run
from shared.aws.clocks import Clocks
from shared.aws.items import Values, from_item, to_attribute, to_item
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR = timedelta(days=35)  # so that one can look how last month went
_RUN = {"pk": "N#run", "sk": "A"}


class DynamoCallLists:
    """Implements ports.forgotten.CallLists.

    A step of the run puts its place and the lists that it made longer in one transaction, on the
    condition that the run is where it was. So nobody stands on a list twice, and no count is
    wrong, however often it breaks off.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._clocks = Clocks(client, table, kind=SILENCE)

    def run(self) -> Run | None:
        found = self._client.get_item(
            TableName=self._table, Key=to_item(_RUN), ConsistentRead=True
        )
        return _runs().validate_json(found["Item"]["run"]["S"]) if "Item" in found else None

    def due(self, day: date, behind: str, most: int) -> Sequence[tuple[str, str]]:
        midnight = datetime.combine(day + timedelta(days=1), time(), UTC)
        rows = self._clocks.soonest(most, until=midnight, behind=behind)
        return [(row["pk"].removeprefix("Y#"), row["due_place"]) for row in rows]

    def of(self, staff_ids: Collection[str], day: date) -> Mapping[str, CallList]:
        keys = [to_item(_list_key(one, day)) for one in sorted(staff_ids)]
        items = read_together(self._client, self._table, keys) if keys else []
        found = [_lists().validate_json(item["list"]["S"]) for item in items]
        return {one.staff_id: one for one in found}

    def note(
        self,
        before: Run | None,
        after: Run,
        lists: Collection[CallList],
        subjects: Mapping[str, str],
    ) -> None:
        puts = [self._put_run(before, after)]
        puts += [self._put(_list_values(one)) for one in lists]
        puts += [
            self._put(_subject_key(subject) | {"staff_id": staff_id})
            for subject, staff_id in sorted(subjects.items())
        ]
        try:
            write(self._client, puts)
        except ConditionFailed as refused:
            if self.run() != after:
                raise ChangedMeanwhile("another run has gone on; this one ends") from refused

    def staff_id(self, subject: str) -> str | None:
        found = self._client.get_item(TableName=self._table, Key=to_item(_subject_key(subject)))
        staff_id: str | None = from_item(found.get("Item", {})).get("staff_id")
        return staff_id

    def _put_run(self, before: Run | None, after: Run) -> dict[str, Any]:
        put = self._put(_RUN | {"run": _written(after)})
        if before is None:
            put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["Put"]["ConditionExpression"] = "#run = :before"
            put["Put"]["ExpressionAttributeNames"] = {"#run": "run"}
            put["Put"]["ExpressionAttributeValues"] = {":before": to_attribute(_written(before))}
        return put

    def _put(self, values: Values) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": to_item(values)}}


def _list_key(staff_id: str, day: date) -> Values:
    return {"pk": f"N#{staff_id}#{day.isoformat()}", "sk": "A"}


def _list_values(listed: CallList) -> Values:
    ends = datetime.combine(listed.day, time(), UTC) + KEPT_FOR
    return _list_key(listed.staff_id, listed.day) | {
        "list": _lists().dump_json(listed).decode(),
        "expires_at": int(ends.timestamp()),
    }


def _subject_key(subject: str) -> Values:
    return {"pk": f"N#of#{subject}", "sk": "A"}


def _written(run: Run) -> str:
    return _runs().dump_json(run).decode()


@cache
def _runs() -> TypeAdapter[Run]:
    return TypeAdapter(Run)


@cache
def _lists() -> TypeAdapter[CallList]:
    return TypeAdapter(CallList)
