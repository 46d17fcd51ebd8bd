"""In-memory stand-ins for the warranty ports, kept honest by test_adapters."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.warranty.domain import (
    Contact,
    Registration,
    RegistrationNotFound,
    State,
    Unit,
    UnitNotFound,
    canonical_serial,
)
from shared.entity import Via
from shared.errors import ChangedMeanwhile, KeyReused, Unavailable
from tests.warranty.examples import NOON


class InMemoryUnits:
    def __init__(self, *units: Unit, members: Mapping[str, Collection[str]] | None = None) -> None:
        self._by_id = {unit.unit_id: unit for unit in units}
        self._members = members or {}
        self._found_by: dict[str, list[str]] = {}

    def add(self, unit: Unit) -> bool:
        return self._by_id.setdefault(unit.unit_id, unit) is not unit

    def get(self, unit_id: str) -> Unit:
        if unit_id not in self._by_id:
            raise UnitNotFound(unit_id)
        return self._by_id[unit_id]

    def by_serial(self, serial: str) -> Sequence[Unit]:
        return [self._by_id[one] for one in self._found_by.get(serial, [])]

    def sold(self, customer_id: str, order_id: str) -> Iterator[Unit]:
        own = {customer_id, *self.members(customer_id)}
        found = [one for one in self._by_id.values() if one.order_id == order_id]
        found.sort(key=lambda one: one.line or 0)
        yield from (unit for unit in found if unit.holder in own)

    def members(self, customer_id: str) -> Collection[str]:
        return self._members.get(customer_id, ())

    def put(self, unit: Unit, before: Unit | None, serial: str | None) -> None:
        """What the adapter does in one transaction: check all, then write all."""
        if self._by_id.get(unit.unit_id) != before and self._by_id.get(unit.unit_id) != unit:
            raise ChangedMeanwhile("it was changed meanwhile")
        holders = self._found_by.setdefault(serial, []) if serial else []
        disputed = unit.state is State.UNDER_REVIEW
        if holders and not disputed and holders[0] != unit.unit_id:
            raise ChangedMeanwhile("it was changed meanwhile")
        if unit.unit_id not in holders:
            holders.append(unit.unit_id)
        self._by_id[unit.unit_id] = unit


class InMemoryRegistrations:
    def __init__(self, units: InMemoryUnits) -> None:
        self._units = units
        self._by_id: dict[str, Registration] = {}
        self._fingerprints: dict[str, str] = {}

    def find(self, registration_id: str, *, fingerprint: str) -> Registration | None:
        there = self._by_id.get(registration_id)
        if there is not None and self._fingerprints[registration_id] != fingerprint:
            raise KeyReused("this Idempotency-Key was used before with another request")
        return there

    def get(self, registration_id: str) -> Registration:
        if registration_id not in self._by_id:
            raise RegistrationNotFound(registration_id)
        return self._by_id[registration_id]

    def add(
        self, registration: Registration, unit: Unit, *, before: Unit | None, fingerprint: str
    ) -> tuple[Registration, bool]:
        there = self.find(registration.registration_id, fingerprint=fingerprint)
        if there is not None:
            return there, True
        serial = registration.purchase.serial
        self._units.put(unit, before, canonical_serial(serial) if serial else None)
        self._by_id[registration.registration_id] = registration
        self._fingerprints[registration.registration_id] = fingerprint
        return registration, False

    def save(self, registration: Registration, unit: Unit, *, before: Unit) -> None:
        there = self.get(registration.registration_id)
        if there == registration:
            return  # the very same write again
        if there.version != registration.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._units.put(unit, before, None)
        self._by_id[registration.registration_id] = registration

    def save_unit(self, unit: Unit, *, before: Unit) -> None:
        there = self._units.get(unit.unit_id)
        if there.version not in (unit.version - 1, unit.version):
            raise ChangedMeanwhile("it was changed meanwhile")
        self._units.put(unit, before, None)


@dataclass
class InMemoryPeople:
    """Knows people by name and contact, each under a number of their own."""

    known: dict[tuple[str, Contact], str] = field(default_factory=dict)
    is_down: bool = False
    is_shared: bool = False  # whether several of one person's ids have what they are found by

    def find_or_create(
        self, name: str, contact: Contact, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        if self.is_down:
            raise Unavailable("the customer service is down", retry_after=5)
        found = self.known.setdefault((name, contact), f"cus_{len(self.known) + 1}")
        return found, Via(kind=contact.kind.value, shared=self.is_shared, at=NOON)
