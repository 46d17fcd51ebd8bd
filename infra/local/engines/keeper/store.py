"""The state directory: who holds it, what it brings back, and the snapshots."""

import asyncio
import fcntl
import gc
import logging
import os
import pickle
import shutil
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .emulator import Ministack
from .journal import Journal, read_journal

logger = logging.getLogger(__name__)

LOCK_PATIENCE_SECONDS = 60.0


class StateError(Exception):
    """The state directory cannot be used; the text says why, for the person at the keyboard."""


class Store:
    """A state directory, held by one process at a time."""

    def __init__(self, directory: Path, *, fresh: bool) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._lock = self._take_lock()
        if fresh:
            for path in (*directory.glob("journal-*.log"), *directory.glob("snapshot-*")):
                path.unlink()
            shutil.rmtree(directory / "s3", ignore_errors=True)
        was_clean = os.pread(self._lock, 100, 0).strip() in {b"", b"clean"}
        self.recovery: dict[str, Any] = {"clean": fresh or was_clean, "replayed": 0, "refused": 0,
                                  "since": None, "torn": 0}  # fmt: skip
        self.mark(f"running {os.getpid()}")
        self.cost, self.snapshot_size = 0.0, 0

    def _take_lock(self) -> int:
        # flock, since a forked copy of this process goes on holding it: while that still writes
        # its snapshot, no later process may load what it is about to delete.
        handle = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        give_up = time.monotonic() + LOCK_PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                state, _, pid = os.pread(handle, 100, 0).decode().partition(" ")
                if (state == "running" and is_alive(int(pid))) or time.monotonic() > give_up:
                    raise StateError(
                        f"{self.directory} is in use by another running instance (process {pid})"
                    ) from None
                time.sleep(0.05)
            else:
                return handle

    def mark(self, state: str) -> None:
        """Write into the lock what a later process, or one that waits, should know."""
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, state.encode(), 0)

    async def load(self, ministack: Ministack) -> None:
        """Bring back what was kept, and begin a new segment of the journal."""
        first = 0
        for first in sorted(self._numbers("snapshot-*.pickle"), reverse=True)[:1]:
            content = (self.directory / f"snapshot-{first}.pickle").read_bytes()
            self.snapshot_size = len(content)
            state = pickle.loads(content)  # noqa: S301 - our own file, in our own directory
            self.recovery["since"] = state["taken"]
            ministack.restore(state)
        segments = [n for n in sorted(self._numbers("journal-*.log")) if n >= first]
        for number in segments:
            path = self.directory / f"journal-{number}.log"
            records, torn = read_journal(path)
            for written in records:
                key = "replayed" if await ministack.repeat(written) else "refused"
                self.recovery[key] += 1
            if torn:
                self.recovery["torn"] += torn
                os.truncate(path, path.stat().st_size - torn)
        self.journal = Journal(self.directory, max([first, *segments]) + 1)

    def _numbers(self, pattern: str) -> Iterator[int]:
        return (int(path.stem.partition("-")[2]) for path in self.directory.glob(pattern))

    async def save(self, ministack: Ministack) -> None:
        """Write a snapshot of this very moment, from a forked copy of the process.

        Between the new segment and the fork nothing else runs, so the two agree exactly.
        Raises `StateError` if the copy fails, after which the older files still hold everything.
        """
        begun = time.monotonic()
        number = self.journal.number + 1
        self.journal.start(number)
        taken = datetime.now(UTC).isoformat()
        gc.freeze()  # the copy and this process go on sharing what no collector touches
        writer = os.fork()
        if not writer:
            self._write_and_exit(ministack, number, taken)
        _, status = await asyncio.to_thread(os.waitpid, writer, 0)
        self.cost = time.monotonic() - begun
        if status:
            raise StateError("The snapshot could not be written; the engine's log says why")
        self.snapshot_size = (self.directory / f"snapshot-{number}.pickle").stat().st_size

    def _write_and_exit(self, ministack: Ministack, number: int, taken: str) -> None:
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.nice(10)
            gc.disable()
            # Clients of a killed engine should see their connections end, not wait for us.
            os.closerange(3, self._lock)
            os.closerange(self._lock + 1, os.sysconf("SC_OPEN_MAX"))
            name = self.directory / f"snapshot-{number}.pickle"
            unfinished = name.with_suffix(".unfinished")
            with unfinished.open("wb") as file:
                pickle.dump(ministack.state() | {"taken": taken}, file, protocol=5)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(name)
            for kind in ("snapshot-*.pickle", "journal-*.log"):
                for path in self.directory.glob(kind):
                    if int(path.stem.partition("-")[2]) < number:
                        path.unlink()
            code = 0
        except BaseException:
            logger.exception("The snapshot could not be written")
        finally:
            os._exit(code)


def is_alive(pid: int) -> bool:
    """Say whether a process of that id runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
