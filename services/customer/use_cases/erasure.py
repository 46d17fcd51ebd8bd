"""Erasing somebody: all that we keep of a person, under whichever ids."""

from collections.abc import Sequence

from services.customer.domain import Customer, surely
from services.customer.domain.customer import ErasureReason
from services.customer.domain.erasure import SettleFirst
from services.customer.ports import Customers, Relations
from services.customer.ports.care import CareBook
from services.customer.use_cases.care import assign_care
from services.customer.use_cases.relations import end_relation
from shared.entity import Act
from shared.meanwhile import until_unchanged

ATTEMPTS = 5  # at what others are changing meanwhile
FREED = "their data was erased"


def erase_customer(
    customers: Customers,
    relations: Relations,
    book: CareBook,
    act: Act,
    customer_id: str,
    *,
    reason: ErasureReason,
) -> Sequence[Customer]:
    """Erase what is known of a person under all of their ids; return what is left of each.

    Nobody can undo it. The entry that stands for the person goes last: broken off, the same again
    does the rest. Raise CustomerNotFound, and SettleFirst where the system takes others for the
    same person and nobody has said so yet.
    """

    def erase() -> Sequence[Customer]:
        person = _person(customers, customer_id)
        if any(one.care and one.care.owner for one in person):
            assign_care(customers, book, act, customer_id, owner=None, reason=FREED)
            person = _person(customers, customer_id)
        left: list[Customer] = []
        for one in person:
            for relation in relations.of(one.customer_id):
                end_relation(relations, act, relation.relation_id, reason=FREED)
            erased = one.erase(act, reason)
            if erased is not one:
                customers.save(one, erased)
            left.append(erased)
        return left

    return until_unchanged(erase, attempts=ATTEMPTS)


def forget_conversation(customers: Customers, conversation_id: str, act: Act) -> None:
    """Let a conversation be kept without who spoke and what was said."""

    def forget() -> None:
        before = customers.get_conversation(conversation_id)
        after = before.forgotten(act)
        if after is not before:
            customers.save_conversation(after)

    until_unchanged(forget, attempts=ATTEMPTS)


def _person(customers: Customers, customer_id: str) -> list[Customer]:
    """All entries of a person, erased or not, the one that stands for them last."""
    leader = customers.entry(customer_id)
    while leader.merged_into is not None:
        leader = customers.entry(leader.merged_into)
    unsure = [edge.link_id for edge in leader.edges if not edge.confirmed]
    if unsure:
        raise SettleFirst(unsure)
    ids = sorted(surely(leader, customer_id) | {customer_id})
    others = [one for one in ids if one != leader.customer_id]
    return [*map(customers.entry, others), leader]
