"""Who cares for whom: saying it, and finding it out."""

from collections.abc import Sequence
from dataclasses import replace

from services.customer.domain import Customer, Person
from services.customer.domain.care import KEEP, NOBODY_SAID, Served, assigned, served
from services.customer.ports import Customers
from services.customer.ports.care import CareBook
from services.customer.use_cases.links import person_of
from shared.calendar import day_in_turkey
from shared.entity import Act
from shared.meanwhile import until_unchanged

ATTEMPTS = 3  # at what others are changing meanwhile


def care_of(book: CareBook, act: Act, entries: Sequence[Customer]) -> Served:
    """Who cares today for a person with these entries, the leader's first."""
    roster, standings = book.look(entries)
    return served(standings, roster, day_in_turkey(act.at))


def assign_care(
    customers: Customers,
    book: CareBook,
    act: Act,
    customer_id: str,
    *,
    owner: str | None = KEEP,
    segment: str | None = KEEP,
    reason: str,
) -> tuple[Person, Served]:
    """Say who owns a person, or which segment they are in; None takes away what was said.

    It is said of each entry that is confirmed to be this person. The same word again changes
    nothing. Raise NoOwner, HasLeft, OwnsTooMany and SegmentNotFound.
    """

    def assign() -> tuple[Person, Served]:
        person = person_of(customers, customers.get(customer_id))
        entries = list(person.entries.values())
        roster, standings = book.look(entries)
        if owner:
            roster.must_own(owner, act.at)
        if segment:
            roster.segment(segment)
        said = [
            (one, assigned(act, one, owner=owner, segment=segment, reason=reason))
            for one in entries
        ]
        changes = [(before, after) for before, after in said if after is not before]
        if changes:
            book.assign(changes)
        stand = [
            replace(one, care=after.care or NOBODY_SAID)
            for one, (_, after) in zip(standings, said, strict=True)
        ]
        return person.changed(changes), served(stand, roster, day_in_turkey(act.at))

    return until_unchanged(assign, attempts=ATTEMPTS)
