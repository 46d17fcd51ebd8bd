"""Bodies of responses and of the friction log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.engagement.domain import NOBODY
from services.engagement.domain.friction import Friction
from services.engagement.domain.response import Medium, Response, Result
from services.engagement.schemas import Id
from shared.contracts.model import Body

RuleCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,59}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class RecordResponse(Body):
    """What came of an offer or a message. Thanks and recommendations need neither.

    A refusal here says that they did not want this one; where they want no more of the kind,
    record a consent with RET as well.
    """

    customer_id: Id
    offer_id: Id | None = None
    message_id: Id | None = None
    medium: Medium
    result: Result
    at: AwareDatetime | None = Field(default=None, description="when; now if it is left out")


class ResponseView(Body):
    """What came of an offer or a message."""

    response_id: str
    customer_id: str
    at: datetime
    medium: Medium
    result: Result
    offer_id: str | None
    message_id: str | None

    @classmethod
    def of(cls, response: Response) -> "ResponseView":
        return cls(**{name: getattr(response, name) for name in cls.model_fields})


class ListResponses(Body):
    """Whose they are."""

    customer_id: Id
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500)


class ResponseList(Body):
    """Some of a list, the newest first, and the cursor of what follows."""

    responses: list[ResponseView]
    cursor: str | None


class ResponseCount(Body):
    """How many had one result by one medium."""

    medium: Medium
    result: Result
    count: int


class OfferResponses(Body):
    """What came of an offer."""

    offer_id: str
    count: int
    results: list[ResponseCount] = Field(
        description="the most frequent first; none where none came"
    )

    @classmethod
    def of(cls, offer_id: str, counts: Mapping[tuple[str, str], int]) -> "OfferResponses":
        ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        return cls(
            offer_id=offer_id,
            count=sum(counts.values()),
            results=[
                ResponseCount(medium=Medium(medium), result=Result(result), count=count)
                for (medium, result), count in ranked
            ],
        )


class RecordFriction(Body):
    """A rule of ours that was in the way of what somebody wanted."""

    customer_id: Id | None = None
    rule: RuleCode = Field(description="a code of your own for the rule, such as returns.14-days")
    words: Words = Field(description="what was wanted, and could not be")
    at: AwareDatetime | None = Field(default=None, description="when; now if it is left out")


class FrictionView(Body):
    """A time that a rule was in the way."""

    friction_id: str
    customer_id: str | None
    at: datetime
    rule: str
    words: str

    @classmethod
    def of(cls, friction: Friction) -> "FrictionView":
        whose = None if friction.customer_id == NOBODY else friction.customer_id
        return cls(
            friction_id=friction.friction_id,
            customer_id=whose,
            at=friction.at,
            rule=friction.rule,
            words=friction.words,
        )


class ListFrictions(Body):
    """Of which rule."""

    rule: RuleCode
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500)


class FrictionList(Body):
    """Some of a list, the newest first, and the cursor of what follows."""

    frictions: list[FrictionView]
    cursor: str | None


class FrictionCount(Body):
    """How often a rule was in the way."""

    rule: str
    count: int
    by_year: dict[str, int] = Field(description="of the day in Turkey")


class FrictionCounts(Body):
    """Which rules were in the way, the most often first."""

    rules: list[FrictionCount] = Field(description="at most a thousand")

    @classmethod
    def of(cls, counts: Sequence[tuple[str, int, Mapping[str, int]]]) -> "FrictionCounts":
        return cls(
            rules=[
                FrictionCount(rule=rule, count=count, by_year=dict(years))
                for rule, count, years in counts
            ]
        )
