"""Clients for AWS, made when first needed, with bounds on how long anything may take.

boto3 is imported here and not above: a function that is only being loaded does
not wait for it.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"  # set by Lambda's runtime alone
ATTEMPTS = 3
CONNECTIONS = 10  # botocore's own measure, plenty for a function that does one thing at a time


def dynamodb() -> "DynamoDBClient":
    """DynamoDB: three attempts with jitter, each of at most three seconds."""
    import boto3

    return boto3.client("dynamodb", config=_config(connect=1, read=3, attempts=ATTEMPTS))


def events() -> "EventBridgeClient":
    """EventBridge: three attempts with jitter, each of at most five seconds."""
    import boto3

    return boto3.client("events", config=_config(connect=1, read=5, attempts=ATTEMPTS))


def sqs() -> "SQSClient":
    """SQS: three attempts with jitter, each of at most five seconds."""
    import boto3

    return boto3.client("sqs", config=_config(connect=1, read=5, attempts=ATTEMPTS))


def sns(*, attempts: int = ATTEMPTS, patience: float = 3) -> Any:
    """SNS: three attempts with jitter, each of at most `patience` seconds.

    What knows no repeats gets one attempt, and more patience.
    """
    import boto3

    return boto3.client("sns", config=_config(connect=1, read=patience, attempts=attempts))


def ses(*, attempts: int = ATTEMPTS, patience: float = 3) -> Any:
    """SES: three attempts with jitter, each of at most `patience` seconds.

    What knows no repeats gets one attempt, and more patience.
    """
    import boto3

    return boto3.client("sesv2", config=_config(connect=1, read=patience, attempts=attempts))


def kms() -> "KMSClient":
    """KMS: three attempts with jitter, each of at most three seconds."""
    import boto3

    return boto3.client("kms", config=_config(connect=1, read=3, attempts=ATTEMPTS))


def functions(
    *, deadline: float, concurrency: int = CONNECTIONS, attempts: int = 1
) -> "LambdaClient":
    """Lambda's Invoke, given up after `deadline` seconds; more attempts are for who can wait."""
    import boto3

    config = _config(connect=deadline, read=deadline, attempts=attempts, connections=concurrency)
    return boto3.client("lambda", config=config)


def _config(
    *, connect: float, read: float, attempts: int, connections: int = CONNECTIONS
) -> "Config":
    from botocore.config import Config

    return Config(
        connect_timeout=connect,
        read_timeout=read,
        max_pool_connections=connections,
        # Both are a third of the CPU of a call. The agent is put together anew for each; and of
        # the parameters, the types are checked by mypy, and all by every test, and by AWS.
        user_agent="sahip",
        parameter_validation=IN_LAMBDA not in os.environ,  # noqa: TID251 - no setting of ours
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
