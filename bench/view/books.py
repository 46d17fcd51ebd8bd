"""Customers in the books to look at: many who are as new, and some with a history."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

import boto3

from bench import desk, seed
from bench.carriers import Outbox
from infra.local.templates import World

MOST = 10_000  # orders of one customer
HISTORIES = {"11 orders": 11, "200 orders": 200, f"{MOST:,} orders": MOST}
USUAL = "200 orders"


def seeded(world: World, people: int, *, longest: int = MOST) -> Mapping[str, str]:
    """So many customers; those with a history, none longer than that, by its name.

    All others are as one that was created, but for their ids.
    """
    pattern = str(desk.body_of(desk.ask("customer", desk.new_customer()))["customer_id"])
    table = next(one.name for one in world.tables if one.name.endswith("-customer"))
    for batch in Outbox(table).batches():
        desk.call("customer", "project_changes", batch)
    client = boto3.client("dynamodb")
    theirs = [
        item
        for item in client.scan(TableName=table)["Items"]
        if pattern in item["pk"]["S"] and item["sk"]["S"] != "LOG"
    ]
    ids = [f"cus_{n:026}" for n in range(people)]
    _write(client, table, chain.from_iterable(_copies(theirs, pattern, one) for one in ids))
    histories = {name: count for name, count in HISTORIES.items() if count <= longest}
    theirs_of = dict(zip(histories, ids, strict=False))
    for name, count in histories.items():
        for kind, items in seed.items_of(seed.history(theirs_of[name], count)).items():
            _write(client, kind.replace("-local-", "-bench-"), items)
    return theirs_of


def _copies(items: Sequence[Any], pattern: str, customer_id: str) -> Iterable[Any]:
    """The items of a customer with another id."""
    for item in items:
        yield {
            name: {kind: text.replace(pattern, customer_id) if isinstance(text, str) else text}
            for name, value in item.items()
            for kind, text in value.items()
        }


def _write(client: Any, table: str, items: Iterable[Any]) -> None:
    left = iter(items)
    while some := list(islice(left, seed.PER_CALL)):
        puts = [{"PutRequest": {"Item": item}} for item in some]
        client.batch_write_item(RequestItems={table: puts})
