"""Bodies that tell who of ours has seen whom, and why."""

from pydantic import AwareDatetime, Field

from services.customer_view.domain import Look
from shared.contracts.model import Body


class ListLooks(Body):
    """Of what time, and how many at once."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="looks before it")
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class LookView(Body):
    """That this customer was seen in one look: by one of ours, or by who was shown as them."""

    at: AwareDatetime
    by: str = Field(description="who, by the subject of their token")
    session_id: str | None = Field(description="null outside a call")
    reason: str | None = Field(
        description="null in a session; both are where customers saw it who were shown as one"
    )
    reference: str | None = Field(description="the id of what it was about, where it was given")
    department: str | None = Field(
        default=None, description="of whoever looked, as their token said; null where it said none"
    )
    view: str | None = Field(
        default=None, description="the department view that they were shown; null of customers"
    )
    shown: list[str] = Field(description="the customer ids whose data were shown together")
    mixed: bool = Field(description="whether they were several, shown as one person")

    @classmethod
    def of(cls, look: Look) -> "LookView":
        return cls(
            at=look.at,
            by=look.by,
            session_id=look.session_id,
            reason=look.reason,
            reference=look.reference,
            department=look.department,
            view=look.view,
            shown=list(look.shown),
            mixed=look.is_mixed,
        )


class LookList(Body):
    """Who looked, the newest first."""

    looks: list[LookView]
    cursor: str | None = Field(description="of the older ones; null where there are none")
