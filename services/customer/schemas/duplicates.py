"""Bodies about pairs of customers who may be one person."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from services.customer.domain.duplicates import Duplicate, Standing
from services.customer.schemas import Text
from shared.contracts.model import Body


class Decision(StrEnum):
    """What somebody can say of a pair."""

    SAME = "same"
    DIFFERENT = "different"


class ListDuplicates(Body):
    """Which, and how many at a time."""

    standing: Literal["open", "joined"] = Field(
        default="open",
        description="open: to be decided; joined: linked by itself, to be confirmed",
    )
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class DecideDuplicate(Body):
    """Somebody's word on a pair."""

    decision: Decision = Field(
        description="same: one person, so that they are linked, or their link is confirmed; "
        "different: two persons, who are never suggested again"
    )
    reason: Text


class FindingView(Body):
    """How one field compares; no value is told."""

    field: str
    level: str
    weight: float = Field(description="in bits; less than 0 speaks against one person")


class DuplicateView(Body):
    """Two customers who may be one person, and why."""

    duplicate_id: str
    customer_ids: tuple[str, str]
    standing: Standing
    probability: float = Field(ge=0, le=1, description="that they are one person")
    weight: float = Field(description="of all fields together, in bits")
    findings: list[FindingView]
    found_at: AwareDatetime
    link_id: str | None
    decided_at: AwareDatetime | None
    decided_by: str | None
    reason: str | None
    version: int

    @classmethod
    def of(cls, duplicate: Duplicate) -> "DuplicateView":
        likeness = duplicate.resemblance
        return cls(
            duplicate_id=duplicate.duplicate_id,
            customer_ids=duplicate.pair,
            standing=duplicate.standing,
            probability=likeness.probability,
            weight=likeness.weight,
            findings=[
                FindingView(field=one.field, level=one.level, weight=one.weight)
                for one in likeness.findings
            ],
            found_at=duplicate.found_at,
            link_id=duplicate.link_id,
            decided_at=duplicate.decided_at,
            decided_by=duplicate.decided_by,
            reason=duplicate.reason,
            version=duplicate.version,
        )


class DuplicateList(Body):
    """Pairs that wait for somebody, the likeliest first."""

    duplicates: list[DuplicateView]
    cursor: str | None = Field(description="where the list goes on; null at its end")
