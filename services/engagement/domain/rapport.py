"""What is kept of how a customer and we get on: silence, offers, answers, and words on consent.

All of it is made of what is told once each: of lists the newest stay, of days and words the last.
So it comes to the same, whatever is told twice or in another order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.engagement.domain.silence import NOTHING_KNOWN, Silence, Word
from shared.calendar import day_in_turkey

NEWEST = 5  # offers and answers that are kept


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An offer that somebody was made: in a conversation, or by a message."""

    at: datetime
    told_by: str  # the id of the conversation or message
    channel: str
    offer_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """That somebody turned to somebody, and with which offer of ours, if it was one."""

    customer_id: str  # empty where it was nobody's
    word: Word
    at: datetime
    offer: Offered | None = None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came of an offer or a message."""

    at: datetime
    response_id: str
    medium: str
    result: str
    offer_id: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """The last word of a customer on marketing by a channel, as İYS names channel and word."""

    at: datetime
    consent_id: str
    channel: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Rapport:
    """What is kept under one customer id. Lists have the newest first."""

    silence: Silence = NOTHING_KNOWN
    offers: tuple[Offered, ...] = ()
    answers: tuple[Answered, ...] = ()
    said: tuple[Said, ...] = ()  # one for each channel
    praised: date | None = None  # when they last thanked us or recommended us

    def after(self, heard: Heard) -> "Rapport":
        """With what is heard of; the very same where it tells nothing new."""
        silence = self.silence.after(heard.word, day_in_turkey(heard.at))
        known = replace(self, silence=silence)
        return known.offered(heard.offer) if heard.offer else known

    def offered(self, offer: Offered) -> "Rapport":
        """With an offer, if it is among the newest."""
        known = {one.told_by: one for one in (*self.offers, offer)}
        newest = sorted(known.values(), key=lambda one: (one.at, one.told_by), reverse=True)
        return replace(self, offers=tuple(newest[:NEWEST]))

    def answered(self, answer: Answered) -> "Rapport":
        """With an answer, if it is among the newest."""
        known = {one.response_id: one for one in (*self.answers, answer)}
        newest = sorted(known.values(), key=lambda one: (one.at, one.response_id), reverse=True)
        return replace(self, answers=tuple(newest[:NEWEST]))

    def with_praise(self, day: date) -> "Rapport":
        """With thanks or a recommendation on a day."""
        return replace(self, praised=max(day, self.praised or day))

    def heard(self, day: date) -> "Rapport":
        """With a word of theirs on a day."""
        return replace(self, silence=self.silence.after(Word.THEIRS, day))

    def with_word(self, word: Said) -> "Rapport":
        """With a word on consent, if it is the last by its channel: of two at once a refusal."""
        return replace(self, said=_last_words((*self.said, word)))


def _last_words(words: Iterable[Said]) -> tuple[Said, ...]:
    last: dict[str, Said] = {}
    for one in sorted(words, key=_place):
        last[one.channel] = one
    return tuple(last[channel] for channel in sorted(last))


def _place(word: Said) -> tuple[datetime, bool, str]:
    return word.at, word.status == "RET", word.consent_id
