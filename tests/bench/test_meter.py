"""The meter counts what AWS would: known calls come to known calls, units and depth."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from bench.capacity import item_size, read_units
from bench.meter import Call, Meter, Recording
from infra.local.engines.moto import MotoEngine

TABLE = "things"
KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}


def item(size: int, sort: str = "1", **more: Any) -> dict[str, Any]:
    """An item of exactly so many bytes."""
    fixed = {"pk": {"S": "a"}, "sk": {"S": sort}, **more, "data": {"S": ""}}
    return fixed | {"data": {"S": "x" * (size - item_size(fixed))}}


@pytest.fixture
def meter() -> Iterator[Meter]:
    engine = MotoEngine()
    engine.start()
    boto3.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "live")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "live",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "live", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    installed = Meter()
    installed.install()
    yield installed
    engine.stop()


@pytest.fixture
def dynamodb(meter: Meter) -> Any:
    return boto3.client("dynamodb")


def test_sizes_are_those_of_names_and_values() -> None:
    assert item_size({"näme": {"S": "değer"}}) == 5 + 6
    assert item_size({"n": {"N": "1234"}}) == 1 + 3
    assert item_size({"n": {"N": "-12"}}) == 1 + 3
    assert item_size({"b": {"BOOL": True}, "l": {"L": [{"S": "ab"}]}}) == 2 + 1 + 3 + 1 + 2
    assert item_size({"m": {"M": {"k": {"S": "ab"}}}}) == 1 + 3 + 1 + 1 + 2


@pytest.mark.parametrize(
    ("size", "eventual", "consistent"),
    [(0, 0.5, 1), (1, 0.5, 1), (4096, 0.5, 1), (4097, 1, 2), (9000, 1.5, 3)],
)
def test_a_read_unit_is_4_kb_and_half_of_one_where_old_data_will_do(
    size: int, eventual: float, consistent: float
) -> None:
    assert read_units(size, consistent=False) == eventual
    assert read_units(size, consistent=True) == consistent


@pytest.mark.parametrize(("size", "units"), [(500, 1), (1024, 1), (1025, 2)])
def test_a_put_costs_a_unit_for_each_kb(
    meter: Meter, dynamodb: Any, size: int, units: int
) -> None:
    with meter.watch() as recording:
        dynamodb.put_item(TableName=TABLE, Item=item(size))

    assert recording.write_units == units
    assert [call.operation for call in recording.calls] == ["PutItem"]
    assert recording.sent > size


def test_the_larger_of_before_and_after_counts(meter: Meter, dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item(3000))

    with meter.watch() as recording:
        dynamodb.update_item(
            TableName=TABLE,
            Key=KEY,
            UpdateExpression="SET #d = :d",
            ExpressionAttributeNames={"#d": "data"},
            ExpressionAttributeValues={":d": {"S": "short"}},
        )

    assert recording.write_units == 3


def test_copies_in_an_index_are_written_too(meter: Meter, dynamodb: Any) -> None:
    def units(new: dict[str, Any]) -> int:
        with meter.watch() as recording:
            dynamodb.put_item(TableName=TABLE, Item=new)
        return recording.write_units

    assert units(item(500)) == 1
    assert units(item(500, live={"S": "P"})) == 2  # put in
    assert units(item(500, live={"S": "D"})) == 3  # taken out and put in
    assert units(item(600, live={"S": "D"})) == 2  # written anew
    assert units(item(500)) == 2  # taken out


def test_a_transaction_costs_twice(meter: Meter, dynamodb: Any) -> None:
    puts = [{"Put": {"TableName": TABLE, "Item": item(size, str(size))}} for size in (500, 1500)]

    with meter.watch() as recording:
        dynamodb.transact_write_items(TransactItems=puts)

    assert len(recording.calls) == 1
    assert recording.write_units == 2 * (1 + 2)


def test_a_write_that_is_refused_costs_too(meter: Meter, dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item(1500))

    with meter.watch() as recording, pytest.raises(dynamodb.exceptions.ClientError):
        dynamodb.put_item(
            TableName=TABLE, Item=item(100), ConditionExpression="attribute_not_exists(pk)"
        )

    assert recording.write_units == 2
    assert recording.calls[0].failed


def test_a_query_costs_what_all_its_items_come_to(meter: Meter, dynamodb: Any) -> None:
    for n in range(6):
        dynamodb.put_item(TableName=TABLE, Item=item(1000, str(n)))

    with meter.watch() as recording:
        found = dynamodb.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "a"}},
            ProjectionExpression="sk",
            Limit=5,
        )

    assert len(found["Items"]) == recording.items_read == 5
    assert recording.read_units == 1  # 5,000 bytes, though only the keys were shown


def test_a_batch_of_reads_costs_for_each_item_by_itself(meter: Meter, dynamodb: Any) -> None:
    for size, sort in ((5000, "1"), (100, "2")):
        dynamodb.put_item(TableName=TABLE, Item=item(size, sort))
    keys = [{**KEY, "sk": {"S": one}} for one in "123"]

    with meter.watch() as recording:
        dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys}})

    assert (recording.items_read, recording.read_units) == (2, 1 + 0.5 + 0.5)


def test_calls_made_at_once_are_one_deep(meter: Meter, dynamodb: Any) -> None:
    def get(_: int) -> Any:
        return dynamodb.get_item(TableName=TABLE, Key=KEY)

    with meter.watch(pause=0.1) as recording, ThreadPoolExecutor(3) as threads:
        list(threads.map(get, range(3)))
        get(0)

    assert len(recording.calls) == 4
    assert recording.depth == 2


def test_depth_is_the_longest_chain_of_calls() -> None:
    times = [(0, 4), (1, 2), (2, 3), (3, 5), (0, 9)]
    calls = [
        Call(service="s", operation="o", target="t", parameters={}, started=start, ended=end)
        for start, end in times
    ]

    assert Recording(calls=calls).depth == 3


def test_nothing_is_recorded_when_nobody_watches(meter: Meter, dynamodb: Any) -> None:
    with meter.watch() as recording:
        pass
    dynamodb.put_item(TableName=TABLE, Item=item(100))

    assert recording.calls == []
