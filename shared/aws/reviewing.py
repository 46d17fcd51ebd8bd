"""What came by what several had while they were one: it waits until somebody says whose it is."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.access import Action, Caller
from shared.aws.items import CAME_BY, WAITS_SINCE, Values
from shared.aws.logs import about, start, tell
from shared.aws.rows import Rows, shown
from shared.contracts.reviewing import ReviewAnswer, ReviewRequest, Waiting
from shared.entity import Entity
from shared.errors import NotFound

Route = Callable[[str, str], str]
"""The id of a customer and of what shows under it to the path where to say whose that is."""


class NeverTakenForOne(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(
            f"{customer_id} was never taken for the same person as somebody, so nothing of "
            "anybody else came to be theirs; check the id"
        )


def must_have_been_linked(rows: Rows, entity: Entity, customer_id: str) -> None:
    """Raise NeverTakenForOne where this cannot be whose it is.

    Whoever was ever linked is known to every service by that; a mistyped id is not.
    """
    was_theirs = customer_id in (entity.customer_id, *(entity.shown_under or ()))
    if not was_theirs and not rows.members(customer_id):
        raise NeverTakenForOne(customer_id)


def what_waits(
    rows: Rows, ids: Sequence[str], *, since: datetime, until: datetime, kind: str, route: Route
) -> ReviewAnswer:
    """What waits under these ids, in one bounded read for each."""
    found = {one: rows.waiting(one, since=since, until=until) for one in ids}
    return ReviewAnswer(
        waiting=[
            _waiting(one, row, kind, route)
            for one, (waiting, _) in found.items()
            for row in waiting
        ],
        more=any(more for _, more in found.values()),
    )


def answer_review(event: dict[str, Any], rows: Rows, *, kind: str, route: Route) -> dict[str, Any]:
    """Answer a ReviewRequest. The policy is applied here again, whoever invoked us."""
    start()
    request = ReviewRequest.model_validate(event)
    caller = Caller.from_document(request.caller)
    with about(correlation_id=request.correlation_id):
        caller.must_be_allowed(Action.LINK_CUSTOMERS)
        answer = what_waits(
            rows, request.ids, since=request.since, until=request.until, kind=kind, route=route
        )
        tell("reviewed", asked=len(request.ids), waiting=len(answer.waiting))
    return answer.model_dump(mode="json")


def _waiting(customer_id: str, row: Values, kind: str, route: Route) -> Waiting:
    return Waiting(
        customer_id=customer_id,
        kind=kind,
        entity_id=row["id"],
        came_by=row[CAME_BY],
        came_at=row[WAITS_SINCE],
        shown=shown(row),
        attribute=route(customer_id, row["id"]),
    )
