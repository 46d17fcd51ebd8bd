"""What must hold of the places in which it is looked up who bought what in which week."""

from collections.abc import Iterator
from typing import Any

from services.warranty.domain import Unit, product_weeks_of
from shared.aws.entities import EntityDocument
from shared.aws.identifiers import Identifier, Identifiers
from shared.aws.items import from_item
from tests.faults.world import World

_units = EntityDocument(Unit)


def misbought(world: World) -> Iterator[str]:
    """Where somebody is not found by exactly the units that they have."""
    table = world.table_of("warranty")
    items = [from_item(item) for item in world.items(table)]
    warranty = next(one for one in world.described.services if one.name == "warranty")
    nothing: Any = None  # of the keys it is only asked where they lie
    keys = Identifiers(nothing, table, warranty.environment["LOOKUP_KEY"])
    expected: set[tuple[str, str, str]] = set()
    for unit in (_units.read(one) for one in items if one.get("kind") == _units.kind):
        for one in product_weeks_of(unit):
            value = f"{one.product}\0{one.week}"
            place = keys.partition(Identifier(kind="product_week", value=value))
            expected.add((place, f"P#{unit.holder}", unit.unit_id))
    kept = {
        (one["pk"], one["sk"], unit_id)
        for one in items
        if one["pk"].startswith("K#product_week#")
        for unit_id in one.get("units", ())
    }
    if kept != expected:
        yield f"who bought what is kept as {sorted(kept)}, not {sorted(expected)}"
