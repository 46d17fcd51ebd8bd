"""Bodies of segments, and of what is left of those who have left."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field

from services.customer.domain.groups import Group
from services.customer.domain.segments import Roster, Segment
from services.customer.schemas import Id, Name, Text
from shared.contracts.model import Body


class OpenSegment(Body):
    """A new tier of customers. The first one is the default."""

    name: Name
    rank: int = Field(ge=1, le=1000, description="1 is the highest tier; no two have the same")
    queue: Name = Field(description="in which its customers are served")
    owner: Id = Field(description="staff id of a customer_owner")
    group: Group | None = Field(
        default=None, description="whose members belong to it, unless somebody says otherwise"
    )
    is_default: bool = Field(default=False, description="of all who belong to no other")
    reason: Text


class ChangeSegment(Body):
    """What is to be otherwise, and why. It is never without an owner."""

    name: Name | None = None
    rank: int | None = Field(default=None, ge=1, le=1000)
    queue: Name | None = None
    owner: Id | None = Field(default=None, description="staff id of a customer_owner")
    group: Group | None = Field(default=None, description="null takes it away")
    is_default: bool | None = Field(
        default=None, description="true makes it everybody's; make another one that to end it"
    )
    reason: Text

    def fields(self) -> dict[str, Any]:
        names = ("name", "rank", "queue", "owner")
        told = {name: getattr(self, name) for name in names}
        given = {name: value for name, value in told.items() if value is not None}
        return given | ({"group": self.group} if "group" in self.model_fields_set else {})


class OwnerChangeView(Body):
    """Who changed the owner of a segment, when and why."""

    model_config = ConfigDict(from_attributes=True)

    at: AwareDatetime
    by: str
    reason: str
    before: str | None
    after: str | None


class SegmentView(Body):
    """A tier of customers."""

    segment_id: str
    name: str
    rank: int
    queue: str
    owner: str
    group: Group | None
    is_default: bool
    changes: list[OwnerChangeView] = Field(description="of its owner, the newest twenty")
    version: int

    @classmethod
    def of(cls, segment: Segment, roster: Roster) -> "SegmentView":
        return cls(
            segment_id=segment.segment_id,
            name=segment.name,
            rank=segment.rank,
            queue=segment.queue,
            owner=segment.owner,
            group=segment.group,
            is_default=roster.default_id == segment.segment_id,
            changes=[OwnerChangeView.model_validate(one) for one in segment.changes],
            version=segment.version,
        )


class ListedSegment(Body):
    """A segment in one line."""

    segment_id: str
    name: str
    rank: int
    queue: str
    owner: str
    group: Group | None
    is_default: bool


class SegmentList(Body):
    """All segments, the highest tier first; there are at most fifty."""

    segments: list[ListedSegment]

    @classmethod
    def of(cls, roster: Roster) -> "SegmentList":
        return cls(segments=_listed(roster.ranked, roster))


class LeftOwner(Body):
    """Somebody who left and still owns customers or segments."""

    staff_id: str
    name: str
    left_at: AwareDatetime
    successor: str | None
    customers: int = Field(description="of their own; see /staff/{staff_id}/customers")
    segments: list[str] = Field(description="their ids, the highest tier first")


class Unattended(Body):
    """What is still somebody's who has left. Others take their place until it is given away."""

    staff: list[LeftOwner]
    segments: list[ListedSegment] = Field(description="whose owner has left")
    has_default_segment: bool = Field(description="false only before the first segment")

    @classmethod
    def of(
        cls, roster: Roster, left: Iterable[str], owned: Mapping[str, int], segments: list[Segment]
    ) -> "Unattended":
        people = []
        for one in left:
            keeper = roster.keepers[one]
            theirs = roster.owned_by(one)
            if keeper.left_at is not None and (owned.get(one) or theirs):
                people.append(
                    LeftOwner(
                        staff_id=one,
                        name=keeper.name,
                        left_at=keeper.left_at,
                        successor=keeper.successor,
                        customers=owned.get(one, 0),
                        segments=theirs,
                    )
                )
        return cls(
            staff=people,
            segments=_listed(segments, roster),
            has_default_segment=roster.default is not None,
        )


def _listed(segments: Iterable[Segment], roster: Roster) -> list[ListedSegment]:
    return [
        ListedSegment(
            segment_id=one.segment_id,
            name=one.name,
            rank=one.rank,
            queue=one.queue,
            owner=one.owner,
            group=one.group,
            is_default=one.segment_id == roster.default_id,
        )
        for one in segments
    ]
