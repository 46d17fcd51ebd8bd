"""How the rows of the shop are told to the system."""

from datetime import datetime
from typing import Any

from imports.olist.rows import CustomerRow, ItemRow, PaymentRow, ReviewRow
from imports.olist.shop import Bought, Person

CURRENCY = "BRL"
COUNTRY = "BR"
CHANNEL = "survey"
HIGHEST_SCORE_OF_A_COMPLAINT = 2


def external_id_of(person: str) -> str:
    """What the system knows the person by."""
    return f"olist:{person}"


def customer_of(person: Person) -> dict[str, Any]:
    """The person. The files hold no names."""
    return {
        "external_ids": [external_id_of(person.person)],
        "addresses": [_address(person.latest)],
        "since": _told(person.since),
    }


def order_of(customer_id: str, bought: Bought) -> dict[str, Any]:
    """The order with its past."""
    order = bought.order
    past: dict[str, Any] = {
        "status": order.status,
        "ordered_at": _told(order.purchased_at),
        "approved_at": _told(order.approved_at),
        "shipped_at": _told(order.shipped_at),
        "delivered_at": _told(order.delivered_at),
        "payments": [_payment(one) for one in bought.payments],
    }
    if order.invoiced:
        past["invoice"] = {}  # that there is one is all that the files say of it
    return {
        "customer_id": customer_id,
        "external_id": f"olist-order:{order.order_id}",
        "currency": CURRENCY,
        "lines": [_line(one) for one in bought.items],
        "promised_at": _told(order.promised_at),
        "past": past,
    }


def is_complaint(review: ReviewRow) -> bool:
    """Whether somebody was so unhappy that it is to be put right."""
    return review.score <= HIGHEST_SCORE_OF_A_COMPLAINT


def complaint_of(customer_id: str, order_id: str, review: ReviewRow) -> dict[str, Any]:
    """The review of an unhappy customer. What it is about is for a person to read."""
    return {
        "customer_id": customer_id,
        "title": review.title,
        "text": review.text,
        "order_id": order_id,
        "channel": CHANNEL,
        "opened_at": _told(review.answered_at),
    }


def conversation_of(review: ReviewRow) -> dict[str, Any]:
    """Any other review."""
    return {
        "at": _told(review.answered_at),
        "channel": CHANNEL,
        "direction": "in",
        "kind": "service",
        "summary": "\n".join(part for part in (review.title, review.text) if part),
    }


def key_of_person(person: Person) -> str:
    """An Idempotency-Key is the same in each run."""
    return f"olist:{person.person}"


def key_of_order(bought: Bought) -> str:
    """See key_of_person."""
    return f"olist-order:{bought.order.order_id}"


def key_of_review(review: ReviewRow) -> str:
    """See key_of_person. One review may speak of several orders, and an order have several."""
    return f"olist-review:{review.review_id}:{review.order_id}"


def _address(customer: CustomerRow) -> dict[str, Any]:
    # A state has no field of its own, and is neither a district nor a city.
    return {
        "lines": customer.state,
        "city": customer.city,
        "postal_code": customer.prefix,
        "country": COUNTRY,
    }


def _line(item: ItemRow) -> dict[str, Any]:
    return {
        "product": item.product,
        "quantity": 1,
        "unit_price": item.price,
        "freight": item.freight,
        "partner": item.seller,
    }


def _payment(payment: PaymentRow) -> dict[str, Any]:
    return {
        "method": payment.kind,
        "amount": payment.amount,
        "instalments": payment.instalments,
    }


def _told(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
