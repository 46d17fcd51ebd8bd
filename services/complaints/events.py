"""Which entry of a complaint's log is which event."""

from shared.contracts.complaints import (
    ComplaintAnswered,
    ComplaintAttributed,
    ComplaintHandedOver,
    ComplaintOpened,
    ComplaintReopened,
    ComplaintResolved,
    ResolutionProposed,
)
from shared.contracts.event import Event
from shared.entity import ATTRIBUTED, Entry

_EVENTS: dict[str, type[Event]] = {
    "opened": ComplaintOpened,
    "answered": ComplaintAnswered,
    "handed_over": ComplaintHandedOver,
    "proposed": ResolutionProposed,
    "resolved": ComplaintResolved,
    "reopened": ComplaintReopened,
    ATTRIBUTED: ComplaintAttributed,
}
_OUR_OWN = {"help_asked", "forgotten"}  # nobody outside needs to know


def event_of(complaint_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry, if anything."""
    if entry.what in _OUR_OWN:
        return None
    return _EVENTS[entry.what].of(
        entry,
        entity_id=complaint_id,
        customer_id=customer_id,
        complaint_id=complaint_id,
        **entry.facts,
    )
