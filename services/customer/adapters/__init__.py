"""Customers and their links kept in DynamoDB, and how they show."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from services.customer.adapters import duplicates, relations, staff
from services.customer.adapters.care import (
    CARE,
    ERASED,
    DynamoCare,
    care_document,
    part_of,
    person_in,
    standing_in,
)
from services.customer.adapters.promises import PROMISES, promises_in
from services.customer.adapters.relations import RELATIONS, briefs_in
from services.customer.adapters.tax_ids import tax_key
from services.customer.domain import (
    ContactKind,
    Conversation,
    ConversationNotFound,
    Customer,
    CustomerErased,
    CustomerNotFound,
    Link,
    LinkNotFound,
    Promise,
    Session,
    TaxNumber,
    names_and_districts,
    profile_of,
)
from services.customer.domain import ContactPoint as DomainPoint
from services.customer.domain.care import Standing
from services.customer.ports import Change
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.projection import Projection, Row
from shared.aws.rows import Rows, shown
from shared.contracts.finding import Match
from shared.contracts.summary import (
    ConversationBrief,
    ConversationsPart,
    CustomerPart,
    CustomerSummary,
    OpenPromise,
)
from shared.errors import Invalid

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_customers = EntityDocument(Customer)
_links = EntityDocument(Link)
_conversations = EntityDocument(Conversation)
sessions = EntityDocument(Session)

NEWEST = 10  # conversations
BESIDE = (RELATIONS, PROMISES)  # what a customer has beside conversations, an item each
# Counts in a customer's summary.
CONVERSATIONS = "conversations"
OPEN_PROMISES = "open_promises"


class DynamoCustomers:
    """Implements ports.Customers."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._secret = secret
        self._customers = EntityStore(client, table, secret, _customers)
        self._links = EntityStore(client, table, secret, _links)
        self._conversations = EntityStore(client, table, secret, _conversations)

    def add(self, customer: Customer, *, fingerprint: str) -> tuple[Customer, bool]:
        stored, was_there = self._customers.create(
            customer, fingerprint=fingerprint, found_by=_found_by(customer)
        )
        return _living(stored), was_there

    def get(self, customer_id: str) -> Customer:
        return _living(self.entry(customer_id))

    def entry(self, customer_id: str) -> Customer:
        customer = self._customers.get(customer_id)
        if customer is None:
            raise CustomerNotFound(customer_id)
        return customer

    def those(self, ids: Collection[str]) -> Sequence[Customer]:
        return [one for one in self._customers.those(ids) if one.erased_at is None]

    def find_again(self, customer_id: str) -> None:
        """Let a customer be found by all that they share with others, as they now are.

        What is unique to them was never added later.
        """
        keys = self._customers.identifiers
        self._customers.find_again(
            customer_id,
            lambda customer: [
                keys.claim(one, customer_id)
                for one in dict.fromkeys(_found_by(customer))
                if not one.unique
            ],
        )

    def save(self, before: Customer, after: Customer) -> None:
        self._customers.save(after, found_by_before=_found_by(before), found_by=_found_by(after))

    def save_together(self, changes: Sequence[Change]) -> None:
        (before, after), *others = changes
        self._customers.save(
            after,
            found_by_before=_found_by(before),
            found_by=_found_by(after),
            beside=self._writes(*others),
        )

    def by_phone(self, phone: str) -> Sequence[Customer]:
        return self._by(Identifier(kind=ContactKind.PHONE, value=phone))

    def by_email(self, email: str) -> Sequence[Customer]:
        return self._by(Identifier(kind=ContactKind.EMAIL, value=email))

    def by_external_id(self, external_id: str) -> Sequence[Customer]:
        return self._by(_external(external_id))

    def by_name_and_district(self, name: str, district: str) -> Sequence[Customer]:
        return self._by(_name_and_district(name, district))

    def by_tax_number(self, number: TaxNumber) -> Sequence[Customer]:
        return self._by(_tax_id(tax_key(self._secret, number)))

    def add_conversation(
        self, conversation: Conversation, *, fingerprint: str
    ) -> tuple[Conversation, bool]:
        return self._conversations.create(conversation, fingerprint=fingerprint)

    def find_conversation(self, conversation_id: str, *, fingerprint: str) -> Conversation | None:
        return self._conversations.created(conversation_id, fingerprint=fingerprint)

    def get_conversation(self, conversation_id: str) -> Conversation:
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            raise ConversationNotFound(conversation_id)
        return conversation

    def save_conversation(self, conversation: Conversation) -> None:
        self._conversations.save(conversation)

    def link(
        self, link: Link, *changes: Change, fingerprint: str, confirmed: Link | None = None
    ) -> tuple[Link, bool]:
        beside = self._writes(*changes)
        if confirmed is not None:
            beside.append(self._links.update(confirmed))
        return self._links.create(link, fingerprint=fingerprint, beside=beside)

    def get_link(self, link_id: str) -> Link:
        link = self._links.get(link_id)
        if link is None:
            raise LinkNotFound(link_id)
        return link

    def find_link(self, link_id: str, *, fingerprint: str) -> Link | None:
        return self._links.created(link_id, fingerprint=fingerprint)

    def save_link(self, link: Link, *changes: Change) -> None:
        self._links.save(link, beside=self._writes(*changes))

    def _writes(self, *changes: Change) -> list[dict[str, Any]]:
        """The writes of customers and of what they are found by, to stand beside others."""
        keys = self._customers.identifiers
        return [
            write
            for before, after in changes
            for write in (
                self._customers.update(after),
                *keys.changes(after.customer_id, _found_by(before), _found_by(after)),
            )
        ]

    def _by(self, identifier: Identifier) -> list[Customer]:
        ids = self._customers.identifiers.find(identifier)
        found = (self._customers.get(one) for one in ids)
        return [one for one in found if one is not None and one.erased_at is None]


def _living(customer: Customer) -> Customer:
    if customer.erased_at is not None:
        raise CustomerErased(customer.customer_id)
    return customer


def _found_by(customer: Customer) -> list[Identifier]:
    """What leads to a customer. Of contact points only those that still speak for their owner."""
    points = [one for one in customer.contact_points if one.is_evidence]
    return [
        *(Identifier(kind=one.kind, value=one.value) for one in points),
        *(_external(one) for one in customer.external_ids),
        *(_name_and_district(*one) for one in names_and_districts(customer)),
        *(_tax_id(one.key) for one in customer.tax_ids),
    ]


def _tax_id(key: str) -> Identifier:
    """Shared, not unique: who stands in the books twice is to be found, not refused."""
    return Identifier(kind="tax_id", value=key)


def _name_and_district(name: str, district: str) -> Identifier:
    return Identifier(kind="name_district", value=f"{name}\0{district}")


def _external(external_id: str) -> Identifier:
    return Identifier(kind="customer_external_id", value=external_id, unique=True)


def card_of(customer: Customer) -> Mapping[str, Any]:
    """How a customer shows in one look."""
    part = CustomerPart.model_validate(
        {
            **profile_of(customer),
            "customer_id": customer.customer_id,
            "links": [
                {
                    "link_id": one.link_id,
                    "customer_ids": list(one.pair),
                    "joined": one.joined,
                    "newly_joined": not one.confirmed,
                }
                for one in customer.edges
            ],
            "overrides": [{**vars(one), "of": list(one.of)} for one in customer.overrides],
        }
    )
    card: dict[str, Any] = part.model_dump(mode="json")
    if customer.erased_at is not None:
        card[ERASED] = customer.erased_at.isoformat()
    if customer.care is not None:
        card[CARE] = care_document(customer.care)
    return card


def row_of(conversation: Conversation) -> Row:
    """How a conversation shows in its customer's list."""
    promise = conversation.promise
    promised = {} if promise is None else {"promise": _promised(promise)}
    is_open = conversation.open_promise is not None
    return Row(
        at=conversation.held_at,
        shown={
            "conversation_id": conversation.conversation_id,
            "at": conversation.held_at.isoformat(),
            "channel": conversation.channel,
            "direction": conversation.direction,
            "kind": conversation.purpose,
            "with": conversation.partner,
            "summary": conversation.summary,
            **promised,
        },
        counted={CONVERSATIONS: 1} | ({OPEN_PROMISES: 1} if is_open else {}),
    )


def _promised(promise: Promise) -> Mapping[str, Any]:
    return {
        "what": promise.what,
        "by": promise.by,
        "due": promise.due.isoformat(),
        "kept_at": promise.kept_at.isoformat() if promise.kept_at else None,
    }


# Links, relations and pairs have no row: the members that a link makes are told to every service,
# and a relation is shown with its members by the transaction that stores it. A session is nobody's
# business but of who holds it, and staff and segments are nobody's.
projections = (
    Projection(document=_customers, card=card_of),
    Projection(document=_links),
    Projection(document=sessions),
    Projection(document=relations.document),
    Projection(document=duplicates.document),
    Projection(document=staff.staff_document),
    Projection(document=staff.segment_document),
    Projection(document=_conversations, row=row_of),
)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What one read of a customer has shown."""

    told: CustomerSummary
    standing: Standing
    person: Sequence[str]  # all confirmed entries of the person, the leader's first


class CustomerSummaries:
    """What is told of a customer's own data, in answer to one question.

    A question is about all entries of a person, as far as whoever asks knows them. Who cares for
    the person is worked out when all have been read.
    """

    def __init__(self, rows: Rows, customers: DynamoCustomers, care: DynamoCare) -> None:
        self._rows = rows
        self._customers = customers
        self._care = care
        self._looks: dict[str, _Look] = {}

    def summarise(self, customer_id: str) -> CustomerSummary:
        """One read. Only who has no card yet is looked for a second time, in the truth itself."""
        self._looks[customer_id] = look = self._look(customer_id)
        return look.told

    def complete(self, customers: Mapping[str, CustomerSummary], day: date) -> None:
        """Tell of these, who were summarised, who cares for them on a day in Turkey.

        It takes one read for all, of the roster and of entries that nobody has asked for.
        """
        looks = {one: look for one, look in self._looks.items() if one in customers}
        others = {each for look in looks.values() for each in look.person} - looks.keys()
        roster, standings = self._care.beside(sorted(others))
        standings |= {one: look.standing for one, look in looks.items()}
        for one, look in looks.items():
            person = [standings[each] for each in look.person if each in standings]
            told = part_of(person, roster, day).model_dump(mode="json")
            is_known = look.told.parts["customer"] is not None
            customers[one].parts["care"] = told if is_known else None

    def _look(self, customer_id: str) -> _Look:
        head = self._rows.head(customer_id, newest=NEWEST, beside=len(BESIDE))
        beside = {row["sk"]: row for row in head.rows if row["sk"] in BESIDE}
        related, promised = (beside.get(one) for one in BESIDE)
        rows = [row for row in head.rows if row["sk"] not in BESIDE]
        known = head.summary.get("card")
        erased_at = head.summary.get(ERASED)
        card = self._newcomer(customer_id) if known is None else json.loads(known)
        if card is not None and ERASED in card:  # the rest of what was kept is going
            erased_at, card = card[ERASED], None
        standing = standing_in(customer_id, head.summary, card)
        if card is not None:
            card.pop(CARE, None)
            card["relations"] = [] if related is None else briefs_in(related)
        conversations = ConversationsPart(
            count=head.total(CONVERSATIONS),
            recent=[ConversationBrief.model_validate(shown(row)) for row in rows[:NEWEST]],
            open_promises=head.total(OPEN_PROMISES),
            promises=[
                OpenPromise.model_validate(one)
                for one in (promises_in(promised) if promised else ())
            ],
        )
        told = CustomerSummary(
            members=head.members,
            newly_joined=head.newly_joined,
            erased_at=erased_at,
            parts={
                "customer": card,
                "conversations": conversations.model_dump(mode="json", by_alias=True),
            },
        )
        person = person_in(customer_id, head.summary)
        return _Look(told=told, standing=standing, person=person)

    def _newcomer(self, customer_id: str) -> dict[str, Any] | None:
        try:
            return dict(card_of(self._customers.get(customer_id)))
        except (CustomerErased, CustomerNotFound):
            return None


class CustomerFinder:
    """Tells whose a phone, an e-mail or an external id is."""

    def __init__(self, customers: DynamoCustomers) -> None:
        self._customers = customers

    def find(self, kind: str, value: str) -> list[Match]:
        """Everybody whom it may belong to; nobody where it can be nobody's."""
        try:
            if kind == "external_id":
                found = self._customers.by_external_id(value)
            elif kind == ContactKind.PHONE:
                found = self._customers.by_phone(DomainPoint.of(ContactKind.PHONE, value).value)
            elif kind == ContactKind.EMAIL:
                found = self._customers.by_email(DomainPoint.of(ContactKind.EMAIL, value).value)
            else:
                found = []
        except Invalid:
            return []
        return [self._match(customer) for customer in found]

    def _match(self, customer: Customer) -> Match:
        leader = customer
        while leader.merged_into is not None:
            leader = self._customers.get(leader.merged_into)
        return Match(
            customer_id=customer.customer_id,
            person_id=leader.customer_id,
            display_name=customer.name,
            district=next((one.district for one in customer.addresses if one.district), None),
        )
