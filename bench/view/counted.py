"""What a look takes, counted: it must be the same for the shortest history and the longest."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from bench import desk, report
from bench.counting import HEADS, PAUSE, SOURCES, VIEW_BYTES, Counted
from bench.meter import Meter
from bench.report import most

SAME_BYTES = 1.02  # larger numbers have more digits
PATIENCE = 60  # seconds


class NotComplete(Exception):
    """A look at a customer came back without all its parts."""


def count(meter: Meter, people: Mapping[str, str]) -> None:
    """Print calls, depth, units, items and bytes by history, and how many of them grow."""
    counted: dict[str, list[Counted]] = {}
    rows = []
    for name, one in people.items():
        with _patience():
            _look(one)  # remembers what it saw
            counted[name] = [_counted(meter, partial(_look, one))]
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


@contextmanager
def _patience() -> Iterator[None]:
    """Let sources take their time: the local engine goes through all of a large partition."""
    view = import_module("services.customer_view.bootstrap")  # which reads the environment
    settings = {
        name.replace("_SUMMARY", "_DEADLINE_MS"): f"{PATIENCE}000" for name in view.SOURCES
    }
    before = {name: os.environ[name] for name in settings}, view.DEADLINE
    _have(view, settings, PATIENCE)
    try:
        yield
    finally:
        _have(view, *before)


def _have(view: Any, settings: Mapping[str, str], deadline: float) -> None:
    os.environ.update(settings)
    view.DEADLINE = deadline
    for made in (view.sources, view._functions):
        made.cache_clear()


def _look(customer_id: str) -> Any:
    answer = desk.ask("customer_view", desk.view_of(customer_id))
    if not desk.body_of(answer)["complete"]:
        raise NotComplete(customer_id)
    return answer


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
