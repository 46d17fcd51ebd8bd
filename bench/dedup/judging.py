"""Precision, recall and F1 over all true pairs: what no block found is missed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations


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


def joined(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """All pairs of those who are one person by these pairs: a's b and b's c make a's c."""
    leader: dict[int, int] = {}

    def lead(one: int) -> int:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    for one, other in pairs:
        leader[lead(other)] = lead(one)
    groups: dict[int, list[int]] = defaultdict(list)
    for one in leader:
        groups[lead(one)].append(one)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}
