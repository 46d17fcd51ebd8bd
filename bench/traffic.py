"""`./sahip bench http`: requests a second and their times, tokens checked, over HTTP."""

from collections.abc import Callable, Iterator

from bench import load, people, report
from bench.load import Load
from bench.local import System, a_system, shares
from bench.report import least, most

PEOPLE, ORDERS = 40, 8
SECONDS = 4.0
MANY = 8
VIEW_MS, VIEWS_A_SECOND = 20, 50
ORDER_MS, ORDERS_A_SECOND = 10, 200


def run() -> None:
    """Print what one client and what eight get done."""
    report.title("Over HTTP, ./sahip up, the load from another process, keep-alive connections")
    with a_system() as system:
        ids = people.customers(system, PEOPLE)
        headers = system.headers()

        def customers(_client: int) -> Iterator[bytes]:
            while True:
                yield people.customer(system, headers)

        def orders(client: int) -> Iterator[bytes]:
            for one in people.in_turn(ids, client * 5):
                yield people.order(one, headers)

        def views(client: int) -> Iterator[bytes]:
            for one in people.in_turn(ids, client * 5):
                yield system.get(f"/v1/view/customers/{one}")

        load.run(system.port, 1, lambda _: _some(orders(0), PEOPLE * ORDERS), seconds=30)
        load.run(system.port, 1, views, seconds=1)  # remembers, and warms up
        _measure(system, "views", views, VIEW_MS, {1: VIEWS_A_SECOND})
        _measure(system, "customers created", customers, None, {})
        _measure(system, "orders placed", orders, ORDER_MS, {MANY: ORDERS_A_SECOND})


def _measure(
    system: System,
    name: str,
    requests: Callable[[int], Iterator[bytes]],
    median: float | None,
    rates: dict[int, float],
) -> None:
    for clients in (1, MANY):
        system.settle()
        before = system.cpu()
        done: Load = load.run(system.port, clients, requests, seconds=SECONDS)
        after = system.cpu()
        what = f"{name}, {clients} client{'s' if clients > 1 else ''}"
        rate = rates.get(clients)
        report.figure(f"{what}: a second", done.a_second, "", least(rate) if rate else None)
        report.spread(what, done, most(median) if median and clients == 1 else None)
        report.note(shares(before, after, done))


def _some(requests: Iterator[bytes], number: int) -> Iterator[bytes]:
    for _, one in zip(range(number), requests, strict=False):
        yield one
