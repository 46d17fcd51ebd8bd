"""How the customer view asks services whose something is, and what they answer."""

from pydantic import ConfigDict, Field

from shared.contracts.model import Model


class FindRequest(Model):
    """Whose is this? `caller` is who asked the view, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field(description="phone, email, external_id, order_id or serial")
    value: str
    caller: dict[str, object]
    correlation_id: str


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
