"""How alike two words are, in steps that a weight can be given to."""

from enum import StrEnum
from functools import lru_cache

from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.spelling import is_one_mistake

CLOSE, ALIKE = 0.92, 0.80  # of Jaro and Winkler's measure
_BOOST, _MOST_BOOSTED = 0.1, 4
_HOPELESS = (ALIKE - _BOOST * _MOST_BOOSTED) / (1 - _BOOST * _MOST_BOOSTED) - 1e-9
_LONG_ENOUGH = 4  # letters; of shorter words one letter is too much of a difference


class Likeness(StrEnum):
    """From one word to two that have nothing to do with each other."""

    SAME = "same"
    CLOSE = "close"  # a typing mistake apart
    ALIKE = "alike"  # some letters or the sound
    DIFFERENT = "different"

    __hash__ = str.__hash__  # an enumeration's own is slow


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> Likeness:
    """How alike two folded words are, whichever stands first."""
    if one == other:
        return Likeness.SAME
    if min(len(one), len(other)) < _LONG_ENOUGH:
        is_near = is_one_mistake(one, other) or sound_of(one) == sound_of(other)
        return Likeness.ALIKE if is_near and len(one) > 1 < len(other) else Likeness.DIFFERENT
    measure = jaro_winkler(one, other) if _most(one, other) >= ALIKE else 0.0
    # One mistake in four letters leaves more than that alike.
    if measure >= CLOSE or (measure >= ALIKE and is_one_mistake(one, other)):
        return Likeness.CLOSE
    if measure >= ALIKE or sound_of(one) == sound_of(other):
        return Likeness.ALIKE
    return Likeness.DIFFERENT


def _most(one: str, other: str) -> float:
    """What the measure of two words is at most, by the letters that only one of them has."""
    ones, others = _letters(one), _letters(other)
    only_one, only_other = len(ones - others), len(others - ones)
    size, length = len(one), len(other)
    shared = size - only_one if size - only_one < length - only_other else length - only_other
    jaro = (shared / size + shared / length + 1) / 3
    if jaro < _HOPELESS:
        return 0.0
    return jaro + _start(one, other) * _BOOST * (1 - jaro)


@lru_cache(maxsize=65536)
def _letters(word: str) -> frozenset[str]:
    return frozenset(word)


def _start(one: str, other: str) -> int:
    """How many letters both begin with, as far as that counts."""
    start = 0
    for letter, there in zip(one[:_MOST_BOOSTED], other, strict=False):
        if letter != there:
            break
        start += 1
    return start


def jaro_winkler(one: str, other: str) -> float:
    """Jaro's measure, and Winkler's for words that begin alike: from 0 to 1."""
    if len(one) > len(other) or (len(one) == len(other) and one > other):
        one, other = other, one  # letters are assigned in turn: the same turn for both ways
    reach = max(len(other) // 2 - 1, 0)
    left, met, places = other, [], []
    for place, letter in enumerate(one):
        there = left.find(letter, max(0, place - reach), place + reach + 1)
        if there >= 0:
            left = f"{left[:there]}\0{left[there + 1 :]}"
            met.append(letter)
            places.append(there)
    if not met:
        return 0.0
    places.sort()
    moved = sum(letter != other[there] for letter, there in zip(met, places, strict=True)) / 2
    share = len(met)
    jaro = (share / len(one) + share / len(other) + (share - moved) / share) / 3
    return jaro + _start(one, other) * _BOOST * (1 - jaro)
