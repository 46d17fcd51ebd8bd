"""Events published by the orders service."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.event import Attributed, Event
from shared.contracts.model import Model


class OrderPlaced(Event):
    """A customer has ordered."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderPlaced.v1"

    order_id: str
    amount: int = Field(ge=0, description="of all lines, in minor units")
    currency: str = Field(description="ISO 4217")
    line_count: int = Field(ge=0)


class OrderApproved(Event):
    """The company will fulfil the order."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderApproved.v1"

    order_id: str


class OrderProcessed(Event):
    """The order is being picked and packed."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderProcessed.v1"

    order_id: str


class OrderShipped(Event):
    """The goods are on their way."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderShipped.v1"

    order_id: str


class DeliveredLine(Model):
    """One line of an order that was delivered."""

    line: int = Field(ge=0, description="its place in the order, from 0")
    product: str
    quantity: int = Field(ge=1)


class OrderDelivered(Event):
    """The customer has the goods."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderDelivered.v1"

    order_id: str
    units: list[DeliveredLine] | None = Field(
        default=None, description="what the customer now has; null where it is not told"
    )
    delivered_at: AwareDatetime | None = Field(
        default=None, description="when the customer got it; null where that is not known"
    )
    ordered_at: AwareDatetime | None = Field(
        default=None, description="when it was ordered; null where it is not told"
    )
    holder: str | None = Field(
        default=None,
        description="the customer it was said to be of by then; null where nobody had",
    )


class OrderAttributed(Attributed):
    """Somebody has said whose an order is; so are its units, where it was delivered by then."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderAttributed.v1"

    order_id: str
    units: list[DeliveredLine] | None = Field(
        default=None, description="what the customer has; null before the delivery"
    )
    delivered_at: AwareDatetime | None = Field(
        default=None, description="when the customer got it; null where that is not known"
    )
    ordered_at: AwareDatetime | None = Field(
        default=None, description="when it was ordered; null where it is not told"
    )


class OrderCancelled(Event):
    """The order will not be delivered."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderCancelled.v1"

    order_id: str


class OrderUnavailable(Event):
    """The goods cannot be had; the order will not be delivered."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderUnavailable.v1"

    order_id: str


class PaymentReceived(Event):
    """Money came in for an order."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "PaymentReceived.v1"

    order_id: str
    payment_id: str
    method: str
    amount: int = Field(ge=0, description="in minor units")
    currency: str = Field(description="ISO 4217")
    instalments: int = Field(ge=0)


class PaymentRefunded(Event):
    """Money was given back."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "PaymentRefunded.v1"

    order_id: str
    refund_id: str
    amount: int = Field(ge=0, description="in minor units")
    currency: str = Field(description="ISO 4217")


class InvoiceIssued(Event):
    """The order has its invoice."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "InvoiceIssued.v1"

    order_id: str
