"""Who is it? Asked at the desk, by a call centre that signs, and by contact flows."""

from datetime import UTC, datetime
from typing import Any

from services.customer import bootstrap
from services.customer.domain import Known, Outcome, Recognition, TooManyAttempts
from services.customer.domain.care import Served
from services.customer.schemas.recognition import (
    ContactFlowEvent,
    RecogniseCustomer,
    RecognitionView,
    flat,
)
from services.customer.use_cases import recognition as use_cases
from services.customer.use_cases.care import care_of
from shared.access import Action, Caller, Role
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.entity import Act
from shared.errors import Unavailable

NOBODY = Recognition(outcome=Outcome.UNKNOWN)


def open_recognition(api: Api) -> None:
    """Serve `POST /recognition`, and the same for partners who sign instead of having a token."""

    @api.route(
        "POST",
        "/recognition",
        action=Action.RECOGNISE_CUSTOMER,
        takes=RecogniseCustomer,
        gives=RecognitionView,
        limited=True,
    )
    def recognise_customer(request: Request[RecogniseCustomer]) -> Answer:
        """Recognise somebody by what is known of them"""
        return _answer(request, request.caller)

    @api.route(
        "POST",
        "/recognition/{partner}",
        action=Action.RECOGNISE_CALLER,
        takes=RecogniseCustomer,
        gives=RecognitionView,
        public=True,
        signed=bootstrap.webhook_secrets,
        limited=True,
    )
    def recognise_caller(request: Request[RecogniseCustomer], partner: str) -> Answer:
        """Recognise a caller for a call centre, which signs its question"""
        return _answer(request, _machine(partner))


def answer_contact_flow(event: dict[str, Any]) -> dict[str, str]:
    """What a contact flow of Amazon Connect is told of its caller."""
    logs.start()
    flow = ContactFlowEvent.model_validate(event)
    known = flow.known()
    with logs.about(correlation_id=flow.contact_id, service="customers"):
        if known is None:
            return flat(NOBODY, reason="nothing_known")
        try:
            answered = _recognise(known, _machine("amazon-connect"), flow.contact_id)
        except TooManyAttempts:
            return flat(NOBODY, reason="too_many_attempts")
        care = _care(answered, flow.contact_id)
    return flat(answered.recognition, care=care)


def _answer(request: Request[RecogniseCustomer], caller: Caller) -> Answer:
    answered = _recognise(request.body.known(), caller, request.correlation_id)
    care = _care(answered, request.correlation_id)
    return Answer(body=RecognitionView.of(answered.recognition, answered.unanswered, care))


def _recognise(known: Known, caller: Caller, correlation_id: str) -> use_cases.Answered:
    asking = use_cases.Asking(caller, datetime.now(UTC), correlation_id)
    try:
        answered = use_cases.recognise_customer(
            bootstrap.customers(), bootstrap.finders(), bootstrap.attempts(), known, asking
        )
    except TooManyAttempts:
        logs.tell("recognition was tried too often", by=caller.subject, given=known.given())
        raise
    except Unavailable:
        logs.tell("recognition had no answer", by=caller.subject, given=known.given())
        raise
    found = answered.recognition
    logs.tell(
        "recognition",
        by=caller.subject,
        given=known.given(),
        outcome=found.outcome,
        persons=len(found.persons),
        recognised=[one.person_id for one in found.persons if found.is_recognised],
    )
    return answered


def _care(answered: use_cases.Answered, correlation_id: str) -> Served | None:
    """Who cares for the one who is recognised; None where nobody is."""
    if not answered.entries:
        return None
    act = Act(by="recognition", at=datetime.now(UTC), correlation_id=correlation_id)
    return care_of(bootstrap.care(), act, answered.entries)


def _machine(name: str) -> Caller:
    """A machine that has shown who it is in another way than by a token."""
    return Caller(subject=name, client_id=name, roles=frozenset({Role.INTEGRATION}))
