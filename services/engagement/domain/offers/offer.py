"""An offer: what is to be offered to whom, and how far it has come on its way past the owners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from services.engagement.domain.address import Channel
from services.engagement.domain.message import WRITTEN
from services.engagement.domain.purposes import PURPOSES, Nature
from services.engagement.domain.wordings import template_of
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Forbidden, Invalid, NotFound

MOST_LISTED = 100_000  # people on one list; more of them are a segment
LISTED = "people_listed"


class OfferStatus(StrEnum):
    """How far an offer has come. What was withdrawn or has ended stays so."""

    DRAFT = "draft"
    OPEN = "open"  # before the owners
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


# What can be done in each status, as the routes name it.
MOVES: Mapping[OfferStatus, tuple[str, ...]] = {
    OfferStatus.DRAFT: ("open", "people", "withdraw"),
    OfferStatus.OPEN: ("votes", "withdraw"),
    OfferStatus.WITHDRAWN: (),
    OfferStatus.ENDED: (),
}
_IN_WORDS = {"people": "add people to", "votes": "vote on"}


class OfferNotFound(NotFound):
    def __init__(self, offer_id: str) -> None:
        super().__init__(f"offer {offer_id} does not exist")


class IllegalMove(Conflict):
    """The offer's status does not allow the move."""

    def __init__(self, move: str, status: OfferStatus) -> None:
        legal = MOVES[status]
        possible = ", ".join(legal) or "nothing; make another one"
        super().__init__(
            f"one cannot {_IN_WORDS.get(move, move)} an offer that is {status}; possible now: "
            f"{possible}",
            legal_moves=legal,
        )


class OfferIsPast(Conflict):
    """Its end has passed, whatever its status says."""

    def __init__(self, ends_at: datetime) -> None:
        super().__init__(
            f"this offer was until {ends_at.isoformat()}; make another one", legal_moves=()
        )


class OwnOffer(Forbidden):
    def __init__(self) -> None:
        super().__init__("who asks for an offer never decides on it; its people's owners do")


class NotTheirOwner(Forbidden):
    """Somebody decides for whom they do not own, and whose owner's place they do not take."""

    def __init__(self, whom: str) -> None:
        super().__init__(
            f"{whom} not yours to decide on: only the owner does, or who takes their place"
        )


class NobodyToDecide(Conflict):
    def __init__(self, segment_id: str) -> None:
        super().__init__(
            f"nobody can decide for {segment_id}: its owner has left or is away, and nobody takes "
            "the place; give it an owner who is here",
            legal_moves=MOVES[OfferStatus.DRAFT],
        )


@dataclass(frozen=True, kw_only=True)
class Offer(Entity):
    """What is offered, why, by which channel and when, to a list of people or to a segment.

    It is nobody's in particular, so `customer_id` is empty. `requester` is the subject of the
    token of whoever asks for it. `people` counts those on its list.
    """

    kind: ClassVar[str] = "offer"

    offer_id: str
    what: str
    why: str
    product: str  # as the catalogue names it
    channel: Channel
    wave: str
    purpose: str
    template: str
    starts_at: datetime
    ends_at: datetime
    requester: str
    values: Mapping[str, str] = field(default_factory=dict)  # of the template's placeholders
    segment: str | None = None
    people: int = 0
    status: OfferStatus = OfferStatus.DRAFT

    @property
    def entity_id(self) -> str:
        return self.offer_id

    @property
    def reason(self) -> str:
        """For which a person gets one message of it, however often they are come to."""
        return f"offer:{self.offer_id}"

    @classmethod
    def plan(cls, act: Act, *, offer_id: str, **fields: object) -> "Offer":
        """A new offer, still a draft. Raise Invalid for what could not be sent."""
        offer = cls(customer_id="", offer_id=offer_id, requester=act.by, **fields)  # type: ignore[arg-type]
        if offer.ends_at <= max(offer.starts_at, act.at):
            raise Invalid("an offer ends after it has begun, and not before now", field="ends_at")
        known = PURPOSES.on(day_in_turkey(act.at))
        selling = sorted(name for name, one in known.items() if one.nature is Nature.MARKETING)
        if offer.purpose not in selling:
            raise Invalid(f"an offer is for one of {', '.join(selling)}", field="purpose")
        if offer.channel not in WRITTEN:
            raise Invalid(
                "nobody is written to by it; what is offered in a call is a conversation",
                field="channel",
            )
        template_of(offer.template, offer.purpose).check(offer.values)
        return offer.after(act, Happening(what="planned"))

    def list_people(self, act: Act, *, more: int) -> "Offer":
        """So many more people are on its list. Raise Conflict and Invalid where that cannot be."""
        self.must_allow("people", act.at)
        if self.segment is not None:
            raise Invalid(
                "this offer is for a segment; make another one for a list", field="customer_ids"
            )
        if self.people + more > MOST_LISTED:
            raise Invalid(
                f"a list has {MOST_LISTED} people at most; make a segment of so many",
                field="customer_ids",
            )
        # A long list comes in a thousand parts: of somebody's parts in a row the first is noted.
        before = self.log[-1]
        goes_on = (before.what, before.by) == (LISTED, act.by)
        happenings = () if goes_on else (Happening(what=LISTED),)
        return self.after(act, *happenings, people=self.people + more)

    def open(self, act: Act) -> "Offer":
        """Put it to the owners; itself where it is before them. Raise Conflict for no people."""
        if self.status is OfferStatus.OPEN:
            return self
        self.must_allow("open", act.at)
        if self.segment is None and not self.people:
            raise Conflict("nobody is on its list; list people first", legal_moves=self.moves)
        facts = {
            "channel": self.channel.value,
            "wave": self.wave,
            "purpose": self.purpose,
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "segment_id": self.segment,
            "people": None if self.segment else self.people,
            "requested_by": self.requester,
        }
        return self.after(
            act, Happening(what="offer_opened", facts=facts), status=OfferStatus.OPEN
        )

    def withdraw(self, act: Act) -> "Offer":
        """Nothing of it is sent from now on; itself where that was said."""
        if self.status is OfferStatus.WITHDRAWN:
            return self
        if "withdraw" not in self.moves:
            raise IllegalMove("withdraw", self.status)
        return self._closed(act, OfferStatus.WITHDRAWN)

    def end(self, act: Act) -> "Offer":
        """Its end has come; itself where nobody waits for it any more."""
        if self.status is not OfferStatus.OPEN or act.at < self.ends_at:
            return self
        return self._closed(act, OfferStatus.ENDED)

    def must_allow(self, move: str, at: datetime) -> None:
        """Raise IllegalMove or OfferIsPast where this cannot be done with it now."""
        if move not in self.moves:
            raise IllegalMove(move, self.status)
        if at >= self.ends_at:
            raise OfferIsPast(self.ends_at)

    def must_let_decide(self, subject: str, at: datetime) -> None:
        """Raise OwnOffer for who asks for it, and as `must_allow` does."""
        if subject == self.requester:
            raise OwnOffer
        self.must_allow("votes", at)

    def is_on(self, at: datetime) -> bool:
        """Whether people may be written to for it at a time, as far as its own word goes."""
        return self.status is OfferStatus.OPEN and self.starts_at <= at < self.ends_at

    @property
    def moves(self) -> tuple[str, ...]:
        return MOVES[self.status]

    def _closed(self, act: Act, status: OfferStatus) -> "Offer":
        closed = Happening(what="offer_closed", facts={"outcome": status.value})
        return self.after(act, closed, status=status)
