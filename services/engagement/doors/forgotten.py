"""How long it has been still, and whom to call."""

import time
from datetime import UTC, datetime
from typing import Any

from services.engagement import bootstrap
from services.engagement.domain import CustomerUnknown
from services.engagement.schemas.forgotten import ForgottenView, ListForgotten, SilenceView
from services.engagement.use_cases import forgotten as use_cases
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.calendar import day_in_turkey
from shared.contracts.customer import CustomerErased
from shared.entity import Act

SECONDS = 240.0  # that a run goes on for


def open_forgotten(api: Api) -> None:
    """Serve the routes of silence."""

    @api.route(
        "GET", "/forgotten", action=Action.LIST_FORGOTTEN, query=ListForgotten, gives=ForgottenView
    )
    def list_forgotten(request: Request[None]) -> Answer:
        """List whom an owner is to call today, the most neglected first, and why"""
        asked: ListForgotten = request.query
        lists = bootstrap.call_lists()
        owner = asked.owner or lists.staff_id(request.caller.subject)
        run, listed, calls = use_cases.list_of(
            lists, bootstrap.rapports(), owner or "", day_in_turkey(request.now)
        )
        return Answer(body=ForgottenView.of(owner, run, listed, calls))

    @api.route("GET", "/silence/{customer_id}", action=Action.READ_SILENCE, gives=SilenceView)
    def read_silence(request: Request[None], customer_id: str) -> Answer:
        """Read how long it has been still between somebody and us, and how neglected they are"""
        if not request.reaches(customer_id, bootstrap.rows().members):
            raise CustomerUnknown(customer_id)
        today = day_in_turkey(request.now)
        call, silence, ceiling = use_cases.neglect_now(
            bootstrap.rapports(),
            bootstrap.keepers(),
            customer_id,
            today,
            correlation_id=request.correlation_id,
        )
        return Answer(body=SilenceView.of(call, silence, ceiling, today))


def make_lists(run: str) -> dict[str, Any]:
    """Go on with the lists of the day, for four minutes at most."""
    logs.start()
    ends = time.monotonic() + SECONDS
    with logs.about(correlation_id=run):
        made = use_cases.make_lists(
            bootstrap.call_lists(),
            bootstrap.rapports(),
            bootstrap.keepers(),
            datetime.now(UTC),
            correlation_id=run,
            has_time=lambda: time.monotonic() < ends,
        )
        told = {
            "day": made.day.isoformat(),
            "is_done": made.is_done,
            "looked_at": made.looked_at,
            "forgotten": made.forgotten,
        }
        logs.tell("the forgotten were listed", **told)
    return told


def forget(event: CustomerErased) -> None:
    """Let go of how we got on with somebody who was erased, and of what was said in words."""
    act = Act(by=event.event_id, at=event.occurred_at, correlation_id=event.correlation_id)
    bootstrap.outcomes().forget(act, event.customer_id)
    bootstrap.named_votes().forget(act, event.customer_id)
    bootstrap.influences().forget(act, event.customer_id)
    bootstrap.rapports().forget(event.customer_id, event.occurred_at)
