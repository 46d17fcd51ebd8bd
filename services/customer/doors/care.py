"""Who cares for a customer: read and said at the desk, and told to other services."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from services.customer import bootstrap
from services.customer.adapters.care import part_of, without_reasons
from services.customer.domain.care import decides, spoken_for
from services.customer.domain.groups import brings_into_groups
from services.customer.doors.reach import must_reach
from services.customer.events import counted_of
from services.customer.ports.care import Counted
from services.customer.schemas.care import AssignCare, CareView
from services.customer.use_cases import care as use_cases
from services.customer.use_cases.links import person_of
from shared.access import Action, Caller
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.aws.summaries import answer_summary
from shared.calendar import day_in_turkey
from shared.contracts.event import Event
from shared.contracts.owning import (
    AuthorityAnswer,
    AuthorityRequest,
    MembersAnswer,
    MembersRequest,
)
from shared.contracts.summary import CustomerSummary, SummaryAnswer, SummaryRequest

PATH = "/{customer_id}/care"
CARE = "care"


def open_care(api: Api) -> None:
    """Serve the routes of who cares for a customer."""

    @api.route("GET", PATH, action=Action.READ_CARE, gives=CareView)
    def read_care(request: Request[None], customer_id: str) -> Answer:
        """Read who cares for a customer; why is told on grounds alone"""
        customers = bootstrap.customers()
        person = person_of(customers, customers.get(customer_id))
        care = use_cases.care_of(bootstrap.care(), request.act(), list(person.entries.values()))
        has_grounds = request.caller.may(Action.READ_CUSTOMER, customer_id, person.members)
        return Answer(body=CareView.of(person, care, with_reasons=has_grounds))

    @api.route("POST", PATH, action=Action.ASSIGN_CARE, takes=AssignCare, gives=CareView)
    def assign_care(request: Request[AssignCare], customer_id: str) -> Answer:
        """Say who owns a customer, or which segment they are in"""
        must_reach(request, customer_id)
        person, care = use_cases.assign_care(
            bootstrap.customers(),
            bootstrap.care(),
            request.act(),
            customer_id,
            reason=request.body.reason,
            **request.body.said(),
        )
        return Answer(body=CareView.of(person, care, with_reasons=True))


def answer_summaries(event: dict[str, Any]) -> dict[str, Any]:
    """Tell who somebody is, and who cares for them; to be told the latter takes no grounds."""
    day = day_in_turkey(datetime.now(UTC))
    parts = event.get("parts") or ()
    if parts == [CARE]:
        return _answer_care(event, day)
    summaries = bootstrap.summaries()
    if CARE not in parts:  # it takes a read of its own
        return answer_summary(event, summaries.summarise)
    return answer_summary(event, summaries.summarise, partial(summaries.complete, day=day))


def _answer_care(event: dict[str, Any], day: date) -> dict[str, Any]:
    """Tell of each who cares for them; the reasons to who may see the customer."""
    logs.start()
    request = SummaryRequest.model_validate(event)
    caller = Caller.from_document(request.caller)
    answer = SummaryAnswer(customers={})
    with logs.about(correlation_id=request.correlation_id):
        roster, persons = bootstrap.care().persons(request.ids)
        for customer_id, standings in persons.items():
            members = [one.customer_id for one in standings]
            if caller.may(Action.READ_CARE, customer_id, members):
                part = part_of(standings, roster, day)
                if not caller.may(Action.VIEW_CUSTOMER, customer_id, members):
                    part = without_reasons(part)
                answer.customers[customer_id] = CustomerSummary(
                    members=members, parts={"care": part.model_dump(mode="json")}
                )
        logs.tell("told who cares", asked=len(request.ids), told=len(answer.customers))
    return answer.model_dump(mode="json")


def answer_authority(event: dict[str, Any]) -> dict[str, Any]:
    """Tell for whom somebody speaks today, and whether anybody does for a segment."""
    logs.start()
    request = AuthorityRequest.model_validate(event)
    with logs.about(correlation_id=request.correlation_id):
        Caller.from_document(request.caller).must_be_allowed(Action.READ_STAFF)
        roster, day = bootstrap.staff().roster(), day_in_turkey(datetime.now(UTC))
        owners, segments = spoken_for(request.subject, roster, day)
        asked = roster.segments.get(request.segment_id or "")
        logs.tell("told who speaks", owners=len(owners), segments=len(segments))
    return AuthorityAnswer(
        owners=owners,
        segments=segments,
        segment_is_known=asked is not None,
        segment_is_listed=asked is not None,
        segment_is_decided=asked is not None and decides(asked, roster, day) is not None,
    ).model_dump(mode="json")


def answer_members(event: dict[str, Any]) -> dict[str, Any]:
    """Tell some members of a segment; nobody of one that is not there."""
    logs.start()
    request = MembersRequest.model_validate(event)
    answer = MembersAnswer(customer_ids=[], after=None)
    with logs.about(correlation_id=request.correlation_id):
        Caller.from_document(request.caller).must_be_allowed(Action.LIST_OWNED)
        roster = bootstrap.staff().roster()
        segment = roster.segments.get(request.segment_id)
        if segment is not None:
            page = bootstrap.members().page(
                segment,
                after=request.after,
                size=request.limit,
                day=day_in_turkey(datetime.now(UTC)),
                is_default=segment.segment_id == roster.default_id,
            )
            answer = MembersAnswer(customer_ids=page.customer_ids, after=page.after)
        logs.tell("told who is in a segment", told=len(answer.customer_ids))
    return answer.model_dump(mode="json")


def count_all(events: Sequence[Event]) -> None:
    """React to what other services tell: count it of its customers, each once, in one call."""
    bootstrap.care().count(
        [
            Counted(event_id=one.event_id, customer_id=one.customer_id, counts=counted_of(one))
            for one in events
        ]
    )
    # Also of what was counted before: its note may have been lost then.
    ids = {one.customer_id for one in events if any(map(brings_into_groups, counted_of(one)))}
    if ids:
        bootstrap.members().note(ids, day_in_turkey(datetime.now(UTC)))
