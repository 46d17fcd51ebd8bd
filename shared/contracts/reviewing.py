"""How services are asked what waits until somebody says whose it is, and what they answer."""

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.model import Model


class ReviewRequest(Model):
    """What came under these ids by what several had? `caller` is who asked."""

    model_config = ConfigDict(extra="ignore")

    ids: list[str] = Field(min_length=1, max_length=50)
    since: AwareDatetime
    until: AwareDatetime
    caller: dict[str, object]
    correlation_id: str


class Waiting(Model):
    """What came by something that several had while they were taken for one person."""

    customer_id: str = Field(description="whom it shows under until somebody decides")
    kind: str = Field(description="conversation, order, complaint or unit")
    entity_id: str
    came_by: str = Field(description="the kind of identifier, such as phone")
    came_at: AwareDatetime
    shown: dict[str, object] = Field(description="how it stands in lists of its kind")
    attribute: str = Field(description="where to say whose it is, by POST with its customer_id")


class ReviewAnswer(Model):
    """What waits for somebody to say whose it is, the newest first of each id."""

    waiting: list[Waiting]
    more: bool = Field(description="whether some are too far back to be looked through")
