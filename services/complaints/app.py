"""Everything the complaints service answers to: first HTTP, then triggers."""

from typing import Any

from chalice.app import Chalice

from services.complaints import bootstrap, use_cases
from services.complaints.domain import (
    Complaint,
    ComplaintNotFound,
    CustomerUnknown,
    Fault,
    WordOf,
)
from services.complaints.events import event_of
from services.complaints.schemas import (
    AcceptResolution,
    AnswerComplaint,
    AskHelp,
    ComplaintList,
    ComplaintRow,
    ComplaintView,
    HandOverComplaint,
    ListComplaints,
    OpenComplaint,
    ProposeResolution,
    ReopenComplaint,
)
from shared.access import Action, Caller, Reach, Role
from shared.aws.http import Answer, Api, Request
from shared.aws.publication import publish_changes as publish
from shared.aws.reconciliation import since_of
from shared.aws.reviewing import answer_review, must_have_been_linked
from shared.aws.rows import Page, shown
from shared.aws.summaries import answer_summary
from shared.contracts.attribution import Attribute
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.errors import Invalid

app = Chalice(app_name="complaints")
api = Api(
    app,
    segment="complaints",
    title="complaints",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route(
    "POST",
    "/",
    action=Action.OPEN_COMPLAINT,
    takes=OpenComplaint,
    gives=ComplaintView,
    creates="cmp",
)
def open_complaint(request: Request[OpenComplaint]) -> Answer:
    """Take in trouble of any kind; whoever hears it first owns it"""
    body = request.body
    if not request.reaches(body.customer_id, bootstrap.rows().members):
        raise CustomerUnknown(body.customer_id)
    _must_be_theirs_to_say(request.caller, body)
    complaint, replayed = use_cases.open_complaint(
        bootstrap.complaints(),
        request.act(),
        complaint_id=request.new_id,
        fingerprint=request.fingerprint,
        heard_by=body.first_owner or _one_of_us(request.caller),
        via=body.found_by.via(request.now) if body.found_by else None,
        **body.model_dump(exclude={"first_owner", "found_by"}),
    )
    return _answer(request, complaint, status=200 if replayed else 201, replayed=replayed)


@api.route("GET", "/", action=Action.READ_COMPLAINT, query=ListComplaints, gives=ComplaintList)
def list_complaints(request: Request[None]) -> Answer:
    """List a customer's complaints, the newest first, or all late ones, the longest late first"""
    asked: ListComplaints = request.query
    if asked.late is (asked.customer_id is not None):
        raise Invalid("ask either for a customer_id or for late=true", field="customer_id")
    page = _late(request, asked) if asked.late else _of_customer(request, asked)
    rows = [ComplaintRow.shown(shown(row), request.now) for row in page.rows]
    return Answer(body=ComplaintList(complaints=rows, cursor=page.cursor))


@api.route("GET", "/{complaint_id}", action=Action.READ_COMPLAINT, gives=ComplaintView)
def read_complaint(request: Request[None], complaint_id: str) -> Answer:
    """Read a complaint"""
    return _answer(request, _complaint(request, complaint_id))


@api.route(
    "POST",
    "/{complaint_id}/answer",
    action=Action.ANSWER_COMPLAINT,
    takes=AnswerComplaint,
    gives=ComplaintView,
    may_name_version=True,
)
def answer_complaint(request: Request[AnswerComplaint], complaint_id: str) -> Answer:
    """Record what the customer was told"""
    complaint = _complaint(request, complaint_id)
    moved = use_cases.answer_complaint(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        text=request.body.text,
        apology=request.body.apology,
        heard_by=_one_of_us(request.caller),
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/hand-over",
    action=Action.HAND_OVER_COMPLAINT,
    takes=HandOverComplaint,
    gives=ComplaintView,
    may_name_version=True,
)
def hand_over_complaint(request: Request[HandOverComplaint], complaint_id: str) -> Answer:
    """Give a complaint another owner, for a reason that counts"""
    complaint = _complaint(request, complaint_id)
    moved = use_cases.hand_over_complaint(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        to=request.body.to,
        reason=request.body.reason,
        text=request.body.text,
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/help",
    action=Action.ASK_HELP,
    takes=AskHelp,
    gives=ComplaintView,
    may_name_version=True,
)
def ask_help(request: Request[AskHelp], complaint_id: str) -> Answer:
    """Ask somebody else to do something about a complaint; its owner stays"""
    complaint = _complaint(request, complaint_id)
    moved = use_cases.ask_help(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        of=request.body.of,
        what=request.body.what,
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/propose",
    action=Action.PROPOSE_RESOLUTION,
    takes=ProposeResolution,
    gives=ComplaintView,
    may_name_version=True,
)
def propose_resolution(request: Request[ProposeResolution], complaint_id: str) -> Answer:
    """Say how we would settle a complaint, with an apology and amends where they are owed"""
    complaint = _complaint(request, complaint_id)
    body = request.body
    moved = use_cases.propose_resolution(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        text=body.text,
        fault=body.fault,
        apology=body.apology,
        amends=body.amends.amends() if body.amends else None,
        heard_by=_one_of_us(request.caller),
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/accept",
    action=Action.ACCEPT_RESOLUTION,
    takes=AcceptResolution,
    gives=ComplaintView,
    may_name_version=True,
)
def accept_resolution(request: Request[AcceptResolution], complaint_id: str) -> Answer:
    """Be content with what was proposed, or record that the customer is"""
    complaint = _complaint(request, complaint_id)
    moved = use_cases.accept_resolution(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        word_of=WordOf.CUSTOMER if _is_customer(request.caller) else WordOf.DESK,
        word=request.body.word,
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/reopen",
    action=Action.REOPEN_COMPLAINT,
    takes=ReopenComplaint,
    gives=ComplaintView,
    may_name_version=True,
)
def reopen_complaint(request: Request[ReopenComplaint], complaint_id: str) -> Answer:
    """Not be content: one word is enough, and none is needed"""
    complaint = _complaint(request, complaint_id)
    moved = use_cases.reopen_complaint(
        bootstrap.complaints(),
        request.act(),
        complaint,
        version=request.version,
        word=request.body.word,
    )
    return _answer(request, moved)


@api.route(
    "POST",
    "/{complaint_id}/attribute",
    action=Action.ATTRIBUTE_COMPLAINT,
    takes=Attribute,
    gives=ComplaintView,
    may_name_version=True,
)
def attribute_complaint(request: Request[Attribute], complaint_id: str) -> Answer:
    """Say whose a complaint is"""
    complaint, customer_id = _complaint(request, complaint_id), request.body.customer_id
    must_have_been_linked(bootstrap.rows(), complaint, customer_id)
    attributed = use_cases.attribute_complaint(
        bootstrap.complaints(), request.act(), complaint, customer_id, version=request.version
    )
    return _answer(request, attributed)


@app.lambda_function()
def publish_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: tell the bus what has happened."""
    return publish(event, bootstrap.bus(), event_of)


@app.lambda_function()
def project_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: keep every customer's rows and counts, and the clocks that run."""
    return bootstrap.projector().project_changes(event)


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: which customers are one person, and who was erased."""
    return bootstrap.events().read_each(event, _react)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: what someone complained of."""
    return answer_summary(event, bootstrap.summaries().summarise)


@app.lambda_function()
def review(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer service: which complaints wait for somebody to say whose they are."""
    return answer_review(event, bootstrap.rows(), kind="complaint", route=_attribution)


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time."""
    return bootstrap.reconciliation().run(since_of(event))


def _react(event: CustomerErased | CustomerLinkChanged) -> None:
    if isinstance(event, CustomerErased):
        bootstrap.erasure().on_customer_erased(event)
    else:
        bootstrap.links().on_customer_link_changed(event)


def _attribution(_: str, complaint_id: str) -> str:
    return f"/v1/complaints/{complaint_id}/attribute"


def _complaint(request: Request[Any], complaint_id: str) -> Complaint:
    """The complaint, if it is the caller's business."""
    complaint = bootstrap.complaints().get(complaint_id)
    if not request.reaches(complaint.holder, bootstrap.rows().members):
        raise ComplaintNotFound(complaint_id)
    return complaint


def _of_customer(request: Request[None], asked: ListComplaints) -> Page:
    customer_id = asked.customer_id or ""
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerUnknown(customer_id)
    return bootstrap.rows().page(
        customer_id,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"complaints of {customer_id}",
    )


def _late(request: Request[None], asked: ListComplaints) -> Page:
    request.caller.must_be_allowed(Action.LIST_LATE_COMPLAINTS)
    return bootstrap.clocks().late(
        request.now,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
    )


def _must_be_theirs_to_say(caller: Caller, body: OpenComplaint) -> None:
    """History comes from other systems alone, and a customer does not judge whose fault it is."""
    if Role.INTEGRATION not in caller.roles:
        for field in ("opened_at", "first_owner"):
            if getattr(body, field) is not None:
                raise Invalid("integrations alone may say this; leave it out", field=field)
    if _is_customer(caller) and body.fault is not Fault.UNKNOWN:
        raise Invalid("leave it out: it is for us to find out", field="fault")
    if _is_customer(caller) and body.found_by is not None:
        raise Invalid("leave it out: you are known by your own id", field="found_by")


def _is_customer(caller: Caller) -> bool:
    return caller.reach(Action.READ_COMPLAINT) is Reach.OWN


def _one_of_us(caller: Caller) -> str | None:
    """The person of ours who hears the customer; None where a machine or the customer writes."""
    is_person = Role.INTEGRATION not in caller.roles and not _is_customer(caller)
    return caller.subject if is_person else None


def _answer(
    request: Request[Any], complaint: Complaint, *, status: int = 200, replayed: bool = False
) -> Answer:
    view = ComplaintView.of(complaint, now=request.now, for_customer=_is_customer(request.caller))
    return Answer(body=view, version=complaint.version, status=status, replayed=replayed)
