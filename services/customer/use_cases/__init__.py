"""What one can do with customers, one function each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
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
    could_be,
)
from services.customer.ports import Customers
from services.customer.use_cases.links import leader_of
from shared.entity import Act, Via
from shared.errors import ChangedMeanwhile, Conflict, Stale

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
    )
    return customers.add(customer, fingerprint=fingerprint)


def find_or_create(
    customers: Customers,
    act: Act,
    *,
    customer_id: str,
    fingerprint: str,
    name: str | None,
    contact_points: Sequence[ContactPoint] = (),
    external_id: str | None = None,
) -> tuple[Customer, bool]:
    """The customer that somebody is; a new one where that is not just one person.

    It is who has the external id; else the one person with such a contact point
    and this name, who gets the external id. Customers that are linked are one
    person, and one of them is returned. `customer_id` is the id a new one gets,
    so that the same question never makes two. Return also whether the customer
    was there already.
    """
    for tried in range(1, ATTEMPTS + 1):
        try:
            known = _known_as(customers, act, name, contact_points, external_id)
            if known is not None:
                return known, True
            return create_customer(
                customers,
                act,
                customer_id=customer_id,
                fingerprint=fingerprint,
                name=name,
                contact_points=contact_points,
                external_ids=(external_id,) if external_id else (),
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
) -> Customer | None:
    if external_id and (theirs := customers.by_external_id(external_id)):
        return theirs[0]
    if name is None:
        return None
    same = [
        one for one in _reached_by(customers, contact_points) if could_be(one, name, external_id)
    ]
    if len(_persons(customers, same)) != 1:
        return None
    known = _eldest(same)
    if external_id is None:
        return known
    named = known.change(act, external_ids=(*known.external_ids, external_id))
    customers.save(known, named)
    return named


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
    if version not in (None, person.version):
        raise Stale(
            f"it is at version {person.version} by now, not {version}; "
            "read it again and decide anew"
        )
    changes = person.change(act, fields)
    if changes:
        customers.save_together(changes)
    return person.changed(changes)
