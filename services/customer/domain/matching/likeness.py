"""How alike two words are, in steps that a weight can be given to."""

from enum import StrEnum
from functools import lru_cache

from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.spelling import is_one_mistake

CLOSE, ALIKE = 0.92, 0.80  # of Jaro and Winkler's measure
_BOOST, _MOST_BOOSTED = 0.1, 4
_LONG_ENOUGH = 4  # letters; of shorter words one letter is too much of a difference


class Likeness(StrEnum):
    """From one word to two that have nothing to do with each other."""

    SAME = "same"
    CLOSE = "close"  # a typing mistake apart
    ALIKE = "alike"  # some letters or the sound
    DIFFERENT = "different"


@lru_cache(maxsize=32768)
def likeness(one: str, other: str) -> Likeness:
    """How alike two folded words are, whichever stands first."""
    if one == other:
        return Likeness.SAME
    if min(len(one), len(other)) < _LONG_ENOUGH - 1:
        return Likeness.DIFFERENT
    measure = jaro_winkler(one, other)
    if min(len(one), len(other)) >= _LONG_ENOUGH and (
        measure >= CLOSE or is_one_mistake(one, other)
    ):
        return Likeness.CLOSE
    if measure >= ALIKE or sound_of(one) == sound_of(other) or is_one_mistake(one, other):
        return Likeness.ALIKE
    return Likeness.DIFFERENT


def jaro_winkler(one: str, other: str) -> float:
    """Jaro's measure, and Winkler's for words that begin alike: from 0 to 1."""
    if len(one) > len(other) or (len(one) == len(other) and one > other):
        one, other = other, one  # letters are assigned in turn: the same turn for both ways
    reach = max(len(other) // 2 - 1, 0)
    taken = [False] * len(other)
    met = []
    for place, letter in enumerate(one):
        for there in range(max(0, place - reach), min(place + reach + 1, len(other))):
            if not taken[there] and other[there] == letter:
                taken[there] = True
                met.append(letter)
                break
    if not met:
        return 0.0
    theirs = [letter for letter, is_taken in zip(other, taken, strict=True) if is_taken]
    moved = sum(a != b for a, b in zip(met, theirs, strict=True)) / 2
    share = len(met)
    jaro = (share / len(one) + share / len(other) + (share - moved) / share) / 3
    start = 0
    while start < min(_MOST_BOOSTED, len(one)) and one[start] == other[start]:
        start += 1
    return jaro + start * _BOOST * (1 - jaro)
