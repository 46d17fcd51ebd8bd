"""`./sahip bench meter`: calls, units, bytes and CPU of requests and events, and their cost.

Time on an emulator says nothing about AWS, so what will take time and money there is counted.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any

import boto3

from bench import desk, report, seed
from bench.account import an_account
from bench.carriers import Outbox, messages
from bench.meter import Call, Meter, Recording
from bench.prices import CALL_SECONDS, INVOKE_SECONDS, MEMORY_GB, Prices, Work
from bench.report import most
from bench.silence import Counter, silence_functions
from infra.local.templates import World

PAUSE = 0.03  # seconds added to a call while depth is counted
WARM_UP, ROUNDS, EACH = 3, 10, 4  # requests timed
METERED_BATCHES = 2
VIEW_CPU, OTHER_CPU = 5.0, 2.0  # ms
VIEW_BYTES = 16 * 1024
SOURCES = (
    "customer",
    "orders",
    "complaints",
    "warranty",
    "engagement",
)  # that a view is put together of
HANGS = 5.0  # seconds
ALLOWED_OVER_DEADLINE = 0.25  # seconds, for all that a view does besides waiting
SUMMARY_UNITS = 2.0
SAME_BYTES = 1.02  # larger numbers have more digits
HEADS = (
    "calls",
    "depth",
    "read u.",
    "write u.",
    "items r.",
    "sent",
    "received",
    "answer",
    "CPU ms",
)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one request took."""

    recording: Recording
    answer_bytes: int = 0
    cpu_ms: float
    log_bytes: float = 0

    def row(self, name: str) -> list[str]:
        """It as a row of a table."""
        recording = self.recording
        figures = (
            len(recording.calls), recording.depth, recording.read_units, recording.write_units,
            recording.items_read, recording.sent, recording.received, self.answer_bytes,
        )  # fmt: skip
        return [name, *(f"{one:g}" for one in figures), f"{self.cpu_ms:.2f}"]


class Bench:
    """The meter, and what it is held to."""

    def __init__(self, meter: Meter, logged: Counter) -> None:
        self._meter = meter
        self._logged = logged

    def request(self, service: str, event: Callable[[], desk.Event]) -> Counted:
        """Count one request, and time more of them. Each is a new event."""
        with self._meter.watch(pause=PAUSE) as recording:
            answer = desk.ask(service, event())
        logged, timed = self._logged.written, WARM_UP + ROUNDS * EACH
        cpu = cpu_ms(lambda each: desk.ask(service, each), event)
        return Counted(
            recording=recording,
            answer_bytes=desk.size_of(answer),
            cpu_ms=cpu,
            log_bytes=(self._logged.written - logged) / timed,
        )

    def seconds(
        self, event: Callable[[], desk.Event], more: Callable[[Call], float]
    ) -> tuple[float, bool]:
        """How long a view takes where each call takes `more` seconds longer; is it complete."""
        asked = event()
        with self._meter.watch(pause=more):
            began = time.perf_counter()
            answer = desk.ask("customer_view", asked)
            took = time.perf_counter() - began
        return took, bool(desk.body_of(answer)["complete"])

    def function(self, service: str, function: str, event: desk.Event) -> Counted:
        """Count one call of a function that changes nothing, and time more."""
        with self._meter.watch(pause=PAUSE) as recording:
            desk.call(service, function, event)
        logged, timed = self._logged.written, WARM_UP + ROUNDS * EACH
        cpu = cpu_ms(lambda each: desk.call(service, function, each), lambda: event)
        logged = self._logged.written - logged
        return Counted(recording=recording, cpu_ms=cpu, log_bytes=logged / timed)

    def batches(
        self, service: str, function: str, events: Iterable[desk.Event]
    ) -> tuple[Recording, int, float, int]:
        """Hand batches over; the calls of the first ones, and the CPU ms of an event in the rest.

        Also how many records were metered and how many there were at all.
        """
        recording, metered, timed, cpu = Recording(), 0, 0, 0.0
        for n, event in enumerate(events):
            if n < METERED_BATCHES:
                with self._meter.watch() as some:
                    desk.call(service, function, event)
                recording.calls += some.calls
                metered += len(event["Records"])
            else:
                began = time.process_time()
                desk.call(service, function, event)
                cpu += time.process_time() - began
                timed += len(event["Records"])
        return recording, metered, cpu * 1000 / max(1, timed), metered + timed


def cpu_ms(work: Callable[[desk.Event], Any], event: Callable[[], desk.Event]) -> float:
    """The CPU that this process spends on one call, the least of some rounds.

    Cores that are shared make the same work take more, never less.
    """
    for _ in range(WARM_UP):
        work(event())
    rounds = []
    for _ in range(ROUNDS):
        events = [event() for _ in range(EACH)]
        began = time.process_time()
        for each in events:
            work(each)
        rounds.append((time.process_time() - began) * 1000 / EACH)
    return min(rounds)


def run() -> None:
    """Print everything."""
    with an_account() as world:
        meter, logged = Meter(), silence_functions()
        meter.install()
        bench = Bench(meter, logged)
        created = _creating(bench)
        people = _seeded(world)
        outcome = _events(bench, world)
        views = _views(bench, people)
        _costs(views, created["an order of 3 lines"], outcome)


def _creating(bench: Bench) -> dict[str, Counted]:
    report.title("Creating requests")
    somebody = (f"cus_{n:026}" for n in count())  # another each time, as in life
    pairs = iter([(_customer(), _customer()) for _ in range(1 + WARM_UP + ROUNDS * EACH)])
    counted = {
        "a customer, 2 contact points, external id": bench.request("customer", desk.new_customer),
        "a customer, name only": bench.request(
            "customer", lambda: desk.new_customer(with_everything=False)
        ),
        "an order of 3 lines": bench.request("orders", lambda: desk.new_order(next(somebody))),
        "an order of 3 lines, external id": bench.request(
            "orders", lambda: desk.new_order(next(somebody), external=True)
        ),
        "a link of two customers": bench.request("customer", lambda: desk.new_link(*next(pairs))),
    }
    report.table(["", *HEADS], [one.row(name) for name, one in counted.items()])
    report.note(f"for comparison, one put_item by boto3 alone: {_boto3_ms():.2f} ms CPU")
    order = counted["an order of 3 lines"]
    report.figure("placing an order: calls", len(order.recording.calls), "", most(1))
    report.figure("placing an order: depth", order.recording.depth, "", most(1))
    for name, one in counted.items():
        report.figure(f"{name}: handler CPU", one.cpu_ms, "ms", most(OTHER_CPU))
    return counted


def _boto3_ms() -> float:
    """What boto3 spends on one call, so that one sees how busy or slow this machine is."""
    client, table = boto3.Session().client("dynamodb"), os.environ["ORDERS_TABLE"]
    numbers = count()

    def item() -> desk.Event:
        return {"pk": {"S": f"bench-{next(numbers)}"}, "sk": {"S": "A"}, "data": {"S": "x" * 900}}

    return cpu_ms(lambda one: client.put_item(TableName=table, Item=one), item)


def _seeded(world: World) -> dict[str, list[str]]:
    """Customers with a history: ids by how many orders there are."""
    people = {"1 order": [_customer()], "10 orders": [_customer()], "1,000 orders": [_customer()]}
    people["60 pending"] = [_customer()]
    people["a merged pair"] = [_customer(), _customer()]
    _order_history(people["1 order"][0], 1)
    _order_history(people["10 orders"][0], 10)
    _order_history(people["1,000 orders"][0], 1000)
    _order_history(people["60 pending"][0], 60, pending=60)
    for one in people["a merged pair"]:
        _order_history(one, 10)
    desk.ask("customer", desk.new_link(*people["a merged pair"]))
    return people


def _order_history(customer_id: str, count: int, *, pending: int = 1) -> None:
    from services.orders import bootstrap

    for order in seed.history(customer_id, count, pending=pending):
        bootstrap.orders().add(order, fingerprint="bench")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an event takes on its way."""

    publisher_calls: float
    publisher_cpu_ms: float
    reader_calls: float
    reader_cpu_ms: float
    reader_units: float
    projector_calls: float
    projector_cpu_ms: float
    projector_units: float


def _events(bench: Bench, world: World) -> Outcome:
    """Carry all that the requests above have given rise to."""
    report.title("Events, at full batches (100 of a stream, 10 of a queue)")
    outcomes = {}
    for service in ("customer", "orders"):
        table = next(one.name for one in world.tables if one.name.endswith(f"-{service}"))
        batches = list(Outbox(table).batches())
        published = bench.batches(service, "publish_changes", batches)
        projected = bench.batches(service, "project_changes", batches)
        outcomes[service] = published, projected
        _tell_reader(f"{service}: publisher", published, 0.15)
        _tell_reader(f"{service}: projector", projected, 1.1)
    readers = {}
    for service in ("customer_view", "orders", "customer"):
        name = f"-{service.replace('_', '-')}-events"
        url = next(one.url for one in world.queues if one.name.endswith(name))
        readers[service] = bench.batches(service, "on_events", messages(url))
        _tell_reader(f"{service}: reader of its queue", readers[service], 1.1)
    publisher, projector = outcomes["orders"]
    timeline = readers["customer_view"]
    return Outcome(
        publisher_calls=len(publisher[0].calls) / publisher[1],
        publisher_cpu_ms=publisher[2],
        reader_calls=len(timeline[0].calls) / timeline[1],
        reader_cpu_ms=timeline[2],
        reader_units=timeline[0].write_units / timeline[1],
        projector_calls=len(projector[0].calls) / projector[1],
        projector_cpu_ms=projector[2],
        projector_units=projector[0].write_units / projector[1],
    )


def _tell_reader(name: str, batches: tuple[Recording, int, float, int], bound: float) -> None:
    recording, metered, cpu, count = batches
    if not metered:
        report.note(f"{name}: nothing to do")
        return
    report.figure(f"{name}: calls an event", len(recording.calls) / metered, "", most(bound))
    units = recording.write_units / metered
    timed = f"{cpu:.2f} ms CPU" if count > metered else "CPU not timed"
    report.note(f"    {count} events; {units:.2f} write units and {timed} an event")


def _views(bench: Bench, people: dict[str, list[str]]) -> dict[str, list[Counted]]:
    """The view of each, then what each source reads for it."""
    report.title("The customer view (its own function; then what each source does for it)")
    counted: dict[str, list[Counted]] = {}
    rows = []
    for name, ids in people.items():
        desk.ask("customer_view", desk.view_of(ids[0]))  # remembers what it saw
        mine = [bench.request("customer_view", partial(desk.view_of, ids[0]))]
        mine += [
            bench.function(source, "summary", desk.summary_of(source, ids[:1]))
            for source in SOURCES
        ]
        counted[name] = mine
        rows += [
            one.row(f"{name}{what}")
            for one, what in zip(mine, ("", *(f" · {one}" for one in SOURCES)), strict=True)
        ]
    report.table(["", *HEADS], rows)
    usual, merged = counted["1,000 orders"], counted["a merged pair"][0]
    report.figure("invokes one after another", _invoke_depth(usual[0]), "", most(1))
    report.figure("the same after a merge", _invoke_depth(merged), "", most(2))
    for source, one in zip(SOURCES, usual[1:], strict=True):
        report.figure(f"reads of {source} for one id", len(one.recording.calls), "", most(1))
        units = one.recording.read_units
        report.figure(f"read units of {source} for one id", units, "", most(SUMMARY_UNITS))
    report.figure("bytes of the answer", usual[0].answer_bytes, "", most(VIEW_BYTES))
    report.figure("handler CPU of the view", usual[0].cpu_ms, "ms", most(VIEW_CPU))
    for source, one in zip(SOURCES, usual[1:], strict=True):
        report.figure(f"handler CPU of {source}'s summary", one.cpu_ms, "ms", most(OTHER_CPU))
    report.figure("what grows from 10 to 1,000 orders", _growth(counted), "", most(0))
    _hanging_source(bench, people["1,000 orders"][0])
    return counted


def _hanging_source(bench: Bench, customer_id: str) -> None:
    """How long a view takes where a source hangs.

    What slow ones cost is told by how many Invokes follow one another: here all functions share
    a process, and get into each other's way less where they are slow.
    """
    from services.customer_view.bootstrap import DEADLINE

    def seconds(more: Callable[[Call], float]) -> tuple[float, bool]:
        return bench.seconds(lambda: desk.view_of(customer_id), more)

    hung, complete = seconds(lambda call: HANGS * call.target.endswith("orders-Summary"))
    bound = most(DEADLINE + ALLOWED_OVER_DEADLINE)
    report.figure(f"the view, orders hanging {HANGS:g} s", hung, "s", bound)
    report.note(f"    and says that it is {'complete' if complete else 'not complete'}")


def _invoke_depth(view: Counted) -> int:
    invokes = [call for call in view.recording.calls if call.service == "lambda"]
    return Recording(calls=invokes).depth


def _growth(views: dict[str, list[Counted]]) -> int:
    """How many of calls, depth, units, items and bytes are more for a longer history."""
    grown = 0
    for short, long_ in zip(views["10 orders"], views["1,000 orders"], strict=True):
        a, b = short.recording, long_.recording
        grown += len(b.calls) > len(a.calls)
        grown += b.depth > a.depth
        grown += b.read_units > a.read_units
        grown += b.items_read > a.items_read
        grown += b.received > a.received * SAME_BYTES
        grown += long_.answer_bytes > short.answer_bytes * SAME_BYTES
    return grown


def _costs(views: dict[str, list[Counted]], order: Counted, outcome: Outcome) -> None:
    view, *sources = views["1,000 orders"]
    works = list(_works(view, sources, order, outcome))
    prices = Prices()
    report.title(f"A million on AWS, in dollars ({prices.region}; see bench/prices.toml)")
    for name, work, bound in works:
        goal = most(bound) if bound else None
        report.figure(f"{name}", prices.a_million(work), "$", goal)
        elsewhere = Prices("us-east-1").a_million(work)
        logs = prices.logs_of_a_million(work)
        report.note(f"    in us-east-1 {elsewhere:.2f} $; logs, beside it, {logs:.2f} $")


def _works(
    view: Counted, sources: list[Counted], order: Counted, outcome: Outcome
) -> Iterator[tuple[str, Work, float | None]]:
    cpu = (view.cpu_ms + sum(one.cpu_ms for one in sources)) / 1000
    looked = Work(
        api_requests=1,
        invocations=1 + len(sources),
        cpu_seconds=cpu,
        waiting_gb_seconds=(INVOKE_SECONDS + CALL_SECONDS * len(sources)) * MEMORY_GB,
        read_units=view.recording.read_units + sum(one.recording.read_units for one in sources),
        log_bytes=view.log_bytes + sum(one.log_bytes for one in sources),
    )
    yield "views of customers as they were", looked, 5.50
    yield "views that each remember something new", replace(looked, write_units=2), None
    # Counted apart, since who sees themselves leaves none.
    look = Work(write_units=view.recording.write_units)
    yield "looks of staff, recorded beside their views", look, None
    yield (
        "orders placed",
        Work(
            api_requests=1,
            invocations=1,
            cpu_seconds=order.cpu_ms / 1000,
            waiting_gb_seconds=CALL_SECONDS * MEMORY_GB,
            write_units=order.recording.write_units,
            log_bytes=order.log_bytes,
        ),
        5.00,
    )
    yield (
        "events published, carried and read by the timeline",
        Work(
            invocations=1 / 100 + 1 / 10,
            cpu_seconds=(outcome.publisher_cpu_ms + outcome.reader_cpu_ms) / 1000,
            waiting_gb_seconds=(outcome.publisher_calls + outcome.reader_calls)
            * CALL_SECONDS
            * MEMORY_GB,
            write_units=outcome.reader_units,
            events=1,
            queue_requests=1 + 2 / 10,
        ),
        4.00,
    )
    yield (
        "changes projected into rows and totals",
        Work(
            invocations=1 / 100,
            cpu_seconds=outcome.projector_cpu_ms / 1000,
            waiting_gb_seconds=outcome.projector_calls * CALL_SECONDS * MEMORY_GB,
            write_units=outcome.projector_units,
        ),
        None,
    )


def _customer() -> str:
    answer = desk.ask("customer", desk.new_customer(with_everything=False))
    return str(desk.body_of(answer)["customer_id"])
