"""What the warranty service needs from outside."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from services.warranty.domain import Contact, ProductWeek, Registration, Unit
from shared.entity import Via


class Units(Protocol):
    """All units that customers are known to own, as a collection."""

    def add(self, unit: Unit) -> bool:
        """Add it unless it is there already; return whether it was."""
        ...

    def get(self, unit_id: str) -> Unit:
        """Raise UnitNotFound if there is none."""
        ...

    def by_serial(self, serial: str) -> Sequence[Unit]:
        """Those with this serial number, in its canonical spelling; who came first at the head.

        At most fifty: those behind the first one are in dispute.
        """
        ...

    def sold(self, customer_id: str, order_id: str) -> Iterator[Unit]:
        """The units of an order of this person's, under whichever of their ids.

        Looked for among the newest fifty of each id, and perhaps a moment behind.
        """
        ...

    def members(self, customer_id: str) -> Collection[str]:
        """The customer ids known to be the same person, perhaps without their own."""
        ...


class Registrations(Protocol):
    """All registrations ever made, each beside the unit it is about."""

    def find(self, registration_id: str, *, fingerprint: str) -> Registration | None:
        """The registration, if any. Raise KeyReused where it came from another request."""
        ...

    def get(self, registration_id: str) -> Registration:
        """Raise RegistrationNotFound if there is none."""
        ...

    def add(
        self, registration: Registration, unit: Unit, *, before: Unit | None, fingerprint: str
    ) -> tuple[Registration, bool]:
        """Add it and save its unit, both or neither.

        `before` is the unit as it was read, None where it is new. Return the
        registration as it now stands, and whether it was there already. Raise
        KeyReused as `find` does, and ChangedMeanwhile where the unit is no
        longer as it was read or its serial number was taken meanwhile.
        """
        ...

    def save(self, registration: Registration, unit: Unit, *, before: Unit) -> None:
        """Save both or neither. Raise ChangedMeanwhile where one is not as it was read."""
        ...

    def save_unit(self, unit: Unit, *, before: Unit) -> None:
        """Save a unit that nobody has registered. Raise ChangedMeanwhile as `save` does."""
        ...


MOST_BUYERS = 50  # of one product in one week; nobody can choose among more


class Buyers(Protocol):
    """Who has which product since which week; as true as the units are."""

    def of(
        self, meant: Collection[ProductWeek], *, among: Sequence[str] = ()
    ) -> tuple[Sequence[str], bool]:
        """The customers of all these, each once; return also whether there are too many.

        Where there are more than fifty, only those who are `among` these, at most fifty.
        """
        ...


class People(Protocol):
    """Whom the company knows, which is the customer service's business."""

    def find_or_create(
        self, name: str, contact: Contact, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        """The id of the customer with this name and contact, and by what; if need be a new one.

        However often it is asked with one key, one customer is created at most.
        Raise Invalid where the contact can be none, and Unavailable where
        nobody can be asked.
        """
        ...
