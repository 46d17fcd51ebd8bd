"""In-memory stand-ins for the ports of orders, kept honest by examinations of their like."""

from collections.abc import Callable, Iterator, Sequence

from services.orders.domain import News, Order, OrderNotFound, Person
from shared.entity import Via
from shared.errors import ChangedMeanwhile, Conflict, Invalid, KeyReused
from tests.orders.examples import NOON


class InMemoryOrders:
    def __init__(self, *orders: Order) -> None:
        self.meanwhile: Callable[[], None] = lambda: None  # what others do before each call
        self._by_id = {order.order_id: order for order in orders}
        self._fingerprints = dict.fromkeys(self._by_id, "")

    def add(self, order: Order, *, fingerprint: str) -> tuple[Order, bool]:
        self.meanwhile()
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

    def placed_by(self, order_id: str, *, fingerprint: str) -> Order | None:
        self.meanwhile()
        if order_id in self._by_id and self._fingerprints[order_id] != fingerprint:
            raise KeyReused("this Idempotency-Key was used before with another request")
        return self._by_id.get(order_id)

    def by_external_id(self, external_id: str) -> Order | None:
        self.meanwhile()
        named = (one for one in self._by_id.values() if one.external_id == external_id)
        return next(named, None)

    def save(self, order: Order) -> None:
        self.meanwhile()
        there = self.get(order.order_id)
        if there == order:
            return  # the very same write again
        if there.version != order.version - 1:
            raise ChangedMeanwhile("it was changed meanwhile")
        self._by_id[order.order_id] = order


class InMemoryWaitingNews:
    def __init__(self) -> None:
        self.meanwhile: Callable[[], None] = lambda: None  # what others do before each call
        self.parked: list[tuple[str, str]] = []  # the message, and why
        self._waiting: dict[tuple[str, str], News] = {}

    def put(self, news: News) -> None:
        self.meanwhile()
        self._waiting[news.external_id, news.news_id] = news

    def of(self, external_id: str) -> Sequence[News]:
        self.meanwhile()
        return [one for one in self._waiting.values() if one.external_id == external_id]

    def everything(self) -> Iterator[News]:
        yield from list(self._waiting.values())

    def remove(self, news: News) -> None:
        self.meanwhile()
        self._waiting.pop((news.external_id, news.news_id), None)

    def park(self, news: News, reason: str) -> None:
        self.parked.append((news.message, reason))
        self.remove(news)


class InMemoryPeople:
    def __init__(self) -> None:
        self._by_external_id: dict[str, str] = {}
        self._by_key: dict[str, str] = {}

    def find_or_create(
        self, person: Person, *, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        via = Via(kind="external_id" if person.external_id else "name", shared=False, at=NOON)
        if person.phone is not None and not any(one.isdigit() for one in person.phone):
            raise Invalid("this is no phone number")
        if person.external_id in self._by_external_id:
            return self._by_external_id[person.external_id], via
        customer_id = self._by_key.setdefault(key, f"cus_{len(self._by_key) + 1}")
        if person.external_id is not None:
            self._by_external_id[person.external_id] = customer_id
        return customer_id, via
