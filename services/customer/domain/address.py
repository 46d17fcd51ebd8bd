"""Where a customer lives or wants things sent to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address as it was written; what is not known is None, and nothing is guessed."""

    lines: str | None = None  # quarter, street, door, flat
    district: str | None = None  # ilçe
    city: str | None = None  # il
    postal_code: str | None = None
    country: str = "TR"  # ISO 3166-1 alpha-2
