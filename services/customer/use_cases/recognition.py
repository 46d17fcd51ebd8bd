"""Recognising somebody by what is known of them. It stores nothing but that it was tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.customer.domain import (
    AGENT,
    LINE,
    MACHINE,
    POINTS,
    ContactKind,
    Customer,
    CustomerNotFound,
    Evidence,
    Known,
    Lead,
    Limit,
    Outcome,
    Recognition,
    recognise,
    surely,
)
from services.customer.ports import MOST_FOUND, Attempts, Customers, Finder
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
    found = dict(_here(customers, known))
    unanswered: dict[Evidence, Unavailable] = {}
    for evidence, value in known.elsewhere.items():
        try:
            ids = finders[evidence].find(evidence, value, asking.caller, asking.correlation_id)
        except Unavailable as failure:
            unanswered[evidence] = failure
        else:
            found[(evidence,)] = list(_there(customers, ids))
    people = _people(customers, [one for some in found.values() for one in some])
    leads = [_lead(by, some, people, known) for by, some in found.items()]
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


def _here(
    customers: Customers, known: Known
) -> Iterator[tuple[tuple[Evidence, ...], Sequence[Customer]]]:
    """What our own books say, by what they were looked through for."""
    ways = {ContactKind.PHONE: customers.by_phone, ContactKind.EMAIL: customers.by_email}
    for point in known.points:
        yield (POINTS[point.kind],), ways[point.kind](point.value)
    if known.external_id is not None:
        yield (Evidence.EXTERNAL_ID,), customers.by_external_id(known.external_id)
    if known.tax_number is not None:
        yield (Evidence.TAX_ID,), customers.by_tax_number(known.tax_number)
    if known.facts.pair is not None:
        found = customers.by_name_and_district(*known.facts.pair)
        yield (Evidence.NAME, Evidence.DISTRICT), found


def _there(customers: Customers, ids: Sequence[str]) -> Iterator[Customer]:
    """The customers that another service names, but for those we do not know."""
    for one in dict.fromkeys(ids):
        try:
            yield customers.get(one)
        except CustomerNotFound:
            continue


def _people(customers: Customers, found: Sequence[Customer]) -> dict[str, list[Customer]]:
    """Every entry of the persons that were found, by the id that stands for the person."""
    people: dict[str, list[Customer]] = {}
    for one in found:
        if one.customer_id in {entry.customer_id for some in people.values() for entry in some}:
            continue
        leader = leader_of(customers, one)
        read = {leader.customer_id: leader, one.customer_id: one}
        people[leader.customer_id] = [
            read.get(member) or customers.get(member) for member in leader.members
        ]
    return people


def _lead(
    by: tuple[Evidence, ...],
    found: Sequence[Customer],
    people: Mapping[str, Sequence[Customer]],
    known: Known,
) -> Lead:
    ids = {one.customer_id for one in found}
    persons = {
        person_id
        for person_id, entries in people.items()
        if ids & {entry.customer_id for entry in entries} and not _is_lost(by, entries, known)
    }
    is_cut = len(found) >= MOST_FOUND
    return Lead(by=by, person_ids=frozenset(persons), is_cut=is_cut)


def _is_lost(by: tuple[Evidence, ...], entries: Sequence[Customer], known: Known) -> bool:
    """Whether it led by a phone or e-mail that another entry of the person says is lost."""
    told = [one for one in known.points if POINTS[one.kind] in by]
    theirs = [point for entry in entries for point in entry.contact_points]
    return any(not point.is_evidence and point.is_same(one) for one in told for point in theirs)
