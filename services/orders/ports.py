"""What the orders service needs from outside."""

from typing import Protocol

from services.orders.domain import Order


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

    def save(self, order: Order) -> None:
        """Raise ChangedMeanwhile if someone else saved a newer version meanwhile."""
        ...
