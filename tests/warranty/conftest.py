import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.environment import Environment, united
from infra.local.functions import Functions, load_functions
from infra.local.lambda_api import MAX_BODY, LambdaApi
from infra.local.provision import provision
from infra.local.servers import Server
from infra.local.system import INFRA
from infra.local.templates import Account, World, read_world
from services.customer import bootstrap as customer
from services.warranty import bootstrap as warranty
from shared.aws import logs

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

SECRET = "a secret for look-up keys"
TABLE = "sahip-test-warranty"


@dataclass(frozen=True, kw_only=True)
class AwsAccount:
    """An account with the services' tables, queues and functions in it, and no life of its own."""

    dynamodb: "DynamoDBClient"
    sqs: "SQSClient"
    functions: Functions
    lambda_client: "LambdaClient"
    world: World

    def empty(self) -> None:
        """Delete every item."""
        for table in self.world.tables:
            for item in self.dynamodb.scan(TableName=table.name)["Items"]:
                key = {name: item[name] for name in ("pk", "sk")}
                self.dynamodb.delete_item(TableName=table.name, Key=key)


@pytest.fixture(scope="module")
def account() -> Iterator[AwsAccount]:
    engine, environment, functions = MotoEngine(), Environment(), Functions()
    server = Server(LambdaApi(functions), threads=2, max_body=MAX_BODY)
    engine.start()
    try:
        identity = boto3.client("sts").get_caller_identity()
        where = Account(account=identity["Account"], region="eu-central-1", stage="test")
        services = ("customer", "warranty")
        world = read_world(INFRA, services, where, secret=lambda _: SECRET, parameters={})
        provision(world)
        environment.put(united(world.services))
        environment.put({"AWS_ENDPOINT_URL_LAMBDA": server.url})
        _forget_clients()
        load_functions(world, "services", functions)
        server.start()
        yield AwsAccount(
            dynamodb=boto3.client("dynamodb"),
            sqs=boto3.client("sqs"),
            functions=functions,
            lambda_client=boto3.client("lambda"),
            world=world,
        )
    finally:
        server.stop()
        functions.close()
        _forget_clients()
        environment.restore()
        engine.stop()


@pytest.fixture
def aws(account: AwsAccount) -> AwsAccount:
    """The account, empty."""
    account.empty()
    return account


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the services log meanwhile."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.JsonLines())
    logs.log.addHandler(handler)
    yield lines
    logs.log.removeHandler(handler)


def _forget_clients() -> None:
    for bootstrap in (customer, warranty):
        for value in vars(bootstrap).values():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()
