"""Bodies of the orders API."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from services.orders.domain import (
    KdvClass,
    Line,
    NoKdvRate,
    Order,
    Past,
    Status,
    contained_kdv,
    kdv_rate,
)
from shared.contracts.attribution import FoundBy
from shared.contracts.model import Body

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExternalId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

MOST_LINES = 100
MOST_MINOR_UNITS = 10**12  # of an order: sums of thousands are still exact in any client
MOST_PIECES = 10**6

Amount = Annotated[int, Field(ge=0, le=MOST_MINOR_UNITS)]


class LineBody(Body):
    """One product of an order."""

    product: Code = Field(description="the seller's own code or name of it")
    quantity: int = Field(ge=1, le=MOST_PIECES)
    unit_price: Amount = Field(description="of one piece in minor units, KDV included")
    kdv_class: KdvClass | None = Field(
        default=None, description="which KDV rate holds; only history may leave it out"
    )
    freight: Amount = Field(default=0, description="of the whole line, in minor units")
    partner: Code | None = Field(default=None, description="the channel partner who sold it")


class PastPayment(Body):
    """Money that had come in."""

    method: Code
    amount: Amount = Field(description="in minor units of the order's currency")
    instalments: int = Field(default=1, ge=0, le=1000)
    paid_at: Instant | None = None


class PastInvoice(Body):
    """An invoice that had been issued, as far as it is known."""

    number: Code | None = None
    issued_at: Instant | None = None


class OrderPast(Body):
    """What had become of an order by the time it is told. Dates may be missing or odd."""

    status: Status
    ordered_at: Instant
    approved_at: Instant | None = None
    processing_at: Instant | None = None
    shipped_at: Instant | None = None
    delivered_at: Instant | None = None
    cancelled_at: Instant | None = None
    unavailable_at: Instant | None = None
    payments: list[PastPayment] = Field(default=[], max_length=100)
    invoice: PastInvoice | None = None

    def past(self) -> Past:
        dates: dict[Status, datetime | None] = {
            status: getattr(self, f"{status.value}_at")
            for status in Status
            if status is not Status.PLACED
        }
        reached = {status: at for status, at in dates.items() if at is not None}
        return Past(status=self.status, ordered_at=self.ordered_at, reached=reached)


class PlaceOrder(Body):
    """A new order; or, from an integration, one that has a past."""

    customer_id: Id
    currency: Currency = Field(default="TRY", description="ISO 4217")
    past: OrderPast | None = Field(
        default=None, description="recorded as it was, not judged; integrations alone"
    )
    lines: list[LineBody] = Field(
        max_length=MOST_LINES, description="at least one, unless the order has a past"
    )
    external_id: ExternalId | None = Field(
        default=None, description="the order's id in the shop's own system, unique"
    )
    promised_at: Instant | None = Field(
        default=None, description="when the customer was told to have it"
    )
    found_by: FoundBy | None = None

    @field_validator("lines")
    @classmethod
    def _complete_unless_past(cls, lines: list[LineBody], told: ValidationInfo) -> list[LineBody]:
        if told.data.get("past", "malformed") is None:
            if not lines:
                raise ValueError("a new order needs at least one line")
            if any(line.kdv_class is None for line in lines):
                raise ValueError("each line of a new order needs its kdv_class")
        return lines

    @field_validator("lines")
    @classmethod
    def _comes_to_a_sum_of_this_world(cls, lines: list[LineBody]) -> list[LineBody]:
        amounts = (line.quantity * line.unit_price + line.freight for line in lines)
        if sum(amounts) > MOST_MINOR_UNITS:
            raise ValueError(f"together they come to more than {MOST_MINOR_UNITS} minor units")
        return lines


class ApproveOrder(Body):
    """Nothing needs to be said."""


class ProcessOrder(Body):
    """Nothing needs to be said."""


class ShipOrder(Body):
    """Hand the goods to the carrier."""

    tracking: Code | None = Field(default=None, description="the carrier's number of the parcel")


class DeliverOrder(Body):
    """Nothing needs to be said."""


class CancelOrder(Body):
    """Give the order up."""

    reason: Text


class MarkOrderUnavailable(Body):
    """Nothing needs to be said."""


class RecordPayment(Body):
    """Money came in."""

    method: Code = Field(description="as the shop names it, such as credit_card")
    amount: Amount = Field(description="in minor units of the order's currency")
    instalments: int = Field(default=1, ge=0, le=1000)
    paid_at: Instant | None = Field(default=None, description="now, unless given")


class RefundPayment(Body):
    """Money is given back."""

    amount: int = Field(ge=1, le=MOST_MINOR_UNITS, description="in minor units")
    reason: Text


class IssueInvoice(Body):
    """The order's one invoice."""

    number: Code
    issued_at: Instant | None = Field(default=None, description="now, unless given")


class ListOrders(Body):
    """Whose orders, and how many at a time."""

    customer_id: Id
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class LineView(LineBody):
    """A line, and the tax its amount contains where its class is known."""

    amount: int = Field(description="of the line in minor units, KDV included, without freight")
    kdv_rate: int | None = Field(
        description="percent, as it was on the day of the order; null where unknown"
    )
    kdv: int | None = Field(description="contained in the amount, in minor units")

    @classmethod
    def of(cls, line: Line, day: date) -> "LineView":
        rate = _rate(line.kdv_class, day)
        return cls(
            product=line.product,
            quantity=line.quantity,
            unit_price=line.unit_price,
            kdv_class=line.kdv_class,
            freight=line.freight,
            partner=line.partner,
            amount=line.amount,
            kdv_rate=rate,
            kdv=None if rate is None else contained_kdv(line.amount, rate),
        )


def _rate(kdv_class: KdvClass | None, day: date) -> int | None:
    """The rate, if it is known: history may leave the class out, or be older than our rates."""
    if kdv_class is None:
        return None
    try:
        return kdv_rate(kdv_class, day)
    except NoKdvRate:
        return None


class PaymentView(Body):
    """Money that came in."""

    model_config = ConfigDict(from_attributes=True)

    payment_id: str
    method: str
    amount: int
    instalments: int
    paid_at: AwareDatetime | None


class RefundView(Body):
    """Money that was given back."""

    model_config = ConfigDict(from_attributes=True)

    refund_id: str
    amount: int
    reason: str
    refunded_at: AwareDatetime


class InvoiceView(Body):
    """The invoice, as far as it is known."""

    model_config = ConfigDict(from_attributes=True)

    number: str | None
    issued_at: AwareDatetime | None


class OrderView(Body):
    """An order as it now stands."""

    order_id: str
    customer_id: str = Field(description="whose it is, as far as anybody has said")
    external_id: str | None
    status: Status
    ordered_at: AwareDatetime
    promised_at: AwareDatetime | None
    reached: dict[Status, AwareDatetime] = Field(
        description="when which status was reached, as far as it is known"
    )
    currency: str
    amount: int = Field(description="of all lines and their freight, in minor units")
    paid: int = Field(description="less what was given back, in minor units")
    owed: int = Field(description="in minor units")
    lines: list[LineView]
    payments: list[PaymentView]
    refunds: list[RefundView]
    invoice: InvoiceView | None
    tracking: str | None
    cancel_reason: str | None
    version: int

    @classmethod
    def of(cls, order: Order) -> "OrderView":
        return cls(
            order_id=order.order_id,
            customer_id=order.holder,
            external_id=order.external_id,
            status=order.status,
            ordered_at=order.ordered_at,
            promised_at=order.promised_at,
            reached=dict(order.reached),
            currency=order.currency,
            amount=order.amount,
            paid=order.paid,
            owed=order.owed,
            lines=[LineView.of(line, order.ordered_on) for line in order.lines],
            payments=[PaymentView.model_validate(one) for one in order.payments],
            refunds=[RefundView.model_validate(one) for one in order.refunds],
            invoice=InvoiceView.model_validate(order.invoice) if order.invoice else None,
            tracking=order.tracking,
            cancel_reason=order.cancel_reason,
            version=order.version,
        )


class OrderRow(Body):
    """An order in a list."""

    order_id: str
    external_id: str | None
    status: Status
    ordered_at: AwareDatetime
    promised_at: AwareDatetime | None
    amount: int
    currency: str


class OrderList(Body):
    """Orders, the newest first."""

    orders: list[OrderRow]
    cursor: str | None = Field(description="where the list goes on; null at its end")
