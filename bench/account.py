"""An empty account on this machine: its engine and the functions' own Invoke in other processes.

So the CPU of this process is a handler's alone, with all that boto3 costs it as in Lambda: the
shorter way to endpoints that `./sahip up` takes is not taken here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

from infra.build import services
from infra.launcher import places
from infra.local.engines.engine import REGION
from infra.local.engines.ministack import MinistackEngine
from infra.local.environment import Environment, united
from infra.local.functions import Functions, load_functions
from infra.local.lambda_api import MAX_BODY, LambdaApi
from infra.local.provision import provision
from infra.local.secrets import LocalSecrets
from infra.local.servers import Server
from infra.local.templates import Account, World, read_world
from shared.aws.clients import IN_LAMBDA

MINISTACK_PYTHON = "SAHIP_MINISTACK_PYTHON"
STAGE = "bench"


@contextmanager
def an_account() -> Iterator[World]:
    """Have an account with the tables, queues and rules of the templates, for a while."""
    with ExitStack() as held:
        state = Path(held.enter_context(TemporaryDirectory(prefix="sahip-bench-")))
        engine = MinistackEngine(ministack_python(), state / "engine", fresh=True)
        engine.start()
        held.callback(engine.stop)
        environment = Environment()
        held.callback(environment.restore)
        world = _world(state)
        provision(world)
        environment.put(united(world.services))
        environment.put({IN_LAMBDA: "bench"})  # clients are made as they are there
        environment.put({"AWS_ENDPOINT_URL_LAMBDA": held.enter_context(_invocations(state))})
        yield world


def ministack_python() -> Path:
    """The Python that ministack is installed for, as the launcher tells it."""
    return Path(os.environ[MINISTACK_PYTHON])


def _world(state: Path) -> World:
    account = boto3.client("sts").get_caller_identity()["Account"]
    return read_world(
        places.ROOT / "infra",
        services(),
        Account(account=account, region=REGION, stage=STAGE),
        secret=LocalSecrets(state).value,
        parameters={},
    )


@contextmanager
def _invocations(state: Path) -> Iterator[str]:
    """Run the functions in another process; its address."""
    child = subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", "bench.account", str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("pipes were asked for")
    try:
        yield child.stdout.readline().strip()
    finally:
        child.stdin.close()
        child.wait(10)
        child.stdout.close()


def _serve(state: Path) -> None:
    from bench.silence import silence_functions

    silence_functions()
    functions = Functions()
    load_functions(_world(state), "services", functions)
    server = Server(LambdaApi(functions), threads=16, max_body=MAX_BODY)
    server.start()
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
