"""What was paid for an order, what was given back, and what is still owed."""

from dataclasses import dataclass
from datetime import datetime

from shared.errors import Conflict


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money that came in. An amount of 0 occurs, such as with a voucher for all of it."""

    payment_id: str
    method: str  # as the shop names it, such as credit_card
    amount: int  # minor units of the order's currency
    instalments: int = 1
    paid_at: datetime | None = None  # None where the history does not tell


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money that was given back."""

    refund_id: str
    amount: int  # minor units of the order's currency
    reason: str
    refunded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """The invoice of an order, as far as it is known."""

    number: str | None = None
    issued_at: datetime | None = None


class AlreadyInvoiced(Conflict):
    def __init__(self) -> None:
        super().__init__("the order has another invoice already; an invoice is never replaced")


class MoreThanPaid(Conflict):
    def __init__(self, left: int, currency: str) -> None:
        super().__init__(
            f"more than was paid cannot be given back; {left} minor units of {currency} are left"
        )
