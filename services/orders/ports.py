"""What the orders service needs from outside."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from services.orders.domain import News, Order, Person
from shared.entity import Via


class Orders(Protocol):
    """All orders ever placed, as a collection."""

    def add(self, order: Order, *, fingerprint: str) -> tuple[Order, bool]:
        """Add it once; return it as it now stands, and whether it was there already.

        `fingerprint` tells the repetition of a request from another one: raise
        KeyReused where the order came from another request, Conflict where its
        external id is taken.
        """
        ...

    def get(self, order_id: str) -> Order:
        """Raise OrderNotFound if there is none."""
        ...

    def placed_by(self, order_id: str, *, fingerprint: str) -> Order | None:
        """The order, if there is one. Raise KeyReused where it came from another request."""
        ...

    def by_external_id(self, external_id: str) -> Order | None:
        """The order that goes by this id in another system, if there is one."""
        ...

    def save(self, order: Order) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...


class People(Protocol):
    """Who the customers are, which another service knows."""

    def find_or_create(
        self, person: Person, *, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        """The id of the customer that this is, and by what; for one key there never come two.

        Raise Invalid where nobody can be known like that, and Unavailable where
        it cannot be asked.
        """
        ...


class WaitingNews(Protocol):
    """What was told of orders that had not been placed yet."""

    def put(self, news: News) -> None:
        """Let it wait for its order; once, however often it is told."""
        ...

    def of(self, external_id: str) -> Sequence[News]:
        """What waits for an order by now, whoever has put it there a moment ago."""
        ...

    def everything(self) -> Iterator[News]:
        """All that waits, for whatever order."""
        ...

    def remove(self, news: News) -> None:
        """It need not wait any more."""
        ...

    def park(self, news: News, reason: str) -> None:
        """It does not fit its order: keep it where somebody will look, and wait no more."""
        ...
