"""Small worlds without templates, for looking at one part of the local system at a time."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from infra.local.functions import Functions
from infra.local.templates.descriptions import (
    Function,
    Queue,
    QueueMapping,
    StreamMapping,
    Table,
    World,
)

ACCOUNT, REGION = "123456789012", "eu-central-1"

Handler = Callable[[Any, Any], Any]


def a_function(name: str = "read", *, timeout: float = 5.0) -> Function:
    return Function(
        name=name,
        arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        service="sample",
        logical_id=name,
        timeout_seconds=timeout,
        memory_mb=128,
    )


def functions_with(handler: Handler, **changes: Any) -> Functions:
    functions = Functions(async_retry_seconds=0.001)
    functions.add(a_function(**changes), handler)
    return functions


def a_table(name: str = "things") -> Table:
    return Table(
        name=name,
        arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}",
        definition={
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "StreamSpecification": {
                "StreamEnabled": True,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        },
        has_stream=True,
    )


def a_queue(name: str, *, dead: str | None = None, tries: int = 2) -> Queue:
    attributes = {"VisibilityTimeout": "30"}
    if dead is not None:
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{dead}"
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": tries}
        attributes["RedrivePolicy"] = json.dumps(policy)
    return Queue(
        name=name,
        arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}",
        url=f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}",
        attributes=attributes,
    )


def a_world(*, tables: Sequence[Table] = (), queues: Sequence[Queue] = ()) -> World:
    return World(
        account=ACCOUNT,
        region=REGION,
        stage="test",
        buses=[],
        keys=[],
        tables=tables,
        queues=queues,
        rules=[],
        stream_mappings=[],
        queue_mappings=[],
        schedules=[],
        services=[],
    )


def a_stream_mapping(**changes: Any) -> StreamMapping:
    wanted: dict[str, Any] = {
        "name": "things-read",
        "table": "things",
        "function": "read",
        "batch_size": 100,
        "window_seconds": 0.0,
        "reports_item_failures": True,
        "bisects": True,
        "maximum_retries": 2,
        "maximum_age_seconds": -1,
        "filters": [],
        "on_failure_queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:failures",
    }
    return StreamMapping(**{**wanted, **changes})


def a_queue_mapping(**changes: Any) -> QueueMapping:
    wanted: dict[str, Any] = {
        "name": "work-read",
        "queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:work",
        "function": "read",
        "batch_size": 10,
        "window_seconds": 0.0,
        "reports_item_failures": True,
        "maximum_concurrency": 3,
        "filters": [],
    }
    return QueueMapping(**{**wanted, **changes})
