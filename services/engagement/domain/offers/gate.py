"""Whether an offer may reach somebody: what vetoes by itself, and what the owners have said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.engagement.domain.offers.people import Addressee, Circumstances
from services.engagement.domain.offers.votes import Word, is_approval
from services.engagement.domain.permission import SERIOUS
from services.engagement.domain.purposes import HEARD, OFFERS
from services.engagement.domain.silence import awaits_value
from shared.calendar import day_in_turkey

BALLOT = 25  # people on one page of it: of each it is asked what stands against it
MONTH, YEAR = timedelta(days=30), timedelta(days=365)


class VetoCode(StrEnum):
    """What stands against an offer whatever anybody has said."""

    SERIOUS_COMPLAINT = "serious_complaint"
    SILENCE = "silence"
    CLASH = "clash"
    CANNOT_ASK = "cannot_ask"


WHY: dict[VetoCode, str] = {
    VetoCode.SERIOUS_COMPLAINT: "a serious complaint of theirs is open; settle it first",
    VetoCode.SILENCE: "they have not heard from us for twelve months; first give them something "
    "of value, or serve them",
    VetoCode.CLASH: "another offer holds the place with them",
    VetoCode.CANNOT_ASK: "what stands against it could not be found out; ask again shortly",
}


@dataclass(frozen=True, kw_only=True)
class SelfVeto:
    """One thing that stands against it, and which offer where it is one."""

    code: VetoCode
    offer_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pressure:
    """How much somebody has heard from us."""

    contacts_30: int
    contacts_365: int
    offers_30: int
    offers_365: int
    days_of_silence: int | None


def pressure(person: Addressee, found: Circumstances, at: datetime) -> Pressure:
    """What somebody has heard from us by now; that they turned to us is no contact of ours."""

    def made(within: timedelta, *, offers: bool) -> int:
        return sum(
            1
            for one in found.contacts
            if at - within < one.at <= at and one.counted_as != HEARD
            if not offers or one.counted_as == OFFERS
        )

    return Pressure(
        contacts_30=made(MONTH, offers=False),
        contacts_365=made(YEAR, offers=False),
        offers_30=made(MONTH, offers=True),
        offers_365=made(YEAR, offers=True),
        days_of_silence=found.silence.days(day_in_turkey(at)),
    )


def vetoes(person: Addressee, found: Circumstances, at: datetime) -> list[SelfVeto]:
    """All that stands against offering somebody anything. A complaint of unknown weight does."""
    against = []
    if found.complaints is None:
        against.append(SelfVeto(code=VetoCode.CANNOT_ASK))
    elif any(one is None or one in SERIOUS for one in found.complaints):
        against.append(SelfVeto(code=VetoCode.SERIOUS_COMPLAINT))
    if awaits_value(found.silence, day_in_turkey(at)):
        against.append(SelfVeto(code=VetoCode.SILENCE))
    against += [SelfVeto(code=VetoCode.CLASH, offer_id=one) for one in found.holding]
    return against


@dataclass(frozen=True, kw_only=True)
class OnBallot:
    """Somebody on the ballot: who they are, the word that holds of them, and what was found out.

    There is no word on whom the offer is not for, by now.
    """

    person: Addressee
    word: Word | None
    found: Circumstances

    @property
    def is_approved(self) -> bool:
        """Whether somebody entitled has approved, and that holds."""
        return is_approval(self.word)

    def may_be_reached(self, at: datetime) -> bool:
        """Whether nothing stands against it: what vetoes by itself, or that nobody approved."""
        return self.is_approved and not self.vetoes(at)

    def pressure(self, at: datetime) -> Pressure:
        return pressure(self.person, self.found, at)

    def vetoes(self, at: datetime) -> Sequence[SelfVeto]:
        return vetoes(self.person, self.found, at)
