"""Events published by the orders service."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event


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


class OrderShipped(Event):
    """The goods are on their way."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderShipped.v1"

    order_id: str


class OrderDelivered(Event):
    """The customer has the goods."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderDelivered.v1"

    order_id: str


class OrderCancelled(Event):
    """The order will not be delivered."""

    source: ClassVar[str] = "sahip.orders"
    detail_type: ClassVar[str] = "OrderCancelled.v1"

    order_id: str
