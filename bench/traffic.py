"""`./sahip bench http`: requests a second and their times, tokens checked, over HTTP."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count

from bench import load, people, report
from bench.load import Clients, Load
from bench.local import System, a_system, shares
from bench.report import least, most

PEOPLE, ORDERS = 40, 8
SECONDS = 4.0
MANY = 8
MEDIANS = {"views": 20, "orders placed": 10}  # milliseconds, with one client
RATES = {"views": {1: 50}, "orders placed": {MANY: 200}}  # a second, by clients

# Measured by us over HTTP on a machine like the one that docs/speed.md speaks of.
OTHERS = (
    "Tryton 8.2 on PostgreSQL: a customer's view of six calls 88 ms (p50 93 ms; 12.6 a second, "
    "17.7 with eight clients), customer created 36 ms, draft order 38 ms, complaint 18 ms",
    "Vendure 3.7 on SQLite: a customer with orders in one query 12 ms (p50 9.5 ms; 95 a second, "
    "115 with eight clients), customer created 12 ms, draft to paid order 69 ms",
)


def run() -> None:
    """Print what one client and what eight get done."""
    report.title("Over HTTP, ./sahip up, the load from another process, keep-alive connections")
    with a_system() as system:
        requests = _requests(system, people.customers(system, PEOPLE))
        load.run(
            system.port,
            1,
            lambda _: _some(requests["orders placed"](0), PEOPLE * ORDERS),
            seconds=30,
        )
        load.run(system.port, 1, requests["views"], seconds=1)  # remembers, and warms up
        for name, some in requests.items():
            measure(system, name, some, MEDIANS.get(name), RATES.get(name, {}))
    report.title("For comparison, on two cores too: server CPU with its database, by request")
    for line in OTHERS:
        report.note(line)


def _requests(system: System, ids: Sequence[str]) -> dict[str, Clients]:
    """What clients send, by what it comes to."""
    headers = system.headers()

    def of_customers(one: Callable[[str], bytes]) -> Clients:
        return lambda client: map(one, people.in_turn(ids, client * 5))

    def of_nobody(one: Callable[[], bytes]) -> Clients:
        return lambda _client: (one() for _ in count())

    return {
        "views": of_customers(lambda one: system.get(f"/v1/view/customers/{one}")),
        "customers created": of_nobody(lambda: people.customer(system, headers)),
        "orders placed": of_customers(lambda one: people.order(one, headers)),
        "complaints opened": of_customers(lambda one: people.complaint(one, headers)),
        "products registered": of_nobody(people.registration),
    }


def measure(
    system: System,
    name: str,
    requests: Clients,
    median: float | None,
    rates: Mapping[int, float],
) -> None:
    """Print times and rates of requests with one client and with many, and what they cost."""
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
