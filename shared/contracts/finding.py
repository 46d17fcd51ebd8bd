"""How services are asked whose something is, and what they answer."""

from typing import Literal

from pydantic import ConfigDict, Field

from shared.contracts.model import Model

MOST_AMONG = 50  # customer ids of one question


class FindRequest(Model):
    """Whose is this? `caller` is who asked, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field(description="phone, email, external_id, order_id, serial or purchase")
    value: str = Field(
        description="of a purchase: a day or an ISO week such as 2026-W07, a blank, the product"
    )
    caller: dict[str, object]
    correlation_id: str
    action: Literal["look_up_view", "recognise_customer"] = Field(
        default="look_up_view", description="what the caller does, and must be allowed to"
    )
    among: list[str] = Field(
        default=[],
        max_length=MOST_AMONG,
        description="customer ids of which it is asked where it may be too many others'",
    )


class Match(Model):
    """A customer that it may belong to."""

    customer_id: str
    person_id: str | None = Field(
        default=None, description="the id that stands for the person, where that is known"
    )
    display_name: str | None = None
    district: str | None = None


class FindAnswer(Model):
    """Everybody whom it may belong to."""

    matches: list[Match]
    more: bool = Field(
        default=False,
        description="whether it belongs to more than anybody could choose among; then only those "
        "of whom it was asked are told",
    )
