"""An AWS account with the complaints service's table in it, and no life of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.provision import provision
from infra.local.system import INFRA
from infra.local.templates import Account, read_world
from tests.complaints.books import SECRET, TABLE, Books

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def dynamodb() -> Iterator["DynamoDBClient"]:
    engine = MotoEngine()
    engine.start()
    try:
        identity = boto3.client("sts").get_caller_identity()
        account = Account(account=identity["Account"], region="eu-central-1", stage="test")
        provision(
            read_world(INFRA, ("complaints",), account, secret=lambda _: SECRET, parameters={})
        )
        yield boto3.client("dynamodb")
    finally:
        engine.stop()


@pytest.fixture
def books(dynamodb: "DynamoDBClient") -> Books:
    """The table, empty."""
    for item in dynamodb.scan(TableName=TABLE)["Items"]:
        dynamodb.delete_item(TableName=TABLE, Key={name: item[name] for name in ("pk", "sk")})
    return Books(dynamodb)
