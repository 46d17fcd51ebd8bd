"""`./sahip bench start`: how long until ready, and how long a save makes requests wait."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import load, people, report, seed
from bench.account import ministack_python
from bench.load import Load
from bench.local import Engine, System, up
from bench.report import most
from infra.launcher import places
from infra.local.engines.ministack import MinistackEngine

STORED, PEOPLE = 10_000, 1000
READY_SECONDS = 5.0
LONGEST_WAIT_MS = 100
SECONDS = 4.0
SAVE_SECONDS = 30.0
REQUESTS_A_SECOND = 50
COMMAND = [str(places.ROOT / "sahip"), "up"]


class NotSaved(Exception):
    """No snapshot appeared."""


def run() -> None:
    """Print seconds until /health answers 200, empty and full, and waits during a save."""
    report.title("Start, and saving")
    with TemporaryDirectory(prefix="sahip-bench-") as folder:
        state = Path(folder)
        began = time.perf_counter()
        with up(state, COMMAND):
            report.figure("ready, with no data yet", _since(began), "s", most(READY_SECONDS))
        began = time.perf_counter()
        with up(state, COMMAND):
            report.figure("ready, empty", _since(began), "s", most(READY_SECONDS))
        _fill(state)
        began = time.perf_counter()
        with up(state, COMMAND) as system:
            name = f"ready, with {STORED:,} orders stored"
            report.figure(name, _since(began), "s", most(READY_SECONDS))
            _waits(system)


def _since(began: float) -> float:
    return time.perf_counter() - began


def _fill(state: Path) -> None:
    """Store orders with their rows and happenings, told to all readers."""
    engine = MinistackEngine(ministack_python(), state / "engine")
    engine.start()
    try:
        asked = Engine(int(engine.endpoint.rsplit(":", 1)[-1]))
        orders = [
            order
            for n in range(PEOPLE)
            for order in seed.history(f"cus_{n:026}", STORED // PEOPLE)
        ]
        seed.store_all(asked, orders)
        # A reader that stands at the end: so nobody is told of them at the next start.
        seed.read_to_the_end(asked)
    finally:
        engine.stop()


def _waits(system: System) -> None:
    """The longest wait of requests that come evenly, without a save and with one."""
    ids = people.customers(system, 1)
    system.settle()
    quiet = _steady(system, ids[0])
    saving = threading.Thread(target=_make_it_save, args=(system,))
    saving.start()
    busy = _steady(system, ids[0])
    saving.join()
    report.figure("longest wait, nothing being saved", quiet.longest, "ms")
    goal = most(LONGEST_WAIT_MS)
    report.figure("longest wait while the state is saved", busy.longest, "ms", goal)


def _steady(system: System, customer_id: str) -> Load:
    text = system.get(f"/v1/customers/{customer_id}")

    def evenly(_client: int) -> Iterator[bytes]:
        due = time.perf_counter()
        while True:
            due += 1 / REQUESTS_A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            yield text

    return load.run(system.port, 1, evenly, seconds=SECONDS)


def _make_it_save(system: System) -> None:
    """A new queue is kept by a snapshot about a second later."""
    time.sleep(0.5)
    folder = system.state / "engine"
    before = set(folder.glob("snapshot-*.pickle"))
    Engine(system.engine_port).call("AmazonSQS.CreateQueue", {"QueueName": "bench-save"})
    give_up = time.monotonic() + SAVE_SECONDS
    while set(folder.glob("snapshot-*.pickle")) <= before:
        if time.monotonic() > give_up:
            raise NotSaved(str(folder))
        time.sleep(0.05)
