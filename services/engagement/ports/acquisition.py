"""What it costs to win customers."""

from collections.abc import Mapping
from typing import Protocol

from services.engagement.domain.acquisition import Acquired, Spend


class Acquisition(Protocol):
    """What was spent, and who came, by month in Turkey."""

    def add(self, spend: Spend, *, fingerprint: str) -> tuple[Spend, bool]:
        """Add it; return it as it stands, and whether it was there already. Raise KeyReused."""
        ...

    def came(self, customer_id: str, month: str, channel: str, campaign: str | None) -> None:
        """Count a new customer once, however often it is told."""
        ...

    def of(self, month: str) -> tuple[Mapping[tuple[str, str | None], Acquired], bool]:
        """A month (`YYYY-MM`) by channel and campaign, and whether these are all."""
        ...
