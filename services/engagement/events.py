"""Which entry of a log is which event."""

from services.engagement.domain import NOBODY
from shared.contracts.engagement import ConsentRecorded
from shared.contracts.event import Event
from shared.entity import Entry


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where nobody else needs to know."""
    if entry.what != "recorded" or customer_id == NOBODY:
        return None
    return ConsentRecorded.of(
        entry,
        entity_id=entity_id,
        customer_id=customer_id,
        consent_id=entity_id,
        **entry.facts,
    )
