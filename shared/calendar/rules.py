"""Rules of law and of policy: each holds from a day on, until the next one does."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


class NoRuleYet(LookupError):
    """The day lies before the oldest rule that is known."""

    def __init__(self, day: date, oldest: date) -> None:
        super().__init__(f"no rule is known for {day}; the oldest one is of {oldest}")


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[T]):
    """What holds from the beginning of a day in Turkey on, and who says so."""

    since: date
    holds: T
    source: str  # the law, or whose decision it is


class DatedRules(Generic[T]):
    """The rules of one matter, of which exactly one holds on any day."""

    def __init__(self, *rules: Rule[T]) -> None:
        """Raise ValueError without a rule, and where two of them begin on one day."""
        self._rules = sorted(rules, key=lambda rule: rule.since)
        self._days = [rule.since for rule in self._rules]
        if not rules or len(set(self._days)) < len(rules):
            raise ValueError("give at least one rule, and one alone for each day")

    @property
    def oldest(self) -> date:
        """The first day that there is a rule for."""
        return self._days[0]

    def on(self, day: date) -> T:
        """What holds on a day. Raise NoRuleYet for days before the oldest rule."""
        place = bisect_right(self._days, day)
        if not place:
            raise NoRuleYet(day, self.oldest)
        return self._rules[place - 1].holds
