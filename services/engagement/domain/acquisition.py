"""What was spent to win customers, how many came, and what one of them cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from services.engagement.domain.consent import NOBODY
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Spend(Entity):
    """An amount that a campaign on a channel cost on a day, in minor units. Never changed.

    A mistake is put right by another one with a minus before it.
    """

    kind: ClassVar[str] = "spend"

    spend_id: str
    channel: str
    campaign: str | None = None
    day: date
    amount: int
    currency: str

    @property
    def entity_id(self) -> str:
        return self.spend_id

    @classmethod
    def record(
        cls,
        act: Act,
        *,
        spend_id: str,
        channel: str,
        campaign: str | None,
        day: date,
        amount: int,
        currency: str,
    ) -> "Spend":
        """A new one. Raise Invalid for nothing, and for a day that is still to come."""
        if not amount:
            raise Invalid(
                "give what was spent; with a minus where it is put right", field="amount"
            )
        if day > day_in_turkey(act.at):
            raise Invalid("it cannot have been spent yet", field="day")
        spend = cls(
            customer_id=NOBODY,
            spend_id=spend_id,
            channel=channel,
            campaign=campaign,
            day=day,
            amount=amount,
            currency=currency,
        )
        return spend.after(act, Happening(what="spent"))


@dataclass(frozen=True, kw_only=True)
class Acquired:
    """What a channel or one campaign on it cost in a month, by currency, and who came."""

    spent: Mapping[str, int] = field(default_factory=dict)
    customers: int = 0

    def and_also(self, other: "Acquired") -> "Acquired":
        """Both together."""
        currencies = sorted({*self.spent, *other.spent})
        return Acquired(
            spent={one: self.spent.get(one, 0) + other.spent.get(one, 0) for one in currencies},
            customers=self.customers + other.customers,
        )

    @property
    def cost_of_one(self) -> dict[str, int]:
        """What one new customer cost by currency, rounded up.

        Nothing where nobody came, or nothing was spent: that is not known to have cost nothing.
        """
        if not self.customers:
            return {}
        return {
            currency: -(-amount // self.customers)
            for currency, amount in self.spent.items()
            if amount > 0
        }
