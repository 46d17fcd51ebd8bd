"""In-memory stand-in for the customers port, kept honest by test_adapters."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar

from services.customer.adapters.tax_ids import tax_key
from services.customer.domain import (
    ContactKind,
    ContactPoint,
    Conversation,
    ConversationNotFound,
    Customer,
    CustomerErased,
    CustomerNotFound,
    Limit,
    Link,
    LinkNotFound,
    Message,
    Session,
    SessionNotFound,
    TaxId,
    TaxNumber,
    TooManyAttempts,
    names_and_districts,
)
from services.customer.ports import Change
from shared.entity import Entity
from shared.errors import ChangedMeanwhile, Conflict, KeyReused, Unavailable
from tests.account import SECRET

E = TypeVar("E", bound=Entity)


class InMemoryCustomers:
    def __init__(self, *customers: Customer) -> None:
        self._customers = {one.customer_id: one for one in customers}
        self._links: dict[str, Link] = {}
        self._conversations: dict[str, Conversation] = {}
        self._fingerprints: dict[str, str] = dict.fromkeys(self._customers, "")
        self.after_get: Callable[[str], None] = lambda _: None  # what others do meanwhile

    def add(self, customer: Customer, *, fingerprint: str) -> tuple[Customer, bool]:
        there = self._created(self._customers, customer.customer_id, fingerprint)
        if there is not None:
            return self._living(there), True
        self._must_be_free(customer)
        self._customers[customer.customer_id] = customer
        self._fingerprints[customer.customer_id] = fingerprint
        return customer, False

    def get(self, customer_id: str) -> Customer:
        return self._living(self.entry(customer_id))

    def entry(self, customer_id: str) -> Customer:
        if customer_id not in self._customers:
            raise CustomerNotFound(customer_id)
        found = self.peek(customer_id)
        self.after_get(customer_id)
        return found

    def those(self, ids: Collection[str]) -> Sequence[Customer]:
        found = [one for name, one in sorted(self._customers.items()) if name in ids]
        return [one for one in found if one.erased_at is None]

    @staticmethod
    def _living(customer: Customer) -> Customer:
        if customer.erased_at is not None:
            raise CustomerErased(customer.customer_id)
        return customer

    def peek(self, customer_id: str) -> Customer:
        """A customer, while nobody does anything meanwhile."""
        return self._customers[customer_id]

    def save(self, before: Customer, after: Customer) -> None:
        if self._customers[after.customer_id] == after:
            return  # the very same write again
        self._must_be_before(after)
        self._must_be_free(after)
        self._customers[after.customer_id] = after

    def save_together(self, changes: Sequence[Change]) -> None:
        for _, after in changes:
            self._must_be_before(after)
            self._must_be_free(after)
        self._customers |= {after.customer_id: after for _, after in changes}

    def by_phone(self, phone: str) -> Sequence[Customer]:
        return self._reached_by(ContactKind.PHONE, phone)

    def by_email(self, email: str) -> Sequence[Customer]:
        return self._reached_by(ContactKind.EMAIL, email)

    def by_external_id(self, external_id: str) -> Sequence[Customer]:
        return [one for one in self._customers.values() if external_id in one.external_ids]

    def by_name_and_district(self, name: str, district: str) -> Sequence[Customer]:
        people = self._customers.values()
        return [one for one in people if (name, district) in names_and_districts(one)]

    def by_tax_number(self, number: TaxNumber) -> Sequence[Customer]:
        key, people = tax_key(SECRET, number), self._customers.values()
        return [one for one in people if any(tax_id.key == key for tax_id in one.tax_ids)]

    def add_conversation(
        self, conversation: Conversation, *, fingerprint: str
    ) -> tuple[Conversation, bool]:
        there = self.find_conversation(conversation.conversation_id, fingerprint=fingerprint)
        if there is not None:
            return there, True
        self._conversations[conversation.conversation_id] = conversation
        self._fingerprints[conversation.conversation_id] = fingerprint
        return conversation, False

    def find_conversation(self, conversation_id: str, *, fingerprint: str) -> Conversation | None:
        return self._created(self._conversations, conversation_id, fingerprint)

    def get_conversation(self, conversation_id: str) -> Conversation:
        if conversation_id not in self._conversations:
            raise ConversationNotFound(conversation_id)
        return self._conversations[conversation_id]

    def save_conversation(self, conversation: Conversation) -> None:
        known = self._conversations[conversation.conversation_id]
        if known == conversation:
            return
        if known.version != conversation.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._conversations[conversation.conversation_id] = conversation

    def link(
        self, link: Link, *changes: Change, fingerprint: str, confirmed: Link | None = None
    ) -> tuple[Link, bool]:
        there = self._created(self._links, link.link_id, fingerprint)
        if there is not None:
            return there, True
        if confirmed is not None:
            self.save_link(confirmed, *changes)
        self._must_be_before(*(() if confirmed else (one for _, one in changes)))
        self._links[link.link_id] = link
        self._fingerprints[link.link_id] = fingerprint
        self._customers |= {one.customer_id: one for _, one in changes}
        return link, False

    def get_link(self, link_id: str) -> Link:
        if link_id not in self._links:
            raise LinkNotFound(link_id)
        return self._links[link_id]

    def find_link(self, link_id: str, *, fingerprint: str) -> Link | None:
        return self._created(self._links, link_id, fingerprint)

    def save_link(self, link: Link, *changes: Change) -> None:
        if self._links[link.link_id].version != link.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._must_be_before(*(after for _, after in changes))
        self._links[link.link_id] = link
        self._customers |= {after.customer_id: after for _, after in changes}

    def _created(self, kept: dict[str, E], entity_id: str, fingerprint: str) -> E | None:
        if entity_id not in kept:
            return None
        if self._fingerprints[entity_id] != fingerprint:
            raise KeyReused("this Idempotency-Key was used before with another request")
        return kept[entity_id]

    def _must_be_before(self, *customers: Customer) -> None:
        for one in customers:
            if self._customers[one.customer_id].version != one.version - 1:
                raise ChangedMeanwhile("it was changed meanwhile")

    def _must_be_free(self, customer: Customer) -> None:
        for other in self._customers.values():
            if other.customer_id != customer.customer_id and set(other.external_ids) & set(
                customer.external_ids
            ):
                raise Conflict(f"already belongs to {other.customer_id}")

    def _reached_by(self, kind: ContactKind, value: str) -> list[Customer]:
        return [
            one
            for one in self._customers.values()
            if any(
                point.kind is kind and point.value == value and point.is_evidence
                for point in one.contact_points
            )
        ]


class InMemoryAttempts:
    """Counts attempts, kept honest by test_recognise."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str, int]] = Counter()

    def count(self, limit: Limit, whose: str, now: datetime) -> None:
        key = limit.of, whose, limit.ends(now)
        if self._counted[key] >= limit.most:
            raise TooManyAttempts(limit, now)
        self._counted[key] += 1


class InMemorySessions:
    """Sessions, kept honest by test_sessions."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._fingerprints: dict[str, str] = {}

    def add(self, session: Session, *, fingerprint: str) -> tuple[Session, bool]:
        there = self._sessions.get(session.session_id)
        if there is None:
            self._sessions[session.session_id] = session
            self._fingerprints[session.session_id] = fingerprint
            return session, False
        if self._fingerprints[session.session_id] != fingerprint:
            raise KeyReused("this Idempotency-Key was used before with another request")
        return there, True

    def get(self, session_id: str) -> Session:
        if session_id not in self._sessions:
            raise SessionNotFound(session_id)
        return self._sessions[session_id]

    def save(self, session: Session) -> None:
        there = self._sessions[session.session_id]
        if there == session:
            return  # the very same write again
        if there.version != session.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._sessions[session.session_id] = session


class InMemoryMessenger:
    """Keeps what was sent, and is kept honest by test_sessions. `down` says whether it fails."""

    def __init__(self, *, by_email: bool = True) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.down = False
        self._by_email = by_email

    def can_reach(self, point: ContactPoint) -> bool:
        return point.kind is ContactKind.PHONE or self._by_email

    def send(self, point: ContactPoint, message: Message) -> None:
        if self.down:
            raise Unavailable("the code could not be sent; send the same request again")
        self.sent.append((point.value, message))


class InMemoryTaxIds:
    """Seals with a lid instead of a key, kept honest by test_tax_ids."""

    def __init__(self) -> None:
        self._sealed: dict[str, tuple[str, TaxNumber]] = {}

    def is_same(self, tax_id: TaxId, number: TaxNumber) -> bool:
        return tax_id.key == tax_key(SECRET, number)

    def seal(self, number: TaxNumber, customer_id: str) -> TaxId:
        lid = f"lid {len(self._sealed)}"
        self._sealed[lid] = customer_id, number
        return TaxId(
            scheme=number.scheme,
            ends_with=number.value[-2:],
            key=tax_key(SECRET, number),
            sealed=lid,
        )

    def reveal(self, tax_id: TaxId, customer_id: str) -> TaxNumber:
        whose, number = self._sealed[tax_id.sealed]
        if (whose, number.scheme) != (customer_id, tax_id.scheme):
            raise ValueError("this was sealed for somebody else")
        return number

    @property
    def count(self) -> int:
        """How many were sealed by now."""
        return len(self._sealed)
