"""What was said on the bus, promised to callers and written into logs while a story was told."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class Acknowledged:
    """A change that a caller was told is done: that thing has been at that version."""

    kind: str
    entity_id: str
    version: int


@dataclass(frozen=True)
class Run:
    """A run of what sends messages: as of when, and which messages there were."""

    at: datetime
    known: frozenset[str]


@dataclass
class Ledger:
    """Everything that the invariants need and no table holds."""

    published: list[Mapping[str, Any]] = field(default_factory=list)  # entries that the bus took
    acknowledged: list[Acknowledged] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # Idempotency-Key to what it created
    lines: list[str] = field(default_factory=list)  # of the logs, and what Lambda would add
    refusals: list[str] = field(default_factory=list)  # bodies of error answers
    texts: list[tuple[str, bool]] = field(default_factory=list)  # and whether they were refused
    runs: list[Run] = field(default_factory=list)  # of what sends messages
    given_up: list[str] = field(default_factory=list)  # stream records, by what they are of

    def copy(self) -> Self:
        """The ledger as it now stands."""
        return replace(
            self, **{each.name: copy(getattr(self, each.name)) for each in fields(self)}
        )

    def event_ids(self) -> set[str]:
        """Our own events that were said, each once."""
        return {
            entry["Detail"]["event_id"]
            for entry in self.published
            if not entry["Source"].startswith("external.")  # another's own
        }
