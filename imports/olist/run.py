"""The import from its first look at the files to its last word."""

import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from imports.api import Api, Interrupted
from imports.olist import files
from imports.olist.feed import KINDS, OUTCOMES, Feed, Tally
from imports.olist.look import wait_until_seen
from imports.olist.rejects import Rejects
from imports.olist.shop import Person, Shop

WORKERS = 8
WAITING = 4 * WORKERS  # persons that are read ahead
PATIENCE = 120.0  # seconds for the view to follow, or as long as the sending took
LOOKED_AT = 5  # of the persons sent last


class Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f}/s" if speed else "", style="progress.data.speed")


def run(directory: Path, *, feeding: Api, looking: Api, rejects: Rejects, out: TextIO) -> bool:
    """Feed a running system with the files; whether all of their rows were taken.

    `feeding` may write, `looking` may see customers. Raise files.Unusable
    before anything was sent; api.Unreachable where the system stopped
    answering, KeyboardInterrupt where somebody stopped us: what was sent till
    then is in, and the next run goes on.
    """
    started = time.monotonic()
    console = Console(stderr=True)
    files.check(directory)
    with Shop() as shop:
        with console.status("reading the files"):
            shop.read(directory, rejects)
        persons, orders, reviews = shop.counts()
        tally = Tally()
        last: deque[Person] = deque(maxlen=LOOKED_AT)
        try:
            with _bar(console) as bar:
                task = bar.add_task("importing", total=persons + orders + reviews)
                feed = Feed(feeding, rejects, tally, lambda: bar.advance(task))
                _send_all(shop, feed, last, feeding.stopping)
        finally:
            out.write(_summary(tally, rejects, time.monotonic() - started))
            out.flush()
    sent = time.monotonic()
    with console.status("waiting until the view shows the persons sent last"):
        seen = wait_until_seen(looking, last, max(PATIENCE, sent - started))
    out.write(_last_word(seen=seen, waited=time.monotonic() - sent, persons=len(last)))
    return rejects.total == 0


def _send_all(shop: Shop, feed: Feed, last: "deque[Person]", stopping: threading.Event) -> None:
    """Send everybody, several at once, and stop at the first trouble that is not a row's."""
    places = threading.Semaphore(WAITING)
    troubles: list[BaseException] = []

    def done(future: "Future[None]") -> None:
        trouble = None if future.cancelled() else future.exception()
        if trouble is not None:
            if not isinstance(trouble, Interrupted):
                troubles.append(trouble)
            stopping.set()
        places.release()

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="send") as workers:
        try:
            for person in shop.persons():
                places.acquire()
                if stopping.is_set():
                    break
                last.append(person)
                workers.submit(feed.send, person).add_done_callback(done)
        except BaseException:
            stopping.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise
    if troubles:
        raise troubles[0]


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        speed_estimate_period=15,
    )


def _summary(tally: Tally, rejects: Rejects, seconds: float) -> str:
    lines = [f"{'':<14}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES)]
    lines += [
        f"{kind:<14}" + "".join(f"{tally.of(kind, outcome):>10,}" for outcome in OUTCOMES)
        for kind in KINDS
    ]
    lines.append(
        f"{tally.total:,} in {seconds:.1f} s, {tally.total / max(seconds, 0.001):.0f} a second"
    )
    if rejects.total:
        of_files = ", ".join(f"{count} of {name}" for name, count in rejects.counts.items())
        lines.append(f"rows that could not be taken: {of_files}; see {rejects.path}")
    return "\n".join(lines) + "\n"


def _last_word(*, seen: bool, waited: float, persons: int) -> str:
    if not persons:
        return "there was nothing to send\n"
    if seen:
        return f"the view shows the persons sent last, {waited:.1f} s later\n"
    return (
        f"after {waited:.0f} s the view does not show all of the {persons} persons sent last; "
        "what is still on its way will arrive by itself\n"
    )
