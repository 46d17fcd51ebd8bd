"""What owners say of an offer: approved or vetoed, for all of theirs or for some, and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from services.engagement.domain.offers.people import Addressee
from shared.entity import Act, Entity, Happening
from shared.errors import Invalid

MOST_NAMED = 90  # people in one vote: each has a write of their own in its transaction


class Decision(StrEnum):
    """Whether they may be written to."""

    APPROVE = "approve"
    VETO = "veto"


@dataclass(frozen=True, kw_only=True)
class Authority:
    """For whom somebody may speak today.

    `owners` are staff ids: their own, and those of owners who are not here and whose place they
    take. `segments` are those that are theirs, or whose owner's place they take.
    """

    owners: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vote(Entity):
    """One word of an owner. It is said once and never changed; a later one may say otherwise.

    It names people, or speaks for all of an owner's: those of `owners`, and, on the ballot of a
    segment, those whose owner is the segment's, where `of_segment` says so.
    """

    kind: ClassVar[str] = "vote"

    vote_id: str
    offer_id: str
    decision: Decision
    by: str  # subject of the token of whoever said it
    at: datetime
    reason: str = ""
    names: tuple[str, ...] = ()  # customer ids; none for all of theirs
    owners: tuple[str, ...] = ()  # staff ids that it speaks for
    of_segment: bool = False

    @property
    def entity_id(self) -> str:
        return self.vote_id

    @classmethod
    def cast(cls, act: Act, *, decision: Decision, reason: str, **said: Any) -> "Vote":
        """The word. Raise Invalid for a veto that says no reason."""
        if decision is Decision.VETO and not reason:
            raise Invalid("say why not: a veto has a reason", field="reason")
        vote = cls(customer_id="", decision=decision, reason=reason, by=act.by, at=act.at, **said)
        facts = {
            "offer_id": vote.offer_id,
            "decision": decision.value,
            "scope": "some" if vote.names else "all",
            "people": len(vote.names) or None,
            "decided_by": act.by,
        }
        return vote.after(act, Happening(what="offer_decided", facts=facts))

    @property
    def is_about_one(self) -> bool:
        """Whether its reason was said of one person, and so is forgotten with them."""
        return len(self.names) == 1 and bool(self.reason)

    def forgotten(self, act: Act) -> "Vote":
        """What was decided without why; itself where that is all there is."""
        if not self.reason:
            return self
        return self.after(act, Happening(what="forgotten"), reason="")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A vote, as far as it matters for one person."""

    vote_id: str
    decision: Decision
    by: str
    at: datetime
    reason: str = ""
    owners: tuple[str, ...] = ()
    of_segment: bool = False
    is_named: bool = False

    @classmethod
    def of(cls, vote: Vote, *, is_named: bool) -> "Word":
        return cls(
            vote_id=vote.vote_id,
            decision=vote.decision,
            by=vote.by,
            at=vote.at,
            reason=vote.reason,
            owners=vote.owners,
            of_segment=vote.of_segment,
            is_named=is_named,
        )


@dataclass(frozen=True, kw_only=True)
class Said:
    """All that was said of one person on one ballot: general words, and words that name them.

    `owners_before` are the staff ids of who owned them when they came onto the list.
    """

    general: tuple[Word, ...] = ()
    named: tuple[Word, ...] = ()
    owners_before: frozenset[str] = field(default_factory=frozenset)


def word_on(person: Addressee, said: Said) -> Word | None:
    """The word that holds for somebody; None where nobody entitled has spoken.

    One that names them stands against all general ones, whenever it was said: whoever said it was
    entitled when they did. Of several of a kind the latest holds, and of two at one instant the
    veto. A general word holds for those whose owner it speaks for, as they are owned now or were
    when they came onto the list.
    """
    owners = set(said.owners_before)
    if person.owner is not None:
        owners.add(person.owner.staff_id)
    general = [one for one in said.general if _covers(one, person, owners)]
    return _latest(said.named) or _latest(general)


def is_approval(word: Word | None) -> bool:
    """Whether the word that holds lets an offer by; without one nobody does."""
    return word is not None and word.decision is Decision.APPROVE


def _covers(word: Word, person: Addressee, owners: Collection[str]) -> bool:
    if word.of_segment and person.is_owned_by_segment:
        return True
    return bool(set(owners) & set(word.owners))


def _latest(words: Iterable[Word]) -> Word | None:
    return max(words, key=lambda one: (one.at, one.decision is Decision.VETO), default=None)
