"""Bodies of the view API."""

from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.customer_view.domain import CustomerView, Part, Status
from shared.contracts.summary import (
    ConversationsPart,
    CustomerPart,
    OrdersPart,
    PaymentsPart,
    RiskPart,
)

Data = TypeVar("Data", bound=BaseModel)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PartView(_Body, Generic[Data]):
    """One part, with how far it can be relied on. Without `data` it is not known: see `reason`."""

    status: Status
    as_of: AwareDatetime | None = Field(description="when it was so")
    reason: str | None = Field(default=None, description="why it is not fresh")
    data: Data | None


class Happening(_Body):
    """Something that happened."""

    at: AwareDatetime
    what: str
    about: str = Field(description="the id of what it happened to")


class TimelinePart(_Body):
    """What happened, the newest first."""

    recent: list[Happening]


class CustomerInOneLook(_Body):
    """Everything the company knows of a person."""

    customer_id: str
    as_of: AwareDatetime
    complete: bool = Field(description="whether every part is fresh")
    customer: PartView[CustomerPart]
    orders: PartView[OrdersPart]
    payments: PartView[PaymentsPart]
    risk: PartView[RiskPart]
    conversations: PartView[ConversationsPart]
    timeline: PartView[TimelinePart]

    @classmethod
    def of(cls, view: CustomerView) -> "CustomerInOneLook":
        return cls.model_validate(
            {
                "customer_id": view.customer_id,
                "as_of": view.as_of,
                "complete": view.is_complete,
                **{name: _part(part) for name, part in view.parts.items()},
            }
        )


def _part(part: Part) -> dict[str, Any]:
    return {
        "status": part.status,
        "as_of": part.as_of,
        "reason": part.reason,
        "data": part.data,
    }
