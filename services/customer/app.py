"""Everything the customer service answers to: first HTTP, then triggers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from services.customer import bootstrap, use_cases
from services.customer.domain import (
    Address,
    ContactKind,
    ContactPoint,
    Customer,
    Person,
    TaxNumber,
    contact_points,
    id_for,
)
from services.customer.doors import tax_ids
from services.customer.doors.care import (
    answer_authority,
    answer_members,
    answer_summaries,
    count_all,
    open_care,
)
from services.customer.doors.conversations import open_conversations
from services.customer.doors.duplicates import answer_dedup, compare_customer, open_duplicates
from services.customer.doors.erasure import open_erasure
from services.customer.doors.links import open_links
from services.customer.doors.reach import must_reach
from services.customer.doors.recognition import answer_contact_flow, open_recognition
from services.customer.doors.relations import open_relations
from services.customer.doors.segments import open_segments
from services.customer.doors.sessions import open_sessions
from services.customer.doors.staff import open_staff
from services.customer.events import call_of, event_of
from services.customer.schemas import (
    AddressBody,
    ChangeCustomer,
    ContactPointBody,
    CreateCustomer,
    CustomerView,
    FoundCustomer,
    FoundCustomers,
    LookUpCustomers,
)
from services.customer.schemas.search import SearchCustomers, SearchedCustomers
from services.customer.use_cases import search
from services.customer.use_cases.links import leader_of, person_of
from shared.access import Action, Reach
from shared.aws import logs
from shared.aws.finding import answer_find
from shared.aws.http import Answer, Api, Request
from shared.aws.http.reading import fingerprint
from shared.aws.http.webhooks import open_webhook
from shared.aws.publication import publish_changes as publish
from shared.aws.rebuilding import rebuild
from shared.aws.reconciliation import since_of
from shared.calendar import day_in_turkey
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.external import ExternalCallEnded
from shared.contracts.person import CameBy, PersonAnswer, PersonRequest
from shared.entity import Act
from shared.errors import Invalid, KeyReused

app = Chalice(app_name="customer")
api = Api(
    app,
    segment="customers",
    title="customers",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route(
    "POST",
    "/",
    action=Action.CREATE_CUSTOMER,
    takes=CreateCustomer,
    gives=CustomerView,
    creates="cus",
)
def create_customer(request: Request[CreateCustomer]) -> Answer:
    """Take a customer into the books"""
    body = request.body
    customer, replayed = use_cases.create_customer(
        bootstrap.customers(),
        request.act(),
        customer_id=request.new_id,
        fingerprint=request.fingerprint,
        name=body.name,
        contact_points=_points(body.contact_points, request.now),
        external_ids=_each_once(body.external_ids),
        addresses=_addresses(body.addresses),
        heard_from=body.heard_from,
        since=body.since,
        language=body.language,
        birth_date=body.birth_date,
        tax_ids=tax_ids.kept(body.tax_ids, request.new_id),
    )
    person = person_of(bootstrap.customers(), customer)
    return _answer(request, person, status=200 if replayed else 201, replayed=replayed)


@api.route(
    "POST",
    "/lookup",
    action=Action.LOOK_UP_CUSTOMERS,
    takes=LookUpCustomers,
    gives=FoundCustomers,
)
def look_up_customers(request: Request[LookUpCustomers]) -> Answer:
    """Find customers by phone, e-mail, external id or tax number"""
    body, customers = request.body, bootstrap.customers()
    if body.phone is not None:
        found = customers.by_phone(ContactPoint.of(ContactKind.PHONE, body.phone).value)
    elif body.email is not None:
        found = customers.by_email(ContactPoint.of(ContactKind.EMAIL, body.email).value)
    elif body.tax_id is not None:
        found = customers.by_tax_number(TaxNumber.of(body.tax_id))
    else:
        found = customers.by_external_id(str(body.external_id))
    listed = [
        FoundCustomer(
            customer_id=one.customer_id,
            person_id=leader_of(customers, one).customer_id,
            name=one.name,
        )
        for one in found
    ]
    return Answer(body=FoundCustomers(customers=listed))


@api.route(
    "POST",
    "/search",
    action=Action.SEARCH_CUSTOMERS,
    takes=SearchCustomers,
    gives=SearchedCustomers,
)
def search_customers(request: Request[SearchCustomers]) -> Answer:
    """Search for people by part of a name, a phone, an e-mail or a place, the best first"""
    asked = request.body
    found = search.search_customers(bootstrap.directory(), asked.text, most=asked.limit)
    return Answer(body=SearchedCustomers.of(found))


open_recognition(api)
open_sessions(api)
tax_ids.open_tax_ids(api)
open_relations(api)
open_duplicates(api)
open_staff(api)
open_segments(api)
open_care(api)


@api.route("GET", "/{customer_id}", action=Action.READ_CUSTOMER, gives=CustomerView)
def read_customer(request: Request[None], customer_id: str) -> Answer:
    """Read a customer"""
    customer = _customer(request, customer_id)
    return _answer(request, person_of(bootstrap.customers(), customer))


@api.route(
    "PATCH",
    "/{customer_id}",
    action=Action.CHANGE_CUSTOMER,
    takes=ChangeCustomer,
    gives=CustomerView,
    names_version=True,
)
def change_customer(request: Request[ChangeCustomer], customer_id: str) -> Answer:
    """Change a customer's profile"""
    body = request.body
    names = ("name", "heard_from", "lost_to", "language", "birth_date")
    simple = {name: getattr(body, name) for name in names}
    fields: dict[str, Any] = {name: new for name, new in simple.items() if new is not None}
    if body.addresses is not None:
        fields["addresses"] = _addresses(body.addresses)
    before = person_of(bootstrap.customers(), _customer(request, customer_id))
    if body.contact_points is not None:
        known = before.contact_points()
        fields["contact_points"] = _points(body.contact_points, request.now, known)
    if body.external_ids is not None:
        request.caller.must_be_allowed(Action.CHANGE_EXTERNAL_IDS)
        fields["external_ids"] = _each_once(body.external_ids)
    if body.tax_ids is not None:
        request.caller.must_be_allowed(Action.CHANGE_TAX_IDS)
        before.must_be_at(request.version)
        fields["tax_ids"] = tax_ids.kept(body.tax_ids, customer_id, before.customer.tax_ids)
    person = use_cases.change_customer(
        bootstrap.customers(),
        request.act(),
        before,
        version=request.version,
        **fields,
    )
    return _answer(request, person)


open_conversations(api)
open_links(api)
open_erasure(api)


open_webhook(
    api,
    action=Action.RELAY_CALL_EVENT,
    events=[ExternalCallEnded],
    secrets=bootstrap.webhook_secrets,
    bus=bootstrap.bus,
)


@app.lambda_function()
def publish_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: tell the bus what has happened."""
    return publish(event, bootstrap.bus(), event_of)


@app.lambda_function()
def project_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: keep every customer's card."""
    return bootstrap.projector().project_changes(event)


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: which customers are one person, and who called."""
    return bootstrap.events().read_together(event, _react)


@app.lambda_function()
def compare_customers(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: who is new or has changed, to be compared with those who share something."""
    return bootstrap.news().read_each(event, compare_customer)


@app.lambda_function()
def count_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: orders, payments and complaints, counted of their customers."""
    return bootstrap.counted().read_together(event, count_all)


@app.lambda_function()
def dedup(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By hand, again and again until it is done: compare everybody in the books."""
    return answer_dedup(event)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: who someone is, and who cares for them."""
    return answer_summaries(event)


@app.lambda_function()
def tell_authority(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: for which owners and segments somebody speaks today."""
    return answer_authority(event)


@app.lambda_function()
def tell_members(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: who is in a segment."""
    return answer_members(event)


@app.lambda_function()
def find(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: whose a phone, an e-mail or an external id is."""
    return answer_find(event, bootstrap.finder().find)


@app.lambda_function()
def find_or_create(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: the customer that somebody is, whoever that is."""
    logs.start()
    request = PersonRequest.model_validate(event)
    told = {ContactKind.PHONE: request.phone, ContactKind.EMAIL: request.email}
    with logs.about(correlation_id=request.correlation_id):
        try:
            found = use_cases.find_or_create(
                bootstrap.customers(),
                Act(by=request.key, at=datetime.now(UTC), correlation_id=request.correlation_id),
                customer_id=id_for(request.key),
                fingerprint=request.key,  # what the key stands for never changes
                name=request.name,
                contact_points=[ContactPoint.of(kind, by) for kind, by in told.items() if by],
                external_id=request.external_id,
            )
        except Invalid as flaw:
            logs.tell("nobody can be known like that")
            return PersonAnswer(refused=str(flaw)).model_dump()
        customer_id = found.customer.customer_id
        logs.tell("found or created", customer=customer_id, was_there=found.was_there)
    via = CameBy.model_validate(found.via)
    return PersonAnswer(customer_id=customer_id, via=via).model_dump(mode="json")


@app.lambda_function()
def recognise_caller(event: dict[str, Any], context: object) -> dict[str, str]:
    """Asked by contact flows of Amazon Connect: who calls."""
    return answer_contact_flow(event)


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time.

    `{"rebuild": true}` makes all that is kept beside the entities again, for some seconds; the
    same call goes on where that ended, until the answer says `done`.
    """
    if event.get("rebuild"):
        return rebuild(event, bootstrap.rebuilding())
    return bootstrap.reconciliation().run(since_of(event))


def _react(events: Sequence[CustomerErased | CustomerLinkChanged | ExternalCallEnded]) -> None:
    linked: set[str] = set()
    for event in events:
        if isinstance(event, CustomerLinkChanged):
            bootstrap.links().on_customer_link_changed(event)
            linked.update(event.members)
        elif isinstance(event, CustomerErased):
            bootstrap.erasure().on_customer_erased(event)
        else:
            _on_call_ended(event)
    if linked:  # together they may be of a group that none of them is of alone
        bootstrap.members().note(linked, day_in_turkey(datetime.now(UTC)))


def _on_call_ended(event: ExternalCallEnded) -> None:
    act = Act(
        by=f"{event.system}:{event.event_id}",
        at=datetime.now(UTC),
        correlation_id=event.correlation_id,
    )
    try:
        call = use_cases.record_call(
            bootstrap.customers(),
            call_of(event, act),
            ContactPoint.of(ContactKind.PHONE, event.phone),
            fingerprint=fingerprint(bootstrap.lookup_key(), event.system, {}, event.same()),
        )
    except KeyReused as error:
        raise Invalid("the same call was told before, with other particulars") from error
    logs.tell("call recorded", conversation=call.conversation_id)


def _customer(request: Request[Any], customer_id: str) -> Customer:
    """The customer, if it is the caller's business."""
    must_reach(request, customer_id)
    return bootstrap.customers().get(customer_id)


def _points(
    bodies: list[ContactPointBody], now: datetime, known: Sequence[ContactPoint] = ()
) -> tuple[ContactPoint, ...]:
    pairs = [(body.kind, body.value) for body in bodies]
    return contact_points(pairs, marks=[body.mark() for body in bodies], known=known, now=now)


def _addresses(bodies: list[AddressBody]) -> tuple[Address, ...]:
    return tuple(Address(**body.model_dump()) for body in bodies)


def _each_once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _answer(
    request: Request[Any], person: Person, *, status: int = 200, replayed: bool = False
) -> Answer:
    ours = request.caller.reach(request.action) is Reach.ANY
    return Answer(
        body=CustomerView.of(person, with_newly_joined=ours),
        version=person.version,
        status=status,
        replayed=replayed,
    )
