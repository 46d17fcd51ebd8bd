"""Bodies about who cares for whom."""

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from services.customer.domain import Person
from services.customer.domain.care import (
    KEEP,
    ActingAs,
    Assigned,
    Served,
    Through,
)
from services.customer.domain.groups import Group
from services.customer.domain.staff import Presence
from services.customer.schemas import Id, Text
from shared.contracts.model import Body
from shared.contracts.summary import Money


class OwnerView(Body):
    """Who owns a person, and whether they are here today."""

    staff_id: str
    name: str
    presence: Presence
    through: Through = Field(description="their own owner, or that of their segment")


class ActingView(Body):
    """Who takes the place of an owner who is not here."""

    staff_id: str
    name: str
    acting_as: ActingAs


class Serving(Body):
    """Who serves somebody and where. It comes from the person, never from the line."""

    tier: str | None = Field(description="the segment's name; null before there is any")
    rank: int | None = Field(description="1 is the highest tier")
    queue: str | None = Field(description="in which they are served")
    owner: OwnerView | None = Field(description="null before there is any segment")
    acting: ActingView | None = Field(
        description="who takes the owner's place today; null where that is not needed, or nobody "
        "can"
    )

    @classmethod
    def of(cls, care: Served) -> "Serving":
        return cls(**serving(care))


def serving(care: Served) -> dict[str, object]:
    """What is told without grounds: tier, owner and queue."""
    segment, owner, acting = care.segment, care.owner, care.acting
    return {
        "tier": segment.name if segment else None,
        "rank": segment.rank if segment else None,
        "queue": segment.queue if segment else None,
        "owner": OwnerView(
            staff_id=owner.staff_id,
            name=owner.name,
            presence=care.presence,
            through=care.through,
        )
        if owner and care.presence
        else None,
        "acting": ActingView(staff_id=acting.staff_id, name=acting.name, acting_as=care.acting_as)
        if acting and care.acting_as
        else None,
    }


class AssignCare(Body):
    """Who owns a customer, which segment they are in, or both. Null takes away what was said."""

    owner: Id | None = Field(default=None, description="staff id of a customer_owner")
    segment: Id | None = Field(default=None, description="a segment's id")
    reason: Text

    @model_validator(mode="after")
    def _says_something(self) -> "AssignCare":
        if not self.model_fields_set & {"owner", "segment"}:
            raise ValueError("say an owner, a segment, or both; null takes away what was said")
        return self

    def said(self) -> dict[str, str | None]:
        """What of the two is said."""
        given = self.model_fields_set
        return {
            "owner": self.owner if "owner" in given else KEEP,
            "segment": self.segment if "segment" in given else KEEP,
        }


class ReasonView(Body):
    """A rule that applied: what was found, and the bound that it reached."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    found: int
    bound: int
    currency: str | None


class GroupView(Body):
    """A kind of customer that somebody is, and why."""

    group: Group
    reasons: list[ReasonView]


class CareChangeView(Body):
    """Who changed owner or segment, when and why, and what was so before."""

    model_config = ConfigDict(from_attributes=True)

    at: AwareDatetime
    by: str
    reason: str
    from_owner: str | None
    to_owner: str | None
    from_segment: str | None
    to_segment: str | None


class WhyView(Body):
    """Why it is so, and what is known of them for that."""

    assigned: Assigned
    reason: str | None = Field(description="why somebody has put them into their segment")
    groups: list[GroupView]
    value: list[Money] = Field(
        description="what they paid so far less what was given back; no margin is known"
    )
    changes: list[CareChangeView] = Field(description="the newest twenty")


class CareView(Body):
    """Who cares for a customer."""

    customer_id: str
    person_id: str = Field(description="the customer id that stands for the person")
    serves: Serving
    why: WhyView | None = Field(
        description="null without grounds: a verified session with them, or a reason"
    )

    @classmethod
    def of(cls, person: Person, care: Served, *, with_reasons: bool) -> "CareView":
        return cls(
            customer_id=person.customer.customer_id,
            person_id=person.person_id,
            serves=Serving.of(care),
            why=_why(care) if with_reasons else None,
        )


def _why(care: Served) -> WhyView:
    return WhyView(
        assigned=care.assigned,
        reason=care.reason,
        groups=[
            GroupView(group=group, reasons=[ReasonView.model_validate(one) for one in reasons])
            for group, reasons in care.groups.items()
        ],
        value=[Money(amount=some, currency=one) for one, some in care.value.items()],
        changes=[CareChangeView.model_validate(one) for one in care.changes],
    )
