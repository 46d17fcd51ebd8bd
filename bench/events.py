"""`./sahip bench events`: how many events a second go all the way to their readers."""

import json
import time

from bench import load, people, report, seed
from bench.local import Engine, System, a_system
from bench.report import least
from bench.seed import ORDERS, VIEW

BACKLOG, PEOPLE = 2000, 200
SECONDS, CLIENTS = 5.0, 8
LOOK_SECONDS = 0.1
GIVE_UP_SECONDS = 120.0
DELIVERIES_A_SECOND = 250


class NotDrained(Exception):
    """Something was still missing after a long time."""


def run() -> None:
    """Print rates of events that were published, projected and read by the timeline."""
    report.title("Events: each is published, projected, carried by a queue and read")
    with a_system() as system:
        ids = people.customers(system, PEOPLE)
        system.settle()
        engine = Engine(system.engine_port)
        before, began = system.cpu(), time.perf_counter()
        for n, one in enumerate(ids):
            seed.store_truth(engine, seed.history(one, BACKLOG // PEOPLE, mark=f"b{n:03}"))
        stored = time.perf_counter() - began
        _drain(engine, PEOPLE + BACKLOG, BACKLOG)
        took = time.perf_counter() - began
        after = system.cpu()
        report.note(f"{BACKLOG} changes were stored in {stored:.1f} s, drained after {took:.1f} s")
        report.figure(
            "deliveries a second, from a backlog", BACKLOG / took, "", least(DELIVERIES_A_SECOND)
        )
        report.note(
            f"    CPU an event: {(after.system - before.system) * 1000 / BACKLOG:.2f} ms the "
            f"system, {(after.engine - before.engine) * 1000 / BACKLOG:.2f} ms its engine"
        )
        system.settle()
        _over_http(system, engine, ids)


def _over_http(system: System, engine: Engine, ids: list[str]) -> None:
    """Orders as fast as they are taken, until the last of them has been read."""
    headers = system.headers()
    began = time.perf_counter()
    done = load.run(
        system.port,
        CLIENTS,
        lambda client: (people.order(one, headers) for one in people.in_turn(ids, client * 25)),
        seconds=SECONDS,
    )
    placed = len(done.times)
    _drain(engine, PEOPLE + BACKLOG + placed, BACKLOG + placed)
    took = time.perf_counter() - began
    report.figure("orders a second over HTTP, 8 clients", done.a_second)
    report.figure("of these drained a second, to the last", placed / took)


def _drain(engine: Engine, happenings: int, orders: int) -> None:
    """Wait until the tables hold so many happenings, and orders with their rows and totals."""
    give_up = time.perf_counter() + GIVE_UP_SECONDS
    for table, wanted in ((VIEW, happenings), (ORDERS, 2 * orders + PEOPLE)):
        while (found := _count(engine, table)) < wanted:
            if time.perf_counter() > give_up:
                raise NotDrained(f"{table} holds {found} of {wanted}")
            time.sleep(LOOK_SECONDS)


def _count(engine: Engine, table: str) -> int:
    """How many items a table has; here the engine knows, which AWS does only now and then."""
    answer = engine.call("DynamoDB_20120810.DescribeTable", {"TableName": table})
    return int(json.loads(answer)["Table"]["ItemCount"])
