"""How services ask the customer service for whom somebody speaks, and who is in a segment."""

from pydantic import ConfigDict, Field

from shared.contracts.model import Model


class AuthorityRequest(Model):
    """For whom does somebody speak today? `caller` is who asks, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    subject: str = Field(description="of the token of whom it is asked")
    segment_id: str | None = Field(default=None, description="a segment that is asked about too")
    caller: dict[str, object]
    correlation_id: str


class AuthorityAnswer(Model):
    """Whom somebody owns, and whose place they take; nothing of who owns no customers."""

    owners: list[str] = Field(
        description="staff ids: their own, and those whose deputy or successor they are today"
    )
    segments: list[str] = Field(description="ids of segments that they decide for today")
    segment_is_known: bool = Field(default=False, description="of the one that was asked about")
    segment_is_listed: bool = Field(
        default=False, description="as segment_is_known, for who was told so before all could be"
    )
    segment_is_decided: bool = Field(
        default=False, description="whether anybody is here who decides for it"
    )


class MembersRequest(Model):
    """Who is in a segment? `caller` is who asks, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    segment_id: str
    after: str | None = Field(default=None, description="the place that the last answer gave")
    limit: int = Field(ge=1, le=100, description="how many are looked at")
    caller: dict[str, object]
    correlation_id: str


class MembersAnswer(Model):
    """Some members of a segment; there may be none on a page that others follow."""

    customer_ids: list[str] = Field(description="one for each person")
    after: str | None = Field(description="behind which the next ones come; null at the end")
