"""What the stream of a table says: entities before and after each write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.aws.items import Values, from_item


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write of an entity. `before` is None when it was created."""

    entity_id: str
    before: Values | None
    after: Values
    sequence: str

    @property
    def version_before(self) -> int:
        return self.before["version"] if self.before else 0


def writes_of(stream_event: dict[str, Any]) -> Iterator[Write]:
    """The writes of entities in a batch of stream records, in order.

    The stream must carry both images. Rows and look-up keys are passed over,
    should the mapping's filter let them through; so are removals, which only
    retention does and of which nobody is told.
    """
    for record in stream_event["Records"]:
        images = record["dynamodb"]
        pk = images["Keys"]["pk"]["S"]
        if not pk.startswith("E#") or "NewImage" not in images:
            continue
        yield Write(
            entity_id=pk.removeprefix("E#"),
            before=from_item(images["OldImage"]) if images.get("OldImage") else None,
            after=from_item(images["NewImage"]),
            sequence=images["SequenceNumber"],
        )


def failures(identifiers: Iterable[str]) -> dict[str, Any]:
    """The answer that names what of a batch must come again; empty when all is done.

    Of a stream AWS goes on from the first of them, of a queue it brings back each.
    """
    return {"batchItemFailures": [{"itemIdentifier": one} for one in identifiers]}
