"""What must hold of the directory in which people are searched for."""

from collections.abc import Iterator
from typing import Any

from services.customer.domain import Customer, Listed, listings_of, neighbourhood, words_of
from shared.aws.entities import EntityDocument
from shared.aws.items import from_item
from tests.faults.world import World

_customers = EntityDocument(Customer)


def mislisted(world: World) -> Iterator[str]:
    """Where the directory is not exactly what the newest versions of all customers make it."""
    items = [from_item(item) for item in world.items(world.table_of("customer"))]
    people = [_customers.read(one) for one in items if one.get("kind") == _customers.kind]
    listed = {(one["pk"], one["sk"]) for one in items if _is_listing(one)}
    expected = {
        (f"D#{place.drawer}", f"{place.place}#{person.customer_id}")
        for person in people
        for place in listings_of(person)
    }
    if listed != expected:
        yield f"not listed: {expected - listed}; listed and nobody's: {listed - expected}"
    known = {one["pk"]: set(one.get("words", ())) for one in items if one["pk"][:3] == "D#~"}
    words: dict[str, set[str]] = {}
    for word in {word for person in people for word in words_of(Listed.of(person))}:
        for key in neighbourhood(word):
            words.setdefault(f"D#~{key}", set()).add(word)
    if known != words:
        yield f"the words of the books are {known}, not {words}"


def _is_listing(item: Any) -> bool:
    return item["pk"].startswith("D#") and item["pk"][:3] not in ("D#=", "D#~")
