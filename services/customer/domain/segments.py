"""Segments: tiers of customers, each with one owner and the queue in which it is served.

All of them, and everybody who owns customers, stand together on the roster. There is always one
default segment from the first on, so that nobody is without a segment and its owner.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from services.customer.domain.groups import Group
from services.customer.domain.staff import HasLeft, Keeper, NoOwner, Presence, Staff
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound

MOST_SEGMENTS = 50
MOST_KEEPERS = 300  # they are read together, whenever somebody is served
MOST_CHANGES = 20  # that are shown; each was told as an event as well


class SegmentNotFound(NotFound):
    def __init__(self, segment_id: str) -> None:
        super().__init__(f"segment {segment_id} does not exist")


class SegmentTaken(Conflict):
    def __init__(self, what: str, segment_id: str) -> None:
        super().__init__(f"{segment_id} has this {what} already; choose another")


class RosterFull(Conflict):
    def __init__(self, what: str, most: int) -> None:
        super().__init__(
            f"there are {most} {what} already; take the role from some who have left, or use "
            "fewer segments"
        )


@dataclass(frozen=True, kw_only=True)
class OwnerChange:
    """Who changed an owner, when and why, and what was so before."""

    at: datetime
    by: str
    reason: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class Segment(Entity):
    """A tier of customers. It is nobody's, so `customer_id` is empty."""

    kind: ClassVar[str] = "segment"

    segment_id: str
    name: str
    rank: int  # 1 is the highest tier; no two have the same
    queue: str  # in which its customers are served
    owner: str  # a staff id
    group: Group | None = None  # whose members belong to it, where nobody has said otherwise
    changes: tuple[OwnerChange, ...] = ()  # the newest first

    @property
    def entity_id(self) -> str:
        return self.segment_id

    @classmethod
    def open(cls, act: Act, *, segment_id: str, reason: str, **fields: Any) -> "Segment":
        """A new segment with its owner."""
        segment = cls(customer_id="", segment_id=segment_id, **fields)
        return segment._handed(act, reason, Happening(what="segment_opened"), before=None)

    def change(
        self, act: Act, *, reason: str, made_default: bool = False, **fields: Any
    ) -> "Segment":
        """Change a segment, for a reason; itself where nothing would be new.

        `made_default` where it becomes that of everybody who belongs to no other.
        """
        new = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not new and not made_default:
            return self
        names = sorted([*new, *(["is_default"] if made_default else [])])
        happening = Happening(what="segment_changed", facts={"fields": names})
        if "owner" in new:
            changed = replace(self, **new)
            return changed._handed(act, reason, happening, before=self.owner)
        return self.after(act, happening, **new)

    def _handed(
        self, act: Act, reason: str, happening: Happening, *, before: str | None
    ) -> "Segment":
        change = OwnerChange(at=act.at, by=act.by, reason=reason, before=before, after=self.owner)
        handed = Happening(
            what="segment_owner_changed", facts={"from_owner": before, "to_owner": self.owner}
        )
        kept = (change, *self.changes)[:MOST_CHANGES]
        return self.after(act, happening, handed, changes=kept)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All segments, and everybody who owns customers or has done so, as of one moment."""

    version: int = 0
    segments: Mapping[str, Segment] = field(default_factory=dict)
    keepers: Mapping[str, Keeper] = field(default_factory=dict)
    default_id: str | None = None

    @property
    def default(self) -> Segment | None:
        """The segment of everybody who belongs to no other; None before there is any."""
        return self.segments.get(self.default_id or "")

    @property
    def ranked(self) -> list[Segment]:
        """The segments, the highest tier first."""
        return sorted(self.segments.values(), key=lambda one: one.rank)

    def owned_by(self, staff_id: str) -> list[str]:
        """The segments of an owner, the highest tier first."""
        return [one.segment_id for one in self.ranked if one.owner == staff_id]

    def segment(self, segment_id: str) -> Segment:
        """Raise SegmentNotFound if there is none."""
        if segment_id not in self.segments:
            raise SegmentNotFound(segment_id)
        return self.segments[segment_id]

    def must_own(self, staff_id: str, at: datetime) -> Keeper:
        """Who is to own or to stand in. Raise NoOwner or HasLeft for who cannot."""
        keeper = self.keepers.get(staff_id)
        if keeper is None:
            raise NoOwner(staff_id)
        if keeper.left_at is not None or keeper.presence(day_in_turkey(at)) is Presence.LEFT:
            raise HasLeft(staff_id)
        return keeper

    def with_staff(self, staff: Staff, at: datetime) -> "Roster":
        """The roster with what is now so of somebody.

        Raise NoOwner or HasLeft for those named to stand in, and RosterFull.
        """
        known = self.keepers.get(staff.staff_id)
        keepers = {name: one for name, one in self.keepers.items() if name != staff.staff_id}
        if staff.owns:
            named = {one.deputy for one in staff.absences} | {staff.successor}
            before = {one.deputy for one in known.absences} | {known.successor} if known else set()
            for one in sorted(name for name in named - before if name is not None):
                self.must_own(one, at)
            keepers[staff.staff_id] = staff.keeper
        if len(keepers) > MOST_KEEPERS:
            raise RosterFull("owners of customers", MOST_KEEPERS)
        return replace(self, version=self.version + 1, keepers=keepers)

    def with_segment(self, segment: Segment, at: datetime, *, default: bool) -> "Roster":
        """The roster with a segment as it is to be, which may become everybody's default.

        Raise NoOwner, HasLeft, SegmentTaken and RosterFull, and Invalid where the first segment
        is not to be the default.
        """
        known = self.segments.get(segment.segment_id)
        if known is None or known.owner != segment.owner:
            self.must_own(segment.owner, at)
        others = [one for name, one in self.segments.items() if name != segment.segment_id]
        _must_be_free(segment, others)
        if len(others) >= MOST_SEGMENTS:
            raise RosterFull("segments", MOST_SEGMENTS)
        if self.default_id is None and not default:
            raise Invalid(
                "the first segment is the default of all who belong to no other",
                field="is_default",
            )
        return replace(
            self,
            version=self.version + 1,
            segments={**self.segments, segment.segment_id: segment},
            default_id=segment.segment_id if default else self.default_id,
        )


def _must_be_free(segment: Segment, others: Iterable[Segment]) -> None:
    for one in others:
        for what in ("name", "rank", "group"):
            mine = getattr(segment, what)
            if mine is not None and getattr(one, what) == mine:
                raise SegmentTaken(what, one.segment_id)
