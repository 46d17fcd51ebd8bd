"""Walking through all the books of a running system, by a function that does some at a time."""

import json
import sys
from typing import Any

import boto3
from botocore.config import Config

from infra.launcher.problems import Problem
from infra.local import running
from infra.local.engines.engine import REGION
from infra.local.system import Settings

SECONDS = 2  # of each call: how often the line that says how far it is moves on
LONGEST = 120  # seconds that a call may take, since one step always comes to its end
WIDTH = 30
_ANYBODY: dict[str, str] = {
    "region_name": REGION,
    "aws_access_key_id": "local",
    "aws_secret_access_key": "local",
}


def walk(
    system: running.System, service: str, function: str, *, counted: str, **question: object
) -> dict[str, Any]:
    """Call a service's function until it is done; return its last answer.

    A terminal is told how far it is, and how many are `counted`. Raises Problem where it fails.
    """
    config = Config(read_timeout=LONGEST, retries={"total_max_attempts": 1})
    functions = boto3.client("lambda", endpoint_url=system.functions, config=config, **_ANYBODY)  # type: ignore[call-overload]
    engine = boto3.client("dynamodb", endpoint_url=system.engine, **_ANYBODY)  # type: ignore[call-overload]
    name = f"sahip-{Settings().stage}-{service}"
    begin = True
    while True:
        asked = json.dumps({**question, "begin": begin, "seconds": SECONDS})
        reply = functions.invoke(FunctionName=f"{name}-{function}", Payload=asked)
        told = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise Problem("it failed on the way; the same command goes on. See ./sahip logs")
        items = engine.describe_table(TableName=name)["Table"]["ItemCount"]
        _show(told, items, f"{told[counted]} {counted} of {service}")
        if told["done"]:
            return dict(told)
        begin = False


def _show(come: dict[str, Any], items: int, words: str) -> None:
    """A line on a terminal that says how far it is; where there is none, nothing."""
    if not sys.stderr.isatty():
        return
    share = 1.0 if come["done"] else min(1.0, come["items"] / max(items, 1))
    bar = "#" * round(share * WIDTH)
    sys.stderr.write(f"\rsahip: [{bar:<{WIDTH}}] {share:4.0%} {words}")
    sys.stderr.write("\n" if come["done"] else "")
    sys.stderr.flush()
