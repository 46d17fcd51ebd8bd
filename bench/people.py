"""Customers and orders made over HTTP, for benchmarks to work with."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.local import System
from bench.wire import Connection, request
from shared.calendar import day_in_turkey

_numbers = count(1)
PRODUCTS = ("washing-machine-9kg", "inlet-hose-2m", "water-filter")
LINES = [
    {"product": product, "quantity": 1 + n, "unit_price": 49_950, "kdv_class": "general"}
    for n, product in enumerate(PRODUCTS)
]


def customer(system: System, headers: dict[str, str]) -> bytes:
    """A request for a new customer with two contact points and an external id."""
    number = next(_numbers)
    document: dict[str, Any] = {
        "name": "Ayşe Yılmaz",
        "contact_points": [
            {"kind": "phone", "value": f"+9053{number:08}"},
            {"kind": "email", "value": f"ayse.{number}@example.com"},
        ],
        "external_ids": [f"shop:{number}"],
    }
    return request("POST", "/v1/customers", headers | _key(number), document)


def order(customer_id: str, headers: dict[str, str]) -> bytes:
    """A request for a new order of three lines."""
    document = {"customer_id": customer_id, "lines": LINES}
    return request("POST", "/v1/orders", headers | _key(next(_numbers)), document)


def complaint(customer_id: str, headers: dict[str, str]) -> bytes:
    """A request for a new complaint in the customer's words."""
    document = {
        "customer_id": customer_id,
        "kind": "product",
        "title": "Water comes out at the door",
        "text": "Since the second wash water has come out at the door, and the floor is wet.",
    }
    return request("POST", "/v1/complaints", headers | _key(next(_numbers)), document)


def registration() -> bytes:
    """A request, without a token, to register a product by somebody not yet known."""
    number = next(_numbers)
    document = {
        "name": "Can Işık",
        "contact_point": {"kind": "phone", "value": f"+9054{number:08}"},
        "product": "sunglasses",
        "serial": f"BENCH-{number:010}",
        "bought_on": (day_in_turkey(datetime.now(UTC)) - timedelta(days=1)).isoformat(),
        "bought_from": "a shop in Moda",
    }
    return request("POST", "/v1/warranty/registrations", _key(number), document)


def create(connection: Connection, text: bytes) -> Any:
    """Send a creating request; what it created."""
    status, body = connection.ask(text)
    if status != 201:
        raise RuntimeError(f"not created: {status} {body[:300]!r}")
    return json.loads(body)


def customers(system: System, number: int) -> list[str]:
    """So many new customers; their ids."""
    connection, headers = Connection(system.port), system.headers()
    made = [create(connection, customer(system, headers)) for _ in range(number)]
    connection.close()
    return [str(one["customer_id"]) for one in made]


def in_turn(ids: Sequence[str], start: int) -> Iterator[str]:
    """The ids again and again, each client from another place."""
    for n in count(start):
        yield ids[n % len(ids)]


def _key(number: int) -> dict[str, str]:
    return {"Idempotency-Key": f"bench-{number:010}"}
