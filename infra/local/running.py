"""Which systems run on this machine: one to a state folder and one to a port.

Who runs a system holds a lock on its state folder. Nothing has to be tidied up after a process
that was killed: its lock went with it, and what it wrote about itself is then known to be old.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EADDRINUSE
from pathlib import Path

from infra.launcher import places
from infra.launcher.problems import USAGE, Problem

LOCK = "lock"
ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class System:
    """What is known of a system from outside: its state folder, and where its engine and its
    functions are called."""

    state: Path
    engine: str
    functions: str


@contextmanager
def alone_on(state: Path) -> Iterator[None]:
    """Have the state folder for oneself. Raises Problem when another system runs on it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                f"a system already runs on the state folder {state}; stop it, or name another "
                "folder with --state",
                exit_code=USAGE,
            ) from None
        yield


def refuse_taken_port(port: int) -> None:
    """Raise Problem when something listens on the port, or this user may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            why = "is in use" if error.errno == EADDRINUSE else f"cannot be had: {error.strerror}"
            raise Problem(
                f"port {port} {why}; name another with --port", exit_code=USAGE
            ) from None


@contextmanager
def announced(port: int, state: Path, engine: str, functions: str) -> Iterator[None]:
    """Let other commands find the system by its port, as long as it runs.

    `engine` is the address of what plays AWS, `functions` that of Lambda's Invoke.
    """
    places.RUNNING.mkdir(parents=True, exist_ok=True)
    note = _note(port)
    fresh = note.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(
        json.dumps({"state": str(state), "engine": engine, "functions": functions}),
        encoding="utf-8",
    )
    fresh.replace(note)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def system_on(port: int) -> System:
    """The system on a port. Raises Problem when none of ours runs there."""
    with suppress(FileNotFoundError, ValueError, KeyError):
        note = json.loads(_note(port).read_text(encoding="utf-8"))
        system = System(Path(note["state"]), note["engine"], note["functions"])
        if _in_use(system.state):
            return system
    raise Problem(f"no system runs on port {port}; start one with: ./sahip up --port {port}")


def _in_use(state: Path) -> bool:
    with suppress(FileNotFoundError), (state / LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _note(port: int) -> Path:
    return places.RUNNING / f"{port}.json"
