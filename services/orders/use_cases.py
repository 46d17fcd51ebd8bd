"""What one can do with orders, one function each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from services.orders.domain import (
    Announcement,
    Invoice,
    Line,
    News,
    Order,
    Past,
    Payment,
    Refund,
    ToldDifferently,
)
from services.orders.ports import Orders, People, WaitingNews
from shared.entity import Act, Via
from shared.errors import ChangedMeanwhile, Conflict, DomainError, KeyReused

ATTEMPTS = 5  # of saving an order that others are changing


def place_order(
    orders: Orders,
    act: Act,
    *,
    order_id: str,
    fingerprint: str,
    customer_id: str,
    currency: str,
    lines: Sequence[Line],
    external_id: str | None,
    promised_at: datetime | None = None,
    via: Via | None = None,
) -> tuple[Order, bool]:
    """Place an order once, however often it is asked for."""
    order = Order.place(
        act,
        order_id=order_id,
        customer_id=customer_id,
        currency=currency,
        lines=tuple(lines),
        external_id=external_id,
        promised_at=promised_at,
        via=via,
    )
    return orders.add(order, fingerprint=fingerprint)


def record_past_order(
    orders: Orders,
    act: Act,
    past: Past,
    *,
    order_id: str,
    fingerprint: str,
    customer_id: str,
    currency: str,
    lines: Sequence[Line],
    external_id: str | None,
    promised_at: datetime | None,
    payments: Sequence[Payment],
    invoice: Invoice | None,
    via: Via | None = None,
) -> tuple[Order, bool]:
    """Record an order of the past once, however often it is asked for."""
    order = Order.record(
        act,
        past,
        order_id=order_id,
        customer_id=customer_id,
        currency=currency,
        lines=tuple(lines),
        external_id=external_id,
        promised_at=promised_at,
        payments=tuple(payments),
        invoice=invoice,
        via=via,
    )
    return orders.add(order, fingerprint=fingerprint)


def approve_order(orders: Orders, act: Act, order: Order, *, version: int | None) -> Order:
    return _changed(orders, order, version, lambda: order.approve(act))


def process_order(orders: Orders, act: Act, order: Order, *, version: int | None) -> Order:
    return _changed(orders, order, version, lambda: order.process(act))


def ship_order(
    orders: Orders, act: Act, order: Order, *, version: int | None, tracking: str | None
) -> Order:
    return _changed(orders, order, version, lambda: order.ship(act, tracking=tracking))


def deliver_order(orders: Orders, act: Act, order: Order, *, version: int | None) -> Order:
    return _changed(orders, order, version, lambda: order.deliver(act))


def cancel_order(
    orders: Orders, act: Act, order: Order, *, version: int | None, reason: str
) -> Order:
    return _changed(orders, order, version, lambda: order.cancel(act, reason=reason))


def mark_order_unavailable(
    orders: Orders, act: Act, order: Order, *, version: int | None
) -> Order:
    return _changed(orders, order, version, lambda: order.mark_unavailable(act))


def issue_invoice(
    orders: Orders,
    act: Act,
    order: Order,
    *,
    version: int | None,
    number: str,
    issued_at: datetime | None,
) -> Order:
    return _changed(
        orders,
        order,
        version,
        lambda: order.issue_invoice(act, number=number, issued_at=issued_at),
    )


def attribute_order(
    orders: Orders, act: Act, order: Order, customer_id: str, *, version: int | None
) -> Order:
    """Say whose an order is. It is kept where it was written, and shows under them."""
    return _changed(orders, order, version, lambda: order.attributed(act, customer_id))


def record_payment(orders: Orders, act: Act, order: Order, payment: Payment) -> tuple[Order, bool]:
    """Record money that came in, once; say whether it had been recorded before.

    Raise KeyReused where the payment's id stands for another payment.
    """
    for known in order.payments:
        if known.payment_id == payment.payment_id:
            if known != replace(payment, paid_at=known.paid_at):
                raise KeyReused("this Idempotency-Key was used before with another payment")
            return order, True
    paid = order.pay(act, payment)
    orders.save(paid)
    return paid, False


def refund_payment(orders: Orders, act: Act, order: Order, refund: Refund) -> tuple[Order, bool]:
    """Record money given back, once; say whether it had been recorded before.

    Raise KeyReused where the refund's id stands for another refund.
    """
    for known in order.refunds:
        if known.refund_id == refund.refund_id:
            if known != replace(refund, refunded_at=known.refunded_at):
                raise KeyReused("this Idempotency-Key was used before with another refund")
            return order, True
    refunded = order.refund(act, refund)
    orders.save(refunded)
    return refunded, False


def place_external_order(
    orders: Orders,
    people: People,
    waiting: WaitingNews,
    placed: Announcement,
    *,
    fingerprint: str,
    now: datetime,
) -> Order:
    """Take over an order of another system once, and what was told of it before it came.

    Raise ToldDifferently where the same order was told with other particulars,
    and Invalid where it or who ordered it cannot be as told.
    """
    order = _placed_before(orders, placed, fingerprint)
    if order is None:
        customer_id, via = people.find_or_create(
            placed.person, key=placed.person_key, correlation_id=placed.correlation_id
        )
        try:
            order = placed.order(customer_id, now, via=via)
            order, _ = orders.add(order, fingerprint=fingerprint)
        except KeyReused as other:
            raise ToldDifferently("order") from other
        except Conflict as taken:
            # Placed over the API since we looked.
            raise ChangedMeanwhile("the order came another way meanwhile") from taken
    # Now that the order can be read: whoever did not see it has put the news down before looking.
    catch_up(orders, waiting, waiting.of(placed.external_id), now)
    return order


def hear_of_order(orders: Orders, waiting: WaitingNews, news: News, now: datetime) -> bool:
    """Apply what another system tells of an order; say whether the order was there.

    News of an order that is not there waits for it. Raise what `News.applied`
    raises, and ChangedMeanwhile where others keep changing the order.
    """
    order = orders.by_external_id(news.external_id)
    if order is not None:
        _apply(orders, order, news, now)
        return True
    waiting.put(news)
    # The order may have come between looking and putting, and have found nothing waiting.
    return catch_up(orders, waiting, [news], now) == 0


def catch_up(orders: Orders, waiting: WaitingNews, some: Iterable[News], now: datetime) -> int:
    """Apply news whose order has come by now, park what does not fit; say how much still waits."""
    still = 0
    for news in some:
        order = orders.by_external_id(news.external_id)
        if order is None:
            still += 1
            continue
        try:
            _apply(orders, order, news, now)
        except ChangedMeanwhile:
            raise
        except DomainError as flaw:
            waiting.park(news, str(flaw))
        else:
            waiting.remove(news)
    return still


def _placed_before(orders: Orders, placed: Announcement, fingerprint: str) -> Order | None:
    """The order if it is there, be it by the same event or by the shop's own request."""
    there = orders.by_external_id(placed.external_id)
    if there is None or there.order_id != placed.order_id:
        return there
    try:
        return orders.placed_by(placed.order_id, fingerprint=fingerprint)
    except KeyReused as other:
        raise ToldDifferently("order") from other


def _apply(orders: Orders, order: Order, news: News, now: datetime) -> None:
    for tried in range(1, ATTEMPTS + 1):
        changed = news.applied(order, now)
        if changed is order:
            return
        try:
            orders.save(changed)
        except ChangedMeanwhile:
            if tried == ATTEMPTS:
                raise
            order = orders.get(order.order_id)
        else:
            return


def _changed(
    orders: Orders, order: Order, version: int | None, change: Callable[[], Order]
) -> Order:
    """Save the order one version on. What had been done before is not saved again."""
    changed = change()
    if changed is not order:
        order.must_be_at(version)
        orders.save(changed)
    return changed
