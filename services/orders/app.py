"""Everything the orders service answers to: first HTTP, then triggers."""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from services.orders import bootstrap, use_cases
from services.orders.domain import (
    CustomerUnknown,
    Invoice,
    Line,
    Order,
    OrderNotFound,
    Payment,
    Refund,
)
from services.orders.events import READ, ExternalNews, announcement_of, event_of, news_of
from services.orders.schemas import (
    ApproveOrder,
    CancelOrder,
    DeliverOrder,
    IssueInvoice,
    ListOrders,
    MarkOrderUnavailable,
    OrderList,
    OrderRow,
    OrderView,
    PlaceOrder,
    ProcessOrder,
    RecordPayment,
    RefundPayment,
    ShipOrder,
)
from shared.access import Action
from shared.aws import logs
from shared.aws.finding import answer_find
from shared.aws.http import Answer, Api, Request
from shared.aws.http.reading import fingerprint
from shared.aws.http.webhooks import open_webhook
from shared.aws.publication import publish_changes as publish
from shared.aws.reconciliation import since_of
from shared.aws.reviewing import answer_review, must_have_been_linked
from shared.aws.rows import shown
from shared.aws.summaries import answer_summary
from shared.contracts.attribution import Attribute
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.external import ExternalOrderPlaced

app = Chalice(app_name="orders")
api = Api(
    app,
    segment="orders",
    title="orders",
    secret=bootstrap.lookup_key,
    origins=bootstrap.allowed_origins,
)


@api.route(
    "POST", "/", action=Action.PLACE_ORDER, takes=PlaceOrder, gives=OrderView, creates="ord"
)
def place_order(request: Request[PlaceOrder]) -> Answer:
    """Place an order, or record one that has a past"""
    body = request.body
    particulars: dict[str, Any] = {
        "order_id": request.new_id,
        "fingerprint": request.fingerprint,
        "customer_id": body.customer_id,
        "currency": body.currency,
        "lines": [Line(**line.model_dump()) for line in body.lines],
        "external_id": body.external_id,
        "promised_at": body.promised_at,
        "via": body.found_by.via(request.now) if body.found_by else None,
    }
    if body.past is None:
        order, replayed = use_cases.place_order(bootstrap.orders(), request.act(), **particulars)
    else:
        request.caller.must_be_allowed(Action.RECORD_PAST_ORDER)
        invoice = body.past.invoice
        order, replayed = use_cases.record_past_order(
            bootstrap.orders(),
            request.act(),
            body.past.past(),
            payments=[
                Payment(payment_id=f"{request.new_id}-{place}", **payment.model_dump())
                for place, payment in enumerate(body.past.payments, start=1)
            ],
            invoice=Invoice(**invoice.model_dump()) if invoice else None,
            **particulars,
        )
    return _answer(order, status=200 if replayed else 201, replayed=replayed)


@api.route("GET", "/", action=Action.READ_ORDER, query=ListOrders, gives=OrderList)
def list_orders(request: Request[None]) -> Answer:
    """List a customer's orders, the newest first"""
    asked: ListOrders = request.query
    if not request.reaches(asked.customer_id, bootstrap.rows().members):
        raise CustomerUnknown(asked.customer_id)
    page = bootstrap.rows().page(
        asked.customer_id,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"orders of {asked.customer_id}",
    )
    fields = OrderRow.model_fields.keys()
    orders = [
        OrderRow.model_validate({name: shown(row)[name] for name in fields}) for row in page.rows
    ]
    return Answer(body=OrderList(orders=orders, cursor=page.cursor))


@api.route("GET", "/{order_id}", action=Action.READ_ORDER, gives=OrderView)
def read_order(request: Request[None], order_id: str) -> Answer:
    """Read an order"""
    return _answer(_order(request, order_id))


@api.route(
    "POST",
    "/{order_id}/approve",
    action=Action.APPROVE_ORDER,
    takes=ApproveOrder,
    gives=OrderView,
    may_name_version=True,
)
def approve_order(request: Request[ApproveOrder], order_id: str) -> Answer:
    """Promise to fulfil an order"""
    order = _order(request, order_id)
    moved = use_cases.approve_order(
        bootstrap.orders(), request.act(), order, version=request.version
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/process",
    action=Action.PROCESS_ORDER,
    takes=ProcessOrder,
    gives=OrderView,
    may_name_version=True,
)
def process_order(request: Request[ProcessOrder], order_id: str) -> Answer:
    """Begin to pick and pack an order"""
    order = _order(request, order_id)
    moved = use_cases.process_order(
        bootstrap.orders(), request.act(), order, version=request.version
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/ship",
    action=Action.SHIP_ORDER,
    takes=ShipOrder,
    gives=OrderView,
    may_name_version=True,
)
def ship_order(request: Request[ShipOrder], order_id: str) -> Answer:
    """Hand an order to the carrier"""
    order = _order(request, order_id)
    moved = use_cases.ship_order(
        bootstrap.orders(),
        request.act(),
        order,
        version=request.version,
        tracking=request.body.tracking,
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/deliver",
    action=Action.DELIVER_ORDER,
    takes=DeliverOrder,
    gives=OrderView,
    may_name_version=True,
)
def deliver_order(request: Request[DeliverOrder], order_id: str) -> Answer:
    """Record that the customer has the goods"""
    order = _order(request, order_id)
    moved = use_cases.deliver_order(
        bootstrap.orders(), request.act(), order, version=request.version
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/cancel",
    action=Action.CANCEL_ORDER,
    takes=CancelOrder,
    gives=OrderView,
    may_name_version=True,
)
def cancel_order(request: Request[CancelOrder], order_id: str) -> Answer:
    """Give an order up"""
    order = _order(request, order_id)
    moved = use_cases.cancel_order(
        bootstrap.orders(),
        request.act(),
        order,
        version=request.version,
        reason=request.body.reason,
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/mark-unavailable",
    action=Action.MARK_ORDER_UNAVAILABLE,
    takes=MarkOrderUnavailable,
    gives=OrderView,
    may_name_version=True,
)
def mark_order_unavailable(request: Request[MarkOrderUnavailable], order_id: str) -> Answer:
    """Give an order up since the goods cannot be had"""
    order = _order(request, order_id)
    moved = use_cases.mark_order_unavailable(
        bootstrap.orders(), request.act(), order, version=request.version
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/payments",
    action=Action.RECORD_PAYMENT,
    takes=RecordPayment,
    gives=OrderView,
    creates="pay",
)
def record_payment(request: Request[RecordPayment], order_id: str) -> Answer:
    """Record money that came in for an order"""
    body = request.body
    payment = Payment(
        payment_id=request.new_id,
        method=body.method,
        amount=body.amount,
        instalments=body.instalments,
        paid_at=body.paid_at or request.now,
    )
    order, replayed = use_cases.record_payment(
        bootstrap.orders(), request.act(), _order(request, order_id), payment
    )
    return _answer(order, status=200 if replayed else 201, replayed=replayed)


@api.route(
    "POST",
    "/{order_id}/refunds",
    action=Action.REFUND_PAYMENT,
    takes=RefundPayment,
    gives=OrderView,
    creates="rfd",
)
def refund_payment(request: Request[RefundPayment], order_id: str) -> Answer:
    """Record money given back"""
    refund = Refund(
        refund_id=request.new_id,
        amount=request.body.amount,
        reason=request.body.reason,
        refunded_at=request.now,
    )
    order, replayed = use_cases.refund_payment(
        bootstrap.orders(), request.act(), _order(request, order_id), refund
    )
    return _answer(order, status=200 if replayed else 201, replayed=replayed)


@api.route(
    "POST",
    "/{order_id}/invoice",
    action=Action.ISSUE_INVOICE,
    takes=IssueInvoice,
    gives=OrderView,
    may_name_version=True,
)
def issue_invoice(request: Request[IssueInvoice], order_id: str) -> Answer:
    """Record an order's one invoice"""
    order = _order(request, order_id)
    moved = use_cases.issue_invoice(
        bootstrap.orders(),
        request.act(),
        order,
        version=request.version,
        number=request.body.number,
        issued_at=request.body.issued_at,
    )
    return _answer(moved)


@api.route(
    "POST",
    "/{order_id}/attribute",
    action=Action.ATTRIBUTE_ORDER,
    takes=Attribute,
    gives=OrderView,
    may_name_version=True,
)
def attribute_order(request: Request[Attribute], order_id: str) -> Answer:
    """Say whose an order is"""
    order, customer_id = _order(request, order_id), request.body.customer_id
    must_have_been_linked(bootstrap.rows(), order, customer_id)
    attributed = use_cases.attribute_order(
        bootstrap.orders(), request.act(), order, customer_id, version=request.version
    )
    return _answer(attributed)


open_webhook(
    api,
    action=Action.RELAY_ORDER_EVENT,
    events=READ,
    secrets=bootstrap.webhook_secrets,
    bus=bootstrap.bus,
)


@app.lambda_function()
def publish_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: tell the bus what has happened."""
    return publish(event, bootstrap.bus(), event_of)


@app.lambda_function()
def project_changes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Stream of the table: keep every customer's rows and totals."""
    return bootstrap.projector().project_changes(event)


@app.lambda_function()
def on_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Queue: which customers are one person, and what other systems tell of orders."""
    return bootstrap.events().read_each(event, _react)


@app.lambda_function()
def summary(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: what someone ordered."""
    return answer_summary(event, bootstrap.summaries().summarise)


@app.lambda_function()
def find(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer view: whose an order is."""
    return answer_find(event, bootstrap.orders().find)


@app.lambda_function()
def review(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Asked by the customer service: which orders wait for somebody to say whose they are."""
    return answer_review(event, bootstrap.rows(), kind="order", route=_attribution)


@app.lambda_function()
def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """By schedule or by hand: publish and project again what changed since a time.

    What waits for its order is looked at as well, and counted if it still must.
    """
    done = bootstrap.reconciliation().run(since_of(event))
    waiting, orders = bootstrap.waiting(), bootstrap.orders()
    still = use_cases.catch_up(orders, waiting, waiting.everything(), datetime.now(UTC))
    logs.tell("looked through what waits", waiting=still)
    return {**done, "waiting": still}


def _react(
    event: CustomerErased | CustomerLinkChanged | ExternalOrderPlaced | ExternalNews,
) -> None:
    orders, waiting, now = bootstrap.orders(), bootstrap.waiting(), datetime.now(UTC)
    if isinstance(event, CustomerLinkChanged):
        bootstrap.links().on_customer_link_changed(event)
    elif isinstance(event, CustomerErased):
        bootstrap.erasure().on_customer_erased(event)
    elif isinstance(event, ExternalOrderPlaced):
        use_cases.place_external_order(
            orders,
            bootstrap.people(),
            waiting,
            announcement_of(event),
            fingerprint=fingerprint(bootstrap.lookup_key(), event.system, {}, event.same()),
            now=now,
        )
    else:
        use_cases.hear_of_order(orders, waiting, news_of(event), now)


def _attribution(_: str, order_id: str) -> str:
    return f"/v1/orders/{order_id}/attribute"


def _order(request: Request[Any], order_id: str) -> Order:
    """The order, if it is the caller's business."""
    order = bootstrap.orders().get(order_id)
    if not request.reaches(order.holder, bootstrap.rows().members):
        raise OrderNotFound(order_id)
    return order


def _answer(order: Order, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(
        body=OrderView.of(order), version=order.version, status=status, replayed=replayed
    )
