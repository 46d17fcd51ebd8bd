"""What is needed from outside to know the staff, and who of them cares for whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.customer.domain import Customer
from services.customer.domain.care import Standing
from services.customer.domain.segments import Roster, Segment
from services.customer.domain.staff import Staff
from services.customer.ports import Change


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What an event adds to what is counted of a customer. One id always adds the same."""

    event_id: str
    customer_id: str
    counts: Mapping[str, int]


class StaffDirectory(Protocol):
    """The people of the company, their segments, and the roster of those who own customers.

    Whatever changes the roster is stored with it or not at all.
    """

    def roster(self) -> Roster:
        """As it now stands; empty before anybody owns customers."""
        ...

    def add(self, staff: Staff, roster: Roster | None, *, fingerprint: str) -> tuple[Staff, bool]:
        """Add once; return them as they now stand, and whether they were there already.

        `roster` is the next one, None where it stays as it is. Raise KeyReused where the id came
        from another request, IdentifierTaken where somebody else has the subject, and
        ChangedMeanwhile where the roster is no longer as it was read.
        """
        ...

    def find(self, staff_id: str, *, fingerprint: str) -> Staff | None:
        """Whom this request added, if it did. Raise KeyReused as `add` does."""
        ...

    def get(self, staff_id: str) -> Staff:
        """Raise StaffNotFound if there is nobody."""
        ...

    def save(self, before: Staff, after: Staff, roster: Roster | None) -> None:
        """Raise ChangedMeanwhile, IdentifierTaken as `add` does, and StillOwns."""
        ...

    def add_segment(
        self, segment: Segment, roster: Roster, *, fingerprint: str
    ) -> tuple[Segment, bool]:
        """Add once, as `add` does."""
        ...

    def find_segment(self, segment_id: str, *, fingerprint: str) -> Segment | None:
        """The segment that this request added, if it did. Raise KeyReused as `add` does."""
        ...

    def get_segment(self, segment_id: str) -> Segment:
        """Raise SegmentNotFound if there is none."""
        ...

    def save_segment(self, segment: Segment, roster: Roster) -> None:
        """Raise ChangedMeanwhile where it or the roster is no longer as it was read."""
        ...

    def owned(self, staff_ids: Collection[str]) -> Mapping[str, int]:
        """How many customers of their own each of them has."""
        ...


class CareBook(Protocol):
    """Who was said to care for whom, and what happened to customers."""

    def look(self, entries: Sequence[Customer]) -> tuple[Roster, list[Standing]]:
        """The roster, and how these entries of one person stand, strongly read in one call."""
        ...

    def assign(self, changes: Sequence[Change]) -> None:
        """Store other owners and segments, all or nothing.

        Raise ChangedMeanwhile where a customer is no longer as they were read, or an owner may
        take no customers any more, and OwnsTooMany.
        """
        ...

    def count(self, happened: Sequence[Counted]) -> Collection[str]:
        """Count what some events add, each once; return those that were new, by their ids.

        Nothing of who is erased. It takes one call where all are new.
        """
        ...
