"""How long it has been still between a customer and us, in days as they are counted in Turkey.

Of each customer id four days are known. Each only ever moves one way: whatever is told, twice or
in any order, comes to the same. An offer of ours ends no silence, since whoever was forgotten for
a year and is then sold something was not thought of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.calendar import DatedRules, Rule


class Word(StrEnum):
    """Who turned to whom, and with what."""

    THEIRS = "theirs"  # a call or visit of theirs, an order, a complaint, a registration
    OURS = "ours"  # a call or message of ours that was of use to them
    OFFER = "offer"  # of ours
    NONE = "none"  # they came into the books, and nobody said anything


@dataclass(frozen=True, kw_only=True)
class Silence:
    """What is known of one customer id, or of the several of one person together.

    `since` is the first day that we know them from, and the others are the last day of each kind
    of word; None where there was none.
    """

    since: date | None = None
    theirs: date | None = None
    ours: date | None = None
    offered: date | None = None

    def after(self, word: Word, day: date) -> "Silence":
        """What is known once a word is heard of; the very same where it tells nothing new."""
        known = replace(self, since=_first(self.since, day))
        if word is Word.THEIRS:
            known = replace(known, theirs=_last(self.theirs, day))
        elif word is Word.OURS:
            known = replace(known, ours=_last(self.ours, day))
        elif word is Word.OFFER:
            known = replace(known, offered=_last(self.offered, day))
        return known

    @property
    def last_word(self) -> date | None:
        """The day of the last word that was no offer of ours; None where there was none."""
        return _last(self.theirs, self.ours)

    @property
    def begins(self) -> date | None:
        """The day from which it has been still; None where nothing is known of them."""
        return self.last_word or self.since

    def days(self, day: date) -> int | None:
        """How many days it has been still; None where nothing is known of them."""
        return _days(self.begins, day)

    def days_without_us(self, day: date) -> int | None:
        """How many days we have not turned to them but with offers."""
        return _days(self.ours or self.since, day)

    @property
    def only_offers(self) -> bool:
        """Whether all that they have heard since the last word was offers."""
        begins = self.begins
        return self.offered is not None and begins is not None and self.offered > begins


NOTHING_KNOWN = Silence()


def silence_of(silences: Iterable[Silence]) -> Silence:
    """The silence of a person, by that of each of their customer ids."""
    person = NOTHING_KNOWN
    for one in silences:
        person = Silence(
            since=_first(person.since, one.since),
            theirs=_last(person.theirs, one.theirs),
            ours=_last(person.ours, one.ours),
            offered=_last(person.offered, one.offered),
        )
    return person


LONGEST: DatedRules[int] = DatedRules(
    Rule(since=date(2015, 5, 1), holds=365, source="the company's own word; in days"),
)


def awaits_value(silence: Silence, day: date) -> bool:
    """Whether something of value must come before an offer.

    After twelve months of silence the first that somebody hears from us is of value to them:
    nobody is forgotten for a year and then only sold to.
    """
    days = silence.days(day)
    return days is not None and days >= LONGEST.on(day)


def _first(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _last(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _days(begins: date | None, day: date) -> int | None:
    return None if begins is None else max(0, (day - begins).days)
