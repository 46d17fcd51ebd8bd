"""Events published by the engagement service. None says to which address."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.event import Event


class ConsentRecorded(Event):
    """Somebody has said whether they want to be written to on a channel, or taken it back."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "ConsentRecorded.v1"

    consent_id: str
    channel: str = Field(description="ARAMA, MESAJ, EPOSTA or MEKTUP")
    purpose: str = Field(description="marketing, survey, explicit_consent or membership")
    recipient_type: str = Field(description="BIREYSEL or TACIR")
    status: str = Field(description="ONAY or RET")
    told_by: str = Field(description="how it reached us, as İYS names it, such as HS_WEB")


class OfferOpened(Event):
    """An offer was put to the owners of those it is for. It is nobody's in particular."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "OfferOpened.v1"

    offer_id: str
    channel: str
    wave: str
    purpose: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    segment_id: str | None = Field(description="null where people are listed")
    people: int | None = Field(description="how many are listed; null for a segment")
    requested_by: str = Field(description="subject of the token of whoever asks for it")


class OfferDecided(Event):
    """An owner has approved or vetoed an offer, for all of theirs or for some."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "OfferDecided.v1"

    offer_id: str
    decision: str = Field(description="approve or veto")
    scope: str = Field(description="all or some")
    people: int | None = Field(description="how many are named; null for all")
    decided_by: str = Field(description="subject of the token of whoever decided")


class OfferClosed(Event):
    """Nobody is written to for an offer any more."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "OfferClosed.v1"

    offer_id: str
    outcome: str = Field(description="withdrawn or ended")
