"""Starts ministack on a state directory, and stops it when told to or left alone."""

import argparse
import asyncio
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .door import Door, Message
from .emulator import Ministack
from .store import LOCK_PATIENCE_SECONDS, StateError, Store

SAVE_AFTER_BYTES = 16 * 1024 * 1024
SAVE_AFTER_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 3600  # clients keep their connections
LAST_ANSWERS_SECONDS = 2


class Keeper:
    """ministack at work on its state directory, for as long as somebody holds our other end."""

    def __init__(self, store: Store, tell: Callable[[Message], None]) -> None:
        self._store, self._tell = store, tell
        self._saving = asyncio.Lock()
        self._ministack = Ministack()
        self._door = Door(self._ministack)
        self._server: Any = None

    async def serve(self, entrance: socket.socket) -> None:
        """Load, answer until told to stop or left alone, save."""
        gc.disable()  # it would look at every item again and again, and find nothing
        await self._store.load(self._ministack)
        self._ministack.keep_journal(self._store.journal)
        gc.freeze()
        gc.set_threshold(50_000, 20, 1_000)  # a full collection of a large store takes too long
        gc.enable()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        threading.Thread(target=self._follow_parent, args=(loop,), daemon=True).start()
        due = asyncio.create_task(self._save_when_due())
        # What had to be repeated now need not be at the next start.
        self._door.lasting_change = bool(self._store.recovery["replayed"])
        self._server = self._make_server(entrance.getsockname()[1])
        await self._server.serve(sockets=[entrance])
        due.cancel()
        await self._save()
        self._store.mark("clean")

    def _make_server(self, port: int) -> Any:
        uvicorn = importlib.import_module("uvicorn")
        ready = {"port": port, "recovery": self._store.recovery}
        tell = self._tell

        class Server(uvicorn.Server):  # type: ignore[misc, name-defined]
            @contextlib.contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield  # uvicorn would raise the signal again when done, before we have saved

            async def startup(self, sockets: Any = None) -> None:
                await super().startup(sockets)
                tell(ready)

        return Server(uvicorn.Config(
            self._door, http="httptools", loop="none", lifespan="on", access_log=False,
            log_config=None, server_header=False, timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        ))  # fmt: skip

    def _stop(self) -> None:
        self._store.mark(f"stopping {os.getpid()}")
        self._server.should_exit = True

    async def _save(self) -> None:
        async with self._saving:
            self._door.lasting_change = False
            await self._store.save(self._ministack)

    async def _save_when_asked(self) -> None:
        try:
            await self._save()
            self._tell({"saved": True})
        except StateError as error:
            self._tell({"error": str(error)})

    async def _save_when_due(self) -> None:
        while True:
            await asyncio.sleep(max(SAVE_AFTER_SECONDS, 4 * self._store.cost))
            enough = max(SAVE_AFTER_BYTES, self._store.snapshot_size // 2)
            if self._door.lasting_change or self._store.journal.size > enough:
                with contextlib.suppress(StateError):  # logged where it happened; tried again
                    await self._save()

    def _follow_parent(self, loop: asyncio.AbstractEventLoop) -> None:
        # Not the kernel's death signal: that comes when the thread which started us ends.
        while os.read(0, 100):
            asyncio.run_coroutine_threadsafe(self._save_when_asked(), loop)
        loop.call_soon_threadsafe(self._stop)
        time.sleep(LOCK_PATIENCE_SECONDS)
        os._exit(1)


def listen(port: int) -> socket.socket:
    """Open the door on this machine alone; port 0 takes a free one."""
    entrance = socket.socket()
    entrance.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        entrance.bind(("127.0.0.1", port))
        entrance.listen(2048)
    except OSError as error:
        raise StateError(f"Port {port} cannot be opened: {error.strerror}") from error
    return entrance


async def keep(store: Store, entrance: socket.socket, tell: Callable[[Message], None]) -> None:
    """Bring ministack up inside the event loop it will run in."""
    await Keeper(store, tell).serve(entrance)


def configure(directory: Path, port: int, region: str) -> None:
    """Tell ministack about its world. It reads these when it is imported."""
    os.environ.update(
        GATEWAY_PORT=str(port), BIND_HOST="127.0.0.1", MINISTACK_REGION=region,
        PERSIST_STATE="0", S3_PERSIST="1", S3_DATA_DIR=str(directory / "s3"),
        IOT_MTLS_ENABLED="0", SFTP_ENABLED="0", LOG_LEVEL="WARNING",
        # It would clear away the containers of any other ministack on this machine.
        DOCKER_HOST=f"unix://{directory}/no-docker",
    )  # fmt: skip


def main() -> int:
    """Run; the exit code is 0 after a clean stop, 1 if it could not start or save."""
    parser = argparse.ArgumentParser(description="ministack, with a journal")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--region", default="eu-central-1")
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever ministack prints goes to the log

    def tell(message: Message) -> None:
        with contextlib.suppress(BrokenPipeError):  # then we are alone, and stopping
            os.write(answers, json.dumps(message).encode() + b"\n")

    try:
        entrance = listen(options.port)
        configure(options.directory, entrance.getsockname()[1], options.region)
        store = Store(options.directory, fresh=options.fresh)
        importlib.import_module("uvloop").run(keep(store, entrance, tell))
    except StateError as error:
        tell({"error": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # ministack's threads would keep us
