"""The shop as it comes out of the files: persons with their orders, and those with the rest.

The rows lie in a small database in a temporary folder, so that memory holds one person at a
time however large the files are.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from imports.olist import files
from imports.olist.files import CUSTOMERS, ITEMS, ORDERS, PAYMENTS, REVIEWS, Row
from imports.olist.rejects import Rejects
from imports.olist.rows import CustomerRow, ItemRow, OrderRow, PaymentRow, ReviewRow
from imports.olist.values import Unfit


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What the rows of a file become, and the columns of the database that tell them apart."""

    file: str
    row: type[Any]
    table: str
    key: str
    part_of_order: bool = False  # without which the order would be less than it was


KINDS = (
    Kind(file=CUSTOMERS, row=CustomerRow, table="customers", key="customer_id"),
    Kind(file=ORDERS, row=OrderRow, table="orders", key="order_id"),
    Kind(file=ITEMS, row=ItemRow, table="items", key="order_id, number", part_of_order=True),
    Kind(
        file=PAYMENTS, row=PaymentRow, table="payments", key="order_id, number", part_of_order=True
    ),
    Kind(file=REVIEWS, row=ReviewRow, table="reviews", key="order_id, review_id"),
)

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Bought:
    """An order with all that belongs to it."""

    order: OrderRow
    customer: CustomerRow
    items: list[ItemRow]
    payments: list[PaymentRow]
    reviews: list[ReviewRow]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with all they ever ordered, the oldest first."""

    person: str
    orders: list[Bought]

    @property
    def since(self) -> datetime:
        """When they first ordered."""
        return self.orders[0].order.purchased_at

    @property
    def latest(self) -> CustomerRow:
        """Who they were at their latest order."""
        return self.orders[-1].customer


class Shop:
    """All that can be taken of a directory of files."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sahip-olist-")
        self._db = sqlite3.connect(Path(self._folder.name) / "shop.db", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        for kind in KINDS:
            columns = ", ".join(one.name for one in fields(kind.row))
            self._db.execute(
                f"CREATE TABLE {kind.table} ({columns}, PRIMARY KEY ({kind.key})) WITHOUT ROWID"
            )
        self._db.execute("CREATE TABLE held (order_id PRIMARY KEY, reason)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._folder.cleanup()

    def read(self, directory: Path, rejects: Rejects) -> None:
        """Take all rows that can be taken. Raise files.Unusable where a file cannot be read.

        An order is taken whole or not at all: one with a line or a payment that
        cannot be read would come to another sum.
        """
        self._db.execute("BEGIN")
        for kind in KINDS:
            for row in files.rows(directory, kind.file):
                try:
                    read = kind.row.read(row)
                except Unfit as unfit:
                    rejects.add(kind.file, row.line, str(unfit))
                    self._hold(kind, row)
                    continue
                first = self._put(kind, read)
                if first is not None:
                    rejects.add(kind.file, row.line, f"it repeats line {first}, which counts")
        self._db.execute("CREATE INDEX persons ON customers (person)")
        self._db.execute("CREATE INDEX customers_of ON orders (customer_id)")
        self._db.execute("COMMIT")
        self._hold_orders_of_strangers()
        for file, line, reason in self._left_over():
            rejects.add(file, line, reason)
        self._db.execute("DELETE FROM orders WHERE order_id IN (SELECT order_id FROM held)")

    def counts(self) -> tuple[int, int, int]:
        """How many persons, orders and reviews there are to send."""
        persons, orders = self._db.execute(
            "SELECT count(DISTINCT person), count(*) "
            "FROM orders JOIN customers USING (customer_id)"
        ).fetchone()
        (reviews,) = self._db.execute(
            "SELECT count(*) FROM reviews JOIN orders USING (order_id)"
        ).fetchone()
        return persons, orders, reviews

    def persons(self) -> Iterator[Person]:
        """Everybody who has ordered something, in the order of their ids."""
        found = self._db.execute(
            "SELECT DISTINCT person FROM customers JOIN orders USING (customer_id) ORDER BY person"
        )
        for (person,) in found:
            yield Person(person=person, orders=self._orders(person))

    def _orders(self, person: str) -> list[Bought]:
        customers = self._rows(CustomerRow, "FROM customers WHERE person = ?", person)
        bought = [
            Bought(
                order=order,
                customer=customer,
                items=self._parts(ItemRow, "items", order),
                payments=self._parts(PaymentRow, "payments", order),
                reviews=self._parts(ReviewRow, "reviews", order),
            )
            for customer in customers
            for order in self._rows(
                OrderRow, "FROM orders WHERE customer_id = ?", customer.customer_id
            )
        ]
        return sorted(bought, key=lambda one: (one.order.purchased_at, one.order.order_id))

    def _parts(self, row: type[R], table: str, order: OrderRow) -> list[R]:
        key = next(kind.key for kind in KINDS if kind.table == table)
        return self._rows(row, f"FROM {table} WHERE order_id = ? ORDER BY {key}", order.order_id)

    def _rows(self, row: type[R], query: str, value: str) -> list[R]:
        columns = fields(row)  # type: ignore[arg-type] # each of KINDS is a dataclass
        names = ", ".join(one.name for one in columns)
        found = self._db.execute(f"SELECT {names} {query}", (value,)).fetchall()
        kinds = {one.name: one.type for one in columns}
        return [
            row(
                **{
                    name: _restored(kinds[name], cell)
                    for name, cell in zip(kinds, cells, strict=True)
                }
            )
            for cells in found
        ]

    def _put(self, kind: Kind, row: Any) -> int | None:
        """Keep it; where there is one of the same identity already, answer that one's line."""
        cells = [_stored(cell) for cell in vars(row).values()]
        marks = ", ".join("?" * len(cells))
        put = self._db.execute(f"INSERT OR IGNORE INTO {kind.table} VALUES ({marks})", cells)
        if put.rowcount:
            return None
        names = kind.key.split(", ")
        same = " AND ".join(f"{name} = ?" for name in names)
        values = [getattr(row, name) for name in names]
        found = self._db.execute(f"SELECT line FROM {kind.table} WHERE {same}", values)
        return int(found.fetchone()[0])

    def _hold(self, kind: Kind, row: Row) -> None:
        """Keep back the order that this row is, or is a part of, if that much can be read."""
        order_id = row.cells.get("order_id")
        if not order_id or not (kind.part_of_order or kind.row is OrderRow):
            return
        what = "a part of it" if kind.part_of_order else "the order itself"
        reason = f"line {row.line} of {kind.file}, {what}, cannot be taken"
        self._db.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (order_id, reason))

    def _hold_orders_of_strangers(self) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO held SELECT order_id, 'its customer ' || customer_id || ' is "
            f"not in {CUSTOMERS}, or cannot be taken' FROM orders "
            "WHERE customer_id NOT IN (SELECT customer_id FROM customers)"
        )

    def _left_over(self) -> Iterator[tuple[str, int, str]]:
        """File, line and reason of rows that can be read but have nothing to belong to."""
        held = "SELECT line, reason FROM orders JOIN held USING (order_id) ORDER BY line"
        yield from ((ORDERS, line, reason) for line, reason in self._db.execute(held))
        for kind in KINDS:
            if kind.row in (ItemRow, PaymentRow, ReviewRow):
                orphans = self._db.execute(
                    f"SELECT part.line, part.order_id, reason FROM {kind.table} AS part "
                    "LEFT JOIN orders USING (order_id) LEFT JOIN held USING (order_id) "
                    "WHERE orders.order_id IS NULL OR reason IS NOT NULL ORDER BY part.line"
                )
                for line, order_id, reason in orphans:
                    why = reason or f"order {order_id} is not in {ORDERS}"
                    yield kind.file, line, f"its order cannot be taken: {why}"
        idle = self._db.execute(
            "SELECT line FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders "
            "WHERE order_id NOT IN (SELECT order_id FROM held)) ORDER BY line"
        )
        yield from (
            (CUSTOMERS, line, "no order of this customer can be taken") for (line,) in idle
        )


def _stored(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _restored(kind: Any, cell: Any) -> Any:
    if kind in (datetime, datetime | None):
        return None if cell is None else datetime.fromisoformat(cell)
    return bool(cell) if kind is bool else cell
