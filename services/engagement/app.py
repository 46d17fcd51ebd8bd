"""Everything the engagement service answers to: first HTTP, then triggers."""

from collections.abc import Sequence
from typing import Any

from chalice.app import Chalice

from services.engagement import bootstrap, use_cases
from services.engagement.doors import forgotten, iys, messages
from services.engagement.doors.acquisition import count_new, open_acquisition
from services.engagement.doors.ballots import open_ballots
from services.engagement.doors.consents import open_consents
from services.engagement.doors.forgotten import open_forgotten
from services.engagement.doors.influences import open_influences
from services.engagement.doors.offers import open_offers
from services.engagement.doors.offers import send_offers as send_waves
from services.engagement.doors.outcomes import open_frictions, open_responses
from services.engagement.events import event_of, heard_of
from services.engagement.use_cases.silences import hear
from shared.aws.http import Api
from shared.aws.publication import publish_changes as publish
from shared.aws.reconciliation import since_of
from shared.aws.summaries import answer_summary
from shared.contracts.customer import (
    ConversationHeld,
    CustomerCreated,
    CustomerErased,
    CustomerLinkChanged,
)
from shared.contracts.event import Event

NO_LIMIT = 900_000
TIME_TO_END = 60_000  # milliseconds: a page of people takes a few seconds

app = Chalice(app_name="engagement")
api = Api(
    app,
    segment="engagement",
    title="engagement",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


open_consents(api)
open_forgotten(api)
open_responses(api)
open_frictions(api)
open_acquisition(api)
open_influences(api)
open_offers(api)
open_ballots(api)
messages.open_messages(api)


@app.lambda_function()
def publish_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: tell the bus what has happened."""
    return publish(event, bootstrap.bus(), event_of)


@app.lambda_function()
def project_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: keep every customer's rows, and what İYS still has to hear."""
    return bootstrap.projector().project_changes(event)


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: which customers are one person, and who turned to whom."""
    return bootstrap.events().read_together(event, _react)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: how a customer and we get on."""
    return answer_summary(event, bootstrap.summaries().summarise)


@app.lambda_function()
def tell_iys(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule: tell İYS what was said, and hear what became of what it was told."""
    return iys.tell_iys(_run_of(context))


@app.lambda_function()
def fetch_iys(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule: take in what people told İYS itself."""
    return iys.fetch_iys(_run_of(context))


@app.lambda_function()
def list_forgotten(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule: list for each owner whom to call today."""
    return forgotten.make_lists(_run_of(context))


@app.lambda_function()
def send_offers(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule: go on with the waves of offers that have begun, while there is time."""
    remaining = getattr(context, "get_remaining_time_in_millis", lambda: NO_LIMIT)
    return send_waves(_run_of(context), lambda: remaining() > TIME_TO_END)


@app.lambda_function()
def send_messages(event: dict[str, Any], context: object) -> dict[str, int]:
    """By schedule or by hand: send what is due, as of `at` where that is given."""
    return messages.send_messages(event, _run_of(context))


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time."""
    return bootstrap.reconciliation().run(since_of(event))


def _react(events: Sequence[Event]) -> None:
    hear(bootstrap.rapports(), [heard for event in events if (heard := heard_of(event))])
    for event in events:
        if isinstance(event, CustomerLinkChanged):
            bootstrap.links().on_customer_link_changed(event)
        elif isinstance(event, CustomerErased):
            messages.forget(event)
            forgotten.forget(event)
            bootstrap.erasure().on_customer_erased(event)
        elif isinstance(event, CustomerCreated):
            count_new(event)
        elif isinstance(event, ConversationHeld):
            use_cases.count_conversation(
                bootstrap.contacts(),
                customer_id=event.customer_id,
                event_id=event.event_id,
                purpose=event.purpose,
                is_ours=event.direction == "out",
                at=event.occurred_at,
            )


def _run_of(context: object) -> str:
    return str(getattr(context, "aws_request_id", "by-hand"))
