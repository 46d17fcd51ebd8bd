"""What DynamoDB would charge for a call, worked out from the sizes of items.

Emulators answer any number for consumed capacity, so it is never asked. An item's size is the
length of its names and values; a read unit is 4 KB, half of one where the read is eventually
consistent; a write unit is 1 KB of the larger of the item before and after. A transaction costs
twice. Every index that holds the item is written too, and is counted by the same rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

Item = Mapping[str, Any]
Key = Mapping[str, Any]

READ_UNIT = 4096
WRITE_UNIT = 1024
TRANSACTION = 2


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index of a table: it holds the items that have all of its keys."""

    keys: tuple[str, ...]
    shows: frozenset[str] | None  # besides the keys; None is everything

    def entry(self, item: Item | None, table_keys: Sequence[str]) -> Item | None:
        """What the index holds of an item; None where it holds nothing."""
        if item is None or any(name not in item for name in self.keys):
            return None
        if self.shows is None:
            return item
        wanted = {*self.keys, *table_keys, *self.shows}
        return {name: value for name, value in item.items() if name in wanted}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table's keys and indexes, and a way to read an item that nobody pays for."""

    keys: tuple[str, ...]
    indexes: tuple[Index, ...]
    look: Callable[[Key], Item | None]

    @classmethod
    def described(cls, client: Any, name: str) -> "Table":
        """The table as `client`, which must not be a metered one, describes it."""
        table = client.describe_table(TableName=name)["Table"]
        indexes = [
            *table.get("LocalSecondaryIndexes", ()),
            *table.get("GlobalSecondaryIndexes", ()),
        ]

        def look(key: Key) -> Item | None:
            item: Item | None = client.get_item(
                TableName=name, Key=dict(key), ConsistentRead=True
            ).get("Item")
            return item

        return cls(keys=_names(table), indexes=tuple(map(_index, indexes)), look=look)

    def key_of(self, item: Item) -> Key:
        """The key of an item."""
        return {name: item[name] for name in self.keys}

    def write_units(self, before: Item | None, after: Item | None) -> int:
        """Units for turning one item into another, its copies in indexes included."""
        units = max(_write_units(before), _write_units(after), 1)
        for index in self.indexes:
            old, new = index.entry(before, self.keys), index.entry(after, self.keys)
            if old is None or new is None:
                units += _write_units(old) + _write_units(new)
            elif any(old[name] != new[name] for name in index.keys):
                units += _write_units(old) + _write_units(new)  # taken out and put in
            elif old != new:
                units += max(_write_units(old), _write_units(new))
        return units


def read_units(size: int, *, consistent: bool) -> float:
    """Units for reading so many bytes at once; reading nothing costs as much as a little."""
    units = max(1, ceil(size / READ_UNIT))
    return float(units) if consistent else units / 2


def item_size(item: Item | None) -> int:
    """Bytes of an item as DynamoDB counts them."""
    if item is None:
        return 0
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    return _SIZES[kind](content)


def _list_size(values: Sequence[Any]) -> int:
    return 3 + sum(1 + _value_size(one) for one in values)


def _map_size(values: Item) -> int:
    return 3 + len(values) + item_size(values)


def _number_size(number: str) -> int:
    """About a byte for two digits, one more for the exponent and one for a sign."""
    digits = number.lstrip("-").replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1 + number.startswith("-")


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": _number_size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda texts: sum(len(one.encode()) for one in texts),
    "NS": lambda numbers: sum(map(_number_size, numbers)),
    "BS": lambda contents: sum(map(len, contents)),
    "L": _list_size,
    "M": _map_size,
}


def _write_units(item: Item | None) -> int:
    return ceil(item_size(item) / WRITE_UNIT)


def _names(description: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in description["KeySchema"])


def _index(description: Mapping[str, Any]) -> Index:
    projection = description["Projection"]
    everything = projection["ProjectionType"] == "ALL"
    shows = None if everything else frozenset(projection.get("NonKeyAttributes", ()))
    return Index(keys=_names(description), shows=shows)
