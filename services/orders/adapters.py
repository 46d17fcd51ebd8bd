"""Orders kept in DynamoDB, and how they show."""

from typing import TYPE_CHECKING, Any

from services.orders.domain import Order, OrderNotFound
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.items import Values
from shared.aws.projection import Projection, Row
from shared.aws.rows import Rows, shown
from shared.contracts.summary import CustomerSummary, LastOrder, Money, OrderBrief, OrdersPart

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NEWEST = 10
MOST_PENDING = 50
STANDING = "standing"  # how many orders are live
TOTAL = "total:"  # and the currency: what live orders add up to

PENDING, DONE = "P#", "D#"  # places in the sparse index

document = EntityDocument(Order)


class DynamoOrders:
    """Implements ports.Orders."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._store = EntityStore(client, table, secret, document)

    def add(self, order: Order, *, fingerprint: str) -> tuple[Order, bool]:
        found_by = (
            [Identifier(kind="order_external_id", value=order.external_id, unique=True)]
            if order.external_id
            else []
        )
        return self._store.create(order, fingerprint=fingerprint, found_by=found_by)

    def get(self, order_id: str) -> Order:
        order = self._store.get(order_id)
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def save(self, order: Order) -> None:
        self._store.save(order)


def row_of(order: Order) -> Row:
    """How an order shows in its customer's list, and what it adds to the totals."""
    moment = order.ordered_at.isoformat(timespec="microseconds")
    counted = {"count": 1}
    if order.is_live:
        counted |= {STANDING: 1, f"{TOTAL}{order.currency}": order.amount}
    if order.is_pending:
        counted |= {"pending": 1}
    place = PENDING if order.is_pending else DONE
    return Row(
        at=order.ordered_at,
        shown={
            "order_id": order.order_id,
            "external_id": order.external_id,
            "status": order.status,
            "ordered_at": order.ordered_at.isoformat(),
            "amount": order.amount,
            "currency": order.currency,
            "items": [{"product": one.product, "quantity": one.quantity} for one in order.lines],
        },
        counted=counted,
        live=f"{place}{moment}#{order.order_id}" if order.is_live else None,
    )


projection = Projection(document=document, row=row_of)


class OrderSummaries:
    """What is told of a customer's orders."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summarise(self, customer_id: str) -> CustomerSummary:
        """One read where the newest ten rows show all that is pending, a second where not."""
        head = self._rows.head(customer_id, newest=NEWEST)
        pending = [row for row in head.rows if _is_at(row, PENDING)]
        live = [row for row in head.rows if "live" in row]
        if len(pending) < head.total("pending"):
            pending = self._rows.live(customer_id, place=PENDING, most=MOST_PENDING)
        if not live and head.total(STANDING):
            done = self._rows.live(customer_id, place=DONE, most=1)
            live = sorted([*pending[:1], *done], key=lambda row: row["sk"], reverse=True)
        part = OrdersPart(
            count=head.total("count"),
            totals=[
                Money(amount=amount, currency=name.removeprefix(TOTAL))
                for name, amount in sorted(head.summary.items())
                if name.startswith(TOTAL) and amount
            ],
            pending=[_brief(row) for row in pending],
            last_order=LastOrder.model_validate(shown(live[0])) if live else None,
            recent=[_brief(row) for row in head.rows],
        )
        return CustomerSummary(
            members=head.members, parts={"orders": part.model_dump(mode="json")}
        )


def _is_at(row: Values, place: str) -> bool:
    return str(row.get("live", "")).startswith(place)


def _brief(row: Values) -> Any:
    return OrderBrief.model_validate(shown(row))
