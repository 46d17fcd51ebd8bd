"""What the customer service needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.customer.domain import Conversation, Customer, Limit, Link, Listed, Look
from services.customer.domain.relations import Relation
from shared.access import Caller

MOST_FOUND = 50  # of those who share something; there may be more


class Customers(Protocol):
    """Everybody in the books, and who of them are one person."""

    def add(self, customer: Customer, *, fingerprint: str) -> tuple[Customer, bool]:
        """Add once; return it as it now stands, and whether it was there already.

        Raise KeyReused where the id came from another request, Conflict where
        an external id is somebody else's.
        """
        ...

    def get(self, customer_id: str) -> Customer:
        """Raise CustomerNotFound if there is none."""
        ...

    def save(self, before: Customer, after: Customer) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...

    def by_phone(self, phone: str) -> Sequence[Customer]:
        """Those who share this number, which is in E.164 form."""
        ...

    def by_email(self, email: str) -> Sequence[Customer]:
        """Those who share this address, which is in lower case."""
        ...

    def by_external_id(self, external_id: str) -> Sequence[Customer]:
        """The one that has it, if any."""
        ...

    def by_name_and_district(self, name: str, district: str) -> Sequence[Customer]:
        """Those who are called so and have an address there; both folded."""
        ...

    def add_conversation(
        self, conversation: Conversation, *, fingerprint: str
    ) -> tuple[Conversation, bool]:
        """Add once; return it, and whether it was there already. Raise KeyReused as `add` does."""
        ...

    def find_conversation(self, conversation_id: str, *, fingerprint: str) -> Conversation | None:
        """The conversation, if there is one. Raise KeyReused as `find_link` does."""
        ...

    def link(
        self, link: Link, leader: Customer, newcomer: Customer, *, fingerprint: str
    ) -> tuple[Link, bool]:
        """Store a link and both leaders' next versions, all or nothing.

        Return the link as it now stands, and whether it was there already.
        Raise ChangedMeanwhile where a leader is no longer as it was read.
        """
        ...

    def get_link(self, link_id: str) -> Link:
        """Raise LinkNotFound if there is none."""
        ...

    def find_link(self, link_id: str, *, fingerprint: str) -> Link | None:
        """The link, if there is one. Raise KeyReused where it came from another request."""
        ...

    def end_link(self, link: Link, leader: Customer, leaver: Customer) -> None:
        """Store the link's end and both groups' next versions, all or nothing.

        Raise ChangedMeanwhile as `link` does.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class DirectoryPage:
    """Who was seen in one look; `full` where there are more behind them."""

    listed: Sequence[Listed]
    full: bool


class Directory(Protocol):
    """Where people are searched for at the desk. It lags the books a little."""

    def words_like(self, words: Collection[str]) -> Mapping[str, Collection[str]]:
        """For each word those that people are listed under and that share its neighbourhood."""
        ...

    def look(self, look: Look, *, most: int) -> DirectoryPage:
        """Who stands there, in the order of the drawer, at most so many."""
        ...


class Attempts(Protocol):
    """How often recognition was tried."""

    def count(self, limit: Limit, whose: str, now: datetime) -> None:
        """Count one attempt more. Raise TooManyAttempts where that is one too many."""
        ...


class Finder(Protocol):
    """Another service, asked whose something is."""

    def find(self, kind: str, value: str, caller: Caller, correlation_id: str) -> Sequence[str]:
        """The ids of the customers whose it may be. Raise Unavailable rather than guess."""
        ...


class Relations(Protocol):
    """Households and firms."""

    def add(self, relation: Relation, *, fingerprint: str) -> tuple[Relation, bool]:
        """Add once, and show it with each member; return it, and whether it was there already.

        Raise KeyReused as `find` does, and TooManyRelations where a member has ten already.
        """
        ...

    def find(self, relation_id: str, *, fingerprint: str) -> Relation | None:
        """The relation, if there is one. Raise KeyReused where it came from another request."""
        ...

    def get(self, relation_id: str) -> Relation:
        """Raise RelationNotFound if there is none."""
        ...

    def end(self, ended: Relation) -> None:
        """Store its end, and show it with nobody. Raise ChangedMeanwhile if it was changed."""
        ...

    def of(self, customer_id: str) -> Sequence[Relation]:
        """The standing relations of a customer, the eldest first; at most ten."""
        ...
