"""What must hold of the blocks in which people are compared, and of the pairs found in them."""

import json
from collections.abc import Iterator
from typing import Any

from services.customer.domain import Customer
from services.customer.domain.duplicates import Duplicate, Standing
from services.customer.domain.matching import blocking_keys
from services.customer.use_cases.duplicates import traits_in_books
from shared.aws.entities import EntityDocument
from shared.aws.items import from_item
from tests.faults.world import World

_customers = EntityDocument(Customer)
_duplicates = EntityDocument(Duplicate)


def misblocked(world: World) -> Iterator[str]:
    """Where the blocks are not exactly what the newest versions of all customers make them."""
    items = _items(world)
    people = [_customers.read(one) for one in items if one.get("kind") == _customers.kind]
    blocks: dict[str, dict[str, Any]] = {}
    for person in people:
        traits = traits_in_books(person)
        for key in blocking_keys(traits):
            blocks.setdefault(key, {})[person.customer_id] = traits.document()
    expected = sorted(json.dumps(one, sort_keys=True) for one in blocks.values())
    kept = sorted(
        json.dumps(json.loads(one["members"]), sort_keys=True)
        for one in items
        if one["pk"].startswith("B#") and "members" in one
    )
    if kept != expected:
        yield f"the blocks are {kept}, not {expected}"


def mispaired(world: World) -> Iterator[str]:
    """Where a pair is not in the queue, with its two customers, and linked, as it says."""
    items = _items(world)
    people = {one["customer_id"]: one for one in items if one.get("kind") == _customers.kind}
    links = {one["pk"].removeprefix("E#"): one for one in items if one.get("kind") == "link"}
    queue = {one["sk"].rpartition("#")[2]: one for one in items if one["pk"].startswith("Q#")}
    keys = [one["id"] for one in items if one["pk"].startswith("K#duplicate_of#")]
    for item in (one for one in items if one.get("kind") == _duplicates.kind):
        pair = _duplicates.read(item)
        place = queue.pop(pair.duplicate_id, None)
        shown = _duplicates.read(json.loads(place["shown"])) if place else None
        if (shown or not pair.standing.waits) != (pair if pair.standing.waits else True):
            yield f"{pair.duplicate_id} is {pair}, and shown as {shown}"
        if keys.count(pair.duplicate_id) != (2 if pair.standing.waits else 0):
            yield f"{pair.duplicate_id} is {pair.standing}, and found by {keys}"
        if pair.is_due:
            yield f"{pair.duplicate_id} was never linked"
        one, other = (_leader(people, each) for each in pair.pair)
        is_linked = pair.link_id is not None and not json.loads(links[pair.link_id]["state"]).get(
            "ended_at"
        )
        if pair.standing in (Standing.SAME, Standing.JOINED) and is_linked and one != other:
            yield f"{pair.duplicate_id} is {pair.standing}, and two persons"
        if pair.standing is Standing.OPEN and one == other:
            yield f"{pair.duplicate_id} waits, and is one person"
    if queue:
        yield f"nothing waits as {sorted(queue)}"


def _leader(people: dict[str, Any], customer_id: str) -> str:
    while merged_into := json.loads(people[customer_id]["state"]).get("merged_into"):
        customer_id = merged_into
    return customer_id


def _items(world: World) -> list[Any]:
    return [from_item(item) for item in world.items(world.table_of("customer"))]
