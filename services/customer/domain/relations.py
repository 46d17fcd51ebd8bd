"""Who lives or works together: said of several customers, who stay persons of their own.

A relation is no link. It shares no order, no debt, no consent and no right to read: nothing asks
it for members but the list of relations itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound

FEWEST_MEMBERS, MOST_MEMBERS = 2, 40
MOST_RELATIONS = 10  # of one customer at a time; the view shows all of them


class RelationKind(StrEnum):
    """What holds them together."""

    HOUSEHOLD = "household"
    FIRM = "firm"


class RelationRole(StrEnum):
    """What a customer is in a relation."""

    MEMBER = "member"  # of a household
    FIRM = "firm"  # the firm itself, where it is a customer
    OWNER = "owner"
    EMPLOYEE = "employee"
    CONTACT = "contact"  # who speaks for the firm


ROLES: Mapping[RelationKind, frozenset[RelationRole]] = {
    RelationKind.HOUSEHOLD: frozenset({RelationRole.MEMBER}),
    RelationKind.FIRM: frozenset(RelationRole) - {RelationRole.MEMBER},
}


class RelationNotFound(NotFound):
    def __init__(self, relation_id: str) -> None:
        super().__init__(f"relation {relation_id} does not exist")


class RelationEnded(Conflict):
    def __init__(self, relation_id: str) -> None:
        super().__init__(f"relation {relation_id} was ended before", legal_moves=[])


class TooManyRelations(Conflict):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"{customer_id} has {MOST_RELATIONS} relations already; end one of them")


@dataclass(frozen=True, kw_only=True)
class RelationMember:
    """A customer, and what they are there."""

    customer_id: str
    role: RelationRole


@dataclass(frozen=True, kw_only=True)
class Relation(Entity):
    """Somebody's word that these customers are one household or one firm. Kept for ever.

    `customer_id` is that of the first member. Who comes or goes makes another relation.
    """

    kind: ClassVar[str] = "relation"

    relation_id: str
    of: RelationKind
    members: tuple[RelationMember, ...]
    reason: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None

    @property
    def entity_id(self) -> str:
        return self.relation_id

    @classmethod
    def make(
        cls,
        act: Act,
        *,
        relation_id: str,
        of: RelationKind,
        members: tuple[RelationMember, ...],
        reason: str,
    ) -> "Relation":
        """A new relation. Raise Invalid where somebody stands in it twice, or as what is not."""
        ids = [one.customer_id for one in members]
        for place, one in enumerate(members):
            if one.customer_id in ids[:place]:
                raise Invalid(
                    "this customer stands here twice; name each once",
                    field=f"members.{place}.customer_id",
                )
            if one.role not in ROLES[of]:
                roles = ", ".join(sorted(ROLES[of]))
                raise Invalid(
                    f"a {of} has no {one.role}; say one of {roles}", field=f"members.{place}.role"
                )
        relation = cls(
            customer_id=members[0].customer_id,
            relation_id=relation_id,
            of=of,
            members=members,
            reason=reason,
            made_at=act.at,
            made_by=act.by,
        )
        return relation.after(
            act, Happening(what="related", facts={"kind": of.value, "members": sorted(ids)})
        )

    def end(self, act: Act, reason: str) -> "Relation":
        """The relation with its end. Raise RelationEnded where it has one."""
        if self.ended_at is not None:
            raise RelationEnded(self.relation_id)
        return self.after(
            act,
            Happening(what="relation_ended"),
            ended_at=act.at,
            ended_by=act.by,
            end_reason=reason,
        )
