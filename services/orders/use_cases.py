"""What one can do with orders, one function each."""

from collections.abc import Callable, Sequence

from services.orders.domain import Line, Order
from services.orders.ports import Orders
from shared.entity import Act


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
) -> tuple[Order, bool]:
    """Place an order once, however often it is asked for."""
    order = Order.place(
        act,
        order_id=order_id,
        customer_id=customer_id,
        currency=currency,
        lines=tuple(lines),
        external_id=external_id,
    )
    return orders.add(order, fingerprint=fingerprint)


def approve_order(orders: Orders, act: Act, order: Order, *, version: int | None) -> Order:
    return _moved(orders, order, version, lambda: order.approve(act))


def ship_order(
    orders: Orders, act: Act, order: Order, *, version: int | None, tracking: str | None
) -> Order:
    return _moved(orders, order, version, lambda: order.ship(act, tracking=tracking))


def deliver_order(orders: Orders, act: Act, order: Order, *, version: int | None) -> Order:
    return _moved(orders, order, version, lambda: order.deliver(act))


def cancel_order(
    orders: Orders, act: Act, order: Order, *, version: int | None, reason: str
) -> Order:
    return _moved(orders, order, version, lambda: order.cancel(act, reason=reason))


def _moved(orders: Orders, order: Order, version: int | None, move: Callable[[], Order]) -> Order:
    """Save the order one move on. A move that was made before is not saved again."""
    moved = move()
    if moved is not order:
        order.must_be_at(version)
        orders.save(moved)
    return moved
