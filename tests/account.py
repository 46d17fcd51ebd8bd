"""An AWS account with the tables and queues of the templates in it, and no life of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import boto3
from moto.dynamodb.models import dynamodb_backends

from infra.local.engines.moto import MotoEngine
from infra.local.environment import Environment
from infra.local.provision import provision
from infra.local.system import INFRA
from infra.local.templates import Account, World, read_world
from shared.aws.items import from_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient

SECRET = "a secret for look-up keys"


@dataclass(frozen=True, kw_only=True)
class AwsAccount:
    """Clients that lead into the account, and what the templates have put there."""

    dynamodb: "DynamoDBClient"
    kms: "KMSClient"
    sqs: "SQSClient"
    world: World

    def table(self, service: str) -> str:
        """The name of a service's table."""
        return f"sahip-{self.world.stage}-{service.replace('_', '-')}"

    def queue(self, name: str) -> str:
        """The address of a queue, by what its name says after the stage."""
        return self.sqs.get_queue_url(QueueName=f"sahip-{self.world.stage}-{name}")["QueueUrl"]

    def messages(self, queue: str) -> list[Mapping[str, Any]]:
        """What lies in a queue; it is taken out."""
        return self._taken_out(self.queue(queue))

    def empty(self) -> None:
        """Delete every item and every message."""
        for table in self.world.tables:
            self.empty_table(table.name)
        for queue in self.world.queues:
            self._taken_out(queue.url)

    def empty_table(self, table: str) -> None:
        """Forget every item of one table, and what its stream says: moto copies both often."""
        kept = dynamodb_backends[self.world.account][self.world.region].tables[table]
        kept.items.clear()
        if kept.stream_shard is not None:
            kept.stream_shard.items.clear()

    def _taken_out(self, url: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        while some := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in some:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.append(message)
        return found


@contextmanager
def aws_account(*services: str) -> Iterator[AwsAccount]:
    """The account, for as long as the block runs."""
    engine = MotoEngine()
    engine.start()
    try:
        identity = boto3.client("sts").get_caller_identity()
        account = Account(account=identity["Account"], region="eu-central-1", stage="test")
        world = read_world(INFRA, services, account, secret=lambda _: SECRET, parameters={})
        provision(world)
        yield AwsAccount(
            dynamodb=boto3.client("dynamodb"),
            kms=boto3.client("kms"),
            sqs=boto3.client("sqs"),
            world=world,
        )
    finally:
        engine.stop()


def all_items(client: "DynamoDBClient", table: str) -> list[Any]:
    """Every item of a table as DynamoDB has it."""
    found = client.scan(TableName=table, ConsistentRead=True)
    assert "LastEvaluatedKey" not in found
    return found["Items"]


def contents(client: "DynamoDBClient", table: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every item of a table as plain values, by its key."""
    values = [from_item(item) for item in all_items(client, table)]
    return {(one["pk"], one["sk"]): one for one in values}


def stream_record(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], sequence: str = "1"
) -> dict[str, Any]:
    """What a table's stream says of a write, given the items before and after it."""
    images: dict[str, Any] = {
        "Keys": {name: after[name] for name in ("pk", "sk")},
        "NewImage": dict(after),
        "SequenceNumber": sequence,
    }
    if before is not None:
        images["OldImage"] = dict(before)
    return {"eventName": "MODIFY" if before else "INSERT", "dynamodb": images}


@contextmanager
def bootstrapped(account: AwsAccount, service: str, bootstrap: ModuleType) -> Iterator[None]:
    """A service's bootstrap, led to the account by the environment that its template gives."""
    [described] = [one for one in account.world.services if one.name == service]
    environment = Environment()
    environment.put(described.environment)
    _forget(bootstrap)
    try:
        yield
    finally:
        _forget(bootstrap)
        environment.restore()


def _forget(bootstrap: ModuleType) -> None:
    for value in vars(bootstrap).values():
        if callable(clear := getattr(value, "cache_clear", None)):
            clear()


def sqs_event(messages: Sequence[Mapping[str, Any]], *, received: int = 1) -> dict[str, Any]:
    """What a queue's mapping hands to a function."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "attributes": {"ApproximateReceiveCount": str(received)},
            }
            for message in messages
        ]
    }
