"""Bodies of who brought whom, and who is listened to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.engagement.domain.influence import (
    DEEPEST,
    MOST_BELOW,
    Influence,
    InfluenceKind,
    Line,
)
from services.engagement.schemas import Id
from shared.contracts.model import Body
from shared.contracts.summary import Money

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class SayInfluence(Body):
    """Who brought whom, or who is listened to by whom."""

    kind: InfluenceKind
    customer_id: Id = Field(description="who brought the other, or is listened to")
    other_id: Id
    reason: Why = Field(description="how you know")


class EndInfluence(Body):
    """Why it holds no more, or never did."""

    reason: Why


class InfluenceView(Body):
    """Somebody's word that one brought or influences another."""

    influence_id: str
    kind: InfluenceKind
    customer_id: str
    other_id: str
    reason: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    end_reason: str | None

    @classmethod
    def of(cls, influence: Influence) -> "InfluenceView":
        shown = {name: getattr(influence, name) for name in cls.model_fields if name != "kind"}
        return cls(kind=influence.of, **shown)


class ReadInfluences(Body):
    """Around whom."""

    customer_id: Id


class SourceBody(Body):
    """Who brought them, or whom they listen to."""

    customer_id: str
    influence_id: str


class BelowBody(Body):
    """Somebody who came through them."""

    customer_id: str
    generation: int = Field(description="1 for whom they brought themselves")
    influence_id: str


class LineView(Body):
    """One kind of influence around a customer."""

    kind: InfluenceKind
    sources: list[SourceBody]
    below: list[BelowBody] = Field(
        description=f"at most {MOST_BELOW}, of {DEEPEST} generations at most"
    )
    is_all: bool = Field(description="false where there are more below")
    value: list[Money] = Field(
        description="what those below paid less what was given back, each person once"
    )


class Influenced(Body):
    """Whom somebody brought and influences, and by whom they were."""

    customer_id: str
    lines: list[LineView]

    @classmethod
    def of(cls, customer_id: str, lines: Mapping[InfluenceKind, Line]) -> "Influenced":
        return cls(
            customer_id=customer_id,
            lines=[
                LineView(
                    kind=kind,
                    sources=[
                        SourceBody(customer_id=one, influence_id=said)
                        for one, said in sorted(line.above.items())
                    ],
                    below=[BelowBody(**vars(one)) for one in line.below],
                    is_all=line.is_all,
                    value=[
                        Money(amount=amount, currency=currency)
                        for currency, amount in line.value.items()
                    ],
                )
                for kind, line in lines.items()
            ],
        )
