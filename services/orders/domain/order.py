"""An order: its goods, its money and its invoice go three ways of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from services.orders.domain.kdv import KdvClass
from services.orders.domain.money import AlreadyInvoiced, Invoice, MoreThanPaid, Payment, Refund
from shared.entity import Act, Entity, Facts, Happening, Via
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
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"


GIVEN_UP = frozenset({Status.CANCELLED, Status.UNAVAILABLE})

# What can be done with an order in each status, and what status that leads to.
_BEFORE_SHIPPING = {"cancel": Status.CANCELLED, "mark_unavailable": Status.UNAVAILABLE}
MOVES: Mapping[Status, Mapping[str, Status]] = {
    Status.PLACED: {"approve": Status.APPROVED, **_BEFORE_SHIPPING},
    Status.APPROVED: {
        "process": Status.PROCESSING,
        "ship": Status.SHIPPED,
        **_BEFORE_SHIPPING,
    },
    Status.PROCESSING: {"ship": Status.SHIPPED, **_BEFORE_SHIPPING},
    Status.SHIPPED: {"deliver": Status.DELIVERED},
    Status.DELIVERED: {},
    Status.CANCELLED: {},
    Status.UNAVAILABLE: {},
}

# How far along each status is, for what is heard of in any order.
_PLACES: Mapping[Status, int] = {
    Status.PLACED: 0,
    Status.APPROVED: 1,
    Status.PROCESSING: 2,
    Status.SHIPPED: 3,
    Status.UNAVAILABLE: 4,
    Status.CANCELLED: 5,
    Status.DELIVERED: 6,
}


class IllegalMove(Conflict):
    """The order's status does not allow the move."""

    def __init__(self, move: str, status: Status) -> None:
        legal = sorted(MOVES[status])
        possible = f"possible now: {', '.join(legal)}" if legal else "nothing more can be done"
        super().__init__(
            f"one cannot {move.replace('_', ' ')} an order that is {status}; {possible}",
            legal_moves=legal,
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One product of an order."""

    product: str
    quantity: int
    unit_price: int  # minor units of the order's currency, KDV included
    kdv_class: KdvClass | None = None  # None where the history does not tell
    freight: int = 0  # of the whole line, in the same units
    partner: str | None = None  # the channel partner who sold it

    @property
    def amount(self) -> int:
        """What the line comes to, without freight."""
        return self.quantity * self.unit_price


@dataclass(frozen=True, kw_only=True)
class Past:
    """How far an order had come when it was recorded, as far as anybody still knows."""

    status: Status
    ordered_at: datetime
    reached: Mapping[Status, datetime]  # when which status was reached


@dataclass(frozen=True, kw_only=True)
class Order(Entity):
    """What a customer ordered, how far it has come, and what was paid for it."""

    kind: ClassVar[str] = "order"

    order_id: str
    ordered_at: datetime
    currency: str  # ISO 4217
    lines: tuple[Line, ...]
    status: Status = Status.PLACED
    reached: Mapping[Status, datetime]  # when which status was reached, as far as it is known
    external_id: str | None = None  # the id in the shop's own system, unique
    promised_at: datetime | None = None  # when the customer was told to have it
    tracking: str | None = None  # the carrier's number of the parcel
    cancel_reason: str | None = None
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    invoice: Invoice | None = None

    @property
    def entity_id(self) -> str:
        return self.order_id

    @property
    def ordered_on(self) -> date:
        """The day of the order in Turkey."""
        return self.ordered_at.astimezone(ISTANBUL).date()

    @property
    def amount(self) -> int:
        """What all lines and their freight come to, in minor units."""
        return sum(line.amount + line.freight for line in self.lines)

    @property
    def paid(self) -> int:
        """What was paid and not given back, in minor units."""
        came = sum(payment.amount for payment in self.payments)
        return came - sum(refund.amount for refund in self.refunds)

    @property
    def owed(self) -> int:
        """What is still to be paid, in minor units; nothing for an order that was given up."""
        return max(0, self.amount - self.paid) if self.is_live else 0

    @property
    def is_live(self) -> bool:
        """Whether it counts: whether it was not given up."""
        return self.status not in GIVEN_UP

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
        promised_at: datetime | None = None,
        via: Via | None = None,
    ) -> "Order":
        """A new order, and the news of it."""
        order = cls(
            order_id=order_id,
            customer_id=customer_id,
            external_id=external_id,
            ordered_at=act.at,
            currency=currency,
            lines=lines,
            reached={Status.PLACED: act.at},
            promised_at=promised_at,
            via=via,
        )
        return order.after(act, Happening(what="placed", facts=order._placing()))

    @classmethod
    def record(
        cls,
        act: Act,
        past: Past,
        *,
        order_id: str,
        customer_id: str,
        currency: str,
        lines: tuple[Line, ...],
        external_id: str | None,
        promised_at: datetime | None,
        payments: tuple[Payment, ...],
        invoice: Invoice | None,
        via: Via | None = None,
    ) -> "Order":
        """An order of the past, as it was: history is recorded, not judged.

        Its dates may be incomplete and out of order. What is told of it is when
        it happened, as far as that is known; the status it has come to is told
        also without a date.
        """
        order = cls(
            order_id=order_id,
            customer_id=customer_id,
            external_id=external_id,
            ordered_at=past.ordered_at,
            currency=currency,
            lines=lines,
            status=past.status,
            reached={Status.PLACED: past.ordered_at, **past.reached},
            promised_at=promised_at,
            payments=payments,
            invoice=invoice,
            via=via,
        )
        return order.after(act, *order._history())

    def approve(self, act: Act) -> "Order":
        """Promise to fulfil it."""
        return self._move("approve", act)

    def process(self, act: Act) -> "Order":
        """Begin to pick and pack it."""
        return self._move("process", act)

    def ship(self, act: Act, *, tracking: str | None) -> "Order":
        """Hand it to the carrier."""
        return self._move("ship", act, tracking=tracking)

    def deliver(self, act: Act) -> "Order":
        """Record that the customer has it."""
        return self._move("deliver", act)

    def cancel(self, act: Act, *, reason: str) -> "Order":
        """Give it up at somebody's wish."""
        return self._move("cancel", act, cancel_reason=reason)

    def mark_unavailable(self, act: Act) -> "Order":
        """Give it up since the goods cannot be had."""
        return self._move("mark_unavailable", act)

    def observe(
        self, act: Act, status: Status, at: datetime, *, tracking: str | None = None
    ) -> "Order":
        """Record what the outside world saw: in any order, once each, and not judged.

        The order stands where the farthest of what was seen has brought it. What
        was given up stays so, unless the customer had it by then. A parcel's
        number that is known already stays.
        """
        if status in self.reached:
            return self
        arrived = status if _PLACES[status] > _PLACES[self.status] else self.status
        return self.after(
            act,
            Happening(what=status.value, facts=self._arriving(status, at), happened_at=at),
            status=arrived,
            reached={**self.reached, status: at},
            tracking=self.tracking or tracking,
        )

    def pay(self, act: Act, payment: Payment) -> "Order":
        """Record money that came in. The same payment again changes nothing."""
        if payment in self.payments:
            return self
        return self.after(act, self._paid(payment), payments=(*self.payments, payment))

    def refund(self, act: Act, refund: Refund) -> "Order":
        """Record money given back. Raise MoreThanPaid where there is not so much."""
        if any(one.refund_id == refund.refund_id for one in self.refunds):
            return self
        if refund.amount > self.paid:
            raise MoreThanPaid(self.paid, self.currency)
        facts = {
            "refund_id": refund.refund_id,
            "amount": refund.amount,
            "currency": self.currency,
        }
        return self.after(
            act, Happening(what="refunded", facts=facts), refunds=(*self.refunds, refund)
        )

    def issue_invoice(self, act: Act, *, number: str, issued_at: datetime | None) -> "Order":
        """Record its one invoice. Raise AlreadyInvoiced where it has another."""
        if self.invoice is not None and self.invoice.number is not None:
            same = self.invoice.number == number
            if same and issued_at in (None, self.invoice.issued_at):
                return self
            raise AlreadyInvoiced
        on = issued_at or (self.invoice.issued_at if self.invoice else None)
        invoice = Invoice(number=number, issued_at=on or act.at)
        return self.after(act, Happening(what="invoiced", happened_at=on), invoice=invoice)

    def _move(self, move: str, act: Act, **changes: Any) -> "Order":
        """Move on. The same move with the same particulars is a repeat: it changes nothing."""
        status = MOVES[self.status].get(move)
        if status is None:
            if self._has_just_made(move, changes):
                return self
            raise IllegalMove(move, self.status)
        return self.after(
            act,
            Happening(what=status.value, facts=self._arriving(status, act.at)),
            status=status,
            reached={**self.reached, status: act.at},
            **changes,
        )

    def _has_just_made(self, move: str, changes: Mapping[str, Any]) -> bool:
        leads_here = any(moves.get(move) is self.status for moves in MOVES.values())
        return leads_here and all(getattr(self, name) == value for name, value in changes.items())

    def _placing(self) -> dict[str, Any]:
        return {
            "amount": self.amount,
            "currency": self.currency,
            "line_count": len(self.lines),
        }

    def _arriving(self, status: Status, at: datetime | None) -> dict[str, Any]:
        """What others need to know of goods that have come to a status."""
        if status is not Status.DELIVERED:
            return {}
        units = [
            {"line": place, "product": line.product, "quantity": line.quantity}
            for place, line in enumerate(self.lines)
        ]
        told = {
            "units": units,
            "delivered_at": at.isoformat() if at else None,
            "ordered_at": self.ordered_at.isoformat(),
        }
        return told | {"holder": self.holder} if self.shown_under else told

    def goes_along(self) -> Facts:
        """Of what was delivered: its units, which are whose the order is."""
        if self.status is not Status.DELIVERED:
            return {}
        told = self._arriving(Status.DELIVERED, self.reached.get(Status.DELIVERED))
        return {name: told[name] for name in ("units", "delivered_at", "ordered_at")}

    def _paid(self, payment: Payment) -> Happening:
        facts = {
            "payment_id": payment.payment_id,
            "method": payment.method,
            "amount": payment.amount,
            "currency": self.currency,
            "instalments": payment.instalments,
        }
        return Happening(what="paid", facts=facts, happened_at=payment.paid_at)

    def _history(self) -> list[Happening]:
        """What happened in the past of a recorded order, the status it came to at last."""
        last = max(self.reached.values())
        told = [Happening(what="placed", facts=self._placing(), happened_at=self.ordered_at)]
        between = {one for one in self.reached if one not in (Status.PLACED, self.status)}
        told += [
            Happening(
                what=status.value,
                facts=self._arriving(status, self.reached[status]),
                happened_at=self.reached[status],
            )
            for status in Status
            if status in between and status is not Status.DELIVERED
        ]
        told += [
            self._paid(one) if one.paid_at else _dated(self._paid(one), self.ordered_at)
            for one in self.payments
        ]
        if self.invoice is not None:
            told.append(
                Happening(what="invoiced", happened_at=self.invoice.issued_at or self.ordered_at)
            )
        if self.status is not Status.PLACED:
            at = self.reached.get(self.status)
            told.append(
                Happening(
                    what=self.status.value,
                    facts=self._arriving(self.status, at),
                    happened_at=at or last,
                )
            )
        return told


def _dated(happening: Happening, at: datetime) -> Happening:
    return Happening(what=happening.what, facts=happening.facts, happened_at=at)
