"""Recognising somebody by what is known of them. It stores nothing but that it was tried."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.customer.domain import (
    AGENT,
    LINE,
    MACHINE,
    POINTS,
    ContactKind,
    Customer,
    Evidence,
    Known,
    Lead,
    Limit,
    Outcome,
    Recognition,
    recognise,
    surely,
)
from services.customer.ports import MOST_AMONG, MOST_FOUND, Attempts, Customers, Finder
from services.customer.use_cases.links import leader_of
from shared.access import Caller, Role
from shared.errors import Unavailable


@dataclass(frozen=True)
class Asking:
    """Who asks, when, and in which request."""

    caller: Caller
    now: datetime
    correlation_id: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Who it may be, and the evidence whose service did not answer."""

    recognition: Recognition
    unanswered: tuple[Evidence, ...] = ()
    entries: Sequence[Customer] = ()  # of the one who is recognised, the leader's first


def recognise_customer(
    customers: Customers,
    finders: Mapping[Evidence, Finder],
    attempts: Attempts,
    known: Known,
    asking: Asking,
) -> Answered:
    """Whom what is known points to.

    Raise TooManyAttempts where it was tried too often, and Unavailable where nobody was found
    while another service could not be asked.
    """
    attempts.count(*counted(known, asking.caller), asking.now)
    found = list(_here(customers, known))
    unanswered: dict[Evidence, Unavailable] = {}

    def ask(evidence: Evidence, value: str, among: Collection[str] = ()) -> None:
        caller, correlation_id = asking.caller, asking.correlation_id
        try:
            owners = finders[evidence].find(evidence, value, caller, correlation_id, among=among)
        except Unavailable as failure:
            unanswered[evidence] = failure
        else:
            theirs = customers.those(owners.ids)
            is_cut = owners.more or (
                evidence is not Evidence.PURCHASE and len(theirs) >= MOST_FOUND
            )
            found.append(_Found(by=(evidence,), customers=theirs, is_cut=is_cut))

    for evidence, value in known.elsewhere.items():
        ask(evidence, value)
    people = _people(customers, found, {})
    if known.purchase is not None:
        # Too many may have bought the same: then it is asked of those who may be meant already.
        ids = [one.customer_id for entries in people.values() for one in entries]
        about = f"{known.purchase.when} {known.purchase.product}"
        ask(Evidence.PURCHASE, about, ids if len(ids) <= MOST_AMONG else ())
        people = _people(customers, found, people)
    leads = [_lead(one, people, known) for one in found]
    led_to = {person_id for lead in leads for person_id in lead.person_ids}
    recognition = recognise(
        leads, {one: entries for one, entries in people.items() if one in led_to}, known.facts
    )
    if recognition.outcome is Outcome.UNKNOWN:
        for silence in unanswered.values():
            raise silence
    entries: Sequence[Customer] = ()
    if recognition.outcome is Outcome.RECOGNISED:
        [person] = recognition.persons
        entries = _confirmed(people[person.person_id], person.customer_id)
    return Answered(recognition=recognition, unanswered=tuple(unanswered), entries=entries)


def _confirmed(entries: Sequence[Customer], customer_id: str) -> Sequence[Customer]:
    """Of a person's entries those that are confirmed to be the same as this one."""
    sure = surely(entries[0], customer_id)
    return [one for one in entries if one.customer_id in sure]


def counted(known: Known, caller: Caller) -> tuple[Limit, str]:
    """What an attempt is counted against: who sits at the desk, or the line that a machine has."""
    if caller.roles - {Role.INTEGRATION}:
        return AGENT, caller.subject
    if known.line is not None:
        return LINE, known.line
    return MACHINE, caller.subject


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Whom a look-up found, perhaps not all."""

    by: tuple[Evidence, ...]
    customers: Sequence[Customer]
    is_cut: bool


def _here(customers: Customers, known: Known) -> Iterator[_Found]:
    """What our own books say, by what they were looked through for."""

    def found(found: Sequence[Customer], *by: Evidence) -> _Found:
        return _Found(by=by, customers=found, is_cut=len(found) >= MOST_FOUND)

    ways = {ContactKind.PHONE: customers.by_phone, ContactKind.EMAIL: customers.by_email}
    for point in known.points:
        yield found(ways[point.kind](point.value), POINTS[point.kind])
    if known.external_id is not None:
        yield found(customers.by_external_id(known.external_id), Evidence.EXTERNAL_ID)
    if known.tax_number is not None:
        yield found(customers.by_tax_number(known.tax_number), Evidence.TAX_ID)
    if known.facts.pair is not None:
        pair = customers.by_name_and_district(*known.facts.pair)
        yield found(pair, Evidence.NAME, Evidence.DISTRICT)


def _people(
    customers: Customers, found: Sequence[_Found], known: Mapping[str, list[Customer]]
) -> dict[str, list[Customer]]:
    """Every entry of the persons that were found, by the id that stands for the person.

    `known` are those that were read already.
    """
    people = dict(known)
    for one in (customer for some in found for customer in some.customers):
        if one.customer_id in {entry.customer_id for some in people.values() for entry in some}:
            continue
        leader = leader_of(customers, one)
        read = {leader.customer_id: leader, one.customer_id: one}
        people[leader.customer_id] = [
            read.get(member) or customers.get(member) for member in leader.members
        ]
    return people


def _lead(found: _Found, people: Mapping[str, Sequence[Customer]], known: Known) -> Lead:
    ids = {one.customer_id for one in found.customers}
    persons = {
        person_id
        for person_id, entries in people.items()
        if ids & {entry.customer_id for entry in entries}
        and not _is_lost(found.by, entries, known)
    }
    return Lead(by=found.by, person_ids=frozenset(persons), is_cut=found.is_cut)


def _is_lost(by: tuple[Evidence, ...], entries: Sequence[Customer], known: Known) -> bool:
    """Whether it led by a phone or e-mail that another entry of the person says is lost."""
    told = [one for one in known.points if POINTS[one.kind] in by]
    theirs = [point for entry in entries for point in entry.contact_points]
    return any(not point.is_evidence and point.is_same(one) for one in told for point in theirs)
