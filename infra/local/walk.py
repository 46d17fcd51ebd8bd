"""`./sahip dedup`: compare everybody in the books, as one does in AWS by the same function."""

import json
import sys
from typing import Any

import boto3
from botocore.config import Config

from infra.launcher.commands import parse
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


def main() -> int:
    """Walk through the books to the end and say what was found."""
    options = parse(["dedup", *sys.argv[1:]])
    try:
        walk = _walk(running.system_on(options.port))
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    sys.stdout.write(
        f"compared: {walk['people']}\nfound: {walk['found']}\nlinked: {walk['linked']}\n"
        f"queued: {walk['found'] - walk['linked']}\n"
    )
    return 0


def _walk(system: running.System) -> dict[str, Any]:
    config = Config(read_timeout=LONGEST, retries={"total_max_attempts": 1})
    functions = boto3.client("lambda", endpoint_url=system.functions, config=config, **_ANYBODY)  # type: ignore[call-overload]
    engine = boto3.client("dynamodb", endpoint_url=system.engine, **_ANYBODY)  # type: ignore[call-overload]
    stage = Settings().stage
    begin = True
    while True:
        asked = json.dumps({"begin": begin, "seconds": SECONDS})
        reply = functions.invoke(FunctionName=f"sahip-{stage}-customer-Dedup", Payload=asked)
        told = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise Problem("comparing failed; the same command goes on. See ./sahip logs")
        table = engine.describe_table(TableName=f"sahip-{stage}-customer")["Table"]
        _show(told, table["ItemCount"])
        if told["done"]:
            return dict(told)
        begin = False


def _show(walk: dict[str, Any], items: int) -> None:
    """A line on a terminal that says how far it is; where there is none, nothing."""
    if not sys.stderr.isatty():
        return
    share = 1.0 if walk["done"] else min(1.0, walk["items"] / max(items, 1))
    bar = "#" * round(share * WIDTH)
    sys.stderr.write(f"\rsahip: [{bar:<{WIDTH}}] {share:4.0%} {walk['people']} compared")
    sys.stderr.write("\n" if walk["done"] else "")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
