"""Saying again what may not have been heard: the log of every entity changed since a time.

The stream forgets after a day, and the archive holds only what was published.
The entities' own logs hold all of it, and readers know repeats, so publishing
again is always safe.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.aws.entities import Unreadable
from shared.aws.items import Values, from_item, to_attribute
from shared.aws.logs import tell
from shared.aws.projection import Projector
from shared.aws.publication import EventBus, EventOf, Saying, events_of_item
from shared.aws.stream import Write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def since_of(event: Mapping[str, Any]) -> datetime:
    """From when on to look: `since` as an ISO time, or so many `hours` back."""
    if "since" in event:
        return datetime.fromisoformat(event["since"]).astimezone(UTC)
    return datetime.now(UTC) - timedelta(hours=event["hours"])


class NotAllPublished(Exception):
    """Events were refused, or entities unreadable; the same run again finds them all."""


class Reconciliation:
    """Of one table's entities with the bus and with the table's own rows."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        bus: EventBus,
        event_of: EventOf,
        projector: Projector,
    ) -> None:
        self._client = client
        self._table = table
        self._bus = bus
        self._event_of = event_of
        self._projector = projector

    def run(self, since: datetime) -> dict[str, int]:
        """Publish and project again what changed since then. Reads the whole table.

        Return how many entities and events there were. Raise NotAllPublished
        where the bus refused some, or an entity could not be read; all others
        are done even so.
        """
        entities = events = unreadable = 0
        refused: list[Saying] = []
        for values in self._changed(since):
            entities += 1
            entity_id = values["pk"].removeprefix("E#")
            # Without the state before, the projector finds out for itself what it has counted.
            write = Write(entity_id=entity_id, before=None, after=values, sequence="")
            try:
                self._projector.project(write)
                said = list(events_of_item(values, since, self._event_of))
            except Unreadable as flaw:
                tell("cannot be read", entity=entity_id, flaw=str(flaw))
                unreadable += 1
                continue
            events += len(said)
            refused += self._bus.publish(Saying(origin=entity_id, event=event) for event in said)
        tell("reconciled", entities=entities, events=events, refused=len(refused))
        if refused or unreadable:
            raise NotAllPublished(
                f"{len(refused)} of {events} events; {unreadable} of {entities} unreadable"
            )
        return {"entities": entities, "events": events}

    def _changed(self, since: datetime) -> Iterator[Values]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "FilterExpression": "begins_with(pk, :entity) AND changed_at >= :since",
            "ExpressionAttributeValues": {
                ":entity": to_attribute("E#"),
                ":since": to_attribute(since.isoformat()),
            },
            "ConsistentRead": True,
        }
        while True:
            page = self._client.scan(**query)
            yield from (from_item(item) for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
