"""Segments, and what is left of those who have left, as those keep them who answer for it."""

from services.customer import bootstrap
from services.customer.domain.care import unattended
from services.customer.domain.segments import Roster, Segment
from services.customer.domain.staff import Presence
from services.customer.schemas.segments import (
    ChangeSegment,
    OpenSegment,
    SegmentList,
    SegmentView,
    Unattended,
)
from services.customer.schemas.staff import ListStaff, OwnedList
from services.customer.use_cases import staff as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.calendar import day_in_turkey


def open_segments(api: Api) -> None:
    """Serve the routes of segments, and of what is left of leavers."""

    @api.route("GET", "/unattended", action=Action.READ_STAFF, gives=Unattended)
    def list_unattended(request: Request[None]) -> Answer:
        """List what is still somebody's who has left"""
        roster, day = bootstrap.staff().roster(), day_in_turkey(request.now)
        left = [
            one
            for one, keeper in sorted(roster.keepers.items())
            if keeper.presence(day) is Presence.LEFT
        ]
        owned = bootstrap.staff().owned(left)
        return Answer(body=Unattended.of(roster, left, owned, unattended(roster, day)))

    @api.route(
        "POST",
        "/segments",
        action=Action.KEEP_STAFF,
        takes=OpenSegment,
        gives=SegmentView,
        creates="seg",
    )
    def open_segment(request: Request[OpenSegment]) -> Answer:
        """Make a segment, with its owner and its queue"""
        body = request.body
        segment, replayed, roster = use_cases.open_segment(
            bootstrap.staff(),
            request.act(),
            segment_id=request.new_id,
            fingerprint=request.fingerprint,
            default=body.is_default,
            reason=body.reason,
            name=body.name,
            rank=body.rank,
            queue=body.queue,
            owner=body.owner,
            group=body.group,
        )
        return _segment(segment, roster, status=200 if replayed else 201, replayed=replayed)

    @api.route("GET", "/segments", action=Action.READ_STAFF, gives=SegmentList)
    def list_segments(request: Request[None]) -> Answer:
        """List the segments, the highest tier first"""
        return Answer(body=SegmentList.of(bootstrap.staff().roster()))

    @api.route("GET", "/segments/{segment_id}", action=Action.READ_STAFF, gives=SegmentView)
    def read_segment(request: Request[None], segment_id: str) -> Answer:
        """Read a segment, and who changed its owner"""
        directory = bootstrap.staff()
        return _segment(directory.get_segment(segment_id), directory.roster())

    @api.route(
        "GET",
        "/segments/{segment_id}/members",
        action=Action.LIST_OWNED,
        query=ListStaff,
        gives=OwnedList,
    )
    def list_members(request: Request[None], segment_id: str) -> Answer:
        """List the members of a segment, each person once"""
        asked: ListStaff = request.query
        roster, cursors = bootstrap.staff().roster(), bootstrap.cursors(request.caller)
        query = f"members of {segment_id}"
        page = bootstrap.members().page(
            roster.segment(segment_id),
            after=cursors.read(asked.cursor, query)["after"] if asked.cursor else None,
            size=asked.limit,
            day=day_in_turkey(request.now),
            is_default=segment_id == roster.default_id,
        )
        after = cursors.write({"after": page.after}, query) if page.after else None
        return Answer(body=OwnedList(customer_ids=page.customer_ids, cursor=after))

    @api.route(
        "PATCH",
        "/segments/{segment_id}",
        action=Action.KEEP_STAFF,
        takes=ChangeSegment,
        gives=SegmentView,
        names_version=True,
    )
    def change_segment(request: Request[ChangeSegment], segment_id: str) -> Answer:
        """Change a segment: its owner, queue, name or rank"""
        body = request.body
        segment, roster = use_cases.change_segment(
            bootstrap.staff(),
            request.act(),
            segment_id,
            version=request.version,
            default=bool(body.is_default),
            reason=body.reason,
            fields=body.fields(),
        )
        return _segment(segment, roster)


def _segment(
    segment: Segment, roster: Roster, *, status: int = 200, replayed: bool = False
) -> Answer:
    return Answer(
        body=SegmentView.of(segment, roster),
        version=segment.version,
        status=status,
        replayed=replayed,
    )
