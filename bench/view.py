"""`./sahip bench view`: looks at customers among 100,000, some of them with 10,000 orders.

What a look takes is counted, not timed: it must be the same for the shortest history and the
longest. What each source takes is timed; its deadline comes from that.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from itertools import chain, islice
from typing import Any

import boto3

from bench import desk, report, seed
from bench.account import an_account
from bench.carriers import Outbox
from bench.counting import HEADS, PAUSE, SOURCES, VIEW_BYTES, VIEW_CPU, Bench, Counted
from bench.load import Spread
from bench.meter import Call, Meter
from bench.report import most
from bench.silence import silence_functions
from infra.local.templates import World
from shared.access import Caller

PEOPLE = 100_000
HISTORIES = {"11 orders": 11, "200 orders": 200, "10,000 orders": 10_000}
USUAL = "200 orders"
VIEWS, CLIENTS = 200, 8
SLOWER, HANGING = 0.005, 5.0  # seconds
SAME_BYTES = 1.02  # larger numbers have more digits


def run() -> None:
    """Print everything."""
    with an_account() as world:
        meter, logged = Meter(), silence_functions()
        meter.install()
        began = time.perf_counter()
        people = _seeded(world)
        report.title(f"Looks at customers, of {PEOPLE:,} in the books")
        report.note(f"seeded in {time.perf_counter() - began:.0f} s")
        _count(meter, people)
        cpu = Bench(meter, logged).request("customer_view", partial(desk.view_of, people[USUAL]))
        report.figure("handler CPU of the view", cpu.cpu_ms, "ms", most(VIEW_CPU))
        _time(meter, people[USUAL])


def _seeded(world: World) -> Mapping[str, str]:
    """Customers by their history. All others are as one that was created, but for their ids."""
    pattern = str(desk.body_of(desk.ask("customer", desk.new_customer()))["customer_id"])
    table = next(one.name for one in world.tables if one.name.endswith("-customer"))
    for batch in Outbox(table).batches():
        desk.call("customer", "project_changes", batch)
    client = boto3.client("dynamodb")
    theirs = [
        item
        for item in client.scan(TableName=table)["Items"]
        if pattern in item["pk"]["S"] and item["sk"]["S"] != "LOG"
    ]
    ids = [f"cus_{n:026}" for n in range(PEOPLE)]
    _write(client, table, chain.from_iterable(_copies(theirs, pattern, one) for one in ids))
    people = dict(zip(HISTORIES, ids, strict=False))
    for name, count in HISTORIES.items():
        for kind, items in seed.items_of(seed.history(people[name], count)).items():
            _write(client, kind.replace("-local-", "-bench-"), items)
    return people


def _copies(items: Sequence[Any], pattern: str, customer_id: str) -> Iterable[Any]:
    """The items of a customer with another id."""
    for item in items:
        yield {
            name: {kind: text.replace(pattern, customer_id) if isinstance(text, str) else text}
            for name, value in item.items()
            for kind, text in value.items()
        }


def _write(client: Any, table: str, items: Iterable[Any]) -> None:
    left = iter(items)
    while some := list(islice(left, seed.PER_CALL)):
        puts = [{"PutRequest": {"Item": item}} for item in some]
        client.batch_write_item(RequestItems={table: puts})


def _count(meter: Meter, people: Mapping[str, str]) -> None:
    counted: dict[str, list[Counted]] = {}
    rows = []
    for name, one in people.items():
        desk.ask("customer_view", desk.view_of(one))  # remembers what it saw
        counted[name] = [_counted(meter, partial(desk.ask, "customer_view", desk.view_of(one)))]
        counted[name] += [
            _counted(meter, partial(desk.call, source, "summary", desk.summary_of(source, [one])))
            for source in SOURCES
        ]
        whats = ("", *(f" · {source}" for source in SOURCES))
        rows += [
            each.row(f"{name}{what}") for each, what in zip(counted[name], whats, strict=True)
        ]
    report.table(["", *HEADS[:-1]], [row[:-1] for row in rows])
    first, *others = counted.values()
    grown = sum(_grows(a, b) for other in others for a, b in zip(first, other, strict=True))
    report.figure("what grows from the smallest to the largest", grown, "", most(0))
    largest = max(each[0].answer_bytes for each in counted.values())
    report.figure("bytes of the largest answer", largest, "", most(VIEW_BYTES))


def _counted(meter: Meter, work: Callable[[], Any]) -> Counted:
    with meter.watch(pause=PAUSE) as recording:
        answer = work()
    size = desk.size_of(answer) if "body" in answer else 0
    return Counted(recording=recording, answer_bytes=size, cpu_ms=0)


def _grows(less: Counted, more: Counted) -> int:
    """How many of calls, depth, units, items and bytes are more for a longer history."""
    a, b = less.recording, more.recording
    return (
        (len(b.calls) > len(a.calls))
        + (b.depth > a.depth)
        + (b.read_units > a.read_units * SAME_BYTES)
        + (b.items_read > a.items_read)
        + (b.received > a.received * SAME_BYTES)
        + (more.answer_bytes > less.answer_bytes * SAME_BYTES)
    )


def _time(meter: Meter, looked: str) -> None:
    report.title("What each source takes, by the view's own Invoke; then whole looks")
    with meter.watch() as recording:
        usual = _looks(looked)
    for source in SOURCES:
        calls = [one for one in recording.calls if one.target.endswith(f"{source}-Summary")]
        _tell(source, Spread(times=[(one.ended - one.started) * 1000 for one in calls]))
    with ThreadPoolExecutor(CLIENTS) as clients:
        for source in SOURCES:
            ask = partial(_asked, source, looked)
            times = list(clients.map(lambda _, ask=ask: ask(), range(VIEWS)))
            _tell(f"{source}, {CLIENTS} at once", Spread(times=times))
    _tell("a look", usual)
    with meter.watch(pause=SLOWER):
        _tell("a look, each call 5 ms slower", _looks(looked))
    with meter.watch(pause=_hanging):
        _tell("a look, orders hanging for 5 s", _looks(looked, 3))


def _hanging(call: Call) -> float:
    """How many seconds longer a call takes where orders hang."""
    return HANGING if call.target.endswith("orders-Summary") else 0.0


def _tell(name: str, times: Spread) -> None:
    report.figure(f"{name}, p50", times.p50, "ms")
    report.figure(f"{name}, p99", times.quantile(0.99), "ms")


def _looks(customer_id: str, number: int = VIEWS) -> Spread:
    times = []
    for _ in range(number):
        event, began = desk.view_of(customer_id), time.perf_counter()
        desk.ask("customer_view", event)
        times.append((time.perf_counter() - began) * 1000)
    return Spread(times=times)


def _asked(source: str, customer_id: str) -> float:
    """Milliseconds of one question to a source."""
    view = import_module("services.customer_view.bootstrap")  # which reads the environment
    wanted = view.SOURCES[f"{source.upper()}_SUMMARY"]
    [one] = [each for each in view.sources() if list(each.parts) == list(wanted)]
    caller = Caller.from_document(desk.summary_of(source, [customer_id])["caller"])
    began = time.perf_counter()
    one.ask([customer_id], wanted, caller, "bench-correlation")
    return (time.perf_counter() - began) * 1000
