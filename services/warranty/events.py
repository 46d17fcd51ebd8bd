"""Which entry of a log is which event."""

from shared.contracts.event import Event
from shared.contracts.warranty import (
    ProductRegistered,
    ProofAccepted,
    ProofAsked,
    ProofRefused,
    RegistrationAttributed,
    UnitAttributed,
    UnitOwned,
)
from shared.entity import ATTRIBUTED, Entry

_OF_REGISTRATIONS: dict[str, type[Event]] = {
    "registered": ProductRegistered,
    "proof_asked": ProofAsked,
    "proof_accepted": ProofAccepted,
    "proof_refused": ProofRefused,
    ATTRIBUTED: RegistrationAttributed,
}
_OF_UNITS: dict[str, type[Event]] = {"owned": UnitOwned, ATTRIBUTED: UnitAttributed}
UNIT = "unt_"  # before the ids of units


def event_of(entity_id: str, customer_id: str, entry: Entry) -> Event | None:
    """What the world is told of an entry; None where it is told by another one, or not at all."""
    is_unit = entity_id.startswith(UNIT)
    event = (_OF_UNITS if is_unit else _OF_REGISTRATIONS).get(entry.what)
    if event is None:
        return None
    name = "unit_id" if is_unit else "registration_id"
    ids = {"entity_id": entity_id, "customer_id": customer_id, name: entity_id}
    return event.of(entry, **ids, **entry.facts)
