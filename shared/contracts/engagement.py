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


class ResponseRecorded(Event):
    """Somebody told us what came of an offer or a message, or thanked or recommended us."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "ResponseRecorded.v1"

    response_id: str
    offer_id: str | None = Field(description="null where it came of none")
    message_id: str | None = Field(description="null where it came of none")
    medium: str = Field(description="web, email, sms, call and so on")
    result: str = Field(
        description="opened, clicked, answered, bought, refused, complained, thanked, recommended"
    )


class FrictionRecorded(Event):
    """A rule of ours was in the way of what somebody wanted; what that was is not told."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "FrictionRecorded.v1"

    friction_id: str
    rule: str = Field(description="the code of the rule")


class InfluenceRecorded(Event):
    """Somebody has said that a customer brought another to us, or is listened to by them."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "InfluenceRecorded.v1"

    influence_id: str
    kind: str = Field(description="referred or influences")
    other_id: str = Field(description="customer id of the other")


class InfluenceRevoked(Event):
    """Somebody has said that it holds no more, or never did."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "InfluenceRevoked.v1"

    influence_id: str
    kind: str = Field(description="referred or influences")
    other_id: str = Field(description="customer id of the other")


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


class MessageEvent(Event):
    """What happened to a message that has a way to go by. What it says is not told."""

    source: ClassVar[str] = "sahip.engagement"

    message_id: str
    purpose: str = Field(description="order, delivery, offer and so on, as may-contact names them")
    template: str = Field(description="the name of what was said")
    channel: str = Field(description="sms, whatsapp, email or letter")
    offer_id: str | None = Field(
        default=None, description="the offer that it brings; null where it brings none"
    )


class MessageSent(MessageEvent):
    """A gateway has taken a message to a customer."""

    detail_type: ClassVar[str] = "MessageSent.v1"


class MessageDelivered(MessageEvent):
    """A message has reached its address. Told once for each message."""

    detail_type: ClassVar[str] = "MessageDelivered.v1"


class MessageBounced(MessageEvent):
    """A message came back."""

    detail_type: ClassVar[str] = "MessageBounced.v1"

    is_hard: bool = Field(description="whether there is no such address, so that it is left alone")


class MessageOpened(MessageEvent):
    """A message was opened, a link in it followed, or the line in it that leads to a person."""

    detail_type: ClassVar[str] = "MessageOpened.v1"

    what: str = Field(description="opened, clicked, or reached: they came to speak with a person")


class MessageWithheld(Event):
    """A message is not sent, and will not be."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "MessageWithheld.v1"

    message_id: str
    purpose: str
    template: str
    channel: str | None = Field(
        default=None, description="the one that it had to go by; null where any would have done"
    )
    offer_id: str | None = None
    reasons: list[str] = Field(
        description="why, as may-contact names them; or too_late, said_already, erased, "
        "gateway_refused, refused_meanwhile, no_gateway"
    )
