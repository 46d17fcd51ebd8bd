"""Clients that each send the next request as soon as the last one is answered."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.wire import Connection

Requests = Iterator[bytes]
"""Each client has its own; it ends when the time is over, or when there are no more."""
Clients = Callable[[int], Requests]
"""What each client sends, by its number."""


class UnexpectedAnswer(Exception):
    """A request was not answered as it should be."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Times in milliseconds."""

    times: Sequence[float]

    @property
    def p50(self) -> float:
        return self.quantile(0.5)

    @property
    def p95(self) -> float:
        return self.quantile(0.95)

    @property
    def longest(self) -> float:
        return max(self.times, default=0.0)

    def quantile(self, share: float) -> float:
        """The time that this share of all is no longer than."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass(frozen=True, kw_only=True)
class Load(Spread):
    """What clients got done."""

    seconds: float

    @property
    def a_second(self) -> float:
        return len(self.times) / self.seconds


def run(port: int, clients: int, requests: Clients, *, seconds: float) -> Load:
    """Let clients send for so many seconds. Raise UnexpectedAnswer for any but 200 and 201."""
    times: list[list[float]] = [[] for _ in range(clients)]
    failures: list[str] = []
    begin = threading.Event()

    def work(client: int) -> None:
        connection, mine = Connection(port), requests(client)
        begin.wait()
        give_up = time.perf_counter() + seconds
        for each in mine:
            started = time.perf_counter()
            status, body = connection.ask(each)
            ended = time.perf_counter()
            if status not in (200, 201):
                failures.append(f"{status} {body[:300].decode(errors='replace')}")
                break
            times[client].append((ended - started) * 1000)
            if ended > give_up:
                break
        connection.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    begin.set()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if failures:
        raise UnexpectedAnswer(failures[0])
    return Load(times=[one for some in times for one in some], seconds=elapsed)
