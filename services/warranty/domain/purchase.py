"""What somebody says about a purchase when registering it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.warranty.domain.serials import canonical_serial
from shared.errors import Invalid

EARLIEST = date(1990, 1, 1)  # what is said to be older was written wrongly


class ContactKind(StrEnum):
    """By what somebody can be reached."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where whoever registers can be reached, as they wrote it."""

    kind: ContactKind
    value: str


@dataclass(frozen=True, kw_only=True)
class Price:
    """What was paid for one piece, in minor units."""

    amount: int
    currency: str  # ISO 4217


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """Where and when a product was bought. A product or a serial number is named."""

    bought_on: date
    bought_from: str
    product: str | None = None
    serial: str | None = None  # as it was written
    delivered_on: date | None = None
    order_id: str | None = None  # of our own sale, where the registrant knows it
    price: Price | None = None
    invoice_no: str | None = None

    @property
    def canonical_serial(self) -> str | None:
        return None if self.serial is None else canonical_serial(self.serial)

    def must_be_possible(self, today: date) -> None:
        """Raise Invalid, naming the field, where things cannot be as they are said to be.

        `today` is the day in Turkey.
        """
        _ = self.canonical_serial
        for field, day in (("bought_on", self.bought_on), ("delivered_on", self.delivered_on)):
            if day is not None and day < EARLIEST:
                raise Invalid(f"{day} is too long ago to be right; check the year", field=field)
        if self.bought_on > today:
            raise Invalid(
                f"{self.bought_on} is still to come; give the day of the purchase",
                field="bought_on",
            )
        if self.delivered_on is not None and self.delivered_on > today:
            raise Invalid(
                f"{self.delivered_on} is still to come; leave it out until you have the product",
                field="delivered_on",
            )
        if self.delivered_on is not None and self.delivered_on < self.bought_on:
            raise Invalid(
                "the product cannot have come before it was bought; check both days",
                field="delivered_on",
            )
