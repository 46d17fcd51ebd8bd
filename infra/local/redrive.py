"""`./sahip redrive`: send what a dead-letter queue holds back to the queues it came from."""

import sys

import boto3
from botocore.exceptions import ClientError

from infra.launcher.commands import parse
from infra.launcher.problems import Problem
from infra.local import running
from infra.local.dead_letters import NoSource, redrive
from infra.local.engines.engine import REGION


def main() -> int:
    """Send the messages back and say how many."""
    options = parse(["redrive", *sys.argv[1:]])
    try:
        count = _redrive(running.system_on(options.port).engine, options.queue)
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    sys.stdout.write(f"sent back: {count}\n")
    return 0


def _redrive(engine: str, queue: str) -> int:
    sqs = boto3.client(
        "sqs",
        endpoint_url=engine,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - what plays AWS asks for any, and reads none
    )
    try:
        return redrive(sqs, queue)
    except NoSource as error:
        raise Problem(str(error)) from error
    except ClientError as error:
        if error.response["Error"]["Code"].endswith(("NonExistentQueue", "QueueDoesNotExist")):
            urls = sqs.list_queues().get("QueueUrls", [])
            dead = sorted(
                name for url in urls if (name := url.rsplit("/", 1)[-1]).endswith("dead")
            )
            raise Problem(f"no such queue: {queue}; there is: {', '.join(dead)}") from error
        raise


if __name__ == "__main__":
    sys.exit(main())
