"""What came of what we said, and what was in the way."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.engagement.domain.friction import Friction
from services.engagement.domain.response import Response


class Outcomes(Protocol):
    """Responses and frictions, as a collection. Nothing of them is ever changed."""

    def add(
        self, entity: Response | Friction, *, fingerprint: str
    ) -> tuple[Response | Friction, bool]:
        """Add it; return it as it stands, and whether it was there already. Raise KeyReused."""
        ...

    def of_offer(self, offer_id: str) -> Mapping[tuple[str, str], int]:
        """How many responses an offer has had, by medium and result."""
        ...

    def frictions(self) -> Sequence[tuple[str, int, Mapping[str, int]]]:
        """Each rule that was in the way: how often, and how often in which year; most often first.

        At most a thousand rules.
        """
        ...
