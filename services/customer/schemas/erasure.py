"""Bodies of erasing somebody."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.customer.domain import Customer
from services.customer.domain.customer import ErasureReason
from services.customer.domain.erasure import KEPT
from shared.calendar import day_in_turkey
from shared.contracts.model import Body


class EraseCustomer(Body):
    """That somebody's data is to go. It cannot be undone."""

    reason: ErasureReason = Field(
        description="request: they asked for it; no_purpose: nothing is left that it was kept for"
    )
    confirm: Annotated[str, StringConstraints(max_length=64)] = Field(
        description="the customer id once more, so that nobody is erased by a slip"
    )


class KeptView(Body):
    """Something that stays, and why."""

    what: str
    years: int | None = Field(description="after it was made; null for as long as it is needed")
    because: str


class ErasureView(Body):
    """What was erased, and what stays. The other services follow within seconds."""

    customer_ids: list[str] = Field(description="all ids of the person, of which nothing is left")
    erased_at: AwareDatetime
    kept: list[KeptView]

    @classmethod
    def of(cls, left: Sequence[Customer]) -> "ErasureView":
        at = max(one.erased_at for one in left if one.erased_at is not None)
        return cls(
            customer_ids=sorted(one.customer_id for one in left),
            erased_at=at,
            kept=[KeptView(**vars(one)) for one in KEPT.on(day_in_turkey(at))],
        )
