"""The system of `./sahip up` in processes of its own, with data of its own, for a while."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.load import Load
from bench.wire import Connection, request
from infra.launcher import places
from infra.local import running
from infra.local.engines.engine import REGION
from infra.local.issuer import Issuer

READY_SECONDS = 120.0
LOOK_SECONDS = 0.01
ENGINE = "keeper"  # among the words of the engine's process
SETTLE_SECONDS = 15.0
REST_SECONDS = 0.02  # of CPU in a quarter of a second
_TICKS = os.sysconf("SC_CLK_TCK")
# The company to look at is left out: what feeds it would be measured as well.
COMMAND = [sys.executable, "-m", "infra.local.up", "--empty"]


class DidNotStart(Exception):
    """The system ended, or did not answer in time."""


@dataclass(frozen=True, kw_only=True)
class Cpu:
    """CPU seconds spent so far: by the system's processes, its engine, us and everybody."""

    system: float
    engine: float
    own: float
    machine: float
    at: float


class System:
    """A running system, as its users and its operator see it."""

    def __init__(self, port: int, state: Path, process: "subprocess.Popen[str]") -> None:
        self.port = port
        self.state = state
        self._process = process
        self._issuer = Issuer(state, REGION)
        self.engine_port = int(running.system_on(port).engine.rsplit(":", 1)[-1])
        children = _children_of(process.pid)
        self._engine_pid = next(pid for pid, words in children.items() if ENGINE in words)
        self._pids = [process.pid, *(pid for pid in children if pid != self._engine_pid)]

    def headers(self, role: str = "agent") -> dict[str, str]:
        """The headers of somebody with that role."""
        return {
            "Authorization": f"Bearer {self._issuer.token(role)}",
            "Sahip-Reason": "case",
        }

    def get(self, path: str) -> bytes:
        """A request of an agent that reads."""
        return request("GET", path, self.headers())

    def cpu(self) -> Cpu:
        """What has been spent so far."""
        with Path("/proc/stat").open(encoding="ascii") as file:
            fields = [int(one) for one in file.readline().split()[1:9]]
        idle = fields[3] + fields[4]
        return Cpu(
            system=sum(map(_cpu_of, self._pids)),
            engine=_cpu_of(self._engine_pid),
            own=time.process_time(),
            machine=(sum(fields) - idle) / _TICKS,
            at=time.perf_counter(),
        )

    def settle(self) -> None:
        """Wait until it is at rest, so that what one measurement began does not burden the next.

        At most so many seconds: idle pollers of a busy machine may look like work.
        """
        quiet, give_up = 0, time.monotonic() + SETTLE_SECONDS
        before = self.cpu()
        while quiet < 2 and time.monotonic() < give_up:
            time.sleep(0.25)
            after = self.cpu()
            spent = after.system + after.engine - before.system - before.engine
            quiet = quiet + 1 if spent <= REST_SECONDS else 0
            before = after


@contextmanager
def a_system() -> Iterator[System]:
    """Have a new system with no data."""
    with TemporaryDirectory(prefix="sahip-bench-") as state, up(Path(state)) as system:
        yield system


@contextmanager
def up(state: Path, command: list[str] | None = None) -> Iterator[System]:
    """Start a system on a state folder, wait until it is healthy, and stop it in the end."""
    port = free_port()
    words = [*(command or COMMAND), "--port", str(port), "--state", str(state)]
    process = subprocess.Popen(  # noqa: S603 our own program
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=places.ROOT
    )
    with ExitStack() as held:
        held.callback(_stop, process)
        _wait_until_healthy(port, process)
        yield System(port, state, process)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shares(before: Cpu, after: Cpu, load: Load) -> str:
    """CPU a request by process, and how much of the machine others had meanwhile."""
    count = max(1, len(load.times))
    ours = after.system + after.engine - before.system - before.engine
    others = after.machine - before.machine - ours - (after.own - before.own)
    cores = others / (after.at - before.at)
    return (
        f"    CPU a request: {(after.system - before.system) * 1000 / count:.2f} ms the system, "
        f"{(after.engine - before.engine) * 1000 / count:.2f} ms its engine; "
        f"{cores:.2f} of the cores went to others"
    )


class Engine:
    """The engine of a system, asked directly and cheaply."""

    def __init__(self, port: int) -> None:
        self._connection = Connection(port)

    def call(self, target: str, document: Mapping[str, Any]) -> bytes:
        """Make one call of AWS's JSON protocol; the answer's body."""
        headers = {"X-Amz-Target": target}
        text = request("POST", "/", headers, document).replace(
            b"application/json", b"application/x-amz-json-1.0", 1
        )
        status, body = self._connection.ask(text)
        if status != 200:
            raise RuntimeError(f"{target}: {status} {body[:300]!r}")
        return body

    def query(self, table: str, partition: str, begins: str) -> bytes:
        """Items of a partition, as they are written on the wire."""
        return self.call(
            "DynamoDB_20120810.Query",
            {
                "TableName": table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {":pk": {"S": partition}, ":sk": {"S": begins}},
                "ConsistentRead": True,
            },
        )


def _wait_until_healthy(port: int, process: "subprocess.Popen[str]") -> None:
    give_up = time.monotonic() + READY_SECONDS
    ask = request("GET", "/health", {})
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise DidNotStart(process.stderr.read() if process.stderr else "")
        try:
            connection = Connection(port)
        except OSError:
            time.sleep(LOOK_SECONDS)
            continue
        status, _ = connection.ask(ask)
        connection.close()
        if status == 200:
            return
    raise DidNotStart(f"not healthy after {READY_SECONDS:g} s")


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _children_of(pid: int) -> dict[int, str]:
    """The processes that a process has begun, and how each was called."""
    return {
        int(child): Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8")
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    }


def _cpu_of(pid: int) -> float:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    fields = re.sub(r"^.*\) ", "", text).split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
