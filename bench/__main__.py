"""`./sahip bench [NAME [--PART…]…]`: measure, and say what reaches its goal.

It is a report: it exits 0.
"""

import sys
from collections.abc import Callable, Mapping, Sequence

from bench import compare, counting, dedup, events, imports, lag, start, traffic, view

BENCHMARKS: Mapping[str, Callable[..., None]] = {
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


# What can be asked for alone, as in `./sahip bench view --http`.
PARTS: Mapping[str, Sequence[str]] = {"view": view.PARTS}


def main(words: list[str]) -> int:
    """Run the benchmarks of these names, or all; 2 for a name or a part that there is not."""
    asked: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--") and asked:
            asked[-1][1].append(word.removeprefix("--"))
        else:
            asked.append((word, []))
    for name, parts in asked:
        if name not in BENCHMARKS:
            sys.stderr.write(f"sahip: no benchmark is called {name}; ")
            sys.stderr.write(f"there are: {', '.join(BENCHMARKS)}\n")
            return 2
        there = PARTS.get(name, ())
        if unknown := [one for one in parts if one not in there]:
            sys.stderr.write(f"sahip: {name} has no part --{unknown[0]}; ")
            sys.stderr.write(f"it has: {', '.join(f'--{one}' for one in there) or 'none'}\n")
            return 2
    for name, parts in asked or [(one, []) for one in BENCHMARKS]:
        BENCHMARKS[name](*[parts] * bool(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
