"""What was learnt of how people's traits agree: data, made by `./sahip learn dedup`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

from services.customer.domain.matching.levels import Agreement, Field, Level

LEAST = 1e-7  # a frequency or share below that is not known from what was counted
SHIPPED = "weights.json"
OWN_NAME = 0.001  # share of people who have a word that is a name, and not another one mistyped
MISTAKEN = 0.1  # of those who have the commoner of two words: fewer have it mistyped


@dataclass(frozen=True)
class Chances:
    """How often a field agrees at a level, of pairs of records."""

    same: float  # of one person
    household: float  # of two of one household
    others: float  # of two who have nothing to do with each other
    moved: float | None = None  # of one person who has moved in between; None: it makes no odds

    def stayed(self, moves: float) -> float:
        """Of one person who has not moved; `moves` is the share of those who have."""
        if self.moved is None:
            return self.same
        return max((self.same - moves * self.moved) / (1 - moves), LEAST)

    def shares(self) -> tuple[float, ...]:
        """All that is known, in the order above."""
        known = (self.same, self.household, self.others)
        return known if self.moved is None else (*known, self.moved)


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Weights from which on a pair is linked, taken for one person, or shown to somebody."""

    link: float
    match: float
    review: float


@dataclass(frozen=True, kw_only=True)
class Frequencies:
    """How large a share of records has a word; `rest` is that of a word that is not listed."""

    words: Mapping[str, float]
    rest: float

    def of(self, word: str) -> float:
        """The share of records that have the word."""
        return self.words.get(word, self.rest)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What a matcher goes by, and where it was learnt."""

    source: str
    people: int  # records that there were
    twins: float  # other records of the same person, for each record
    housemates: float  # records of others of the household, for each record
    moves: float  # share of pairs of one person who has moved in between
    chances: Mapping[Field, Mapping[Level, Chances]]
    frequencies: Mapping[Field, Frequencies]
    thresholds: Thresholds

    def chances_of(self, field: Field, agreement: Agreement) -> Chances | None:
        """The chances of an agreement, of a rare word smaller than of a common one.

        None for what says nothing or was never seen.
        """
        found = self.chances.get(field, {}).get(agreement.level)
        known = [
            self.frequencies[one] for one in _KIN.get(field, (field,)) if one in self.frequencies
        ]
        if found is None or not known or not agreement.words:
            return found
        return _of_words(found, self.chances[field], agreement, known)

    def are_two_names(self, one: str, other: str) -> bool:
        """Whether two given names that differ by a letter are names each: Emre and Emir.

        Twins are often called alike. A mistake in a name is rare beside it; an initial is no name.
        """
        known = self.frequencies.get(Field.GIVEN)
        if known is None or one == other or 1 in (len(one), len(other)):
            return False
        rarer, commoner = sorted((known.of(one), known.of(other)))
        return rarer >= max(OWN_NAME, MISTAKEN * commoner)

    def document(self) -> dict[str, Any]:
        """In JSON's types; `from_document` reads it."""
        return {
            "source": self.source,
            "people": self.people,
            "twins": _short(self.twins),
            "housemates": _short(self.housemates),
            "moves": _short(self.moves),
            "thresholds": {
                "link": round(self.thresholds.link, 2),
                "match": round(self.thresholds.match, 2),
                "review": round(self.thresholds.review, 2),
            },
            "chances": {
                field: {
                    level: [_short(share) for share in one.shares()]
                    for level, one in levels.items()
                }
                for field, levels in self.chances.items()
            },
            "frequencies": {
                field: {
                    "rest": _short(one.rest),
                    "words": {word: _short(share) for word, share in one.words.items()},
                }
                for field, one in self.frequencies.items()
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Weights":
        """The weights that `document` was made from."""
        return cls(
            source=document["source"],
            people=document["people"],
            twins=document["twins"],
            housemates=document["housemates"],
            moves=document["moves"],
            thresholds=Thresholds(**document["thresholds"]),
            chances={
                Field(field): {Level(level): Chances(*shares) for level, shares in levels.items()}
                for field, levels in document["chances"].items()
            },
            frequencies={
                Field(field): Frequencies(**one) for field, one in document["frequencies"].items()
            },
        )


@cache
def shipped() -> Weights:
    """The weights that come with the service, for people in Turkey."""
    text = Path(__file__).with_name(SHIPPED).read_text("utf-8")
    return Weights.from_document(json.loads(text))


# Given and family names swap places, and a common one is common in either.
_KIN = {Field.GIVEN: (Field.GIVEN, Field.FAMILY), Field.FAMILY: (Field.FAMILY, Field.GIVEN)}


def _of_words(
    found: Chances,
    levels: Mapping[Level, Chances],
    agreement: Agreement,
    known: Sequence[Frequencies],
) -> Chances:
    """Two strangers share a word as often as it is frequent.

    People of one home share it beyond that as far as homes do (family names, streets), or so much
    less often as homes avoid it (given names).
    """
    others = 1.0
    for word in agreement.words:
        others *= max(one.of(word) for one in known)
    if agreement.level is not Level.SAME and Level.SAME in levels:
        others *= found.others / levels[Level.SAME].others
    others = min(max(others, LEAST), 1.0)
    if found.household < found.others:
        at_home = others * found.household / found.others
    else:
        by_home = (found.household - found.others) / (1 - found.others)
        at_home = by_home + (1 - by_home) * others
    return replace(found, household=at_home, others=others)


def _short(share: float) -> float:
    return float(f"{share:.3g}")


def bits(share: float, of: float) -> float:
    """How many times more likely one is than the other, as a power of two."""
    return log2(max(share, LEAST) / max(of, LEAST))
