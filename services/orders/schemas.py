"""Bodies of the orders API."""

from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

from services.orders.domain import KdvClass, Order, Status, contained_kdv, kdv_rate

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExternalId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

MOST_LINES = 100
MOST_MINOR_UNITS = 10**12  # of an order: sums of thousands are still exact in any client
MOST_PIECES = 10**6


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineBody(_Body):
    """One product of an order."""

    product: Code = Field(description="the seller's own code or name of it")
    quantity: int = Field(ge=1, le=MOST_PIECES)
    unit_price: int = Field(
        ge=0, le=MOST_MINOR_UNITS, description="of one piece in minor units, KDV included"
    )
    kdv_class: KdvClass = Field(description="which KDV rate holds for the product")


class PlaceOrder(_Body):
    """A new order."""

    customer_id: Id
    currency: Currency = Field(default="TRY", description="ISO 4217")
    lines: list[LineBody] = Field(min_length=1, max_length=MOST_LINES)
    external_id: ExternalId | None = Field(
        default=None, description="the order's id in the shop's own system, unique"
    )

    @field_validator("lines")
    @classmethod
    def _comes_to_a_sum_of_this_world(cls, lines: list[LineBody]) -> list[LineBody]:
        if sum(line.quantity * line.unit_price for line in lines) > MOST_MINOR_UNITS:
            raise ValueError(f"together they come to more than {MOST_MINOR_UNITS} minor units")
        return lines


class ApproveOrder(_Body):
    """Nothing needs to be said."""


class ShipOrder(_Body):
    """Hand the goods to the carrier."""

    tracking: Code | None = Field(default=None, description="the carrier's number of the parcel")


class DeliverOrder(_Body):
    """Nothing needs to be said."""


class CancelOrder(_Body):
    """Give the order up."""

    reason: Text


class ListOrders(_Body):
    """Whose orders, and how many at a time."""

    customer_id: Id
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class LineView(LineBody):
    """A line, and the tax its amount contains."""

    amount: int = Field(description="of the line in minor units, KDV included")
    kdv_rate: int = Field(description="percent, as it was on the day of the order")
    kdv: int = Field(description="contained in the amount, in minor units")


class OrderView(_Body):
    """An order as it now stands."""

    order_id: str
    customer_id: str
    external_id: str | None
    status: Status
    ordered_at: AwareDatetime
    currency: str
    amount: int = Field(description="of all lines in minor units, KDV included")
    lines: list[LineView]
    tracking: str | None
    cancel_reason: str | None
    version: int

    @classmethod
    def of(cls, order: Order) -> "OrderView":
        day = order.ordered_on
        lines = [
            LineView(
                product=line.product,
                quantity=line.quantity,
                unit_price=line.unit_price,
                kdv_class=line.kdv_class,
                amount=line.amount,
                kdv_rate=kdv_rate(line.kdv_class, day),
                kdv=contained_kdv(line.amount, kdv_rate(line.kdv_class, day)),
            )
            for line in order.lines
        ]
        return cls(
            order_id=order.order_id,
            customer_id=order.customer_id,
            external_id=order.external_id,
            status=order.status,
            ordered_at=order.ordered_at,
            currency=order.currency,
            amount=order.amount,
            lines=lines,
            tracking=order.tracking,
            cancel_reason=order.cancel_reason,
            version=order.version,
        )


class OrderRow(_Body):
    """An order in a list."""

    order_id: str
    external_id: str | None
    status: Status
    ordered_at: AwareDatetime
    amount: int
    currency: str


class OrderList(_Body):
    """Orders, the newest first."""

    orders: list[OrderRow]
    cursor: str | None = Field(description="where the list goes on; null at its end")
