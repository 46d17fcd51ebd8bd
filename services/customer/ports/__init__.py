"""What the customer service needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.customer.domain import (
    ContactPoint,
    Conversation,
    Customer,
    Limit,
    Link,
    Listed,
    Look,
    Message,
    Session,
    TaxId,
    TaxNumber,
)
from services.customer.domain.duplicates import Duplicate
from services.customer.domain.relations import Relation
from services.customer.domain.walk import Walk
from shared.access import Caller

Change = tuple[Customer, Customer]
"""A customer as it was read, and its next version."""

MOST_HOME = 8  # who share a phone or an e-mail at home; what more share is an office's
MOST_FOUND = 50  # of those who share something; there may be more


class Customers(Protocol):
    """Everybody in the books, and who of them are one person."""

    def add(self, customer: Customer, *, fingerprint: str) -> tuple[Customer, bool]:
        """Add once; return it as it now stands, and whether it was there already.

        Raise KeyReused where the id came from another request, Conflict where
        an external id is somebody else's, and CustomerErased where it was there.
        """
        ...

    def get(self, customer_id: str) -> Customer:
        """Raise CustomerNotFound if there is none, and CustomerErased where there was one."""
        ...

    def entry(self, customer_id: str) -> Customer:
        """The same, but who was erased is there as well. Raise CustomerNotFound."""
        ...

    def save(self, before: Customer, after: Customer) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...

    def save_together(self, changes: Sequence[Change]) -> None:
        """Save several customers, all or nothing. Raise ChangedMeanwhile as `save` does."""
        ...

    def those(self, ids: Collection[str]) -> Sequence[Customer]:
        """Those of at most a hundred customers that are there and not erased, in one read."""
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

    def by_tax_number(self, number: TaxNumber) -> Sequence[Customer]:
        """Those who have it: more than one entry, where a person stands in the books twice."""
        ...

    def add_conversation(
        self, conversation: Conversation, *, fingerprint: str
    ) -> tuple[Conversation, bool]:
        """Add once; return it, and whether it was there already. Raise KeyReused as `add` does."""
        ...

    def find_conversation(self, conversation_id: str, *, fingerprint: str) -> Conversation | None:
        """The conversation, if there is one. Raise KeyReused as `find_link` does."""
        ...

    def get_conversation(self, conversation_id: str) -> Conversation:
        """Raise ConversationNotFound if there is none."""
        ...

    def save_conversation(self, conversation: Conversation) -> None:
        """Raise ChangedMeanwhile as `save` does."""
        ...

    def link(
        self, link: Link, *changes: Change, fingerprint: str, confirmed: Link | None = None
    ) -> tuple[Link, bool]:
        """Store a link and the leaders' next versions, all or nothing.

        `confirmed` is the next version of the link there was, where this is a request that
        confirmed it.
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

    def save_link(self, link: Link, *changes: Change) -> None:
        """Store the next versions of a link and of these customers, all or nothing.

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


class TaxIds(Protocol):
    """Keeps tax numbers so that nobody reads them by chance."""

    def is_same(self, tax_id: TaxId, number: TaxNumber) -> bool:
        """Whether this is the number that is kept there; it need not be opened for that."""
        ...

    def seal(self, number: TaxNumber, customer_id: str) -> TaxId:
        """What is to be kept of a customer's number. Raise Unavailable where nothing is sealed."""
        ...

    def reveal(self, tax_id: TaxId, customer_id: str) -> TaxNumber:
        """The number itself. It fails for any other customer than it was sealed for.

        Raise Unavailable where nothing can be opened at the moment.
        """
        ...


class Attempts(Protocol):
    """How often something was tried, such as recognising."""

    def count(self, limit: Limit, whose: str, now: datetime) -> None:
        """Count one attempt more. Raise TooManyAttempts where that is one too many."""
        ...


MOST_AMONG = 50  # customers of whom another service is asked at once


@dataclass(frozen=True, kw_only=True)
class Owners:
    """Whose something may be; `more` where too many have it for all to be told."""

    ids: Sequence[str] = ()
    more: bool = False


class Finder(Protocol):
    """Another service, asked whose something is."""

    def find(
        self,
        kind: str,
        value: str,
        caller: Caller,
        correlation_id: str,
        *,
        among: Collection[str] = (),
    ) -> Owners:
        """The customers whose it may be. Raise Unavailable rather than guess.

        Where too many have it, only those who are `among` these; of at most fifty it can be asked.
        """
        ...


class Sessions(Protocol):
    """Who of ours talks with whom."""

    def add(self, session: Session, *, fingerprint: str) -> tuple[Session, bool]:
        """Add once; return it as it now stands, and whether it was there already.

        Raise KeyReused where the id came from another request.
        """
        ...

    def get(self, session_id: str) -> Session:
        """Raise SessionNotFound if there is none."""
        ...

    def save(self, session: Session) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...


class Codes(Protocol):
    """What nobody can guess, and we need not keep: it is worked out again from a secret."""

    def code(self, session_id: str, code_id: str, *, digits: int) -> str:
        """The code of this id in this session."""
        ...

    def handle(self, session_id: str, point: ContactPoint) -> str:
        """What a contact point is called in this session: it tells nobody which one it is."""
        ...


class Messenger(Protocol):
    """Sends messages."""

    def can_reach(self, point: ContactPoint) -> bool:
        """Whether there is a way to send anything there."""
        ...

    def send(self, point: ContactPoint, message: Message) -> None:
        """Raise Unavailable where it could not be handed over."""
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


Document = Mapping[str, Any]
"""What a customer is compared by, in JSON's types."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Those who share a blocking key, as they were read."""

    key: str
    place: str  # where it is kept
    seen: str | None  # the state in which it was read; None where there was no such block
    members: Mapping[str, Document] | None  # None of a common one: too many share it to count

    @property
    def is_common(self) -> bool:
        return self.members is None


@dataclass(frozen=True, kw_only=True)
class Neighbourhood:
    """The blocks of a customer, and as what they stand there by now."""

    customer_id: str
    version: int  # as of which the customer stands there; 0 where they stand nowhere
    traits: Document | None
    places: frozenset[str]  # of all blocks they stand in
    blocks: Sequence[Block]  # of the keys that were asked for

    def holds(self, traits: Document) -> bool:
        """Whether the customer stands as this in all blocks that are not common."""
        there = (block.members for block in self.blocks if block.members is not None)
        return self.traits == traits and all(self.customer_id in one for one in there)

    @property
    def others(self) -> Mapping[str, Document]:
        """What everybody else in these blocks is compared by, by their customer ids."""
        return {
            one: it
            for block in self.blocks
            for one, it in (block.members or {}).items()
            if one != self.customer_id
        }

    @property
    def common(self) -> frozenset[str]:
        """The keys that too many share for anything to follow from sharing them."""
        mine = {self.customer_id}
        return frozenset(
            block.key
            for block in self.blocks
            if block.members is None or len(block.members.keys() | mine) > MOST_HOME
        )


@dataclass(frozen=True, kw_only=True)
class DuplicatePage:
    """Some pairs, and the cursor of the next ones; None when these were the last."""

    duplicates: Sequence[Duplicate]
    cursor: str | None


class Duplicates(Protocol):
    """Who resembles whom: the blocks in which people are compared, and what came of it."""

    def neighbourhood(self, customer_id: str, keys: Collection[str]) -> Neighbourhood:
        """The blocks of these keys, strongly read in one call."""
        ...

    def keep(
        self,
        customer: Customer,
        traits: Document,
        seen: Neighbourhood,
        *,
        found: Sequence[Duplicate] = (),
        changed: Sequence[tuple[Duplicate, Duplicate]] = (),
    ) -> None:
        """Let the customer stand in the blocks as of this version, and store pairs, all or none.

        `changed` are pairs before and after. Raise ChangedMeanwhile where a block, a pair, or
        what stood there of the customer, is no longer as it was seen: so of two customers who
        come at once one sees the other.
        """
        ...

    def waiting(self, customer_id: str) -> Sequence[Duplicate]:
        """The pairs of a customer that wait for somebody, at most fifty."""
        ...

    def known(self, ids: Collection[str]) -> Mapping[str, Duplicate]:
        """Those of these pairs that have an entry, by its id."""
        ...

    def get(self, duplicate_id: str) -> Duplicate:
        """Raise DuplicateNotFound if there is none."""
        ...

    def save(self, before: Duplicate, after: Duplicate) -> None:
        """Raise ChangedMeanwhile if somebody else saved a newer version meanwhile."""
        ...


@dataclass(frozen=True, kw_only=True)
class Step:
    """Some customers of all, and the place behind which there are more; None at the end."""

    customers: Sequence[Customer]
    next_place: str | None
    items: int  # looked through for them


class Walks(Protocol):
    """All the books, step by step, and how far a walk through them has come."""

    def current(self) -> Walk | None:
        """The walk that goes on, or was done last; None before the first."""
        ...

    def save(self, before: Walk | None, after: Walk) -> None:
        """Raise ChangedMeanwhile where somebody else has walked on."""
        ...

    def step(self, place: str | None, items: int) -> Step:
        """The customers among the next items behind a place, as they now stand."""
        ...
