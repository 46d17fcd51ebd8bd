"""Searching for people: where to look for what was typed, and who fits how well. All of it pure.

Each word is read as it stands and, less readily, as one of the words of the books that are a
typing mistake away. The readings say into which drawers to look, the likeliest first; only a few
are ever looked into, and each only as far as a page.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import permutations, product

from services.customer.domain.listings import (
    HEAD,
    OPENING,
    Listed,
    email_drawer,
    ending_drawer,
    head,
    opening_drawer,
    pair_drawer,
    word_drawer,
    words_in,
)
from services.customer.domain.names import folded_name
from services.customer.domain.question import NATIONAL, Question
from services.customer.domain.spelling import SHORTEST, is_one_mistake

ADVICE = (
    "more people may fit than are shown; add another word of the name, the district, "
    "or the last four digits of the phone"
)


class Field(StrEnum):
    """What of somebody was found."""

    NAME = "name"
    DISTRICT = "district"
    CITY = "city"
    PHONE = "phone"
    EMAIL = "email"


class How(StrEnum):
    """How far what was typed is what was found: the best first."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    ENDING = "ending"
    ALIKE = "alike"


@dataclass(frozen=True)
class Reason:
    """Why somebody was found."""

    field: Field
    how: How


@dataclass(frozen=True)
class Look:
    """A look into a drawer, at what begins so. `found` is why whoever stands there was found."""

    drawer: str
    beginning: str
    found: Reason | None = None

    def covers(self, other: "Look") -> bool:
        """Whether all that the other would show is seen by this one."""
        return self.drawer == other.drawer and other.beginning.startswith(self.beginning)


@dataclass(frozen=True)
class Fit:
    """Somebody who fits, and why."""

    listed: Listed
    why: tuple[Reason, ...]

    @property
    def order(self) -> tuple[int, str, str]:
        """The place among those who fit: the best first, then by name."""
        cost = sum(_COSTS[reason.how] for reason in self.why)
        return cost, folded_name(self.listed.name or "\uffff"), self.listed.customer_id


_COSTS = {How.WHOLE: 0, How.BEGINNING: 1, How.ENDING: 1, How.ALIKE: 3}


@dataclass(frozen=True, kw_only=True)
class Found:
    """Whom a search has found, the best first.

    `more` says that others may fit as well, and `advice` what to do then.
    """

    fits: Sequence[Fit]
    more: bool
    advice: str | None


class _Cost(IntEnum):
    """How far a reading is from what was typed: the likelier, the less."""

    TYPED = 0
    BOTH_CORRECTED = 1  # of two words that the books do not have
    CORRECTED = 2
    BEGUN = 3  # a word of the books that is meant as the beginning of a longer one
    SUSPECTED = 5  # a word of the books that is meant to be another


@dataclass(frozen=True)
class _Reading:
    """A way to read a word: what stands there is it (`whole`), or begins with it."""

    text: str
    whole: bool
    cost: int


class Search:
    """A question, and what the books know of its words.

    `known` are, for a word, those words of the books that share its neighbourhood.
    """

    def __init__(self, question: Question, known: Mapping[str, Collection[str]]) -> None:
        self._question = question
        self._known = {word: set(known.get(word, ())) for word in question.words}

    def looks(self) -> list[Look]:
        """Where to look, the likeliest first; each place once."""
        question = self._question
        if question.digits:
            return self._phone_looks()
        if question.email:
            return [self._email_look(question.email)]
        costly = sorted(self._word_looks(), key=lambda one: one[0])
        return list(dict.fromkeys(look for _, look in costly))

    def narrower(self) -> list[Look]:
        """Where to look when the first place was too full: at three words at once."""
        three = self._leads()[:3]
        if len(three) < 3:  # noqa: PLR2004
            return []
        narrow = []
        for one, other, third in permutations(three):
            if one < other and all(self._is_known(word) for word in (one, other)):
                narrow.append(Look(pair_drawer(one, other), f"{one} {other} {third}"))
        return narrow

    def fits(self, look: Look, listed: Iterable[Listed]) -> Iterator[Fit]:
        """Those of a look in whom each word of the question is found."""
        for one in listed:
            why = self._why(one)
            if why is not None:
                yield Fit(one, tuple(dict.fromkeys([*([look.found] if look.found else []), *why])))

    def _phone_looks(self) -> list[Look]:
        digits = self._question.digits
        whole = len(digits) >= NATIONAL
        why = Reason(Field.PHONE, How.WHOLE if whole else How.ENDING)
        ending = Look(ending_drawer(digits), digits[::-1], why)
        if whole or len(digits) < OPENING:
            return [ending]
        opening = digits.removeprefix("0")
        beginning = Reason(Field.PHONE, How.BEGINNING)
        return [ending, Look(opening_drawer(opening), opening, beginning)]

    @staticmethod
    def _email_look(begun: str) -> Look:
        return Look(email_drawer(begun), begun, Reason(Field.EMAIL, How.BEGINNING))

    def _word_looks(self) -> Iterator[tuple[int, Look]]:
        one, *others = self._leads()
        if not others:
            for reading in self._readings(one):
                yield reading.cost, Look(word_drawer(reading.text), reading.text)
        elif len(others[0]) < HEAD:
            # What begins so has drawers of longer heads, but also stands behind the other word.
            for reading in self._readings(one):
                behind = f"{reading.text} {others[0]}" if reading.whole else reading.text
                yield reading.cost, Look(word_drawer(reading.text), behind)
        if others:
            for pair in product(self._readings(one), self._readings(others[0])):
                costs = [reading.cost for reading in pair]
                both = costs == [_Cost.CORRECTED, _Cost.CORRECTED]
                yield _Cost.BOTH_CORRECTED if both else sum(costs), _pair_look(*pair)
        if self._question.whole:
            yield _Cost.CORRECTED, self._email_look(self._question.whole)

    def _leads(self) -> list[str]:
        """The words, those first by which to look: which the books have, and long ones."""
        return sorted(self._known, key=lambda word: (not self._is_known(word), -len(word)))

    def _readings(self, word: str) -> list[_Reading]:
        known = self._is_known(word)
        readings = [_Reading(word, False, _Cost.BEGUN if known else _Cost.TYPED)]
        if known or len(word) < HEAD:
            readings.insert(0, _Reading(word, True, _Cost.TYPED))
        by_head: dict[str, list[str]] = {}
        for near in sorted(self._known[word]):
            if is_one_mistake(word, near):
                by_head.setdefault(head(near), []).append(near)
        cost = _Cost.SUSPECTED if known else _Cost.CORRECTED
        return readings + [
            _Reading(_common_beginning(words), len(words) == 1, cost) for words in by_head.values()
        ]

    def _is_known(self, word: str) -> bool:
        return word in self._known[word]

    def _why(self, listed: Listed) -> list[Reason] | None:
        fields = (
            (Field.NAME, words_in(listed.name)),
            (Field.DISTRICT, words_in(listed.district)),
            (Field.CITY, words_in(listed.city)),
        )
        why = []
        for typed in self._question.words:
            reasons = [
                Reason(field, how)
                for field, words in fields
                for word in words
                if (how := _how(typed, word)) is not None
            ]
            if not reasons:
                return None
            why.append(min(reasons, key=lambda reason: _COSTS[reason.how]))
        return why


def _pair_look(one: _Reading, other: _Reading) -> Look:
    first, second = sorted((one, other), key=lambda reading: reading.text)
    drawer = pair_drawer(one.text, other.text)
    if head(first.text) == head(second.text) and not (first.whole and second.whole):
        return Look(drawer, head(first.text))  # which of them stands first is not known
    return Look(drawer, f"{first.text} {second.text}" if first.whole else first.text)


def _common_beginning(words: Sequence[str]) -> str:
    first, last = min(words), max(words)
    same = next((n for n, letter in enumerate(first) if letter != last[n]), len(first))
    return first[:same]


def _how(typed: str, word: str) -> How | None:
    if typed == word:
        return How.WHOLE
    if word.startswith(typed):
        return How.BEGINNING
    if max(len(typed), len(word)) >= SHORTEST and is_one_mistake(typed, word):
        return How.ALIKE
    return None


def best(fits: Iterable[Fit], most: int) -> Sequence[Fit]:
    """So many of those who fit, the best first."""
    return sorted(fits, key=lambda fit: fit.order)[:most]
