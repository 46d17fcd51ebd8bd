"""What the making of the lists of the forgotten needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from services.engagement.domain.forgotten import CallList, Keeper, Run


class Keepers(Protocol):
    """Who cares for whom, and what is open, as other services know it today."""

    def care(self, ids: Collection[str], correlation_id: str) -> Mapping[str, Keeper]:
        """Of each of these; nothing of who is no customer. Raise Unavailable."""
        ...

    def cases(
        self, ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]]:
        """How serious each open complaint of each is. Raise Unavailable."""
        ...


class CallLists(Protocol):
    """The lists of each day, and how far the making of them has come."""

    def run(self) -> Run | None:
        """The newest run; None before the first."""
        ...

    def due(self, day: date, behind: str, most: int) -> Sequence[tuple[str, str]]:
        """Whom somebody has to look at by a day, the longest due first: customer id and place."""
        ...

    def of(self, staff_ids: Collection[str], day: date) -> Mapping[str, CallList]:
        """The lists that there are, strongly read."""
        ...

    def note(
        self,
        before: Run | None,
        after: Run,
        lists: Collection[CallList],
        subjects: Mapping[str, str],
    ) -> None:
        """Note the lists and how far the run has come, at once or not at all.

        `subjects` are the staff ids of whom something is listed, by the subject of their tokens.
        Raise ChangedMeanwhile where another run has gone on.
        """
        ...

    def staff_id(self, subject: str) -> str | None:
        """Whose list is meant by who asks; None of whom nothing was ever listed for."""
        ...
