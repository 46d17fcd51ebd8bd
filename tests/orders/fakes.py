"""In-memory stand-in for the orders port, kept honest by test_adapters."""

from services.orders.domain import Order, OrderNotFound
from shared.errors import ChangedMeanwhile, Conflict, KeyReused


class InMemoryOrders:
    def __init__(self, *orders: Order) -> None:
        self._by_id = {order.order_id: order for order in orders}
        self._fingerprints = dict.fromkeys(self._by_id, "")

    def add(self, order: Order, *, fingerprint: str) -> tuple[Order, bool]:
        if order.order_id in self._by_id:
            if self._fingerprints[order.order_id] != fingerprint:
                raise KeyReused("this Idempotency-Key was used before with another request")
            return self._by_id[order.order_id], True
        taken = {one.external_id: one.order_id for one in self._by_id.values()}
        if order.external_id is not None and order.external_id in taken:
            raise Conflict(f"already belongs to {taken[order.external_id]}")
        self._by_id[order.order_id] = order
        self._fingerprints[order.order_id] = fingerprint
        return order, False

    def get(self, order_id: str) -> Order:
        if order_id not in self._by_id:
            raise OrderNotFound(order_id)
        return self._by_id[order_id]

    def save(self, order: Order) -> None:
        there = self.get(order.order_id)
        if there == order:
            return  # the very same write again
        if there.version != order.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._by_id[order.order_id] = order
