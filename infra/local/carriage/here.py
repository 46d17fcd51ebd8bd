"""Readers of streams and queues, and schedules, in this process."""

import time
from collections.abc import Sequence
from typing import Protocol

from infra.local.functions import Functions
from infra.local.mappings.queues import QueueReader
from infra.local.mappings.schedules import Scheduler
from infra.local.mappings.settings import Pace
from infra.local.mappings.streams import StreamReader
from infra.local.mappings.wake import Wakes
from infra.local.templates import World

STOP_SECONDS = 10.0
LOOK_SECONDS = 0.005


class Carrier(Protocol):
    """What calls functions by itself."""

    name: str

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def join(self, seconds: float) -> None: ...
    def alive(self) -> bool: ...


class Reader(Carrier, Protocol):
    """What carries events to a function, and can tell when it has no more."""

    def ask(self) -> int: ...
    def nothing_since(self, ticket: int) -> bool: ...
    def moving(self) -> str | None: ...


class Carriage:
    """All that calls the functions of a world by itself."""

    def __init__(
        self,
        world: World,
        functions: Functions,
        wakes: Wakes,
        pace: Pace,
        *,
        scheduler: Scheduler,
        fresh_iterators: bool,
    ) -> None:
        """`fresh_iterators`: what the engine says of its streams."""
        self._readers: Sequence[Reader] = [
            StreamReader(
                mapping,
                world,
                functions,
                wakes.bell(mapping.table),
                pace,
                fresh_iterators=fresh_iterators,
            )
            for mapping in world.stream_mappings
        ] + [
            QueueReader(mapping, world, functions, wakes.bell(queue_name(mapping.queue)), pace)
            for mapping in world.queue_mappings
        ]
        self._carriers: Sequence[Carrier] = [*self._readers, scheduler]
        self._started: list[Carrier] = []

    def start(self) -> None:
        """Begin to carry."""
        for carrier in self._carriers:
            carrier.start()
            self._started.append(carrier)

    def stop(self) -> None:
        """Finish what is in hand, and carry no more."""
        for carrier in self._started:
            carrier.stop()
        deadline = time.monotonic() + STOP_SECONDS
        for carrier in self._started:
            carrier.join(max(0.0, deadline - time.monotonic()))
        self._started.clear()

    def health(self) -> dict[str, bool]:
        """Which parts are up."""
        return {carrier.name: carrier.alive() for carrier in self._started}

    def look(self, seconds: float) -> list[str]:
        """Let every reader look once. Which of them moved meanwhile, in words."""
        deadline = time.monotonic() + seconds
        tickets = [(reader, reader.ask()) for reader in self._readers]
        while any(not reader.nothing_since(ticket) for reader, ticket in tickets):
            if time.monotonic() > deadline or not all(reader.alive() for reader, _ in tickets):
                break
            time.sleep(LOOK_SECONDS)
        return [what for reader in self._readers if (what := reader.moving())]


def queue_name(arn: str) -> str:
    """The name of the queue with an ARN."""
    return arn.rsplit(":", 1)[-1]
