"""`./sahip bench view`: looks at customers, counted among 100,000, timed by source, and over HTTP.

What a look takes is counted, not timed, where some have 10,000 orders. Each part can be asked for
alone: `--counted`, `--sources`, `--http`.
"""

import time
from collections.abc import Collection

from bench import report
from bench.account import an_account
from bench.meter import Meter
from bench.silence import silence_functions
from bench.view import counted, http, sources
from bench.view.books import MOST, USUAL, seeded

PARTS = ("counted", "sources", "http")
PEOPLE = 100_000
FEW, SHORT = 500, 200  # customers and orders, where nothing is counted


def run(parts: Collection[str] = ()) -> None:
    """Print these parts, or all."""
    wanted = parts or PARTS
    if "counted" in wanted or "sources" in wanted:
        _in_process(wanted)
    if "http" in wanted:
        http.run()


def _in_process(wanted: Collection[str]) -> None:
    counting = "counted" in wanted
    people = PEOPLE if counting else FEW
    with an_account() as world:
        meter, logged = Meter(), silence_functions()
        meter.install()
        began = time.perf_counter()
        theirs = seeded(world, people, longest=MOST if counting else SHORT)
        report.title(f"Looks at customers, of {people:,} in the books")
        report.note(f"seeded in {time.perf_counter() - began:.0f} s")
        if counting:
            counted.count(meter, theirs)
        if "sources" in wanted:
            sources.measure(meter, logged, theirs[USUAL])
