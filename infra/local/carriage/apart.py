"""A carriage in a process of its own, as its parent sees it.

One Python process runs one thread at a time. Where gateway and readers share it, each request
waits for what earlier ones have set off. In AWS they share nothing either.

Two things go through the pipe to it: names of tables and queues that were written to, so that it
looks there at once, and questions. Answers and lines of the log come back. When the pipe closes it
finishes what is in hand and ends; so it does not outlive its parent.
"""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

from infra.local.carriage.child import (
    HEALTH,
    LEAVE,
    LINES,
    LOOK,
    RING,
    START,
    Failure,
    Order,
    carry,
)
from infra.local.carriage.here import STOP_SECONDS, queue_name
from infra.local.mappings.wake import Wakes

START_SECONDS = 60.0
ANSWER_SECONDS = 5.0
MORE_SECONDS = 20.0  # for what a process does besides stopping its readers


class CarriageEnded(Exception):
    """The process that carries events has ended, or does not answer."""


class CarriageApart:
    """Stands where a `Carriage` does."""

    def __init__(self, package: str, names: Sequence[str], log: Callable[[str], object]) -> None:
        """Begin the process, which imports the services' apps meanwhile. `log` gets its lines."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=carry, args=(theirs, package, tuple(names)), name="carriage", daemon=True
        )
        self._process.start()
        theirs.close()
        self._log = log
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._asked: dict[int, Future[Any]] = {}
        self._listening = threading.Thread(target=self._listen, name="carriage", daemon=True)
        self._listening.start()

    def start(self, order: Order, wakes: Wakes) -> None:
        """Have it carry what an order says, and ring there. Raise CarriageEnded."""
        self._ask(START, order, seconds=START_SECONDS)
        world = order.world
        for name in {
            *(mapping.table for mapping in world.stream_mappings),
            *(queue_name(mapping.queue) for mapping in world.queue_mappings),
        }:
            wakes.listen(name, partial(self._ring, name))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid or 0

    def stop(self) -> None:
        """Let it finish what is in hand and end."""
        with suppress(OSError):
            self._send(LEAVE, None)
        self.join(STOP_SECONDS + MORE_SECONDS)
        if self.alive():
            self._process.kill()
            self.join()
        self._listening.join()

    def join(self, seconds: float | None = None) -> None:
        """Wait until the process has ended."""
        self._process.join(seconds)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def health(self) -> dict[str, bool]:
        """Which parts are up."""
        try:
            parts: dict[str, bool] = self._ask(HEALTH)
        except CarriageEnded:
            return {"carriage": False}
        return {"carriage": True, **parts}

    def look(self, seconds: float) -> list[str]:
        """Let every reader look once. What moved meanwhile, in words."""
        try:
            moving: list[str] = self._ask(LOOK, seconds, seconds=seconds + ANSWER_SECONDS)
        except CarriageEnded as error:
            return [str(error)]
        return moving

    def _ring(self, name: str) -> None:
        with suppress(OSError):  # whether it is still there is told by its health
            self._send(RING, name)

    def _ask(self, what: str, told: object = None, *, seconds: float = ANSWER_SECONDS) -> Any:
        number, future = next(self._numbers), Future[Any]()
        self._asked[number] = future
        try:
            self._send(what, told, number)
            answer = future.result(seconds)
        except (OSError, TimeoutError) as error:
            raise CarriageEnded(f"what carries events does not answer: {what}") from error
        finally:
            self._asked.pop(number, None)
        if isinstance(answer, Failure):
            raise CarriageEnded(answer.why)
        return answer

    def _send(self, what: str, told: object, number: int = 0) -> None:
        with self._lock:
            self._pipe.send((what, told, number))

    def _listen(self) -> None:
        with self._pipe, suppress(EOFError, OSError):
            while True:
                what, told, number = self._pipe.recv()
                if what == LINES:
                    self._log(told)
                elif future := self._asked.get(number):
                    future.set_result(told)
        ended = CarriageEnded("what carries events has ended")
        for future in list(self._asked.values()):
            future.set_exception(ended)
