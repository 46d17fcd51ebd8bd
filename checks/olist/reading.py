"""A second reading of the files: of some persons, all rows, and each cell as what it says.

It asks nothing of the import's reading, so that a misreading there shows here.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

BRAZIL = ZoneInfo("America/Sao_Paulo")
# All that clocks there have shown since 1985: by standard time, and by daylight saving time.
OFFSETS = (timezone(timedelta(hours=-3)), timezone(timedelta(hours=-2)))

Cells = dict[str, str]

NEEDED = {
    "customers": "customer_id customer_unique_id customer_zip_code_prefix customer_city "
    "customer_state",
    "orders": "order_id customer_id order_status order_purchase_timestamp "
    "order_delivered_customer_date order_estimated_delivery_date",
    "order_items": "order_id order_item_id product_id price freight_value",
    "order_payments": "order_id payment_type payment_installments payment_value",
    "order_reviews": "order_id review_score review_comment_title review_comment_message "
    "review_answer_timestamp",
}


class Unreadable(Exception):
    """The directory, or a file in it, is not what is needed; the text says what."""


@dataclass
class Told:
    """Everything that the files tell of one person: the cells, as they stand there."""

    person: str
    customers: dict[str, Cells] = field(default_factory=dict)  # by customer_id
    orders: dict[str, Cells] = field(default_factory=dict)  # by order_id
    items: dict[str, list[Cells]] = field(default_factory=lambda: defaultdict(list))
    payments: dict[str, list[Cells]] = field(default_factory=lambda: defaultdict(list))
    reviews: list[Cells] = field(default_factory=list)


def read(directory: Path, most: int | None) -> list[Told]:
    """Persons of the files who have ordered something: at most so many, picked by a hash.

    Raise Unreadable.
    """
    persons = {row["customer_unique_id"] for row in _rows(directory, "customers")}
    picked = sorted(persons, key=_shuffled)[:most]
    told = {person: Told(person) for person in picked}
    of_customer: dict[str, Told] = {}
    for row in _rows(directory, "customers"):
        if (one := told.get(row["customer_unique_id"])) is not None:
            one.customers[row["customer_id"]] = row
            of_customer[row["customer_id"]] = one
    of_order: dict[str, Told] = {}
    for row in _rows(directory, "orders"):
        if (one := of_customer.get(row["customer_id"])) is not None:
            one.orders[row["order_id"]] = row
            of_order[row["order_id"]] = one
    for name in ("order_items", "order_payments", "order_reviews"):
        for row in _rows(directory, name):
            if (one := of_order.get(row["order_id"])) is None:
                continue
            if name == "order_reviews":
                one.reviews.append(row)
            else:
                parts = one.items if name == "order_items" else one.payments
                parts[row["order_id"]].append(row)
    return [one for one in told.values() if one.orders]


def instant(text: str) -> datetime | None:
    """When it was, of a time on São Paulo's clocks; None where nothing stands there.

    An offset fits if it was in force at the instant that it makes of the time.
    Where both fit, the clocks showed the time twice, and the first is meant;
    where none does they skipped it, and the one before the change is meant.
    """
    if not text:
        return None
    shown = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - it has no offset
    instants = [shown.replace(tzinfo=offset) for offset in OFFSETS]
    fitting = [one for one in instants if one.astimezone(BRAZIL).utcoffset() == one.utcoffset()]
    return min(fitting, default=instants[0]).astimezone(UTC)


def cents(text: str) -> int:
    """An amount in hundredths. Raise ValueError where it has none, or half ones."""
    try:
        hundredths = Decimal(text) * 100
        if hundredths != int(hundredths):
            raise ValueError(text)
    except (InvalidOperation, OverflowError) as error:
        raise ValueError(text) from error
    return int(hundredths)


def _rows(directory: Path, name: str) -> Iterator[Cells]:
    path = directory / f"olist_{name}_dataset.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            needed = NEEDED[name].split()
            absent = set(needed) - set(reader.fieldnames or ())
            if absent:
                raise Unreadable(f"{path} lacks the column {', '.join(sorted(absent))}")
            # A line that is cut before it says whose it is cannot be anybody's.
            yield from (row for row in reader if row[needed[0]] and row[needed[1]])
    except FileNotFoundError as error:
        raise Unreadable(f"there is no {path}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error


def _shuffled(person: str) -> bytes:
    return hashlib.sha256(person.encode()).digest()
