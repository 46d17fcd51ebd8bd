"""Where the customer view gets its parts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.customer_view.domain import Candidate, Document, Look, Memory, Part
from shared.access import Caller


class Unavailable(Exception):
    """Something did not answer, answered too late, or answered nonsense. The text says which."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a service knows under one customer id.

    `parts` by name; None where the service says that there is no such customer.
    """

    members: Sequence[str]
    newly_joined: Sequence[str] = ()  # taken for the same person, and not confirmed
    parts: Mapping[str, Document | None]
    is_erased: bool = False  # there was somebody, whose data is gone


class Source(Protocol):
    """One service, asked what it knows."""

    @property
    def parts(self) -> Sequence[str]:
        """The names of the parts that it knows."""
        ...

    @property
    def deadline(self) -> float:
        """How many seconds it has to answer."""
        ...

    def ask(
        self, ids: Sequence[str], parts: Sequence[str], caller: Caller, correlation_id: str
    ) -> Mapping[str, Known]:
        """What it knows of these parts, by customer id, for all of `ids`.

        Raise Unavailable rather than return a guess.
        """
        ...


class Finder(Protocol):
    """One service, asked whose something is."""

    def find(
        self, kind: str, value: str, caller: Caller, correlation_id: str
    ) -> Sequence[Candidate]:
        """Everybody whom it may belong to. Raise Unavailable rather than return a guess."""
        ...


class Memories(Protocol):
    """What the view itself keeps."""

    def recall(self, customer_id: str) -> Memory:
        """The members, parts and happenings kept of a customer, in one bounded read.

        Raise Unavailable where it cannot be read.
        """
        ...

    def remember(self, customer_id: str, parts: Mapping[str, Part]) -> None:
        """Keep fresh parts for the day when their service cannot be asked.

        Never fails the caller: not remembering costs a poorer answer another day.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class LooksPage:
    """Some looks, the newest first, and where the older ones go on; None where there are none."""

    looks: Sequence[Look]
    older: str | None


class Looks(Protocol):
    """Who of ours has seen whom."""

    def record(self, look: Look) -> None:
        """Record it for each customer that is shown.

        The same look with more that was shown takes the place of one with less, whichever comes
        first. Never fails the caller: what cannot be recorded is told to the log in full.
        """
        ...

    def of(
        self,
        customer_id: str,
        *,
        since: datetime | None,
        until: datetime | None,
        most: int,
        before: str | None = None,
    ) -> LooksPage:
        """Looks at a customer from `since` on and before `until`, the newest first.

        `before` is the `older` of the page before.
        """
        ...
