"""Makes the tables, keys, queues and rules of the templates; a second time it finds them."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from infra.local.templates.descriptions import Queue, Rule, Table, Target, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import TargetTypeDef
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient

logger = logging.getLogger(__name__)


class ChangedDefinition(Exception):
    """A table stands already, and otherwise than the template now says."""


def provision(world: World) -> None:
    """Make what is missing. Raise ChangedDefinition where a table cannot become what is asked.

    Queues and rules are brought up to date, and the log says what changed.
    """
    events, sqs, dynamodb = boto3.client("events"), boto3.client("sqs"), boto3.client("dynamodb")
    for bus in world.buses:
        _make_bus(events, bus)
    for alias in world.keys:
        _make_key(boto3.client("kms"), alias)
    for table in world.tables:
        _make_table(dynamodb, table)
    for queue in _dead_letters_first(world.queues):
        _make_queue(sqs, queue)
    for rule in world.rules:
        _make_rule(events, rule)


def _make_bus(events: "EventBridgeClient", name: str) -> None:
    try:
        events.create_event_bus(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise


def _make_key(kms: "KMSClient", alias: str) -> None:
    """A key by this alias. One that stands is kept: without it nobody reads what it sealed."""
    try:
        kms.describe_key(KeyId=alias)
    except kms.exceptions.NotFoundException:
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=alias, TargetKeyId=key)


def _make_table(dynamodb: "DynamoDBClient", table: Table) -> None:
    try:
        found = dynamodb.describe_table(TableName=table.name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        dynamodb.create_table(**table.definition)
        dynamodb.get_waiter("table_exists").wait(
            TableName=table.name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        return
    wanted, standing = _shape(table.definition), _shape(found)
    changed = sorted(key for key in wanted if wanted[key] != standing[key])
    if changed:
        raise ChangedDefinition(
            f"table {table.name}: {', '.join(changed)} changed in the template; make a new "
            "table or delete the state of this machine"
        )


def _shape(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What of a table cannot be changed in place, in an order of its own."""
    stream = definition.get("StreamSpecification") or {}
    return {
        "AttributeDefinitions": _sorted(definition["AttributeDefinitions"]),
        "KeySchema": _sorted(definition["KeySchema"]),
        "LocalSecondaryIndexes": _indexes(definition.get("LocalSecondaryIndexes")),
        "GlobalSecondaryIndexes": _indexes(definition.get("GlobalSecondaryIndexes")),
        "StreamViewType": stream.get("StreamViewType"),
    }


def _indexes(indexes: Sequence[Mapping[str, Any]] | None) -> list[str]:
    return _sorted(
        {
            "IndexName": index["IndexName"],
            "KeySchema": _sorted(index["KeySchema"]),
            "ProjectionType": index["Projection"]["ProjectionType"],
            "NonKeyAttributes": sorted(index["Projection"].get("NonKeyAttributes", [])),
        }
        for index in indexes or []
    )


def _sorted(parts: Any) -> list[str]:
    return sorted(json.dumps(part, sort_keys=True) for part in parts)


def _dead_letters_first(queues: Sequence[Queue]) -> list[Queue]:
    """A queue names its dead-letter queue, which must stand before it."""
    return sorted(queues, key=lambda queue: "RedrivePolicy" in queue.attributes)


def _make_queue(sqs: "SQSClient", queue: Queue) -> None:
    try:
        url = sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        sqs.create_queue(QueueName=queue.name, Attributes=dict(queue.attributes))  # type: ignore[arg-type]
        return
    standing = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    changed = {
        key: value
        for key, value in queue.attributes.items()
        if _meaning(standing.get(key)) != _meaning(value)  # type: ignore[call-overload]
    }
    if changed:
        logger.warning("queue %s: %s changed", queue.name, ", ".join(sorted(changed)))
        sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)  # type: ignore[arg-type]


def _meaning(attribute: str | None) -> Any:
    """An attribute without regard to how its JSON is written, or a number in it."""
    value = json.loads(attribute) if attribute else attribute
    return {key: str(part) for key, part in value.items()} if isinstance(value, dict) else value


def _make_rule(events: "EventBridgeClient", rule: Rule) -> None:
    events.put_rule(
        Name=rule.name,
        EventBusName=rule.bus,
        EventPattern=json.dumps(rule.pattern),
        State="ENABLED",
        Description=rule.description,
    )
    standing = events.list_targets_by_rule(Rule=rule.name, EventBusName=rule.bus)["Targets"]
    wanted = {target.target_id for target in rule.targets}
    gone = [target["Id"] for target in standing if target["Id"] not in wanted]
    if gone:
        logger.warning("rule %s: targets %s are gone", rule.name, ", ".join(gone))
        events.remove_targets(Rule=rule.name, EventBusName=rule.bus, Ids=gone)
    if rule.targets:
        answer = events.put_targets(
            Rule=rule.name,
            EventBusName=rule.bus,
            Targets=[_target(target) for target in rule.targets],
        )
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"rule {rule.name}: {answer['FailedEntries']}")


def _target(target: Target) -> "TargetTypeDef":
    described: TargetTypeDef = {"Id": target.target_id, "Arn": target.queue_arn}
    if target.dead_letter_arn:
        described["DeadLetterConfig"] = {"Arn": target.dead_letter_arn}
    return described
