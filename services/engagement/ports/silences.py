"""What is kept of how customers and we get on."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol

from services.engagement.domain.rapport import Rapport
from services.engagement.domain.silence import Silence


class Silences(Protocol):
    """How long it has been still, by customer id."""

    def of(self, ids: Collection[str]) -> Mapping[str, Silence]:
        """Of each of these customer ids; nothing of whom nothing is known."""
        ...


class Rapports(Silences, Protocol):
    """All that is kept of how customers and we get on, as a collection."""

    def keep(self, changes: Mapping[str, Callable[[Rapport], Rapport]]) -> None:
        """Change what is kept of some, by changes that come to the same however often made.

        It takes one call where they change nothing, and one more where they do, for up to a
        hundred. Raise ChangedMeanwhile where others keep changing it.
        """
        ...

    def look_later(self, customer_id: str, day: date) -> None:
        """Look at somebody on a later day, unless something is heard of them meanwhile."""
        ...
