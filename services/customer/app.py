"""Everything the customer service answers to: first HTTP, then triggers."""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from services.customer import bootstrap, use_cases
from services.customer.domain import (
    ContactKind,
    ContactPoint,
    Customer,
    CustomerNotFound,
    Link,
    contact_points,
    id_for,
)
from services.customer.events import event_of
from services.customer.schemas import (
    ChangeCustomer,
    ContactPointBody,
    CreateCustomer,
    CustomerView,
    EndLink,
    FoundCustomer,
    FoundCustomers,
    LinkCustomers,
    LinkView,
    LookUpCustomers,
)
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.aws.publication import publish_changes as publish
from shared.aws.reconciliation import since_of
from shared.aws.summaries import answer_summary
from shared.contracts.warranty import PersonAnswer, PersonRequest
from shared.entity import Act
from shared.errors import Invalid

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
        contact_points=_points(body.contact_points),
        external_ids=_each_once(body.external_ids),
    )
    return _answer(customer, status=200 if replayed else 201, replayed=replayed)


@api.route(
    "POST",
    "/lookup",
    action=Action.LOOK_UP_CUSTOMERS,
    takes=LookUpCustomers,
    gives=FoundCustomers,
)
def look_up_customers(request: Request[LookUpCustomers]) -> Answer:
    """Find customers by phone, e-mail or external id"""
    body, customers = request.body, bootstrap.customers()
    if body.phone is not None:
        found = customers.by_phone(ContactPoint.of(ContactKind.PHONE, body.phone).value)
    elif body.email is not None:
        found = customers.by_email(ContactPoint.of(ContactKind.EMAIL, body.email).value)
    else:
        found = customers.by_external_id(str(body.external_id))
    listed = [
        FoundCustomer(
            customer_id=one.customer_id,
            person_id=use_cases.leader_of(customers, one).customer_id,
            name=one.name,
        )
        for one in found
    ]
    return Answer(body=FoundCustomers(customers=listed))


@api.route("GET", "/{customer_id}", action=Action.READ_CUSTOMER, gives=CustomerView)
def read_customer(request: Request[None], customer_id: str) -> Answer:
    """Read a customer"""
    return _answer(_customer(request, customer_id))


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
    fields: dict[str, Any] = {}
    if body.name is not None:
        fields["name"] = body.name
    if body.contact_points is not None:
        fields["contact_points"] = _points(body.contact_points)
    if body.external_ids is not None:
        request.caller.must_be_allowed(Action.CHANGE_EXTERNAL_IDS)
        fields["external_ids"] = _each_once(body.external_ids)
    customer = use_cases.change_customer(
        bootstrap.customers(),
        request.act(),
        _customer(request, customer_id),
        version=request.version,
        **fields,
    )
    return _answer(customer)


@api.route(
    "POST",
    "/{customer_id}/links",
    action=Action.LINK_CUSTOMERS,
    takes=LinkCustomers,
    gives=LinkView,
    creates="lnk",
)
def link_customers(request: Request[LinkCustomers], customer_id: str) -> Answer:
    """Say that another customer is the same person as this one"""
    link, replayed = use_cases.link_customers(
        bootstrap.customers(),
        request.act(),
        customer_id,
        request.body.other_id,
        link_id=request.new_id,
        fingerprint=request.fingerprint,
        reason=request.body.reason,
    )
    return _linked(link, status=200 if replayed else 201, replayed=replayed)


@api.route(
    "POST",
    "/{customer_id}/links/{link_id}/end",
    action=Action.LINK_CUSTOMERS,
    takes=EndLink,
    gives=LinkView,
)
def end_link(request: Request[EndLink], customer_id: str, link_id: str) -> Answer:
    """Say that two linked customers are not the same person after all"""
    link = use_cases.end_link(
        bootstrap.customers(), request.act(), customer_id, link_id, reason=request.body.reason
    )
    return _linked(link)


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
    """Queue: which customers are one person."""
    return bootstrap.events().read_each(event, bootstrap.links().on_customer_link_changed)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: who someone is."""
    return answer_summary(event, bootstrap.summaries().summarise)


@app.lambda_function()
def find_or_create(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by other services: the customer with this name and contact, whoever that is."""
    logs.start()
    request = PersonRequest.model_validate(event)
    with logs.about(correlation_id=request.correlation_id):
        try:
            point = ContactPoint.of(ContactKind(request.contact_kind), request.contact_value)
        except Invalid as flaw:
            logs.tell("nobody can be reached like that")
            return PersonAnswer(refused=str(flaw)).model_dump()
        customer, was_there = use_cases.find_or_create(
            bootstrap.customers(),
            Act(by=request.key, at=datetime.now(UTC), correlation_id=request.correlation_id),
            customer_id=id_for(request.key),
            fingerprint=request.key,  # what the key stands for never changes
            name=request.name,
            contact_point=point,
        )
        logs.tell("found or created", customer=customer.customer_id, was_there=was_there)
    return PersonAnswer(customer_id=customer.customer_id).model_dump()


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time."""
    return bootstrap.reconciliation().run(since_of(event))


def _customer(request: Request[Any], customer_id: str) -> Customer:
    """The customer, if it is the caller's business."""
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerNotFound(customer_id)
    return bootstrap.customers().get(customer_id)


def _points(bodies: list[ContactPointBody]) -> tuple[ContactPoint, ...]:
    return contact_points((body.kind, body.value) for body in bodies)


def _each_once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _answer(customer: Customer, *, status: int = 200, replayed: bool = False) -> Answer:
    leader = use_cases.leader_of(bootstrap.customers(), customer)
    return Answer(
        body=CustomerView.of(customer, leader),
        version=customer.version,
        status=status,
        replayed=replayed,
    )


def _linked(link: Link, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(body=LinkView.of(link), version=link.version, status=status, replayed=replayed)
