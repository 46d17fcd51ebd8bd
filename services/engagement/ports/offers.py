"""What is needed from outside to put offers to owners, and to hold back what they veto."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.engagement.domain.offers.clashes import Hold
from services.engagement.domain.offers.offer import Offer
from services.engagement.domain.offers.people import Addressee, Contact
from services.engagement.domain.offers.votes import Authority, Said, Vote


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How far a wave has come.

    `after` is the place behind which it goes on, "" at the beginning; None where it does not run.
    `has_votes` where somebody has voted since it was begun.
    """

    begun_at: datetime | None = None
    after: str | None = None
    has_votes: bool = False


@dataclass(frozen=True, kw_only=True)
class SegmentState:
    """Whether anybody is here who decides for a segment."""

    is_decided: bool


@dataclass(frozen=True, kw_only=True)
class Members:
    """Some of whom an offer is for, and behind whom the next ones come; None at the end."""

    customer_ids: Sequence[str]
    after: str | None


class Offers(Protocol):
    """All offers, who is on their lists, and what was said of them."""

    def add(self, offer: Offer, *, fingerprint: str) -> tuple[Offer, bool]:
        """Add it once; return it as it now stands, and whether it was there already.

        Raise KeyReused where it came from another request.
        """
        ...

    def get(self, offer_id: str) -> Offer:
        """Raise OfferNotFound if there is none."""
        ...

    def save(self, offer: Offer) -> None:
        """Raise ChangedMeanwhile if somebody else saved a newer version."""
        ...

    def list_people(self, offer: Offer, people: Mapping[str, str]) -> None:
        """Save the offer with further people, by customer id with the owner's staff id or "".

        All or nothing. Raise ChangedMeanwhile as `save` does.
        """
        ...

    def listed(self, offer_id: str, customer_ids: Collection[str]) -> Mapping[str, str]:
        """Those of these that are on its list, with the owner's staff id or ""."""
        ...

    def naming(self, offer_ids: Collection[str], customer_ids: Collection[str]) -> Collection[str]:
        """Those of these offers that have any of these customers on their lists."""
        ...

    def page(self, offer_id: str, *, after: str | None, size: int) -> Sequence[str]:
        """The next customer ids of a list, in their order."""
        ...

    def vote(self, offer: Offer, vote: Vote, *, fingerprint: str) -> tuple[Vote, bool]:
        """Record a vote once, as `add` does, with a word for each whom it names.

        Raise ChangedMeanwhile where the offer is no longer as it was read.
        """
        ...

    def cast(self, vote_id: str, *, fingerprint: str) -> Vote | None:
        """The vote that this request cast before, if it did. Raise KeyReused as `add` does."""
        ...

    def said(self, offer_id: str, people: Collection[Addressee]) -> Mapping[str, Said]:
        """What was said of each of these, by person id; strongly read."""
        ...

    def open_ones(self, until: datetime) -> Sequence[Offer]:
        """The open offers that have begun by a time, the first ones first; at most a hundred."""
        ...

    def walk(self, offer_id: str) -> Walk: ...

    def move(self, offer_id: str, before: Walk, after: Walk) -> None:
        """Note how far a wave has come. Raise ChangedMeanwhile where another one has moved it."""
        ...


class Holds(Protocol):
    """Which offers hold the place with whom, so that two that clash do not both reach them."""

    def holding(
        self, people: Collection[Addressee], hold: Hold, at: datetime
    ) -> Mapping[str, Sequence[str]]:
        """The ids of the offers that clash and hold the place, by person id."""
        ...

    def take(self, person: Addressee, hold: Hold, at: datetime) -> Sequence[str]:
        """Take the place with somebody, or find it taken.

        Return the offers that clash and hold it: none where it is theirs from now on. Of
        two that clash and take it at once one gets it.
        """
        ...


class People(Protocol):
    """Whom offers are for, as other services know them. None for one that does not answer."""

    def those(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Addressee] | None:
        """The person of each customer id; of whom nothing is known, nothing."""
        ...

    def complaints(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]] | None:
        """The seriousness of each open complaint of each customer id."""
        ...

    def authority(self, subject: str, correlation_id: str) -> Authority:
        """For whom somebody speaks today. Raise Unavailable where that cannot be asked."""
        ...

    def segment(self, segment_id: str, correlation_id: str) -> "SegmentState | None":
        """How a segment stands; None where there is none such.

        Raise Unavailable where that cannot be asked.
        """
        ...

    def members(
        self, segment_id: str, *, after: str | None, size: int, correlation_id: str
    ) -> "Members":
        """The next members of a segment, one customer id for each person.

        Raise Unavailable where that cannot be asked.
        """
        ...


class History(Protocol):
    """When people and we have spoken."""

    def of(self, person: Addressee, until: datetime) -> Sequence[Contact]:
        """The contacts with somebody by a time, the newest first; those of a thousand items."""
        ...


class Approvals(Protocol):
    """Whether owners let an offer by."""

    def allows(self, offer_id: str, ids: Collection[str], at: datetime) -> bool:
        """Whether an offer may be sent to a person with these customer ids at a time.

        A yes takes the place with them. Raise Unavailable where that cannot be found out now.
        """
        ...
