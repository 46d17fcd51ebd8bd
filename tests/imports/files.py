"""Small files in the form of the shop's, with what does not matter filled in."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Rows = Sequence[Mapping[str, object]]

HEADERS = {
    "customers": "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,"
    "customer_state",
    "orders": "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    "order_items": "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,"
    "freight_value",
    "order_payments": "order_id,payment_sequential,payment_type,payment_installments,"
    "payment_value",
    "order_reviews": "review_id,order_id,review_score,review_comment_title,"
    "review_comment_message,review_creation_date,review_answer_timestamp",
}
USUAL: dict[str, dict[str, object]] = {
    "customers": {
        "customer_zip_code_prefix": "01037",
        "customer_city": "sao paulo",
        "customer_state": "SP",
    },
    "orders": {
        "order_status": "delivered",
        "order_purchase_timestamp": "2017-11-24 09:30:00",
        "order_approved_at": "2017-11-24 09:45:10",
        "order_delivered_carrier_date": "2017-11-27 18:00:00",
        "order_delivered_customer_date": "2017-12-04 20:11:12",
        "order_estimated_delivery_date": "2017-12-15 00:00:00",
    },
    "order_items": {
        "order_item_id": 1,
        "product_id": "kettle",
        "seller_id": "seller-1",
        "shipping_limit_date": "2017-11-30 10:00:00",
        "price": "89.90",
        "freight_value": "12.5",
    },
    "order_payments": {
        "payment_sequential": 1,
        "payment_type": "credit_card",
        "payment_installments": 3,
        "payment_value": "102.40",
    },
    "order_reviews": {
        "review_score": 5,
        "review_comment_title": "",
        "review_comment_message": "",
        "review_creation_date": "2017-12-05 00:00:00",
        "review_answer_timestamp": "2017-12-06 10:20:30",
    },
}


def path_of(directory: Path, name: str) -> Path:
    """Where a file lies."""
    return directory / f"olist_{name}_dataset.csv"


def write(directory: Path, **tables: Rows) -> Path:
    """Write all five files; those that are not named hold their header alone."""
    directory.mkdir(exist_ok=True)
    for name, header in HEADERS.items():
        columns = header.split(",")
        with path_of(directory, name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({**USUAL[name], **row} for row in tables.get(name, ()))
    return directory


def one_order(directory: Path, mark: str, **order: object) -> Path:
    """A person `person-<mark>` with one order `order-<mark>`, its line, payment and review."""
    order_id, customer_id = f"order-{mark}", f"customer-{mark}"
    return write(
        directory,
        customers=[{"customer_id": customer_id, "customer_unique_id": f"person-{mark}"}],
        orders=[{"order_id": order_id, "customer_id": customer_id, **order}],
        order_items=[{"order_id": order_id}],
        order_payments=[{"order_id": order_id}],
        order_reviews=[{"order_id": order_id, "review_id": f"review-{mark}"}],
    )


def change(directory: Path, name: str, old: str, new: str) -> None:
    """Write something else where something stands in a file."""
    path = path_of(directory, name)
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
