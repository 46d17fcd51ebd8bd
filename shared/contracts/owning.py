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
    segment_is_decided: bool = Field(
        default=False, description="whether anybody is here who decides for it"
    )
