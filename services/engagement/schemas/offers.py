"""Bodies of offers, ballots and votes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from services.engagement.domain import Channel
from services.engagement.domain.offers.gate import BALLOT, WHY, OnBallot, SelfVeto, VetoCode
from services.engagement.domain.offers.offer import Offer, OfferStatus
from services.engagement.domain.offers.votes import MOST_NAMED, Decision, Vote, Word
from services.engagement.schemas import Id
from shared.contracts.model import Body
from shared.contracts.summary import Money

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(max_length=500)]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


class PlanOffer(Body):
    """What is to be offered, why, to whom, by which channel and when."""

    what: Text = Field(description="the offer in words, for the owners; not what is sent")
    why: Text = Field(description="why these people should have it, for the owners")
    product: Code = Field(description="what is offered, as the catalogue names it")
    channel: Channel = Field(description="sms, whatsapp, email or letter")
    wave: Code = Field(description="the wave's name, such as year-end-2026")
    purpose: Name = Field(default="offer", description="offer, greeting or warranty_extension")
    template: Name = Field(description="what is sent; see the templates")
    values: dict[Name, Value] = Field(
        default={}, max_length=20, description="what the template's placeholders stand for"
    )
    starts_at: Instant = Field(description="nobody is written to before")
    ends_at: Instant = Field(description="nobody is written to from then on")
    segment: Id | None = Field(
        default=None, description="whose members it is for; left out where people are listed"
    )


class OfferView(Body):
    """An offer, and what can be done with it."""

    offer_id: str
    what: str
    why: str
    product: str
    channel: Channel
    wave: str
    purpose: str
    template: str
    values: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    segment: str | None
    people: int = Field(description="on its list; 0 where it is for a segment")
    requester: str = Field(description="subject of who asks for it, and so decides nothing")
    status: OfferStatus

    @classmethod
    def of(cls, offer: Offer) -> "OfferView":
        return cls(**{name: getattr(offer, name) for name in cls.model_fields})


class ListPeople(Body):
    """Who is on the list besides. More come in further requests."""

    customer_ids: list[Id] = Field(min_length=1, max_length=MOST_NAMED)


class MoveOffer(Body):
    """Nothing more has to be said."""


class ListOffers(Body):
    """How many of those that are open."""

    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500)


class OpenOffer(Body):
    """An open offer in one line."""

    offer_id: str
    wave: str
    product: str
    channel: Channel
    segment: str | None
    people: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class OfferList(Body):
    """Some of the open offers, and the cursor of what follows."""

    offers: list[OpenOffer]
    cursor: str | None


class ReadBallot(Body):
    """How many people, and behind whom."""

    limit: int = Field(default=BALLOT, ge=1, le=BALLOT)
    cursor: str | None = Field(default=None, max_length=500)


class WordView(Body):
    """What an owner said, when and why."""

    vote_id: str
    decision: Decision
    by: str = Field(description="subject of the token of whoever said it")
    at: datetime
    reason: str

    @classmethod
    def of(cls, word: Word) -> "WordView":
        return cls(**{name: getattr(word, name) for name in cls.model_fields})


class SelfVetoView(Body):
    """What stands against it whatever anybody has said."""

    code: VetoCode
    detail: str
    offer_id: str | None = Field(description="the offer that stands in its way, where one does")

    @classmethod
    def of(cls, one: SelfVeto) -> "SelfVetoView":
        return cls(code=one.code, detail=WHY[one.code], offer_id=one.offer_id)


class OnBallotView(Body):
    """Somebody on the ballot, and what there is to know before one decides."""

    customer_id: str = Field(description="that stands for the person")
    value: list[Money] = Field(
        description="what they paid so far less what was given back; no margin is known"
    )
    contacts_30: int = Field(description="how often they heard from us in 30 days")
    contacts_365: int
    offers_30: int = Field(description="how many of these were offers")
    offers_365: int
    days_of_silence: int | None = Field(
        description="since the last contact either way, or since they are known"
    )
    open_complaints: int | None = Field(description="null where it could not be asked")
    word: WordView | None = Field(description="the word that holds; null where nobody has spoken")
    clashing: list[str] = Field(
        description="open offers for them that stand in each other's way with this one: the first "
        "that comes to them holds the place"
    )
    vetoes: list[SelfVetoView] = Field(description="what stands against it by itself")
    may_be_reached: bool = Field(description="whether they would be written to as it stands")

    @classmethod
    def of(cls, one: OnBallot, at: datetime, clashing: Sequence[str]) -> "OnBallotView":
        complaints = one.found.complaints
        return cls(
            customer_id=one.person.person_id,
            value=[Money(amount=some, currency=name) for name, some in one.person.value.items()],
            **vars(one.pressure(at)),
            open_complaints=len(complaints) if complaints is not None else None,
            word=WordView.of(one.word) if one.word else None,
            clashing=list(clashing),
            vetoes=[SelfVetoView.of(each) for each in one.vetoes(at)],
            may_be_reached=one.may_be_reached(at),
        )


class Ballot(Body):
    """Some of those whom the caller decides for, and the cursor of what follows."""

    offer_id: str
    people: list[OnBallotView] = Field(
        description="there may be none on a page that others follow: a hundred are looked through"
    )
    cursor: str | None


class ListBallots(Body):
    """Whose."""

    customer_id: Id


class OfferBrief(Body):
    """An open offer, as whoever decides on it reads it."""

    offer_id: str
    what: str
    why: str
    product: str
    channel: Channel
    wave: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, offer: Offer) -> "OfferBrief":
        return cls(**{name: getattr(offer, name) for name in cls.model_fields})


class BallotOfView(Body):
    """An offer to somebody, and what there is to know of them before one decides."""

    offer: OfferBrief
    person: OnBallotView | None = Field(
        description="null where the caller asks for the offer, and so decides nothing"
    )

    @classmethod
    def of(
        cls, offer: Offer, found: OnBallot | None, at: datetime, rivals: Sequence[str]
    ) -> "BallotOfView":
        person = OnBallotView.of(found, at, rivals) if found else None
        return cls(offer=OfferBrief.of(offer), person=person)


class BallotList(Body):
    """What is offered to one person, those that begin first; none where others decide for them."""

    ballots: list[BallotOfView]
    more: bool = Field(description="whether there are more than these five")


class CastVote(Body):
    """Approve or veto, for all whom one decides for, or for those who are named."""

    decision: Decision
    reason: Reason = Field(default="", description="a veto needs one")
    customer_ids: list[Id] | None = Field(
        default=None,
        max_length=MOST_NAMED,
        description="whom it is about; left out for all whom the caller decides for",
    )

    @model_validator(mode="after")
    def _says_whom(self) -> "CastVote":
        if self.customer_ids == []:
            raise ValueError("name somebody, or leave customer_ids out for all of yours")
        return self


class VoteView(Body):
    """A vote as it was recorded."""

    vote_id: str
    offer_id: str
    decision: Decision
    reason: str
    by: str
    at: datetime
    customer_ids: list[str] | None = Field(description="null where it is about all of theirs")
    owners: list[str] = Field(description="staff ids that a vote about all speaks for")
    of_segment: bool = Field(description="whether it speaks for the owner of the segment")

    @classmethod
    def of(cls, vote: Vote) -> "VoteView":
        return cls(
            vote_id=vote.vote_id,
            offer_id=vote.offer_id,
            decision=vote.decision,
            reason=vote.reason,
            by=vote.by,
            at=vote.at,
            customer_ids=list(vote.names) or None,
            owners=list(vote.owners),
            of_segment=vote.of_segment,
        )


class RecordedVote(WordView):
    """A vote in one line."""

    people: int | None = Field(description="how many it names; null where it is about all")


class VoteList(Body):
    """Some of an offer's votes, the newest first, and the cursor of what follows."""

    votes: list[RecordedVote]
    cursor: str | None
