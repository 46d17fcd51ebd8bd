"""Orders put straight into the tables, as the services would have written them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bench.local import Engine
from services.orders.adapters import document, projection
from services.orders.domain import KdvClass, Line, Order, Status
from shared.aws.items import ROW, SUMMARY, customer_partition, entity_key, to_item
from shared.aws.projection import Row
from shared.entity import Act

Item = dict[str, Any]
PER_CALL = 25
ORDERS, VIEW = "sahip-local-orders", "sahip-local-customer-view"
LINES = tuple(
    Line(product=name, quantity=1, unit_price=49_950, kdv_class=KdvClass.GENERAL)
    for name in ("washing-machine-9kg", "inlet-hose-2m", "water-filter")
)


def history(customer_id: str, count: int, *, pending: int = 1, mark: str = "") -> list[Order]:
    """Orders of the last years, one a day, all but the newest delivered."""
    now = datetime.now(UTC)
    orders = []
    for n in range(count):
        order = Order.place(
            Act(by="bench", at=now - timedelta(days=count - n), correlation_id="bench-history"),
            order_id=f"ord_{mark}{customer_id[-18:]}{n:06}",
            customer_id=customer_id,
            currency="TRY",
            lines=LINES,
        )
        delivered = n < count - pending
        orders.append(replace(order, status=Status.DELIVERED) if delivered else order)
    return orders


def store_truth(engine: Engine, orders: Iterable[Order]) -> None:
    """Write orders as if they had just been placed; streams tell of them."""
    _write(engine, ORDERS, map(_truth, orders))


def store_all(engine: Engine, orders: list[Order]) -> None:
    """Write orders, their rows and what the timeline has of them."""
    store_truth(engine, orders)
    _write(engine, ORDERS, map(_row, orders))
    _write(engine, VIEW, map(_happening, orders))


def store_whole(engine: Engine, orders: list[Order]) -> None:
    """Write orders with their rows, totals and the timeline; streams tell of them as well."""
    for table, items in items_of(orders).items():
        _write(engine, table, iter(items))


def _truth(order: Order) -> Item:
    fixed = {"kind": "order", "customer_id": order.customer_id, "fingerprint": "bench"}
    return entity_key(order.entity_id) | to_item(fixed | document.write(order))


def _row_of(order: Order) -> Row:
    if projection.row is None:
        raise TypeError("orders show as rows")
    return projection.row(order)


def _row(order: Order) -> Item:
    row = _row_of(order)
    return to_item(
        {
            "pk": customer_partition(order.customer_id),
            "sk": f"{ROW}{row.at.isoformat(timespec='microseconds')}#{order.entity_id}",
            "id": order.entity_id,
            "version": order.version,
            "shown": json.dumps(row.shown),
            "counted": json.dumps(row.counted),
            "live": row.live,
        }
    )


def _happening(order: Order) -> Item:
    at = order.changed_at.isoformat(timespec="microseconds")
    shown = {
        "at": at, "what": "OrderPlaced", "about": order.order_id,
        "event_id": f"{order.order_id}:1:0",
    }  # fmt: skip
    return to_item(
        {
            "pk": customer_partition(order.customer_id),
            "sk": f"{ROW}{at}#{order.order_id}:1:0",
            "id": f"{order.order_id}:1:0",
            "shown": json.dumps(shown),
        }
    )


def _write(engine: Engine, table: str, items: Iterator[Item]) -> None:
    while some := list(islice(items, PER_CALL)):
        requests = [{"PutRequest": {"Item": item}} for item in some]
        engine.call("DynamoDB_20120810.BatchWriteItem", {"RequestItems": {table: requests}})


def items_of(orders: list[Order]) -> Mapping[str, list[Item]]:
    """What stands of one customer's orders, by the table: truth, rows and totals; the timeline."""
    counted: Counter[str] = Counter()
    for order in orders:
        counted.update(_row_of(order).counted)
    key = {"pk": customer_partition(orders[0].customer_id), "sk": SUMMARY}
    summary = to_item({**key, **counted})
    return {
        ORDERS: [*map(_truth, orders), *map(_row, orders), summary],
        VIEW: [_happening(order) for order in orders],
    }


def read_to_the_end(engine: Engine) -> None:
    """Be the reader of the orders' stream who has seen everything."""
    table = json.loads(engine.call("DynamoDB_20120810.DescribeTable", {"TableName": ORDERS}))
    arn = table["Table"]["LatestStreamArn"]
    api = "DynamoDBStreams_20120810"
    described = json.loads(engine.call(f"{api}.DescribeStream", {"StreamArn": arn}))
    for shard in described["StreamDescription"]["Shards"]:
        asked = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "LATEST"}
        iterator = json.loads(engine.call(f"{api}.GetShardIterator", asked))["ShardIterator"]
        engine.call(f"{api}.GetRecords", {"ShardIterator": iterator})
