"""Everything the warranty service answers to: first HTTP, then triggers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalice.app import Chalice

from services.warranty import bootstrap, use_cases
from services.warranty.domain import (
    CustomerUnknown,
    DeliveredLine,
    Registration,
    RegistrationNotFound,
    Unit,
    UnitNotFound,
    canonical_serial,
    covered_until,
)
from services.warranty.events import event_of
from services.warranty.schemas import (
    AcceptProof,
    GiveProof,
    ListUnits,
    RefuseProof,
    RegisterProduct,
    RegistrationReceipt,
    RegistrationView,
    UnitList,
    UnitRow,
    UnitView,
)
from services.warranty.use_cases import Registered
from shared.access import Action
from shared.aws import logs
from shared.aws.finding import answer_find
from shared.aws.http import Answer, Api, Request
from shared.aws.publication import publish_changes as publish
from shared.aws.rebuilding import rebuild
from shared.aws.reconciliation import since_of
from shared.aws.reviewing import answer_review, must_have_been_linked
from shared.aws.rows import shown
from shared.aws.summaries import answer_summary
from shared.contracts.attribution import Attribute
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.finding import FindAnswer, Match
from shared.contracts.orders import OrderAttributed, OrderDelivered
from shared.entity import Act
from shared.errors import Invalid

PURCHASE = "purchase"  # the kind of question: a product, and about when it was bought

app = Chalice(app_name="warranty")
api = Api(
    app,
    segment="warranty",
    title="warranty",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route(
    "POST",
    "/registrations",
    action=Action.REGISTER_PRODUCT,
    takes=RegisterProduct,
    gives=RegistrationReceipt,
    creates="reg",
    public=True,
)
def register_product(request: Request[RegisterProduct]) -> Answer:
    """Register a product, wherever it was bought; no account is needed"""
    body = request.body
    registered = use_cases.register_product(
        bootstrap.units(),
        bootstrap.registrations(),
        bootstrap.people(),
        request.act(),
        registration_id=request.new_id,
        fingerprint=request.fingerprint,
        purchase=body.purchase(),
        name=body.name,
        contact=body.contact(),
    )
    return _receipt(registered, status=201 if registered.is_new else 200)


@api.route(
    "GET",
    "/registrations/{registration_id}",
    action=Action.READ_REGISTRATION,
    gives=RegistrationView,
)
def read_registration(request: Request[None], registration_id: str) -> Answer:
    """Read a registration"""
    registration = _registration(request, registration_id)
    unit = bootstrap.units().get(registration.unit_id)
    return _answer(Registered(registration=registration, unit=unit))


@api.route(
    "POST",
    "/registrations/{registration_id}/proof",
    action=Action.GIVE_PROOF,
    takes=GiveProof,
    gives=RegistrationReceipt,
    public=True,
)
def give_proof(request: Request[GiveProof], registration_id: str) -> Answer:
    """Name a document that shows the purchase, where one was asked for"""
    registered = use_cases.give_proof(
        bootstrap.units(),
        bootstrap.registrations(),
        request.act(),
        bootstrap.registrations().get(registration_id),
        document=request.body.document(),
    )
    return _receipt(registered)


@api.route(
    "POST",
    "/registrations/{registration_id}/proof/accept",
    action=Action.ACCEPT_PROOF,
    takes=AcceptProof,
    gives=RegistrationView,
    may_name_version=True,
)
def accept_proof(request: Request[AcceptProof], registration_id: str) -> Answer:
    """Take a document for good"""
    registered = use_cases.accept_proof(
        bootstrap.units(),
        bootstrap.registrations(),
        request.act(),
        _registration(request, registration_id),
        version=request.version,
        reason=request.body.reason,
    )
    return _answer(registered)


@api.route(
    "POST",
    "/registrations/{registration_id}/proof/refuse",
    action=Action.REFUSE_PROOF,
    takes=RefuseProof,
    gives=RegistrationView,
    may_name_version=True,
)
def refuse_proof(request: Request[RefuseProof], registration_id: str) -> Answer:
    """Say why a document does not show the purchase; the statutory cover stays what it is"""
    registered = use_cases.refuse_proof(
        bootstrap.units(),
        bootstrap.registrations(),
        request.act(),
        _registration(request, registration_id),
        version=request.version,
        reason=request.body.reason,
    )
    return _answer(registered)


@api.route("GET", "/units", action=Action.READ_UNIT, query=ListUnits, gives=UnitList)
def list_units(request: Request[None]) -> Answer:
    """List the units a customer owns, the newest first"""
    asked: ListUnits = request.query
    if not request.reaches(asked.customer_id, bootstrap.rows().members):
        raise CustomerUnknown(asked.customer_id)
    page = bootstrap.rows().page(
        asked.customer_id,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"units of {asked.customer_id}",
    )
    return Answer(body=UnitList(units=[_row(shown(row)) for row in page.rows], cursor=page.cursor))


@api.route("GET", "/units/{unit_id}", action=Action.READ_UNIT, gives=UnitView)
def read_unit(request: Request[None], unit_id: str) -> Answer:
    """Read a unit, and how long the law covers it"""
    unit = _unit(request, unit_id)
    return Answer(body=UnitView.of(unit), version=unit.version)


@api.route(
    "POST",
    "/units/{unit_id}/attribute",
    action=Action.ATTRIBUTE_UNIT,
    takes=Attribute,
    gives=UnitView,
    may_name_version=True,
)
def attribute_unit(request: Request[Attribute], unit_id: str) -> Answer:
    """Say whose a unit is, and so its registration"""
    unit, customer_id = _unit(request, unit_id), request.body.customer_id
    must_have_been_linked(bootstrap.rows(), unit, customer_id)
    attributed = use_cases.attribute_unit(
        bootstrap.registrations(), request.act(), unit, customer_id, version=request.version
    )
    return Answer(body=UnitView.of(attributed), version=attributed.version)


@app.lambda_function()
def publish_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: tell the bus what has happened."""
    return publish(event, bootstrap.bus(), event_of)


@app.lambda_function()
def project_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: keep every customer's units and their number."""
    return bootstrap.projector().project_changes(event)


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: what was delivered to whom, and which customers are one person."""
    return bootstrap.events().read_each(event, _react)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: what someone owns."""
    return answer_summary(event, bootstrap.summaries().summarise)


@app.lambda_function()
def find(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: whose is the unit with this serial number, and who bought what."""
    return answer_find(event, _owners, {PURCHASE: _buyers})


@app.lambda_function()
def review(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer service: which units wait for somebody to say whose they are."""
    return answer_review(event, bootstrap.rows(), kind="unit", route=_attribution)


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time.

    `{"rebuild": true}` makes all that is kept beside the entities again, for some seconds; the
    same call goes on where that ended, until the answer says `done`.
    """
    if event.get("rebuild"):
        return rebuild(event, bootstrap.rebuilding())
    return bootstrap.reconciliation().run(since_of(event))


def _owners(kind: str, value: str) -> list[Match]:
    """Who owns a unit with this serial number; nobody where it is no serial number."""
    if kind != "serial":
        return []
    try:
        owners = use_cases.find_owners(bootstrap.units(), canonical_serial(value))
    except Invalid:
        return []
    return [Match(customer_id=owner) for owner in owners]


def _buyers(value: str, among: Sequence[str]) -> FindAnswer:
    """Who bought a product about when; of too many only those of whom it is asked."""
    when, _, product = value.partition(" ")
    found, more = use_cases.find_buyers(bootstrap.buyers(), product, when, among)
    return FindAnswer(matches=[Match(customer_id=one) for one in found], more=more)


def _react(event: CustomerErased | CustomerLinkChanged | OrderDelivered | OrderAttributed) -> None:
    if isinstance(event, CustomerLinkChanged):
        bootstrap.links().on_customer_link_changed(event)
    elif isinstance(event, CustomerErased):
        bootstrap.erasure().on_customer_erased(event)
    elif event.units is None:
        logs.tell("what does not tell any units is passed over", order=event.order_id)
    else:
        new = use_cases.own_delivered_units(
            bootstrap.units(),
            bootstrap.registrations(),
            # The event's own time, so that the same event makes the same units whenever it comes.
            Act(by=event.event_id, at=event.occurred_at, correlation_id=event.correlation_id),
            order_id=event.order_id,
            customer_id=event.customer_id,
            delivered_at=event.delivered_at,
            ordered_at=event.ordered_at,
            lines=[DeliveredLine(**line.model_dump()) for line in event.units],
            holder=event.holder,
            order_version=event.version,
        )
        logs.tell("units are owned", order=event.order_id, new=new)


def _attribution(_: str, unit_id: str) -> str:
    return f"/v1/warranty/units/{unit_id}/attribute"


def _unit(request: Request[Any], unit_id: str) -> Unit:
    """The unit, if it is the caller's business."""
    unit = bootstrap.units().get(unit_id)
    if not request.reaches(unit.holder, bootstrap.rows().members):
        raise UnitNotFound(unit_id)
    return unit


def _registration(request: Request[Any], registration_id: str) -> Registration:
    """The registration, if it is the caller's business."""
    registration = bootstrap.registrations().get(registration_id)
    if not request.reaches(registration.holder, bootstrap.rows().members):
        raise RegistrationNotFound(registration_id)
    return registration


def _row(row: dict[str, Any]) -> UnitRow:
    delivered_on = date.fromisoformat(row["delivered_on"]) if row["delivered_on"] else None
    known = {name: row[name] for name in UnitRow.model_fields if name in row}
    known |= {"delivered_on": delivered_on, "covered_until": covered_until(delivered_on)}
    return UnitRow.model_validate(known)


def _receipt(registered: Registered, *, status: int = 200) -> Answer:
    registration = registered.registration
    return Answer(
        body=RegistrationReceipt.of(registration, registered.unit),
        version=registration.version,
        status=status,
        replayed=registered.replayed,
    )


def _answer(registered: Registered) -> Answer:
    registration = registered.registration
    return Answer(
        body=RegistrationView.of(registration, registered.unit), version=registration.version
    )
