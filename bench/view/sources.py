"""What each source takes, from which its deadline comes; looks while calls are slow or hang."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module

from bench import desk, report
from bench.counting import ALLOWED_OVER_DEADLINE, HANGS, SOURCES, VIEW_CPU, Bench
from bench.load import Spread
from bench.meter import Call, Meter
from bench.report import most
from bench.silence import Counter
from shared.access import Caller

VIEWS, CLIENTS, TIMES = 200, 8, 5
SLOWER = 0.005  # seconds
ALLOWED_SLOWER = 8.0  # ms
HANGING = "orders"


def measure(meter: Meter, logged: Counter, looked: str) -> None:
    """Print percentiles of each source and of whole looks at a customer."""
    cpu = Bench(meter, logged).request("customer_view", partial(desk.view_of, looked)).cpu_ms
    report.figure("handler CPU of the view", cpu, "ms", most(VIEW_CPU))
    report.title("What each source takes, by the view's own Invoke, and five times its p99")
    with meter.watch() as recording:
        usual = Spread(times=[_look(looked) for _ in range(VIEWS)])
    for source in SOURCES:
        calls = [one for one in recording.calls if one.target.endswith(f"{source}-Summary")]
        _tell(source, Spread(times=[(one.ended - one.started) * 1000 for one in calls]))
    with ThreadPoolExecutor(CLIENTS) as clients:
        for source in SOURCES:
            ask = partial(_asked, source, looked)
            times = list(clients.map(lambda _, ask=ask: ask(), range(VIEWS)))
            _tell(f"{source}, {CLIENTS} at once", Spread(times=times))
    report.title("Whole looks")
    report.spread("a look", usual)
    _slow(meter, looked)
    _hanging(meter, looked)


def _slow(meter: Meter, looked: str) -> None:
    """In turns, so that whatever else the machine does befalls both."""
    usual, slow = [], []
    for _ in range(VIEWS // 2):
        usual.append(_look(looked))
        with meter.watch(pause=lambda call: SLOWER if call.service == "lambda" else 0.0):
            slow.append(_look(looked))
    longer = Spread(times=slow)
    report.spread("a look, each Invoke 5 ms slower", longer)
    more = longer.p50 - Spread(times=usual).p50
    report.figure("  that is longer by, p50", more, "ms", most(ALLOWED_SLOWER))


def _hanging(meter: Meter, looked: str) -> None:
    def pause(call: Call) -> float:
        return HANGS if call.target.endswith(f"{HANGING}-Summary") else 0.0

    deadline = import_module("services.customer_view.bootstrap").deadline_ms("ORDERS_SUMMARY")
    with meter.watch(pause=pause):
        hung = Spread(times=[_look(looked) for _ in range(3)])
    bound = most(deadline + ALLOWED_OVER_DEADLINE * 1000)
    report.figure(f"a look, {HANGING} hanging for {HANGS:g} s, longest", hung.longest, "ms", bound)


def _tell(name: str, times: Spread) -> None:
    p99 = times.quantile(0.99)
    report.spread(name, times)
    report.figure(f"{name}, p99", p99, "ms")
    report.figure(f"{name}, {TIMES} times p99", TIMES * p99, "ms")


def _look(customer_id: str) -> float:
    """Milliseconds of one look."""
    event, began = desk.view_of(customer_id), time.perf_counter()
    desk.ask("customer_view", event)
    return (time.perf_counter() - began) * 1000


def _asked(source: str, customer_id: str) -> float:
    """Milliseconds of one question to a source."""
    view = import_module("services.customer_view.bootstrap")  # which reads the environment
    wanted = view.SOURCES[f"{source.upper()}_SUMMARY"]
    [one] = [each for each in view.sources() if list(each.parts) == list(wanted)]
    caller = Caller.from_document(desk.summary_of(source, [customer_id])["caller"])
    began = time.perf_counter()
    one.ask([customer_id], wanted, caller, "bench-correlation")
    return (time.perf_counter() - began) * 1000
