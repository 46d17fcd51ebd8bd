"""By what somebody was found, and whose something is said to be."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.model import Body
from shared.entity import Via

CustomerId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class FoundBy(Body):
    """What the customer was found by, where nobody named them by their own id."""

    kind: Literal["phone", "email", "name", "external_id", "tax_id", "order_id", "serial"]
    shared: bool = Field(
        description="whether several customer ids of the one person have it, as a look-up shows: "
        "should they turn out to be several, somebody is asked whose this was"
    )

    def via(self, at: datetime) -> Via:
        """It as it is kept."""
        return Via(kind=self.kind, shared=self.shared, at=at)


class Attribute(Body):
    """Whose it is."""

    customer_id: CustomerId
