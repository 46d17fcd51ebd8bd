"""What is known of how long it has been still between customers and us."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from services.engagement.domain.silence import Silence, Word


class Silences(Protocol):
    """The silences of all customer ids, as a collection."""

    def of(self, ids: Collection[str]) -> Mapping[str, Silence]:
        """Of each of these customer ids; nothing of whom nothing is known."""
        ...

    def hear(self, customer_id: str, word: Word, day: date) -> None:
        """Take a word in, however often and in whatever order words are told.

        Raise ChangedMeanwhile where others keep changing what is known.
        """
        ...
