"""Which entry of a log is which event."""

from shared.contracts.event import Event
from shared.contracts.warranty import (
    ProductRegistered,
    ProofAccepted,
    ProofAsked,
    ProofRefused,
    UnitOwned,
)
from shared.entity import Entry

_OF_REGISTRATIONS: dict[str, type[Event]] = {
    "registered": ProductRegistered,
    "proof_asked": ProofAsked,
    "proof_accepted": ProofAccepted,
    "proof_refused": ProofRefused,
}


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where it is told by another one, or not at all."""
    if entry.what == "owned":
        return UnitOwned.of(
            entry, entity_id=entity_id, customer_id=customer_id, unit_id=entity_id, **entry.facts
        )
    event = _OF_REGISTRATIONS.get(entry.what)
    if event is None:
        return None
    return event.of(
        entry,
        entity_id=entity_id,
        customer_id=customer_id,
        registration_id=entity_id,
        **entry.facts,
    )
