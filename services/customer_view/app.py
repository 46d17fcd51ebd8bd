"""Everything the customer view answers to: first HTTP, then triggers."""

from collections.abc import Collection
from typing import Any

from chalice.app import Chalice

from services.customer_view import bootstrap, use_cases
from services.customer_view.domain import CustomerNotFound
from services.customer_view.domain.brief import Language
from services.customer_view.schemas import (
    CustomerInOneLook,
    Happening,
    HappeningList,
    ListTimeline,
    ViewCustomer,
)
from services.customer_view.schemas.looking_up import Candidates, LookUpView, ViewOrCandidates
from services.customer_view.schemas.looks import ListLooks, LookList, LookView
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import shown

app = Chalice(app_name="customer_view")
api = Api(
    app,
    segment="view",
    title="customer view",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route(
    "GET",
    "/customers/{customer_id}",
    action=Action.VIEW_CUSTOMER,
    query=ViewCustomer,
    gives=CustomerInOneLook,
    tagged=True,
)
def view_customer(request: Request[None], customer_id: str) -> Answer:
    """See everything known of a customer in one look, or some parts of it"""
    asked: ViewCustomer = request.query
    look = _look(request, customer_id, asked.wanted)
    return Answer(body=look, tag=look.tag())


@api.route(
    "POST",
    "/lookup",
    action=Action.LOOK_UP_VIEW,
    takes=LookUpView,
    gives=ViewOrCandidates,
)
def look_up_view(request: Request[LookUpView]) -> Answer:
    """See in one look whose a phone, an e-mail, an id or an order is"""
    kind, value = request.body.given()
    candidates = use_cases.look_up(
        kind, value, bootstrap.finder(kind), request.caller, request.correlation_id
    )
    if len(candidates) > 1:
        use_cases.must_be_shown_several(request.caller)
        return Answer(body=ViewOrCandidates(Candidates.of(candidates, kind)))
    return Answer(body=ViewOrCandidates(_look(request, candidates[0].customer_id)))


@api.route(
    "GET",
    "/customers/{customer_id}/looks",
    action=Action.LIST_LOOKS,
    query=ListLooks,
    gives=LookList,
)
def list_looks(request: Request[None], customer_id: str) -> Answer:
    """List who of ours has seen a customer in one look, the newest first"""
    asked: ListLooks = request.query
    request.caller.must_reach(request.action, customer_id)
    cursors = bootstrap.cursors(request.caller)
    query = f"looks at {customer_id} from {asked.since} to {asked.until}"
    page = bootstrap.looks().of(
        customer_id,
        since=asked.since,
        until=asked.until,
        most=asked.limit,
        before=cursors.read(asked.cursor, query)["before"] if asked.cursor else None,
    )
    return Answer(
        body=LookList(
            looks=[LookView.of(one) for one in page.looks],
            cursor=cursors.write({"before": page.older}, query) if page.older else None,
        )
    )


@api.route(
    "GET",
    "/customers/{customer_id}/timeline",
    action=Action.VIEW_CUSTOMER,
    query=ListTimeline,
    gives=HappeningList,
)
def list_timeline(request: Request[None], customer_id: str) -> Answer:
    """List what has happened to a customer, the newest first"""
    asked: ListTimeline = request.query
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerNotFound(customer_id)
    page = bootstrap.rows().page(
        customer_id,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"timeline of {customer_id}",
    )
    happenings = [
        Happening.model_validate({name: shown(row)[name] for name in Happening.model_fields})
        for row in page.rows
    ]
    return Answer(body=HappeningList(happenings=happenings, cursor=page.cursor))


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: what happened anywhere goes into the timelines."""
    return bootstrap.events().read_all(event, bootstrap.timeline().take)


def _look(
    request: Request[Any], customer_id: str, parts: Collection[str] | None = None
) -> CustomerInOneLook:
    question = use_cases.Question(
        caller=request.caller,
        correlation_id=request.correlation_id,
        now=request.now,
        deadline=bootstrap.DEADLINE,
        executor=bootstrap.executor(),
        parts=parts,
    )
    view = use_cases.view_customer(
        customer_id, bootstrap.sources(), bootstrap.memories(), bootstrap.looks(), question
    )
    return CustomerInOneLook.of(
        view, language=Language(request.language), advised=question.is_ours
    )
