"""Clients for AWS, made when first needed, with bounds on how long anything may take.

boto3 is imported here and not above: a function that is only being loaded does
not wait for it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

ATTEMPTS = 3


def dynamodb() -> "DynamoDBClient":
    """DynamoDB: three attempts with jitter, each of at most three seconds."""
    import boto3
    from botocore.config import Config

    return boto3.client("dynamodb", config=Config(connect_timeout=1, read_timeout=3, **_retries()))


def events() -> "EventBridgeClient":
    """EventBridge: three attempts with jitter, each of at most five seconds."""
    import boto3
    from botocore.config import Config

    return boto3.client("events", config=Config(connect_timeout=1, read_timeout=5, **_retries()))


def sqs() -> "SQSClient":
    """SQS: three attempts with jitter, each of at most five seconds."""
    import boto3
    from botocore.config import Config

    return boto3.client("sqs", config=Config(connect_timeout=1, read_timeout=5, **_retries()))


def functions(*, deadline: float, concurrency: int) -> "LambdaClient":
    """Lambda's Invoke, asked once and given up after `deadline` seconds."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "lambda",
        config=Config(
            connect_timeout=deadline,
            read_timeout=deadline,
            max_pool_connections=concurrency,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


def _retries() -> dict[str, object]:
    return {"retries": {"mode": "standard", "total_max_attempts": ATTEMPTS}}
