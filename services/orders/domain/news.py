"""What other systems tell of an order: in any order, and perhaps before the order itself."""

from dataclasses import dataclass
from datetime import datetime

from services.orders.domain.kdv import kdv_rate
from services.orders.domain.money import Payment
from services.orders.domain.order import Line, Order, Past, Status
from shared.entity import Act, Via
from shared.errors import Conflict


class ToldDifferently(Conflict):
    def __init__(self, what: str) -> None:
        super().__init__(f"the same {what} was told before, with other particulars")


class OtherCurrency(Conflict):
    def __init__(self, told: str, currency: str) -> None:
        super().__init__(f"the payment is in {told}, and the order in {currency}")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Where the goods were seen on their way."""

    status: Status
    at: datetime
    tracking: str | None = None  # the carrier's number of the parcel, if it was told


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing that another system tells of an order: its goods moved on, or money came in."""

    news_id: str  # of the event that told it, as `system:event`
    external_id: str  # of the order, as `system:order`
    correlation_id: str
    message: str  # as it came from the bus, for whoever looks into it should it not fit
    sighting: Sighting | None = None
    payment: Payment | None = None
    currency: str | None = None  # of the payment

    def act(self, now: datetime) -> Act:
        """What is done because of it."""
        return Act(by=self.news_id, at=now, correlation_id=self.correlation_id)

    def applied(self, order: Order, now: datetime) -> Order:
        """The order with this known; the order itself where it was known before.

        Raise OtherCurrency or ToldDifferently where it cannot be true of this order.
        """
        act = self.act(now)
        if self.sighting is not None:
            seen = self.sighting
            return order.observe(act, seen.status, seen.at, tracking=seen.tracking)
        if self.payment is None:
            return order
        for known in order.payments:
            if known.payment_id == self.payment.payment_id and known != self.payment:
                raise ToldDifferently("payment")
        if self.currency != order.currency:
            raise OtherCurrency(str(self.currency), order.currency)
        return order.pay(act, self.payment)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who ordered, as another system knows them."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    external_id: str | None = None  # as `system:id`


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """An order that was placed in another system."""

    news_id: str  # of the event that told it, as `system:event`
    correlation_id: str
    order_id: str  # ours, which this order of that system always gets
    external_id: str  # theirs, as `system:order`
    ordered_at: datetime
    person: Person
    person_key: str  # for which there must never be two customers
    currency: str
    lines: tuple[Line, ...]
    promised_at: datetime | None

    def act(self, now: datetime) -> Act:
        """What is done because of it."""
        return Act(by=self.news_id, at=now, correlation_id=self.correlation_id)

    def order(self, customer_id: str, now: datetime, *, via: Via | None = None) -> Order:
        """The order as it was placed. Raise NoKdvRate where its day has none for its lines."""
        past = Past(status=Status.PLACED, ordered_at=self.ordered_at, reached={})
        order = Order.record(
            self.act(now),
            past,
            order_id=self.order_id,
            customer_id=customer_id,
            currency=self.currency,
            lines=self.lines,
            external_id=self.external_id,
            promised_at=self.promised_at,
            payments=(),
            invoice=None,
            via=via,
        )
        for line in self.lines:
            if line.kdv_class is not None:
                kdv_rate(line.kdv_class, order.ordered_on)
        return order
