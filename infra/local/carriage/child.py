"""The process in which a carriage is apart."""

import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from infra.local import transport
from infra.local.carriage.here import Carriage
from infra.local.collecting import collect_less_often
from infra.local.functions import Functions, load_functions
from infra.local.lambda_api import LambdaApi
from infra.local.log_file import FUNCTIONS, LogLines
from infra.local.mailbox import Mailbox
from infra.local.mappings.schedules import Scheduler
from infra.local.mappings.settings import Pace
from infra.local.mappings.wake import Wakes
from infra.local.templates import World

START, RING, LOOK, HEALTH, LEAVE = "start", "ring", "look", "health", "leave"  # to the child
ANSWER, LINES = "answer", "lines"  # from it

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """What could not be done, in words, in the place of an answer."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a carriage apart has to know."""

    world: World
    package: str  # what the services' packages are in
    environ: Mapping[str, str]
    endpoints: Sequence[str]
    lambda_url: str  # the address that functions know; here it is answered in this process
    state_dir: Path
    pace: Pace
    schedules: bool
    fresh_iterators: bool


def carry(pipe: Connection, package: str, names: Sequence[str]) -> None:
    """Do what the parent says until it leaves, or is not there any more."""
    # Ctrl-C is for the parent, which stops us when it is done with us.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    gc.disable()  # nearly all that a start makes stays
    child = Child(pipe)
    try:
        for name in names:
            import_module(f"{package}.{name}.app")
        child.obey()
    finally:
        child.leave()


class Child:
    """A carriage, and the pipe to the parent."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._log = LogLines(lambda lines: self._send(LINES, lines))
        self._log.take(FUNCTIONS, None)
        self._functions: Functions | None = None
        self._wakes: Wakes | None = None
        self._carriage: Carriage | None = None

    def obey(self) -> None:
        """Do one thing after the other."""
        while True:
            try:
                what, told, number = self._pipe.recv()
            except (EOFError, OSError):
                return
            if what == LEAVE:
                return
            if what == RING and self._wakes is not None:
                self._wakes.ring(told)
            elif what == START:
                self._answer(number, partial(self._start, told))
            elif what == LOOK:  # which takes its time, and is not to hold up what rings
                look = partial(self._look, told)
                threading.Thread(target=self._answer, args=(number, look), daemon=True).start()
            elif what == HEALTH:
                self._answer(number, self._health)

    def leave(self) -> None:
        """Finish what is in hand."""
        if self._carriage is not None:
            self._carriage.stop()
        if self._functions is not None:
            self._functions.close()
        self._log.close()

    def _start(self, order: Order) -> None:
        os.environ.clear()
        os.environ.update(order.environ)
        functions = self._functions = Functions(async_retry_seconds=order.pace.async_retry)
        transport.install(order.endpoints, inside={order.lambda_url: LambdaApi(functions)})
        wakes = self._wakes = Wakes(order.world)
        wakes.install()
        Mailbox(order.state_dir).install(None)
        load_functions(order.world, order.package, functions)
        schedules = order.world.schedules if order.schedules else []
        self._carriage = Carriage(
            order.world,
            functions,
            wakes,
            order.pace,
            scheduler=Scheduler(schedules, order.world, functions),
            fresh_iterators=order.fresh_iterators,
        )
        self._carriage.start()
        collect_less_often()

    def _look(self, seconds: float) -> list[str]:
        if self._carriage is None or self._functions is None:
            return ["nothing is carried yet"]
        calls = self._functions.calls
        return self._carriage.look(seconds) + self._functions.moved_since(calls)

    def _health(self) -> dict[str, bool]:
        return self._carriage.health() if self._carriage else {}

    def _answer(self, number: int, do: Callable[[], object]) -> None:
        try:
            answer = do()
        except Exception as error:
            logger.exception("it cannot be carried")
            answer = Failure(f"{type(error).__name__}: {error}")
        self._send(ANSWER, answer, number)

    def _send(self, what: str, told: object, number: int = 0) -> None:
        with self._lock, suppress(OSError):  # nobody may listen any more
            self._pipe.send((what, told, number))
