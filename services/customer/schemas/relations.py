"""Bodies about households and firms."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from services.customer.domain.relations import (
    FEWEST_MEMBERS,
    MOST_MEMBERS,
    Relation,
    RelationKind,
    RelationMember,
    RelationRole,
)
from services.customer.schemas import Id, Text
from shared.contracts.model import Body


class RelationMemberBody(Body):
    """A customer, and what they are there."""

    customer_id: Id
    role: RelationRole = Field(
        description="member of a household; firm, owner, employee or contact of a firm"
    )


class RelateCustomers(Body):
    """These are one household, or one firm. They stay persons of their own."""

    kind: RelationKind
    members: Annotated[
        list[RelationMemberBody], Field(min_length=FEWEST_MEMBERS, max_length=MOST_MEMBERS)
    ]
    reason: Text

    def all_members(self) -> list[RelationMember]:
        return [RelationMember(**one.model_dump()) for one in self.members]


class EndRelation(Body):
    """They are it no more."""

    reason: Text


class RelationView(Body):
    """A household or a firm, and its end if it has one."""

    relation_id: str
    kind: RelationKind
    members: list[RelationMemberBody]
    reason: str
    made_at: AwareDatetime
    made_by: str
    ended_at: AwareDatetime | None
    ended_by: str | None
    end_reason: str | None
    version: int

    @classmethod
    def of(cls, relation: Relation) -> "RelationView":
        return cls(
            relation_id=relation.relation_id,
            kind=relation.of,
            members=[
                RelationMemberBody(customer_id=one.customer_id, role=one.role)
                for one in relation.members
            ],
            reason=relation.reason,
            made_at=relation.made_at,
            made_by=relation.made_by,
            ended_at=relation.ended_at,
            ended_by=relation.ended_by,
            end_reason=relation.end_reason,
            version=relation.version,
        )


class RelationList(Body):
    """The relations that stand, the eldest first; nobody has more than ten."""

    relations: list[RelationView]
