"""Who somebody may be, from what is known of them: what was said outranks the line.

Recognised is not verified. This tells whom the evidence points to, and how strongly; that they
are that person is for a verification to show.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.customer.domain.contact import ContactKind, ContactPoint
from services.customer.domain.customer import Customer
from services.customer.domain.names import folded_name
from services.customer.domain.tax_id import TaxNumber

MOST_CANDIDATES = 20  # nobody asks further among more
ENOUGH = 2  # weak facts that do for a strong one


class Evidence(StrEnum):
    """What may speak for somebody."""

    PHONE = "phone"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    TAX_ID = "tax_id"
    ORDER_ID = "order_id"
    SERIAL = "serial"
    PURCHASE = "purchase"
    NAME = "name"
    DISTRICT = "district"


POINTS = {ContactKind.PHONE: Evidence.PHONE, ContactKind.EMAIL: Evidence.EMAIL}


class Strength(StrEnum):
    """How far the evidence for somebody carries."""

    STRONG = "strong"  # something that is theirs alone
    SUFFICIENT = "sufficient"  # two weak facts, such as a name and a district
    WEAK = "weak"  # less than that


class Outcome(StrEnum):
    """What came of it."""

    RECOGNISED = "recognised"
    CANDIDATES = "candidates"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The weak facts that somebody tells of themselves."""

    name: str | None = None
    district: str | None = None

    @property
    def pair(self) -> tuple[str, str] | None:
        """Name and district as they are looked for, where both are told."""
        if self.name is None or self.district is None:
            return None
        return folded_name(self.name), folded_name(self.district)


NO_FACTS = Facts()


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What somebody has, and about when they bought it: a day, or an ISO week as 2026-W07."""

    product: str
    when: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of somebody: identifiers in their canonical spelling, and weak facts."""

    points: tuple[ContactPoint, ...] = ()
    external_id: str | None = None
    tax_number: TaxNumber | None = None
    elsewhere: Mapping[Evidence, str] = field(default_factory=dict)  # what other services know
    purchase: Purchase | None = None
    facts: Facts = NO_FACTS

    def given(self) -> list[Evidence]:
        """Of which kinds it is, without saying any of it."""
        told = [POINTS[one.kind] for one in self.points]
        told += [Evidence.EXTERNAL_ID] if self.external_id else []
        told += [Evidence.TAX_ID] if self.tax_number else []
        told += [Evidence.NAME] if self.facts.name else []
        told += [Evidence.DISTRICT] if self.facts.district else []
        told += [Evidence.PURCHASE] if self.purchase else []
        return [*told, *self.elsewhere]

    @property
    def line(self) -> str | None:
        """The phone, which may be the line they call from."""
        phones = (one.value for one in self.points if one.kind is ContactKind.PHONE)
        return next(phones, None)


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A thing that somebody was looked for by, and the persons it led to.

    `by` are the evidences that it is: a name and a district lead together. `is_cut` says that
    there are more than could be looked at. Of a purchase that is cut, whoever else is led to was
    looked for all the same.
    """

    by: tuple[Evidence, ...]
    person_ids: frozenset[str]
    is_cut: bool = False

    @property
    def is_shared(self) -> bool:
        return len(self.person_ids) > 1 or self.is_cut

    @property
    def is_weak(self) -> bool:
        """Whether it tells little, even of the only one whom it leads to."""
        return Evidence.NAME in self.by or Evidence.PURCHASE in self.by

    @property
    def rank(self) -> int:
        """What is said of oneself outranks a name in a district, and both a phone and a purchase:
        a phone may be anybody's line, and many buy the same in one week."""
        if Evidence.PHONE in self.by or Evidence.PURCHASE in self.by:
            return 1
        return 2 if Evidence.NAME in self.by else 3


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """Somebody whom the evidence points to, and how."""

    customer_id: str  # the entry it led to, the eldest of several
    person_id: str
    language: str | None
    evidence: frozenset[Evidence]
    strength: Strength


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """The one person who is meant; or all who may be, the likeliest first."""

    outcome: Outcome
    persons: tuple[Recognised, ...] = ()
    is_cut: bool = False

    @property
    def is_recognised(self) -> bool:
        return self.outcome is Outcome.RECOGNISED


def names_and_districts(customer: Customer) -> list[tuple[str, str]]:
    """The folded pairs of name and district that a customer is found by, each once."""
    names = dict.fromkeys(folded_name(one) for one in customer.names)
    districts = dict.fromkeys(
        folded_name(one.district) for one in customer.addresses if one.district
    )
    return [(name, district) for name in names for district in districts]


def recognise(
    leads: Sequence[Lead], people: Mapping[str, Sequence[Customer]], facts: Facts
) -> Recognition:
    """Whom the leads point to. `people` are their entries in the books, by the person's id.

    One is recognised who has something that is theirs alone or two weak facts, unless somebody
    else has as much; whom a better lead passes by, or whose name is another, is not meant. So
    neither a household's number nor anybody's line decides against what the caller says.
    """
    found = {
        person_id: _seen(person_id, entries, leads, facts) for person_id, entries in people.items()
    }
    is_cut = any(lead.is_cut for lead in leads)
    if not found:
        return Recognition(
            outcome=Outcome.CANDIDATES if is_cut else Outcome.UNKNOWN, is_cut=is_cut
        )
    best = max(lead.rank for lead in leads if lead.person_ids)
    meant = [
        one
        for person_id, one in found.items()
        if _is_led_to(person_id, leads, best)
        and not _is_called_otherwise(people[person_id], facts)
    ]
    at_best = [lead for lead in leads if lead.rank == best]
    unseen = _unseen(at_best, facts)
    for one in meant:
        others = [other.evidence for other in meant if other is not one]
        if (
            one.strength is not Strength.WEAK
            and all(other < one.evidence for other in (*others, *unseen))
            and not any(lead.is_cut for lead in at_best if Evidence.PURCHASE not in lead.by)
        ):
            return Recognition(outcome=Outcome.RECOGNISED, persons=(one,))
    likeliest = sorted(
        found.values(),
        key=lambda one: (
            one not in meant,
            _ORDER[one.strength],
            -len(one.evidence),
            one.person_id,
        ),
    )
    return Recognition(
        outcome=Outcome.CANDIDATES,
        persons=tuple(likeliest[:MOST_CANDIDATES]),
        is_cut=is_cut or len(likeliest) > MOST_CANDIDATES,
    )


_ORDER = {Strength.STRONG: 0, Strength.SUFFICIENT: 1, Strength.WEAK: 2}


def _seen(
    person_id: str, entries: Sequence[Customer], leads: Sequence[Lead], facts: Facts
) -> Recognised:
    theirs = [lead for lead in leads if person_id in lead.person_ids]
    evidence = {one for lead in theirs for one in lead.by} | set(_agreeing(entries, facts))
    alone = any(not lead.is_shared and not lead.is_weak for lead in theirs)
    if alone:
        strength = Strength.STRONG
    else:
        strength = Strength.SUFFICIENT if len(evidence) >= ENOUGH else Strength.WEAK
    eldest = min(entries, key=lambda one: (one.since, one.customer_id))
    languages = (one.language for one in (eldest, *entries) if one.language)
    return Recognised(
        customer_id=eldest.customer_id,
        person_id=person_id,
        language=next(languages, None),
        evidence=frozenset(evidence),
        strength=strength,
    )


def _unseen(leads: Sequence[Lead], facts: Facts) -> list[frozenset[Evidence]]:
    """What may speak for those who could not be looked at, since too many bought the same.

    Whoever had more than that would have been led to by something else.
    """
    if not any(lead.is_cut and Evidence.PURCHASE in lead.by for lead in leads):
        return []
    told = [
        one
        for one, fact in ((Evidence.NAME, facts.name), (Evidence.DISTRICT, facts.district))
        if fact is not None
    ]
    return [frozenset({Evidence.PURCHASE, *one}) for one in ([[one] for one in told] or [[]])]


def _agreeing(entries: Sequence[Customer], facts: Facts) -> Iterator[Evidence]:
    if facts.name is not None and folded_name(facts.name) in _names(entries):
        yield Evidence.NAME
    if facts.district is not None and folded_name(facts.district) in _districts(entries):
        yield Evidence.DISTRICT


def _is_led_to(person_id: str, leads: Sequence[Lead], rank: int) -> bool:
    return any(person_id in lead.person_ids for lead in leads if lead.rank == rank)


def _is_called_otherwise(entries: Sequence[Customer], facts: Facts) -> bool:
    names = _names(entries)
    return facts.name is not None and bool(names) and folded_name(facts.name) not in names


def _names(entries: Sequence[Customer]) -> Collection[str]:
    return {folded_name(name) for one in entries for name in one.names}


def _districts(entries: Sequence[Customer]) -> Collection[str]:
    return {
        folded_name(place.district)
        for one in entries
        for place in one.addresses
        if place.district is not None
    }
