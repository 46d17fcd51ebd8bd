"""What the view must show of a person, worked out from the rows of the files."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from checks.olist.reading import Cells, Told, cents, instant

BRL = "BRL"
TURKEY = ZoneInfo("Europe/Istanbul")
GIVEN_UP = ("cancelled", "unavailable")
UNHAPPY = (1, 2)  # scores
OWN_NAMES = {"canceled": "cancelled", "created": "placed", "invoiced": "approved"}
COVER_YEARS = 2

Entry = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """Entries of which a list shows the newest: each with its time, None where it has none."""

    entries: list[tuple[datetime | None, Entry]]
    most: int = 10
    id_field: str | None = None  # by which entries of one time are ordered, if it is shown


@dataclass
class Expected:
    """The parts of the view. Sums are by currency, without those that come to nothing."""

    customer: Entry = field(default_factory=dict)
    orders: Entry = field(default_factory=dict)
    payments: Entry = field(default_factory=dict)
    complaints: Entry = field(default_factory=dict)
    products: Entry = field(default_factory=dict)
    conversations: Entry = field(default_factory=dict)
    happenings: int = 0  # at the least

    def parts(self) -> dict[str, Entry]:
        """By the names that they have in the view."""
        return {name: part for name, part in vars(self).items() if name != "happenings"}


@dataclass(frozen=True)
class _Order:
    cells: Cells
    at: datetime
    status: str
    items: list[Cells]
    payments: list[Cells]

    @property
    def live(self) -> bool:
        return self.status not in GIVEN_UP

    @property
    def total(self) -> int:
        return sum(cents(item["price"]) + cents(item["freight_value"]) for item in self.items)

    @property
    def paid(self) -> int:
        return sum(cents(payment["payment_value"]) for payment in self.payments)


def expected_of(told: Told) -> Expected:
    """Raise ValueError or TypeError where a row of theirs cannot be read."""
    orders = sorted(_orders(told), key=lambda one: (one.at, one.cells["order_id"]))
    reviews = [(instant(row["review_answer_timestamp"]), row) for row in told.reviews]
    unhappy = [(at, row) for at, row in reviews if int(row["review_score"]) in UNHAPPY]
    others = [(at, row) for at, row in reviews if int(row["review_score"]) not in UNHAPPY]
    return Expected(
        customer=_customer(told, orders),
        orders=_bought(orders),
        payments=_payments(orders),
        complaints=_complaints(unhappy),
        products=_products(orders),
        conversations=_conversations(others),
        happenings=1 + len(orders) + len(reviews),
    )


def _orders(told: Told) -> Iterable[_Order]:
    for order_id, cells in told.orders.items():
        at = instant(cells["order_purchase_timestamp"])
        if at is None:
            raise ValueError("an order without a time")
        status = OWN_NAMES.get(cells["order_status"], cells["order_status"])
        yield _Order(cells, at, status, told.items[order_id], told.payments[order_id])


def _customer(told: Told, orders: list[_Order]) -> Entry:
    latest = told.customers[orders[-1].cells["customer_id"]]
    return {
        "name": None,
        "contact_points": [],
        "addresses": [
            {
                "lines": latest["customer_state"],
                "district": None,
                "city": latest["customer_city"],
                "postal_code": latest["customer_zip_code_prefix"],
                "country": "BR",
            }
        ],
        "external_ids": [f"olist:{told.person}"],
        "since": orders[0].at,
    }


def _bought(orders: list[_Order]) -> Entry:
    live = [one for one in orders if one.live]
    pending = [one for one in live if one.status != "delivered"]
    return {
        "count": len(orders),
        "totals": _sums(one.total for one in live),
        "pending": Listed([(one.at, _brief(one)) for one in pending], 50, "order_id"),
        "last_order": Listed([(one.at, _last(one)) for one in live], 1, "order_id"),
        "recent": Listed([(one.at, _brief(one)) for one in orders], 10, "order_id"),
    }


def _brief(order: _Order) -> Entry:
    return {
        "external_id": f"olist-order:{order.cells['order_id']}",
        "status": order.status,
        "ordered_at": order.at,
        "promised_at": instant(order.cells["order_estimated_delivery_date"]),
    }


def _last(order: _Order) -> Entry:
    in_order = sorted(order.items, key=lambda item: int(item["order_item_id"]))
    return {
        "external_id": f"olist-order:{order.cells['order_id']}",
        "status": order.status,
        "ordered_at": order.at,
        "items": [{"product": item["product_id"], "quantity": 1} for item in in_order],
    }


def _payments(orders: list[_Order]) -> Entry:
    ways: dict[str, list[int]] = {}
    for order in orders:
        for payment in order.payments:
            ways.setdefault(payment["payment_type"], []).append(cents(payment["payment_value"]))
    instalments = [
        int(payment["payment_installments"]) for order in orders for payment in order.payments
    ]
    return {
        "methods": [
            {"method": way, "currency": BRL, "count": len(amounts), "amount": sum(amounts)}
            for way, amounts in sorted(ways.items())
        ],
        "max_instalments": max(instalments, default=None),
        "paid": _sums(one.paid for one in orders),
        "owed": _sums(max(0, one.total - one.paid) for one in orders if one.live),
    }


def _complaints(unhappy: list[tuple[datetime | None, Cells]]) -> Entry:
    listed: list[tuple[datetime | None, Entry]] = [
        (at, {"opened_at": at, "title": row["review_comment_title"], "owner": None})
        for at, row in unhappy
    ]
    return {
        "count": len(unhappy),
        "open_count": len(unhappy),
        "open": Listed(listed, 50, "complaint_id"),
        "recent": Listed(listed, 10, "complaint_id"),
    }


def _products(orders: list[_Order]) -> Entry:
    units: list[tuple[datetime | None, Entry]] = []
    for order in orders:
        if order.status == "delivered":
            at = instant(order.cells["order_delivered_customer_date"])
            units += [(at, _unit(item["product_id"], at)) for item in order.items]
    return {"count": len(units), "units": Listed(units, 10)}


def _unit(product: str, delivered_at: datetime | None) -> Entry:
    until = _years_later(delivered_at.astimezone(TURKEY).date()) if delivered_at else None
    return {
        "product": product,
        "serial": None,
        "delivered_at": delivered_at,
        "covered_until": until.isoformat() if until else None,
    }


def _years_later(day: date) -> date:
    """The same day, or the last of its month where that year has no such day."""
    try:
        return day.replace(year=day.year + COVER_YEARS)
    except ValueError:
        return day.replace(year=day.year + COVER_YEARS, day=28)


def _conversations(others: list[tuple[datetime | None, Cells]]) -> Entry:
    listed: list[tuple[datetime | None, Entry]] = []
    for at, row in others:
        said = [row["review_comment_title"], row["review_comment_message"]]
        talk = {
            "at": at,
            "channel": "survey",
            "direction": "in",
            "kind": "service",
            "with": "",
            "summary": "\n".join(words for words in said if words),
        }
        listed.append((at, talk))
    return {"count": len(others), "recent": Listed(listed)}


def _sums(amounts: Iterable[int]) -> Counter[str]:
    """By currency; what comes to nothing is as if it were not there."""
    return +Counter({BRL: sum(amounts)})
