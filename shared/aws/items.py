"""DynamoDB items as plain flat maps.

What a service keeps of an entity is one JSON document in one attribute: it
costs a tenth of the CPU of DynamoDB's own nested types, keeps money in
integers, and no rule here ever needs a part of it in an expression.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Value = str | int | bool
Values = dict[str, Any]
"""Attribute names to str, int or bool."""


def to_item(values: Mapping[str, Value | None]) -> dict[str, Any]:
    """The item as DynamoDB takes it. What is None is left out."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def to_attribute(value: Value) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    return {"S": value}


def from_item(item: Mapping[str, Any]) -> Values:
    """The plain values of an item that `to_item` wrote."""
    return {name: _from_attribute(attribute) for name, attribute in item.items()}


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    [(kind, value)] = attribute.items()
    return int(value) if kind == "N" else value


def moment(instant: datetime) -> str:
    """An instant as it sorts among others in a key: in UTC, to the microsecond."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def entity_key(entity_id: str) -> dict[str, Any]:
    """Where the truth about an entity is kept."""
    return to_item({"pk": f"E#{entity_id}", "sk": "A"})


def summary_key(customer_id: str) -> dict[str, Any]:
    """Where the counts and totals of a customer are kept."""
    return to_item({"pk": customer_partition(customer_id), "sk": SUMMARY})


def customer_partition(customer_id: str) -> str:
    return f"P#{customer_id}"


SUMMARY = "SUMMARY"  # sorts behind every row, so that a descending query meets it first
ROW = "R#"
LIVE = "live"  # the sparse index of rows that still need somebody, and its key
MOVED = "moved_to"  # of a row: the customer whose it was said to be, so that it shows no more here
CAME_BY = "came_by"  # of a row that waits: the kind of identifier
WAITS_SINCE = "waits_since"  # of a row: when it came by what several have, until somebody decides
