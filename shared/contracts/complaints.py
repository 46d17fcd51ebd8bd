"""Events published by the complaints service. None carries what people wrote."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.event import Attributed, Event


class ComplaintOpened(Event):
    """A customer has told us of trouble."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintOpened.v1"

    complaint_id: str
    kind: str = Field(description="delivery, product, invoice, service or other")
    seriousness: str = Field(description="normal, serious or safety")
    opened_at: AwareDatetime = Field(description="earlier than `occurred_at` where it is history")
    answer_due: AwareDatetime
    resolution_due: AwareDatetime
    owner: str | None = Field(description="who heard it first; null where no person has yet")
    fault: str = Field(description="unknown, ours, partner or not_ours")
    order_id: str | None
    channel: str | None


class ComplaintAnswered(Event):
    """The customer was told something about a complaint."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintAnswered.v1"

    complaint_id: str
    first: bool = Field(description="whether the customer had not heard from us before")
    first_on_time: bool | None = Field(description="null where it was not the first")
    owner: str | None


class ComplaintHandedOver(Event):
    """A complaint has another owner."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintHandedOver.v1"

    complaint_id: str
    from_owner: str | None
    to_owner: str
    reason: str = Field(
        description="customer_consents, owner_absent, safety, legal, about_owner, partner_opened "
        "or other"
    )
    hand_over_count: int = Field(ge=1, description="how often it was handed over by now")


class ResolutionProposed(Event):
    """The customer was told how we would settle a complaint, and by that answered."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ResolutionProposed.v1"

    complaint_id: str
    fault: str
    apologised: bool
    amends_amount: int | None = Field(
        description="in minor units; null without amends, or where they have no price"
    )
    amends_currency: str | None = Field(description="ISO 4217")
    first: bool = Field(description="whether the customer had not heard from us before")
    first_on_time: bool | None = Field(description="null where it was not the first")
    owner: str | None


class ComplaintResolved(Event):
    """The customer is content."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintResolved.v1"

    complaint_id: str
    fault: str
    apologised: bool
    amends_amount: int | None = Field(
        description="in minor units; null without amends, or where they have no price"
    )
    amends_currency: str | None = Field(description="ISO 4217")
    on_time: bool
    word_of: str = Field(description="customer, or desk where it was told to us")
    hand_over_count: int = Field(ge=0)
    reopened_count: int = Field(ge=0)


class ComplaintReopened(Event):
    """The customer is not, or no longer, content."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintReopened.v1"

    complaint_id: str
    reopened_count: int = Field(ge=1)
    resolution_due: AwareDatetime


class ComplaintAttributed(Attributed):
    """Somebody has said whose a complaint is."""

    source: ClassVar[str] = "sahip.complaints"
    detail_type: ClassVar[str] = "ComplaintAttributed.v1"

    complaint_id: str
