"""Events that other systems put on the bus, under the source `external.<system>`.

They are published schemas: a sender writes what stands here and nothing of
ours. Fields that are not known are passed over; a field of the wrong type, or
a version that is not here, is refused.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    field_validator,
    model_validator,
)

from shared.contracts.model import Model

PREFIX = "external."  # of the source
_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")
_YEARS = range(1990, 2100)  # whatever lies outside is a mistake, not a date
MOST_MINOR_UNITS = 10**12
MOST_LINES = 100


def _written_out(at: Any) -> Any:
    """The time of a text. pydantic itself would take a number in quotes for seconds since 1970."""
    if not isinstance(at, str):
        return at
    try:
        if _DATE.match(at):
            return datetime.fromisoformat(at)
    except ValueError:
        pass  # told below, without quoting it
    raise ValueError("write the time as 2026-11-20T14:05:00+03:00")


def _instant(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise ValueError(f"no date of these times: the year must be {_YEARS[0]} to {_YEARS[-1]}")
    return at.astimezone(UTC)


def _one_line(text: str) -> str:
    if any(category(one) == "Cc" for one in text):
        raise ValueError("it holds control characters; leave them out")
    return text


def _legible(name: str) -> str:
    if not any(one.isalnum() for one in name):
        raise ValueError("write a name with letters")
    return name


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_instant)]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,120}$")]
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_one_line),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
    AfterValidator(_legible),
]
Written = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=254),
    AfterValidator(_one_line),
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[int, Field(ge=0, le=MOST_MINOR_UNITS)]


class _Part(Model):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ExternalEvent(_Part):
    """Something that happened in another system, as that system tells it."""

    detail_type: ClassVar[str]

    event_id: Reference = Field(description="the sender's own, unique in that system")
    occurred_at: Instant = Field(description="when it happened, with its time zone")
    correlation_id: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
        description="what the sender finds it again by in our logs; `event_id`, unless given",
    )

    _system: str = PrivateAttr(default="")

    @property
    def system(self) -> str:
        """The system that tells it, as its source names it."""
        return self._system

    @property
    def source(self) -> str:
        return f"{PREFIX}{self._system}"

    @classmethod
    def senders(cls) -> str:
        return f"{PREFIX}<system>"

    @classmethod
    def comes_from(cls, source: str) -> bool:
        return source.startswith(PREFIX) and bool(_SYSTEM.fullmatch(source.removeprefix(PREFIX)))

    @classmethod
    def read(cls, source: str, detail: Mapping[str, Any]) -> Self:
        """The event as that source told it. Strict: a number in quotes is no number.

        Raise ValidationError where it does not fit, ValueError where it is no JSON for NaN.
        """
        text = json.dumps(detail, allow_nan=False)
        return cls.model_validate_json(text, strict=True).told_by(source)

    def told_by(self, source: str, *, correlation_id: str = "") -> Self:
        """This event as told by a source; a correlation id is given where it has none."""
        found_by = self.correlation_id or correlation_id or self.event_id
        told = self.model_copy(update={"correlation_id": found_by})
        told._system = source.removeprefix(PREFIX)
        return told

    def same(self) -> Self:
        """What it says without what only this telling of it carries: equal when told again."""
        return self.model_copy(update={"event_id": "", "correlation_id": ""})


class ExternalCustomer(_Part):
    """Who ordered, as far as the sender knows. Give at least one of the four."""

    customer_id: Reference | None = Field(
        default=None, description="the sender's own id of the customer"
    )
    name: Name | None = None
    phone: Written | None = Field(
        default=None, description="in any usual spelling; without a country it is Turkish"
    )
    email: Written | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.customer_id or self.name or self.phone or self.email):
            raise ValueError("give at least one of customer_id, name, phone and email")
        return self


class ExternalLine(_Part):
    """One product of an order."""

    product: Code = Field(description="the seller's own code or name of it")
    quantity: int = Field(ge=1, le=10**6)
    unit_price: Amount = Field(description="of one piece in minor units, KDV included")
    kdv_class: Literal["general", "reduced", "lowest", "none"] | None = Field(
        default=None, description="which KDV rate holds; null where it is not known"
    )
    freight: Amount = Field(default=0, description="of the whole line, in minor units")
    partner: Code | None = Field(default=None, description="the channel partner who sold it")


class ExternalOrderPlaced(ExternalEvent):
    """A customer has ordered."""

    detail_type: ClassVar[str] = "ExternalOrderPlaced.v1"

    order_id: Reference = Field(description="the sender's own id of the order")
    customer: ExternalCustomer
    currency: Currency = Field(description="ISO 4217, of all amounts of the order")
    lines: list[ExternalLine] = Field(min_length=1, max_length=MOST_LINES)
    promised_at: Instant | None = Field(
        default=None, description="when the customer was told to have it"
    )

    @field_validator("lines")
    @classmethod
    def _comes_to_a_sum_of_this_world(cls, lines: list[ExternalLine]) -> list[ExternalLine]:
        if sum(one.quantity * one.unit_price + one.freight for one in lines) > MOST_MINOR_UNITS:
            raise ValueError(f"together they come to more than {MOST_MINOR_UNITS} minor units")
        return lines


class ExternalOrderShipped(ExternalEvent):
    """The goods of an order were handed to the carrier."""

    detail_type: ClassVar[str] = "ExternalOrderShipped.v1"

    order_id: Reference = Field(description="the sender's own id of the order")
    tracking: Code | None = Field(default=None, description="the carrier's number of the parcel")


class ExternalOrderDelivered(ExternalEvent):
    """The customer has the goods of an order."""

    detail_type: ClassVar[str] = "ExternalOrderDelivered.v1"

    order_id: Reference = Field(description="the sender's own id of the order")


class ExternalPaymentReceived(ExternalEvent):
    """Money came in for an order."""

    detail_type: ClassVar[str] = "ExternalPaymentReceived.v1"

    order_id: Reference = Field(description="the sender's own id of the order")
    payment_id: Reference = Field(description="the sender's own id of the payment")
    method: Code = Field(description="as the sender names it, such as credit_card")
    amount: Amount = Field(description="in minor units")
    currency: Currency = Field(description="ISO 4217; it must be the order's")
    instalments: int = Field(default=1, ge=0, le=1000)


class ExternalCallEnded(ExternalEvent):
    """A telephone call is over."""

    detail_type: ClassVar[str] = "ExternalCallEnded.v1"

    call_id: Reference = Field(description="the sender's own id of the call")
    phone: Written = Field(description="the customer's number; without a country it is Turkish")
    direction: Literal["in", "out"] = Field(description="in: the customer called; out: we did")
    started_at: Instant
    ended_at: Instant
    agent: Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)] = Field(
        default="", description="who spoke for the company, as the sender names them"
    )
    summary: Annotated[str, StringConstraints(max_length=5000)] = Field(
        default="", description="what it was about"
    )


EXTERNAL_EVENTS: Mapping[str, type[ExternalEvent]] = {
    event.detail_type: event
    for event in (
        ExternalOrderPlaced,
        ExternalOrderShipped,
        ExternalOrderDelivered,
        ExternalPaymentReceived,
        ExternalCallEnded,
    )
}
"""Every event that others may send, by its detail type."""
