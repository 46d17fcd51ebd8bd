"""The rows of the files with their cells read: one class for each file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from imports.olist.files import Row
from imports.olist.values import (
    Unfit,
    centavos,
    identity,
    moment,
    moment_or_none,
    whole,
    words,
)

HIGHEST_SCORE = 5

INVOICED = "invoiced"
# What each status of the files is called in ours.
STATUSES = {
    "created": "placed",
    "approved": "approved",
    INVOICED: "approved",
    "processing": "processing",
    "shipped": "shipped",
    "delivered": "delivered",
    "canceled": "cancelled",
    "unavailable": "unavailable",
}


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer of one order. The same person may be several of them."""

    line: int
    customer_id: str
    person: str
    prefix: str
    city: str
    state: str

    @classmethod
    def read(cls, row: Row) -> Self:
        """Raise Unfit where a cell is not what it should be."""
        return cls(
            line=row.line,
            customer_id=_identity(row, "customer_id"),
            person=_identity(row, "customer_unique_id"),
            prefix=_words(row, "customer_zip_code_prefix"),
            city=_words(row, "customer_city"),
            state=_words(row, "customer_state"),
        )


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """An order, how far it came and when."""

    line: int
    order_id: str
    customer_id: str
    status: str  # one of ours
    invoiced: bool
    purchased_at: datetime
    approved_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    promised_at: datetime | None

    @classmethod
    def read(cls, row: Row) -> Self:
        """Raise Unfit where a cell is not what it should be."""
        status = _words(row, "order_status")
        if status not in STATUSES:
            raise Unfit(f"order_status is none of {', '.join(STATUSES)}: {status!r}")
        return cls(
            line=row.line,
            order_id=_identity(row, "order_id"),
            customer_id=_identity(row, "customer_id"),
            status=STATUSES[status],
            invoiced=status == INVOICED,
            purchased_at=_moment(row, "order_purchase_timestamp"),
            approved_at=_moment_or_none(row, "order_approved_at"),
            shipped_at=_moment_or_none(row, "order_delivered_carrier_date"),
            delivered_at=_moment_or_none(row, "order_delivered_customer_date"),
            promised_at=_moment_or_none(row, "order_estimated_delivery_date"),
        )


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One piece of one product. Amounts are centavos."""

    line: int
    order_id: str
    number: int
    product: str
    seller: str
    price: int
    freight: int

    @classmethod
    def read(cls, row: Row) -> Self:
        """Raise Unfit where a cell is not what it should be."""
        return cls(
            line=row.line,
            order_id=_identity(row, "order_id"),
            number=_whole(row, "order_item_id"),
            product=_identity(row, "product_id"),
            seller=_identity(row, "seller_id"),
            price=_centavos(row, "price"),
            freight=_centavos(row, "freight_value"),
        )


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """One of the ways in which an order was paid. The amount is centavos."""

    line: int
    order_id: str
    number: int
    kind: str
    instalments: int
    amount: int

    @classmethod
    def read(cls, row: Row) -> Self:
        """Raise Unfit where a cell is not what it should be."""
        return cls(
            line=row.line,
            order_id=_identity(row, "order_id"),
            number=_whole(row, "payment_sequential"),
            kind=_words(row, "payment_type"),
            instalments=_whole(row, "payment_installments"),
            amount=_centavos(row, "payment_value"),
        )


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """What a customer said of an order. One review may speak of several orders."""

    line: int
    review_id: str
    order_id: str
    score: int
    title: str
    text: str
    answered_at: datetime

    @classmethod
    def read(cls, row: Row) -> Self:
        """Raise Unfit where a cell is not what it should be."""
        score = _whole(row, "review_score")
        if not 1 <= score <= HIGHEST_SCORE:
            raise Unfit(f"review_score is not between 1 and {HIGHEST_SCORE}: {score}")
        return cls(
            line=row.line,
            review_id=_identity(row, "review_id"),
            order_id=_identity(row, "order_id"),
            score=score,
            title=row.cell("review_comment_title"),
            text=row.cell("review_comment_message"),
            answered_at=_moment(row, "review_answer_timestamp"),
        )


def _identity(row: Row, column: str) -> str:
    return identity(column, row.cell(column))


def _words(row: Row, column: str) -> str:
    return words(column, row.cell(column))


def _whole(row: Row, column: str) -> int:
    return whole(column, row.cell(column))


def _centavos(row: Row, column: str) -> int:
    return centavos(column, row.cell(column))


def _moment(row: Row, column: str) -> datetime:
    return moment(column, row.cell(column))


def _moment_or_none(row: Row, column: str) -> datetime | None:
    return moment_or_none(column, row.cell(column))
