"""Keeping the staff directory and the segments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.customer.domain.segments import Roster, Segment
from services.customer.domain.staff import Staff, StillOwns
from services.customer.ports.care import StaffDirectory
from shared.entity import Act
from shared.errors import Invalid
from shared.meanwhile import until_unchanged

ATTEMPTS = 3  # at what others are changing meanwhile


def engage_staff(
    directory: StaffDirectory, act: Act, *, staff_id: str, fingerprint: str, **fields: Any
) -> tuple[Staff, bool]:
    """Take somebody into the directory once. Return also whether they were there already."""
    known = directory.find(staff_id, fingerprint=fingerprint)
    if known is not None:
        return known, True
    staff = Staff.engage(act, staff_id=staff_id, **fields)

    def engage() -> tuple[Staff, bool]:
        roster = _roster_with(directory, act, None, staff)
        return directory.add(staff, roster, fingerprint=fingerprint)

    return until_unchanged(engage, attempts=ATTEMPTS)


def change_staff(
    directory: StaffDirectory,
    act: Act,
    staff_id: str,
    *,
    version: int | None,
    fields: Mapping[str, Any],
) -> Staff:
    """Change what is known of somebody. What changes nothing is not saved.

    Raise Stale where the caller speaks of another version, and StillOwns where somebody would
    stop to own customers while they have some.
    """

    def change() -> Staff:
        before = directory.get(staff_id)
        before.must_be_at(version)
        after = before.change(act, **fields)
        if after is not before:
            directory.save(before, after, _roster_with(directory, act, before, after))
        return after

    return until_unchanged(change, attempts=ATTEMPTS)


def leave_staff(
    directory: StaffDirectory,
    act: Act,
    staff_id: str,
    *,
    left_at: datetime | None,
    successor: str | None,
) -> Staff:
    """Somebody leaves. What was theirs stays so, and others take their place until it is given.

    The same word again changes nothing.
    """

    def leave() -> Staff:
        before = directory.get(staff_id)
        if successor is not None and not before.owns:
            raise Invalid("only an owner of customers is followed by somebody", field="successor")
        after = before.leave(act, left_at=left_at or act.at, successor=successor)
        if after is not before:
            directory.save(before, after, _roster_with(directory, act, before, after))
        return after

    return until_unchanged(leave, attempts=ATTEMPTS)


def open_segment(
    directory: StaffDirectory,
    act: Act,
    *,
    segment_id: str,
    fingerprint: str,
    default: bool,
    reason: str,
    **fields: Any,
) -> tuple[Segment, bool, Roster]:
    """Make a segment once. Return also whether it was there already, and the roster."""
    known = directory.find_segment(segment_id, fingerprint=fingerprint)
    if known is not None:
        return known, True, directory.roster()
    segment = Segment.open(act, segment_id=segment_id, reason=reason, **fields)

    def open_it() -> tuple[Segment, bool, Roster]:
        roster = directory.roster().with_segment(segment, act.at, default=default)
        return *directory.add_segment(segment, roster, fingerprint=fingerprint), roster

    return until_unchanged(open_it, attempts=ATTEMPTS)


def change_segment(
    directory: StaffDirectory,
    act: Act,
    segment_id: str,
    *,
    version: int | None,
    default: bool,
    reason: str,
    fields: Mapping[str, Any],
) -> tuple[Segment, Roster]:
    """Change a segment, for a reason. What changes nothing is not saved."""

    def change() -> tuple[Segment, Roster]:
        before, roster = directory.get_segment(segment_id), directory.roster()
        before.must_be_at(version)
        new_default = default and roster.default_id != segment_id
        after = before.change(act, reason=reason, made_default=new_default, **fields)
        if after is before:
            return before, roster
        changed = roster.with_segment(after, act.at, default=default)
        directory.save_segment(after, changed)
        return after, changed

    return until_unchanged(change, attempts=ATTEMPTS)


def _roster_with(
    directory: StaffDirectory, act: Act, before: Staff | None, after: Staff
) -> Roster | None:
    """The next roster, where it has anything to do with them."""
    if not after.owns and not (before and before.owns):
        return None
    roster = directory.roster()
    if not after.owns and roster.owned_by(after.staff_id):
        raise StillOwns(after.staff_id)
    return roster.with_staff(after, act.at)
