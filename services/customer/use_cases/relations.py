"""Saying who are one household or one firm."""

from collections.abc import Sequence

from services.customer.domain import AlreadyOnePerson
from services.customer.domain.relations import (
    Relation,
    RelationEnded,
    RelationKind,
    RelationMember,
)
from services.customer.ports import Customers, Relations
from services.customer.use_cases.links import leader_of
from shared.entity import Act
from shared.meanwhile import until_unchanged

ATTEMPTS = 3  # at what others are changing meanwhile


def relate_customers(
    customers: Customers,
    relations: Relations,
    act: Act,
    *,
    relation_id: str,
    fingerprint: str,
    of: RelationKind,
    members: Sequence[RelationMember],
    reason: str,
) -> tuple[Relation, bool]:
    """Say once that customers are a household or a firm.

    Raise CustomerNotFound for nobody, and AlreadyOnePerson where two of them are one.
    """
    known = relations.find(relation_id, fingerprint=fingerprint)
    if known is not None:
        return known, True
    relation = Relation.make(
        act, relation_id=relation_id, of=of, members=tuple(members), reason=reason
    )
    persons: dict[str, str] = {}
    for one in relation.members:
        person = leader_of(customers, customers.get(one.customer_id)).customer_id
        if person in persons:
            raise AlreadyOnePerson(persons[person], one.customer_id)
        persons[person] = one.customer_id
    return relations.add(relation, fingerprint=fingerprint)


def end_relation(relations: Relations, act: Act, relation_id: str, *, reason: str) -> Relation:
    """Say that they are it no more. The same end again changes nothing."""

    def end() -> Relation:
        relation = relations.get(relation_id)
        if relation.ended_at is not None:
            if relation.end_reason == reason:
                return relation
            raise RelationEnded(relation_id)
        ended = relation.end(act, reason)
        relations.end(ended)
        return ended

    return until_unchanged(end, attempts=ATTEMPTS)
