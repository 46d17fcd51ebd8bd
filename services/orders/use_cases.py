"""What one can do with orders, one function each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from services.orders.domain import Invoice, Line, Order, Past, Payment, Refund
from services.orders.ports import Orders
from shared.entity import Act
from shared.errors import KeyReused


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


def _changed(
    orders: Orders, order: Order, version: int | None, change: Callable[[], Order]
) -> Order:
    """Save the order one version on. What had been done before is not saved again."""
    changed = change()
    if changed is not order:
        order.must_be_at(version)
        orders.save(changed)
    return changed
