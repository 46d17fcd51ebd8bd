"""The streets that an address names: one can say one's street without the whole address."""

import re
from collections.abc import Collection, Sequence

from services.customer.domain.names import folded_name

# Folded, as people write them: what a quarter ends with, a street, and what comes behind it.
_QUARTERS = frozenset({"mah", "mh", "mahalle", "mahallesi", "koyu", "sitesi", "site"})
_STREETS = frozenset(
    {"cad", "cd", "cadde", "caddesi", "sok", "sk", "sokak", "sokagi", "bulvar", "bulvari", "blv",
     "bul", "yolu", "meydani", "cikmazi", "street", "st", "road", "rd", "avenue", "ave"}
)  # fmt: skip
_BEHIND = frozenset({"no", "numara", "daire", "d", "kat", "k", "apt", "ap", "apartmani", "blok"})
_PART = re.compile(r"[^,;/\n]+")
_WORD = re.compile(r"[^\W_]+")

Street = tuple[str, ...]
"""The words of a street's name, folded, without those that every street has."""


def streets_in(lines: str) -> Collection[Street]:
    """The names of the streets in an address as it was written; none where no word says street."""
    return {
        street
        for part in _PART.findall(folded_name(lines))
        for street in _streets(_WORD.findall(part))
    }


def is_street_in(said: str, lines: str) -> bool:
    """Whether what somebody says is their street is a street of the address.

    They may leave out the word for a street, and say the number of the door or not.
    """
    words = [word for part in _PART.findall(folded_name(said)) for word in _WORD.findall(part)]
    named = set(_streets(words)) or {_until(words, _BEHIND)}
    return any(street and street in streets_in(lines) for street in named)


def _streets(words: Sequence[str]) -> list[Street]:
    found: list[Street] = []
    begun: list[str] = []
    for word in words:
        if word in _STREETS:
            found += [_without_door(begun)] if begun else []
            begun = []
        elif word in _QUARTERS or word in _BEHIND:
            begun = []
        else:
            begun.append(word)
    return found


def _without_door(words: Sequence[str]) -> Street:
    """A number before a name is a door's; alone it is the street's."""
    return tuple(words[1:] if len(words) > 1 and words[0].isdecimal() else words)


def _until(words: Sequence[str], ends: Collection[str]) -> Street:
    taken: list[str] = []
    for word in words:
        if word in ends:
            break
        taken.append(word)
    return tuple(taken)
