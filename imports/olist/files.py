"""The CSV files as they lie in a directory: which there must be, and their rows one by one."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from imports.olist.values import Unfit

CUSTOMERS = "olist_customers_dataset.csv"
ORDERS = "olist_orders_dataset.csv"
ITEMS = "olist_order_items_dataset.csv"
PAYMENTS = "olist_order_payments_dataset.csv"
REVIEWS = "olist_order_reviews_dataset.csv"

COLUMNS = {
    CUSTOMERS: (
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
        "customer_state",
    ),
    ORDERS: (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    ITEMS: ("order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"),
    PAYMENTS: (
        "order_id",
        "payment_sequential",
        "payment_type",
        "payment_installments",
        "payment_value",
    ),
    REVIEWS: (
        "review_id",
        "order_id",
        "review_score",
        "review_comment_title",
        "review_comment_message",
        "review_answer_timestamp",
    ),
}

_SHORT_AMOUNT = re.compile(r"\d+(\.\d?)?")  # with two decimals, nothing of it can be missing


class Unusable(Exception):
    """The directory is not what is asked for; the text says why. Nothing has been sent."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a file, and the line that it begins on. `flaw` says why it cannot be read."""

    line: int
    cells: dict[str, str]
    flaw: str | None = None

    def cell(self, column: str) -> str:
        """What stands there. Raise Unfit where the row itself cannot be read."""
        if self.flaw is not None:
            raise Unfit(self.flaw)
        return self.cells[column]


def check(directory: Path) -> None:
    """Raise Unusable unless all files are there, with the columns that are needed."""
    if not directory.is_dir():
        raise Unusable(f"there is no directory {directory}")
    missing = [name for name in COLUMNS if not (directory / name).is_file()]
    if missing:
        raise Unusable(
            f"{directory} lacks {', '.join(missing)}; the files come together from "
            "https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce"
        )
    for name in COLUMNS:
        next(rows(directory, name), None)


def rows(directory: Path, name: str) -> Iterator[Row]:
    """The rows of a file, in their order.

    Raise Unusable where the file as a whole cannot be read: its encoding is
    another, or a column is missing.
    """
    path = directory / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = _Reader(file)
            header, _ = reader.next() or ([], None)
            absent = [column for column in COLUMNS[name] if column not in header]
            if absent:
                raise Unusable(f"{path} lacks the column {', '.join(absent)}")
            yield from _rows(reader, header, ends=_ends_in_full(path))
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not UTF-8, as line {_undecodable(path)} shows") from error
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error


class _Reader:
    """A CSV reader that goes on after what it cannot read."""

    def __init__(self, file: TextIO) -> None:
        self._reader = csv.reader(file, strict=True)

    @property
    def line(self) -> int:
        """The line that comes next."""
        return self._reader.line_num + 1

    def next(self) -> tuple[list[str], str | None] | None:
        """The next row's cells, and what is wrong with them; None at the end."""
        begun = self.line
        try:
            return next(self._reader), None
        except StopIteration:
            return None
        except csv.Error as error:
            return [], f"up to line {max(begun, self.line - 1)} it cannot be read: {error}"


def _rows(reader: _Reader, header: list[str], *, ends: bool) -> Iterator[Row]:
    line, read = reader.line, reader.next()
    while read is not None:
        (cells, flaw), here = read, line
        line, read = reader.line, reader.next()
        if not cells and flaw is None:
            continue  # an empty line
        if flaw is None:
            flaw = _flaw(cells, header, ends=ends or read is not None)
        yield Row(line=here, cells=dict(zip(header, cells, strict=False)), flaw=flaw)


def _flaw(cells: list[str], header: list[str], *, ends: bool) -> str | None:
    if len(cells) != len(header):
        return f"it has {len(cells)} of {len(header)} columns; is the file cut off here?"
    if any("\0" in cell for cell in cells):
        return "it holds a NUL character"
    if not ends and _SHORT_AMOUNT.fullmatch(cells[-1]):
        return "the file ends within it, so its amount may be cut off; if not, end the line"
    return None


def _ends_in_full(path: Path) -> bool:
    """Whether its last line ends as a line does."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1))
        return file.read() in {b"", b"\r", b"\n"}


def _undecodable(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
