"""Whom an offer is for, as the other services know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.engagement.domain.silence import Silence


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Somebody who owns customers, or takes the place of who does."""

    staff_id: str
    subject: str  # of their tokens
    has_left: bool = False


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A person: their customer ids, the leader's first, and who cares for them today.

    `value` is what they paid so far less what was given back, in minor units by currency;
    `known_since` when they came into the books.
    """

    ids: tuple[str, ...]
    segment_id: str | None = None
    owner: Keeper | None = None
    acting: Keeper | None = None  # in the place of an owner who is not here
    is_owned_by_segment: bool = True
    value: Mapping[str, int] = field(default_factory=dict)
    known_since: datetime | None = None

    @property
    def person_id(self) -> str:
        """The customer id that stands for them."""
        return self.ids[0]

    def is_decided_by(self, subject: str) -> bool:
        """Whether somebody may speak for them: their owner, or who takes the place today."""
        owner, acting = self.owner, self.acting
        if owner is not None and owner.subject == subject and not owner.has_left:
            return True
        return acting is not None and acting.subject == subject


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One time that somebody heard from us, or we from them, and what it is counted under."""

    at: datetime
    counted_as: str


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What was found out of somebody for an offer. None where it could not be asked.

    `complaints` are the seriousness of each that is open. `contacts` are the newest first.
    `silence` is how long there has been no word between them and us but offers.
    """

    complaints: Sequence[str | None] | None
    contacts: Sequence[Contact]
    silence: Silence
    holding: Sequence[str] = ()  # ids of offers that clash and hold this person's place
