"""`./sahip bench [NAME…]`: measure, and say what reaches its goal. It is a report: it exits 0."""

import sys
from collections.abc import Callable, Mapping

from bench import compare, counting, dedup, events, imports, lag, start, traffic, view

BENCHMARKS: Mapping[str, Callable[[], None]] = {
    "meter": counting.run,
    "compare": compare.run,
    "http": traffic.run,
    "lag": lag.run,
    "events": events.run,
    "start": start.run,
    "import": imports.run,
    "dedup": dedup.run,
    "view": view.run,
}


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; 2 for a name that none has."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"sahip: no benchmark is called {', '.join(unknown)}; ")
        sys.stderr.write(f"there are: {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
