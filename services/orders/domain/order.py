"""An order and its way from the customer's wish to the customer's hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from services.orders.domain.kdv import KdvClass
from shared.entity import Act, Entity, Facts, Happening
from shared.errors import Conflict, NotFound

ISTANBUL = ZoneInfo("Europe/Istanbul")


class OrderNotFound(NotFound):
    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} does not exist")


class CustomerUnknown(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class Status(StrEnum):
    """Where the goods are on their way."""

    PLACED = "placed"
    APPROVED = "approved"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


# What can be done with an order in each status, and what status that leads to.
MOVES: Mapping[Status, Mapping[str, Status]] = {
    Status.PLACED: {"approve": Status.APPROVED, "cancel": Status.CANCELLED},
    Status.APPROVED: {"ship": Status.SHIPPED, "cancel": Status.CANCELLED},
    Status.SHIPPED: {"deliver": Status.DELIVERED},
    Status.DELIVERED: {},
    Status.CANCELLED: {},
}


class IllegalMove(Conflict):
    """The order's status does not allow the move."""

    def __init__(self, move: str, status: Status) -> None:
        legal = sorted(MOVES[status])
        possible = f"possible now: {', '.join(legal)}" if legal else "nothing more can be done"
        super().__init__(
            f"one cannot {move} an order that is {status}; {possible}", legal_moves=legal
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One product of an order."""

    product: str
    quantity: int
    unit_price: int  # minor units of the order's currency, KDV included
    kdv_class: KdvClass

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, kw_only=True)
class Order(Entity):
    """What a customer ordered, and how far it has come."""

    kind: ClassVar[str] = "order"

    order_id: str
    ordered_at: datetime
    currency: str  # ISO 4217
    lines: tuple[Line, ...]
    status: Status = Status.PLACED
    external_id: str | None = None  # the id in the shop's own system, unique
    tracking: str | None = None  # the carrier's number of the parcel
    cancel_reason: str | None = None

    @property
    def entity_id(self) -> str:
        return self.order_id

    @property
    def ordered_on(self) -> date:
        """The day of the order in Turkey."""
        return self.ordered_at.astimezone(ISTANBUL).date()

    @property
    def amount(self) -> int:
        """What all lines come to, in minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def is_live(self) -> bool:
        """Whether it counts: whether it was not given up."""
        return self.status is not Status.CANCELLED

    @property
    def is_pending(self) -> bool:
        """Whether the customer still waits for it."""
        return self.is_live and self.status is not Status.DELIVERED

    @classmethod
    def place(
        cls,
        act: Act,
        *,
        order_id: str,
        customer_id: str,
        currency: str,
        lines: tuple[Line, ...],
        external_id: str | None = None,
    ) -> "Order":
        """A new order, and the news of it."""
        order = cls(
            order_id=order_id,
            customer_id=customer_id,
            external_id=external_id,
            ordered_at=act.at,
            currency=currency,
            lines=lines,
        )
        facts = {"amount": order.amount, "currency": currency, "line_count": len(lines)}
        return order.after(act, Happening(what="placed", facts=facts))

    def approve(self, act: Act) -> "Order":
        """Promise to fulfil it."""
        return self._move("approve", act)

    def ship(self, act: Act, *, tracking: str | None) -> "Order":
        """Hand it to the carrier."""
        return self._move("ship", act, tracking=tracking)

    def deliver(self, act: Act) -> "Order":
        """Record that the customer has it."""
        units = [
            {"line": place, "product": line.product, "quantity": line.quantity}
            for place, line in enumerate(self.lines)
        ]
        facts = {"units": units, "delivered_at": act.at.isoformat()}
        return self._move("deliver", act, facts)

    def cancel(self, act: Act, *, reason: str) -> "Order":
        """Give it up."""
        return self._move("cancel", act, cancel_reason=reason)

    def _move(self, move: str, act: Act, facts: Facts | None = None, **changes: Any) -> "Order":
        """Move on. The same move with the same particulars is a repeat: it changes nothing."""
        status = MOVES[self.status].get(move)
        if status is None:
            if self._has_just_made(move, changes):
                return self
            raise IllegalMove(move, self.status)
        news = Happening(what=status.value, facts=facts or {})
        return self.after(act, news, status=status, **changes)

    def _has_just_made(self, move: str, changes: Mapping[str, Any]) -> bool:
        leads_here = any(moves.get(move) is self.status for moves in MOVES.values())
        return leads_here and all(getattr(self, name) == value for name, value in changes.items())
