"""What a benchmark prints: one line for each figure, beside the goal where there is one."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from bench.load import Spread


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A bound that a figure should keep."""

    most: float | None = None
    least: float | None = None

    def is_reached(self, figure: float) -> bool:
        """Whether the figure keeps the bound."""
        return (self.most is None or figure <= self.most) and (
            self.least is None or figure >= self.least
        )

    def __str__(self) -> str:
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"


def most(bound: float) -> Goal:
    """No more than this."""
    return Goal(most=bound)


def least(bound: float) -> Goal:
    """No less than this."""
    return Goal(least=bound)


def title(text: str) -> None:
    """Begin a group of figures."""
    _write(f"\n{text}")


def note(text: str) -> None:
    """Say something about figures."""
    _write(f"  {text}")


def figure(name: str, reached: float, unit: str = "", goal: Goal | None = None) -> None:
    """Print a figure, and whether it is as good as it should be."""
    shown = f"{reached:.3g}" if abs(reached) < 1000 else f"{reached:,.0f}"
    line = f"  {name:<58} {shown:>7} {unit:<6}"
    if goal is not None:
        line += f"  {'PASS ' if goal.is_reached(reached) else 'short'} goal {goal}"
    _write(line.rstrip())


def spread(name: str, times: Spread, goal: Goal | None = None, *, of: str = "p50") -> None:
    """Print the median and the 95th percentile of times; `of` says which the goal is for."""
    figure(f"{name}, p50", times.p50, "ms", goal if of == "p50" else None)
    figure(f"{name}, p95", times.p95, "ms", goal if of == "p95" else None)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print rows of figures; the first column is text."""
    for row in ([*heads], *rows):
        first, *others = row
        _write(f"  {first:<44}" + "".join(f"{one:>9}" for one in others))


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
