"""Precision, recall and F1 over all true pairs: what no block found is missed."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    """How many of the pairs that were said are right, and how many of the right ones said."""

    said: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.said + self.true) if self.said + self.true else 1.0

    def __str__(self) -> str:
        return f"precision {self.precision:.4f} recall {self.recall:.4f} f1 {self.f1:.4f}"


def judge(said: Collection[tuple[int, int]], true: Collection[tuple[int, int]]) -> Judged:
    """Hold pairs against the truth; each pair has its smaller record first."""
    return Judged(len(said), len({*said} & {*true}), len(true))
