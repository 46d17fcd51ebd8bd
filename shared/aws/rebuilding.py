"""Making again all that is kept beside the entities of a table: cards, rows, lists, look-up keys.

For what was in the books before something new was kept of it. It walks through the whole table,
some items at a time, and notes how far it has come: broken off, it goes on where it was. Whatever
is as it should be stays so, and nothing is published.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shared.aws.entities import Unreadable
from shared.aws.items import from_item, to_attribute, to_item
from shared.aws.logs import start, tell
from shared.aws.projection import Projector
from shared.aws.stream import Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STEP = 500  # items of the table that are looked through before it is noted how far that is
SECONDS = 10  # of walking, unless the caller says how many
_KEY = to_item({"pk": "X#rebuild", "sk": "A"})


class Rebuilding:
    """The walk through one table.

    `find_again` are, by kinds of entities, what lets one be found by all that it is found by.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        projector: Projector,
        find_again: Mapping[str, Callable[[str], None]],
    ) -> None:
        self._client = client
        self._table = table
        self._projector = projector
        self._find_again = find_again

    def go_on(self, *, begin: bool, has_time: Callable[[], bool]) -> dict[str, Any]:
        """Walk at least one step on, and as long as there is time; return how far that is.

        Where the last walk is done, or there was none, `begin` begins another. What a step made
        is made again, and is the same, should the note of it be lost.
        """
        walk = self._noted()
        if walk is None or (walk["done"] and begin):
            walk = {"done": False, "items": 0, "entities": 0, "unreadable": 0, "place": None}
        while not walk["done"]:
            walk = self._step(walk)
            self._note(walk)
            if not has_time():
                break
        told = {name: value for name, value in walk.items() if name != "place"}
        tell("rebuilt", **told)
        return told

    def _step(self, walk: Mapping[str, Any]) -> dict[str, Any]:
        behind: Any = {"ExclusiveStartKey": walk["place"]} if walk["place"] else {}
        page = self._client.scan(
            TableName=self._table,
            FilterExpression="begins_with(pk, :entity)",
            ExpressionAttributeValues={":entity": to_attribute("E#")},
            ConsistentRead=True,
            Limit=STEP,
            **behind,
        )
        unreadable = sum(not self._rebuild(from_item(item)) for item in page["Items"])
        place = page.get("LastEvaluatedKey")
        return {
            "done": place is None,
            "items": walk["items"] + page["ScannedCount"],
            "entities": walk["entities"] + len(page["Items"]),
            "unreadable": walk["unreadable"] + unreadable,
            "place": place,
        }

    def _rebuild(self, values: Mapping[str, Any]) -> bool:
        """Make again what is kept of an entity; return whether it could be read."""
        entity_id = values["pk"].removeprefix("E#")
        write = Write(entity_id=entity_id, before=None, after=dict(values), sequence="")
        try:
            self._projector.project(write)
            again = self._find_again.get(values["kind"])
            if again is not None:
                again(entity_id)
        except Unreadable as flaw:
            tell("cannot be read", entity=entity_id, flaw=str(flaw))
            return False
        return True

    def _noted(self) -> dict[str, Any] | None:
        found = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True)
        if "Item" not in found:
            return None
        walk: dict[str, Any] = json.loads(from_item(found["Item"])["walk"])
        return walk

    def _note(self, walk: Mapping[str, Any]) -> None:
        # Of two who walk at once the later note counts: what is walked through twice is the same.
        item = _KEY | to_item({"walk": json.dumps(walk)})
        self._client.put_item(TableName=self._table, Item=item)


def rebuild(event: Mapping[str, Any], rebuilding: Rebuilding) -> dict[str, Any]:
    """Go on with the walk for as many `seconds` as the caller says; `begin` where it is done."""
    start()
    ends = time.monotonic() + float(event.get("seconds", SECONDS))
    return rebuilding.go_on(
        begin=bool(event.get("begin")), has_time=lambda: time.monotonic() < ends
    )
