"""Bodies of a look-up: by what somebody is looked up, and who may be meant."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from services.customer_view.domain import Candidate, bounds
from services.customer_view.schemas import CustomerInOneLook
from shared.contracts.model import Body, Root

Identifier = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
FRAME_OF_CANDIDATES = '{"candidates":[],"left_out":999999}'


class LookUpView(Body):
    """Exactly one of these."""

    phone: Identifier | None = None
    email: Identifier | None = None
    external_id: Identifier | None = None
    order_id: Identifier | None = Field(default=None, description="ours, or the shop's own")
    serial: Identifier | None = None

    @model_validator(mode="after")
    def _just_one(self) -> "LookUpView":
        if len(self._given()) != 1:
            names = ", ".join(type(self).model_fields)
            raise ValueError(f"give exactly one of {names}")
        return self

    def given(self) -> tuple[str, str]:
        """What is looked up: its kind and its value."""
        [one] = self._given().items()
        return one

    def _given(self) -> dict[str, str]:
        return {name: value for name, value in self if value is not None}


class CandidateView(Body):
    """Somebody who may be meant."""

    customer_id: str
    display_name: str | None
    district: str | None
    why: str


class Candidates(Body):
    """Several fit: ask further before you take one for the other."""

    candidates: list[CandidateView]
    left_out: int = Field(
        default=0, description="more that fit and have no room here; look up by something rarer"
    )

    @classmethod
    def of(cls, candidates: Sequence[Candidate], kind: str) -> "Candidates":
        """As many as there is room for in 16 KB."""
        why = f"known by this {kind.replace('_', ' ')}"
        all_ = [
            CandidateView(
                customer_id=one.customer_id,
                display_name=one.display_name,
                district=one.district,
                why=why,
            ).model_dump()
            for one in candidates
        ]
        shown = bounds.first(all_, bounds.MOST_BYTES - len(FRAME_OF_CANDIDATES))
        return cls.model_validate({"candidates": shown, "left_out": len(all_) - len(shown)})


class ViewOrCandidates(Root[CustomerInOneLook | Candidates]):
    """The one person who fits, in one look; or all who may be meant."""
