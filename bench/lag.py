"""`./sahip bench lag`: from a write's acknowledgement to its last reader."""

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import SimpleQueue

from bench import people, report
from bench.load import Spread
from bench.local import Engine, System, a_system
from bench.report import most
from bench.wire import Connection

PEOPLE = 60
SECONDS = 6.0
IDLE, BUSY = 10, 100  # orders a second
WATCHED = 10  # a second, of all of them
CLIENTS, WATCHERS = 6, 3
LOOK_SECONDS = 0.002
GIVE_UP_SECONDS = 5.0
IDLE_MS, BUSY_MS = 100, 200
TABLES = {"timeline": "sahip-local-customer-view", "rows": "sahip-local-orders"}


class NeverSeen(Exception):
    """A write did not reach its reader in time."""


@dataclass(kw_only=True)
class Lags:
    """Milliseconds until a write was seen by each."""

    timeline: list[float] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    placed: int = 0


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An order that somebody waits to see."""

    order_id: str
    customer_id: str
    at: float


def run() -> None:
    """Print the lags, at rest and under load."""
    report.title("From a write's acknowledgement to its last reader")
    with a_system() as system:
        ids = people.customers(system, PEOPLE)
        _place(system, ids, IDLE, 1.0)  # warms up
        for rate, bound in ((IDLE, IDLE_MS), (BUSY, BUSY_MS)):
            system.settle()
            lags = _place(system, ids, rate, SECONDS)
            what = f"at {rate} orders a second"
            report.note(f"{what}: {lags.placed / SECONDS:.0f} a second were placed")
            report.spread(f"{what}: in the rows", Spread(times=lags.rows))
            report.spread(f"{what}: in the timeline", Spread(times=lags.timeline))
            report.spread(
                f"{what}: seen by the last reader", Spread(times=lags.last), most(bound), of="p95"
            )
            report.spread(f"{what}: in the answer of a view", Spread(times=lags.answer))


def _place(system: System, ids: Sequence[str], rate: int, seconds: float) -> Lags:
    """Place orders evenly, and watch some of them arrive."""
    lags, watched = Lags(), SimpleQueue[Placed | None]()
    headers, began = system.headers(), time.perf_counter() + 0.1

    def client(number: int) -> None:
        connection, mine = Connection(system.port), people.in_turn(ids, number * 7)
        for due, n in _times(began, rate, seconds, number):
            time.sleep(max(0.0, due - time.perf_counter()))
            customer = next(mine)
            order = people.create(connection, people.order(customer, headers))
            at = time.perf_counter()
            lags.placed += 1
            if n % max(1, rate // WATCHED) == 0:
                watched.put(Placed(order_id=order["order_id"], customer_id=customer, at=at))

    def watcher(_number: int) -> None:
        connection, engine = Connection(system.port), Engine(system.engine_port)
        while (placed := watched.get()) is not None:
            _watch(system, engine, connection, placed, lags)

    with ThreadPoolExecutor(CLIENTS + WATCHERS) as pool:
        watching = [pool.submit(watcher, n) for n in range(WATCHERS)]
        placing = [pool.submit(client, n) for n in range(CLIENTS)]
        wait(placing)
        for _ in watching:
            watched.put(None)
        for one in (*placing, *watching):
            one.result()
    return lags


def _times(began: float, rate: int, seconds: float, client: int) -> Iterator[tuple[float, int]]:
    for n in range(client, int(rate * seconds), CLIENTS):
        yield began + n / rate, n


def _watch(
    system: System, engine: Engine, connection: Connection, placed: Placed, lags: Lags
) -> None:
    """Look for an order until both readers have put it where it is read from."""
    needle, missing = placed.order_id.encode(), dict(TABLES)
    seen: dict[str, float] = {}
    while missing:
        for what, table in list(missing.items()):
            if needle in engine.query(table, f"P#{placed.customer_id}", "R#"):
                seen[what] = (time.perf_counter() - placed.at) * 1000
                del missing[what]
        if missing:
            if time.perf_counter() - placed.at > GIVE_UP_SECONDS:
                raise NeverSeen(f"{placed.order_id} is not in the {', '.join(missing)}")
            time.sleep(LOOK_SECONDS)
    lags.timeline.append(seen["timeline"])
    lags.rows.append(seen["rows"])
    lags.last.append(max(seen.values()))
    _, body = connection.ask(system.get(f"/v1/view/customers/{placed.customer_id}"))
    view = json.loads(body)
    shown = {one["about"] for one in view["timeline"]["data"]["recent"]}
    # With ten newer ones since, it need not show any more.
    if placed.order_id not in shown and len(shown) < 10:
        raise NeverSeen(f"the view does not show {placed.order_id}")
    lags.answer.append((time.perf_counter() - placed.at) * 1000)
