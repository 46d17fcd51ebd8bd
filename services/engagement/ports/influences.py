"""Who brought whom, and who is listened to."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from services.engagement.domain.influence import Below, Influence, InfluenceKind


class Influences(Protocol):
    """All that was said of it, as a collection without circles."""

    def add(
        self, influence: Influence, *, fingerprint: str, sources: Collection[str]
    ) -> tuple[Influence, bool]:
        """Add it; return it as it stands, and whether it was there already.

        `sources` are all customer ids of the first one. Raise Circle, SaidBefore, TooManySources,
        TooLongALine or KeyReused, and ChangedMeanwhile where others keep changing the line.
        """
        ...

    def get(self, influence_id: str) -> Influence:
        """Raise InfluenceNotFound."""
        ...

    def end(self, influence: Influence) -> None:
        """Save it with its end. Raise ChangedMeanwhile."""
        ...

    def above(self, kind: InfluenceKind, customer_id: str) -> Mapping[str, str]:
        """By whom somebody was brought or is influenced: customer ids with the influences'."""
        ...

    def below(self, kind: InfluenceKind, customer_id: str) -> tuple[Sequence[Below], bool]:
        """Who came through somebody, generation by generation, and whether these are all."""
        ...
