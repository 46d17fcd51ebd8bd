"""What one can do with customers, one function each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.customer.domain import (
    Address,
    CalledByNobody,
    CalledBySeveral,
    ContactKind,
    ContactPoint,
    Conversation,
    Customer,
    Person,
    TaxId,
    could_be,
    is_called,
)
from services.customer.ports import Customers
from services.customer.use_cases.links import leader_of
from shared.entity import Act, Via
from shared.errors import ChangedMeanwhile, Conflict

ATTEMPTS = 3  # of finding or creating somebody whom others are changing meanwhile


def create_customer(
    customers: Customers,
    act: Act,
    *,
    customer_id: str,
    fingerprint: str,
    name: str | None,
    contact_points: Sequence[ContactPoint] = (),
    external_ids: Sequence[str] = (),
    addresses: Sequence[Address] = (),
    heard_from: str | None = None,
    since: datetime | None = None,
    language: str | None = None,
    birth_date: date | None = None,
    tax_ids: Sequence[TaxId] = (),
) -> tuple[Customer, bool]:
    """Take somebody into the books once, however often it is asked for."""
    customer = Customer.create(
        act,
        customer_id=customer_id,
        name=name,
        contact_points=tuple(contact_points),
        external_ids=tuple(external_ids),
        addresses=tuple(addresses),
        heard_from=heard_from,
        since=since,
        language=language,
        birth_date=birth_date,
        tax_ids=tuple(tax_ids),
    )
    return customers.add(customer, fingerprint=fingerprint)


@dataclass(frozen=True, kw_only=True)
class Identified:
    """The customer that somebody is, and by what kind of identifier that is known."""

    customer: Customer
    was_there: bool
    via: Via


def find_or_create(
    customers: Customers,
    act: Act,
    *,
    customer_id: str,
    fingerprint: str,
    name: str | None,
    contact_points: Sequence[ContactPoint] = (),
    external_id: str | None = None,
) -> Identified:
    """The customer that somebody is; a new one where that is not just one person.

    It is who has the external id; else the one person with such a contact point
    and this name, who gets the external id. Of several customers who are that
    person it is who is called so by themselves, and the eldest where that does
    not tell either: then it came by what is shared. `customer_id` is the id a
    new one gets, so that the same question never makes two.
    """
    for tried in range(1, ATTEMPTS + 1):
        try:
            known = _known_as(customers, act, name, contact_points, external_id)
            if known is not None:
                return known
            made, was_there = create_customer(
                customers,
                act,
                customer_id=customer_id,
                fingerprint=fingerprint,
                name=name,
                contact_points=contact_points,
                external_ids=(external_id,) if external_id else (),
            )
            return Identified(
                customer=made,
                was_there=was_there,
                via=_by_itself(act, contact_points, external_id),
            )
        except Conflict as meanwhile:
            # Somebody changed them, or took the external id, since we looked.
            if tried == ATTEMPTS:
                raise ChangedMeanwhile("it was changed meanwhile; repeat it") from meanwhile
    raise AssertionError("unreachable")


def _known_as(
    customers: Customers,
    act: Act,
    name: str | None,
    contact_points: Sequence[ContactPoint],
    external_id: str | None,
) -> Identified | None:
    if external_id and (theirs := customers.by_external_id(external_id)):
        via = Via(
            kind="external_id", shared=_may_be_others(customers, theirs[0], external_id), at=act.at
        )
        return Identified(customer=theirs[0], was_there=True, via=via)
    if name is None:
        return None
    same = [
        one for one in _reached_by(customers, contact_points) if could_be(one, name, external_id)
    ]
    if len(_persons(customers, same)) != 1:
        return None
    by_themselves = [one for one in same if is_called(one, name)]
    known = _eldest(by_themselves or same)
    via = replace(_by_itself(act, contact_points, None), shared=len(by_themselves) != 1)
    if external_id is not None:
        named = known.change(act, external_ids=(*known.external_ids, external_id))
        if via.shared:
            named = replace(named, guessed_ids=(*known.guessed_ids, external_id))
        customers.save(known, named)
        known = named
    return Identified(customer=known, was_there=True, via=via)


def _by_itself(act: Act, points: Sequence[ContactPoint], external_id: str | None) -> Via:
    """By what somebody is known of whom all that is told is theirs alone."""
    kinds = ["external_id"] if external_id else []
    kinds += [one.kind.value for one in points]
    return Via(kind=next(iter(kinds), "name"), shared=False, at=act.at)


def _may_be_others(customers: Customers, customer: Customer, external_id: str) -> bool:
    """Whether any of a person's ids might have got an external id that one of them has."""
    if external_id not in customer.guessed_ids:
        return False
    return len(leader_of(customers, customer).members) > 1


def record_call(
    customers: Customers, call: Conversation, phone: ContactPoint, *, fingerprint: str
) -> Conversation:
    """Record a call as a conversation of the one person who has this phone, once.

    `call` says all but whose it is. Raise CalledByNobody or CalledBySeveral
    where the phone does not tell.
    """
    known = customers.find_conversation(call.conversation_id, fingerprint=fingerprint)
    if known is not None:
        return known
    found = customers.by_phone(phone.value)
    persons = _persons(customers, found)
    if not persons:
        raise CalledByNobody
    if len(persons) > 1:
        raise CalledBySeveral(len(persons))
    via = Via(kind=ContactKind.PHONE, shared=len(found) > 1, at=call.changed_at)
    theirs = replace(call, customer_id=_eldest(found).customer_id, via=via)
    recorded, _ = customers.add_conversation(theirs, fingerprint=fingerprint)
    return recorded


def _reached_by(customers: Customers, points: Iterable[ContactPoint]) -> Sequence[Customer]:
    """Everybody who has one of the contact points, each once."""
    ways = {ContactKind.PHONE: customers.by_phone, ContactKind.EMAIL: customers.by_email}
    return list({one.customer_id: one for p in points for one in ways[p.kind](p.value)}.values())


def _persons(customers: Customers, found: Sequence[Customer]) -> set[str]:
    """Who the customers are, by the ids that stand for persons."""
    if len(found) == 1:
        return {found[0].customer_id}
    return {leader_of(customers, one).customer_id for one in found}


def _eldest(found: Sequence[Customer]) -> Customer:
    return min(found, key=lambda one: (one.since, one.customer_id))


def record_conversation(
    customers: Customers, conversation: Conversation, *, fingerprint: str
) -> tuple[Conversation, bool]:
    """Record what was talked about, once. Raise CustomerNotFound for nobody's talk."""
    customers.get(conversation.customer_id)
    return customers.add_conversation(conversation, fingerprint=fingerprint)


def change_customer(
    customers: Customers, act: Act, person: Person, *, version: int | None, **fields: Any
) -> Person:
    """Change fields of the profile that somebody is shown with. What changes nothing is not saved.

    Raise Stale where the caller speaks of another version, and KeptUnderAnother
    where it would change what is told under another id of the same person.
    """
    person.must_be_at(version)
    changes = person.change(act, fields)
    if changes:
        customers.save_together(changes)
    return person.changed(changes)
