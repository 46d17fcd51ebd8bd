"""Everything the customer view answers to: first HTTP, then triggers."""

from typing import Any

from chalice.app import Chalice

from services.customer_view import bootstrap, use_cases
from services.customer_view.schemas import CustomerInOneLook
from shared.access import Action
from shared.aws.http import Answer, Api, Request

app = Chalice(app_name="customer_view")
api = Api(
    app,
    segment="view",
    title="customer view",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route("GET", "/customers/{customer_id}", action=Action.VIEW_CUSTOMER, gives=CustomerInOneLook)
def view_customer(request: Request[None], customer_id: str) -> Answer:
    """See everything known of a customer in one look"""
    view = use_cases.view_customer(
        customer_id,
        bootstrap.sources(),
        bootstrap.memories(),
        use_cases.Question(
            caller=request.caller,
            correlation_id=request.correlation_id,
            now=request.now,
            deadline=bootstrap.DEADLINE,
        ),
        bootstrap.executor(),
    )
    return Answer(body=CustomerInOneLook.of(view))


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: what happened anywhere goes into the timelines."""
    return bootstrap.events().read_all(event, bootstrap.timeline().take)
