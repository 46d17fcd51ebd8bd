"""Orders kept in DynamoDB, and how they show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from services.orders.domain import News, Order, OrderNotFound, Person, Status, risk_of
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.items import Values, to_attribute, to_item
from shared.aws.logs import tell
from shared.aws.projection import Projection, Row
from shared.aws.queue import DeadLetters
from shared.aws.rows import Head, Rows, shown
from shared.aws.writes import write
from shared.contracts.finding import Match
from shared.contracts.person import PersonAnswer, PersonRequest
from shared.contracts.summary import (
    CustomerSummary,
    LastOrder,
    Money,
    OrderBrief,
    OrdersPart,
    PaymentMethod,
    PaymentsPart,
    RiskPart,
)
from shared.entity import Via
from shared.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

NEWEST = 10
MOST_PENDING = 50
CURRENCY = 3  # letters of an ISO 4217 code

# Names of counts and sums in a customer's summary; those that end in a colon go on.
COUNT, STANDING, WAITING = "count", "standing", "pending"
UNPAID_DELIVERED, REFUNDS = "unpaid_delivered", "refunds"
TOTAL, PAID, OWED = "total:", "paid:", "owed:"  # currency
PAYMENTS, PAID_BY = "payments:", "paid_by:"  # currency:method
INSTALMENTS = "instalments:"  # number of them

PENDING, DONE = "P#", "D#"  # places in the sparse index

WAITS = "W#"  # before the external id of the order that news waits for

document = EntityDocument(Order)


@cache
def _news() -> TypeAdapter[News]:
    return TypeAdapter(News)


class DynamoOrders:
    """Implements ports.Orders."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._store = EntityStore(client, table, secret, document)

    def add(self, order: Order, *, fingerprint: str) -> tuple[Order, bool]:
        found_by = [_external(order.external_id)] if order.external_id else []
        return self._store.create(order, fingerprint=fingerprint, found_by=found_by)

    def get(self, order_id: str) -> Order:
        order = self._store.get(order_id)
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def placed_by(self, order_id: str, *, fingerprint: str) -> Order | None:
        return self._store.created(order_id, fingerprint=fingerprint)

    def by_external_id(self, external_id: str) -> Order | None:
        ids = self._store.identifiers.find(_external(external_id))
        return self._store.get(ids[0]) if ids else None

    def save(self, order: Order) -> None:
        self._store.save(order)

    def find(self, kind: str, value: str) -> list[Match]:
        """Whose the order is that goes by this number, be it ours or the shop's."""
        if kind != "order_id":
            return []
        ids = [value, *self._store.identifiers.find(_external(value))]
        found = (self._store.get(one) for one in ids)
        return [Match(customer_id=order.holder) for order in found if order is not None]


class DynamoWaitingNews:
    """Implements ports.WaitingNews, in the table of the orders."""

    def __init__(self, client: "DynamoDBClient", table: str, dead_letters: DeadLetters) -> None:
        self._client = client
        self._table = table
        self._dead_letters = dead_letters

    def put(self, news: News) -> None:
        item = _place(news) | to_item(
            {"news": _news().dump_json(news, exclude_none=True).decode()}
        )
        write(self._client, [{"Put": {"TableName": self._table, "Item": item}}])
        tell("waits for its order", news=news.news_id)

    def of(self, external_id: str) -> Sequence[News]:
        # One page holds a thousand; should more ever wait for one order, `reconcile` takes them.
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(f"{WAITS}{external_id}")},
            ConsistentRead=True,
        )
        return [_read_news(item) for item in found["Items"]]

    def everything(self) -> Iterator[News]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="begins_with(pk, :waits)",
            ExpressionAttributeValues={":waits": to_attribute(WAITS)},
            ConsistentRead=True,
        )
        for page in pages:
            yield from (_read_news(item) for item in page["Items"])

    def remove(self, news: News) -> None:
        write(self._client, [{"Delete": {"TableName": self._table, "Key": _place(news)}}])

    def park(self, news: News, reason: str) -> None:
        # Parked first: between the two it would rather be kept twice than not at all.
        self._dead_letters.park({"messageId": news.news_id, "body": news.message}, reason)
        self.remove(news)


def _place(news: News) -> dict[str, Any]:
    return to_item({"pk": f"{WAITS}{news.external_id}", "sk": news.news_id})


def _read_news(item: Any) -> News:
    return _news().validate_json(item["news"]["S"])


class CustomerFunction:
    """Implements ports.People on a function of the customer service."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def find_or_create(
        self, person: Person, *, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        request = PersonRequest(
            name=person.name,
            phone=person.phone,
            email=person.email,
            external_id=person.external_id,
            key=key,
            correlation_id=correlation_id,
        )
        try:
            told = invoke(self._client, self._function, request, PersonAnswer)
        except NoAnswer as error:
            raise Unavailable(f"the customer service cannot be asked: {error}") from error
        if told.refused is not None:
            raise Invalid(told.refused, field="customer")
        if told.customer_id is None:
            raise Unavailable("the customer service answered nothing; try again")
        return told.customer_id, told.via.via() if told.via else None


def _external(external_id: str) -> Identifier:
    return Identifier(kind="order_external_id", value=external_id, unique=True)


def row_of(order: Order) -> Row:
    """How an order shows in its customer's list, and what it adds to the totals."""
    moment = order.ordered_at.isoformat(timespec="microseconds")
    place = PENDING if order.is_pending else DONE
    return Row(
        at=order.ordered_at,
        shown={
            "order_id": order.order_id,
            "external_id": order.external_id,
            "status": order.status,
            "ordered_at": order.ordered_at.isoformat(),
            "promised_at": order.promised_at.isoformat() if order.promised_at else None,
            "amount": order.amount,
            "currency": order.currency,
            "items": [{"product": one.product, "quantity": one.quantity} for one in order.lines],
        },
        counted={name: number for name, number in _counted(order).items() if number},
        live=f"{place}{moment}#{order.order_id}" if order.is_live else None,
    )


projection = Projection(document=document, row=row_of)


def _counted(order: Order) -> Counter[str]:
    """What an order adds to its customer's counts and sums, by names that say what they are."""
    counted = Counter({COUNT: 1, f"{PAID}{order.currency}": order.paid})
    if order.is_live:
        counted[STANDING] += 1
        counted[f"{TOTAL}{order.currency}"] += order.amount
        counted[f"{OWED}{order.currency}"] += order.owed
    if order.is_pending:
        counted[WAITING] += 1
    if order.status is Status.DELIVERED and order.owed:
        counted[UNPAID_DELIVERED] += 1
    counted[REFUNDS] += len(order.refunds)
    for payment in order.payments:
        counted[f"{INSTALMENTS}{payment.instalments}"] += 1
        counted[f"{PAYMENTS}{order.currency}:{payment.method}"] += 1
        counted[f"{PAID_BY}{order.currency}:{payment.method}"] += payment.amount
    return counted


class OrderSummaries:
    """What is told of a customer's orders and payments."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summarise(self, customer_id: str) -> CustomerSummary:
        """One read where the newest ten rows show all that is pending, a second where not."""
        head = self._rows.head(customer_id, newest=NEWEST)
        return CustomerSummary(
            members=head.members,
            newly_joined=head.newly_joined,
            parts={
                "orders": self._orders(customer_id, head).model_dump(mode="json"),
                "payments": _payments(head).model_dump(mode="json"),
                "risk": _risk(head).model_dump(mode="json"),
            },
        )

    def _orders(self, customer_id: str, head: Head) -> OrdersPart:
        pending = [row for row in head.rows if _is_at(row, PENDING)]
        live = [row for row in head.rows if "live" in row]
        if len(pending) < head.total(WAITING):
            pending = self._rows.live(customer_id, place=PENDING, most=MOST_PENDING)
        if not live and head.total(STANDING):
            done = self._rows.live(customer_id, place=DONE, most=1)
            live = sorted([*pending[:1], *done], key=lambda row: str(row["sk"]), reverse=True)
        return OrdersPart(
            count=head.total(COUNT),
            totals=_money(head, TOTAL),
            pending=[OrderBrief.model_validate(shown(row)) for row in pending],
            pending_count=head.total(WAITING),
            last_order=LastOrder.model_validate(shown(live[0])) if live else None,
            recent=[OrderBrief.model_validate(shown(row)) for row in head.rows],
        )


def _payments(head: Head) -> PaymentsPart:
    counts = head.totals(PAYMENTS)
    amounts = head.totals(PAID_BY)
    instalments = [int(number) for number in head.totals(INSTALMENTS)]
    return PaymentsPart(
        methods=[
            PaymentMethod(
                currency=way[:CURRENCY],
                method=way[CURRENCY + 1 :],
                count=count,
                amount=amounts.get(way, 0),
            )
            for way, count in counts.items()
        ],
        max_instalments=max(instalments, default=None),
        paid=_money(head, PAID),
        owed=_money(head, OWED),
    )


def _risk(head: Head) -> RiskPart:
    counts = {
        "unpaid_delivered": head.total(UNPAID_DELIVERED),
        "given_up": head.total(COUNT) - head.total(STANDING),
        "refunds": head.total(REFUNDS),
    }
    band, reasons = risk_of(counts)
    return RiskPart(band=band, reasons=reasons)


def _money(head: Head, prefix: str) -> list[Money]:
    return [
        Money(amount=amount, currency=currency) for currency, amount in head.totals(prefix).items()
    ]


def _is_at(row: Values, place: str) -> bool:
    return str(row.get("live", "")).startswith(place)
