"""Events published by the customer service."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.event import Attributed, Event


class CustomerCreated(Event):
    """A customer came into the books."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "CustomerCreated.v1"

    heard_from: str | None = Field(
        default=None,
        description="what brought them: a channel of shared/acquisition.py, with the code of a "
        "campaign behind a colon or without; other for words of their own, which are not told",
    )


class CustomerChanged(Event):
    """Something in a customer's profile is new."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "CustomerChanged.v1"

    fields: list[str] = Field(description="which fields changed; their values are not told")


class CustomerErased(Event):
    """A customer's data is gone, and whoever keeps some of it lets it go."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "CustomerErased.v1"


class CustomerLinkChanged(Event):
    """Which customer ids are one person, as it now stands for `customer_id`.

    Carries the whole state: of two of these about one customer the one with
    the higher `link_version` holds. One is published for each member, and for
    each one who has left.
    """

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "CustomerLinkChanged.v1"

    link_version: int = Field(ge=1)
    person_id: str = Field(description="the customer id that stands for the person")
    members: list[str] = Field(description="all customer ids of the person, this one included")
    newly_joined: list[str] = Field(
        default=[],
        description="customer ids that the system takes for the same person and nobody has "
        "confirmed yet: they are seen together by us, and nothing of one is told to the other",
    )


class ConversationHeld(Event):
    """Somebody of the company and a customer talked; what was said is not told."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "ConversationHeld.v1"

    channel: str
    direction: str = Field(description="in: the customer turned to the company; out: it to them")
    purpose: str = Field(description="service, value or offer")
    promise_due: AwareDatetime | None = Field(
        default=None,
        description="until when we keep what was promised in it, which is not told; null where "
        "nothing was promised",
    )


class ConversationAttributed(Attributed):
    """Somebody has said with whom a conversation was."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "ConversationAttributed.v1"


class TaxIdRevealed(Event):
    """Somebody of the company was shown a customer's whole tax number, which is not told."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "TaxIdRevealed.v1"

    scheme: str = Field(description="TCKN or VKN")
    reason: str = Field(
        description="invoice, customer_request, authority_request or identity_check"
    )
    revealed_by: str = Field(description="subject of the token of whoever saw it")


class CareChanged(Event):
    """Somebody has said who owns a customer, or which segment they are in; why is not told."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "CareChanged.v1"

    from_owner: str | None = Field(description="staff id; null where it was their segment's owner")
    to_owner: str | None = Field(description="staff id; null where it is their segment's owner")
    from_segment: str | None = Field(description="null where nobody had said one")
    to_segment: str | None = Field(description="null where nobody says one")
    changed_by: str = Field(description="subject of the token of whoever said so")


class SegmentOwnerChanged(Event):
    """A segment is new, or has another owner. It is no single customer's."""

    source: ClassVar[str] = "sahip.customer"
    detail_type: ClassVar[str] = "SegmentOwnerChanged.v1"

    segment_id: str
    from_owner: str | None = Field(description="staff id; null where the segment is new")
    to_owner: str = Field(description="staff id")
    changed_by: str = Field(description="subject of the token of whoever changed it")
