"""What one can do with units and registrations, one function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.warranty.domain import (
    Contact,
    DeliveredLine,
    Document,
    Purchase,
    Registration,
    Unit,
    following,
    is_same_product,
    product_weeks_told,
    register,
    units_of_delivery,
)
from services.warranty.ports import Buyers, People, Registrations, Units
from shared.calendar import day_in_turkey
from shared.entity import Act
from shared.errors import ChangedMeanwhile

ATTEMPTS = 3  # of registering a unit that others are registering meanwhile


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registration, the unit it is about, and whether this very request made it.

    `replayed`: the same request made it before.
    """

    registration: Registration
    unit: Unit
    is_new: bool = False
    replayed: bool = False


def register_product(
    units: Units,
    registrations: Registrations,
    people: People,
    act: Act,
    *,
    registration_id: str,
    fingerprint: str,
    purchase: Purchase,
    name: str,
    contact: Contact,
) -> Registered:
    """Register a product once, for a person found or created.

    Nothing is written here before the person is known. Who registers a unit
    that they have registered already gets that registration.
    """
    known = registrations.find(registration_id, fingerprint=fingerprint)
    if known is not None:
        return Registered(registration=known, unit=units.get(known.unit_id), replayed=True)
    purchase.must_be_possible(day_in_turkey(act.at))
    key = f"warranty:{registration_id}"
    customer_id, via = people.find_or_create(name, contact, key, act.correlation_id)
    for tried in range(1, ATTEMPTS + 1):
        meant = _meant(units, customer_id, purchase)
        if meant.unit is not None and meant.unit.registration_id is not None:
            there = registrations.get(meant.unit.registration_id)
            # By this very key where the same request, or another under it, came at once.
            replayed = there.registration_id == registration_id and (
                registrations.find(registration_id, fingerprint=fingerprint) is not None
            )
            return Registered(registration=there, unit=meant.unit, replayed=replayed)
        registration, unit = register(
            act,
            purchase,
            registration_id=registration_id,
            customer_id=customer_id,
            via=via,
            known=meant.unit,
            is_disputed=meant.is_disputed,
        )
        try:
            stored, replayed = registrations.add(
                registration, unit, before=meant.unit, fingerprint=fingerprint
            )
        except ChangedMeanwhile:
            if tried == ATTEMPTS:
                raise
        else:
            unit = units.get(stored.unit_id) if replayed else unit
            return Registered(
                registration=stored, unit=unit, is_new=not replayed, replayed=replayed
            )
    raise AssertionError("unreachable")


def give_proof(
    units: Units,
    registrations: Registrations,
    act: Act,
    registration: Registration,
    *,
    document: Document,
) -> Registered:
    """Name a document that shows the purchase."""
    moved = registration.give_proof(act, document)
    return _saved(units, registrations, registration, moved, act=act)


def accept_proof(
    units: Units,
    registrations: Registrations,
    act: Act,
    registration: Registration,
    *,
    version: int | None,
    reason: str,
) -> Registered:
    """Take the document for good."""
    moved = registration.accept_proof(act, reason)
    return _saved(units, registrations, registration, moved, act=act, version=version)


def refuse_proof(
    units: Units,
    registrations: Registrations,
    act: Act,
    registration: Registration,
    *,
    version: int | None,
    reason: str,
) -> Registered:
    """Say why the document does not show the purchase."""
    moved = registration.refuse_proof(act, reason)
    return _saved(units, registrations, registration, moved, act=act, version=version)


def own_delivered_units(
    units: Units,
    registrations: Registrations,
    act: Act,
    *,
    order_id: str,
    customer_id: str,
    delivered_at: datetime | None,
    lines: Sequence[DeliveredLine],
    ordered_at: datetime | None = None,
    holder: str | None = None,
    order_version: int = 0,
) -> int:
    """Let the units of a delivered order be whose the order is; return how many are new.

    `holder` is whose it was said to be by its `order_version`; None where nobody had said it.
    News of one order may come in any order. Raise ChangedMeanwhile where others are changing a
    unit; the same again will do.
    """
    new = 0
    for sold in units_of_delivery(
        act,
        order_id=order_id,
        customer_id=customer_id,
        delivered_at=delivered_at,
        lines=lines,
        ordered_at=ordered_at,
        holder=holder,
        order_version=order_version if holder else 0,
    ):
        if not units.add(sold):
            new += 1
        elif holder:
            unit = units.get(sold.unit_id)
            _save_attributed(registrations, act, unit, unit.follow(act, sold))
    return new


def attribute_unit(
    registrations: Registrations, act: Act, unit: Unit, customer_id: str, *, version: int | None
) -> Unit:
    """Say whose a unit is, and so its registration. Both are kept where they were written.

    Raise CameWithAnOrder where the order says whose it is.
    """
    unit.must_be_sayable()
    attributed = unit.attributed(act, customer_id)
    if attributed is not unit:
        unit.must_be_at(version)
    _save_attributed(registrations, act, unit, attributed)
    return attributed


def find_owners(units: Units, serial: str) -> list[str]:
    """The customers who say that a unit is theirs, who came first at the head, each once.

    `serial` is in its canonical spelling.
    """
    return list(dict.fromkeys(unit.holder for unit in units.by_serial(serial)))


def find_buyers(
    buyers: Buyers, product: str, when: str, among: Sequence[str]
) -> tuple[Sequence[str], bool]:
    """The customers who have this product since about then: a day, or an ISO week.

    Of more than can be chosen among, only those who are `among` these; return also whether it is
    so many.
    """
    return buyers.of(product_weeks_told(product, when), among=among)


@dataclass(frozen=True, kw_only=True)
class _Meant:
    """Which unit of the customer's own a registration is about, if we know it already."""

    unit: Unit | None = None
    is_disputed: bool = False


def _meant(units: Units, customer_id: str, purchase: Purchase) -> _Meant:
    """Look through our own books first: by serial number, then by the order that is named."""
    serial = purchase.canonical_serial
    holders = units.by_serial(serial) if serial else []
    if holders:
        mine = {customer_id, *units.members(customer_id)}
        own = next((unit for unit in holders if unit.holder in mine), None)
        return _Meant(unit=own, is_disputed=own is None)
    if purchase.order_id is None:
        return _Meant()
    registered: Unit | None = None
    for unit in units.sold(customer_id, purchase.order_id):
        if is_same_product(unit.product, purchase.product):
            if unit.registration_id is None:
                return _Meant(unit=unit)
            registered = registered or unit
    # Without a serial number it cannot be told from the piece that is registered already.
    return _Meant(unit=registered if serial is None else None)


def _save_attributed(registrations: Registrations, act: Act, before: Unit, unit: Unit) -> None:
    """Save a unit, and its registration with it where they are now somebody else's."""
    if unit is before:
        return
    if unit.registration_id is None:
        registrations.save_unit(unit, before=before)
        return
    registration = registrations.get(unit.registration_id)
    if registration.holder == unit.holder:
        registrations.save_unit(unit, before=before)
        return
    registrations.save(registration.attributed(act, unit.holder), unit, before=before)


def _saved(
    units: Units,
    registrations: Registrations,
    registration: Registration,
    moved: Registration,
    *,
    act: Act,
    version: int | None = None,
) -> Registered:
    """Save the registration one move on, and its unit. What was done before is not saved again."""
    before = units.get(registration.unit_id)
    if moved is registration:
        return Registered(registration=registration, unit=before)
    registration.must_be_at(version)
    after = following(act, before, moved)
    registrations.save(moved, after, before=before)
    return Registered(registration=moved, unit=after)
