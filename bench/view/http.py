"""Looks over HTTP at customers with histories up to 200 orders, in a system that began empty."""

import json
from collections.abc import Iterator, Sequence

from bench import load, people, report, seed
from bench.local import Engine, System, a_system
from bench.traffic import MANY, OTHERS, measure
from bench.wire import Connection

LENGTHS = (1, 10, 50, 200)  # orders
EACH = 3  # customers of each length
WARM_UP = 1.0  # seconds


class NotFed(Exception):
    """A look does not show what the system was fed with."""


def run() -> None:
    """Print times and rates with one client and with many, beside what others reach."""
    report.title(
        f"Looks over HTTP with 1 client and {MANY}, at {EACH * len(LENGTHS)} customers with "
        f"{', '.join(map(str, LENGTHS))} orders"
    )
    with a_system() as system:
        ids = _fed(system)
        measure(system, "looks", _looks(system, ids), median=None, rates={})
        for length, some in zip(LENGTHS, _parted(ids), strict=True):
            done = load.run(system.port, 1, _looks(system, some), seconds=1)
            report.spread(f"looks at a history of {length}, 1 client", done)
    report.title("For comparison, on two cores too: server CPU with its database, by request")
    for line in OTHERS:
        report.note(line)


def _fed(system: System) -> list[str]:
    """Customers with their histories, of which every reader has heard."""
    ids = people.customers(system, EACH * len(LENGTHS))
    system.settle()
    engine = Engine(system.engine_port)
    for length, some in zip(LENGTHS, _parted(ids), strict=True):
        for one in some:
            seed.store_whole(engine, seed.history(one, length))
    system.settle(longest=60)
    for length, some in zip(LENGTHS, _parted(ids), strict=True):
        for one in some:
            _must_show(system, one, length)
    load.run(system.port, 1, _looks(system, ids), seconds=WARM_UP)  # remembers
    return ids


def _parted(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[place : place + EACH] for place in range(0, len(ids), EACH)]


def _must_show(system: System, customer_id: str, length: int) -> None:
    connection = Connection(system.port)
    _, body = connection.ask(system.get(_path(customer_id)))
    connection.close()
    view = json.loads(body)
    shown = (view["orders"]["data"] or {}).get("count")
    if shown != length or not view["complete"]:
        raise NotFed(f"{shown} of {length} orders are shown, complete: {view['complete']}")


def _looks(system: System, ids: Sequence[str]) -> load.Clients:
    return lambda client: _each(system, ids, client * 5)


def _each(system: System, ids: Sequence[str], start: int = 0) -> Iterator[bytes]:
    return (system.get(_path(one)) for one in people.in_turn(ids, start))


def _path(customer_id: str) -> str:
    return f"/v1/view/customers/{customer_id}"
