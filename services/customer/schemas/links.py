"""Bodies of linking and parting."""

from pydantic import AwareDatetime, Field

from services.customer.domain import Link
from services.customer.schemas import Id, Text
from shared.contracts.model import Body


class LinkCustomers(Body):
    """These two are one person."""

    other_id: Id = Field(description="the customer that joins the one in the path")
    reason: Text


class ConfirmLink(Body):
    """These two are one person indeed. Nothing needs to be said."""


class EndLink(Body):
    """These two are not one person after all."""

    reason: Text


class LinkView(Body):
    """A link, and its end if it has one."""

    link_id: str
    person_id: str = Field(description="the customer id whose group stayed")
    joined_id: str
    asked: tuple[str, str]
    reason: str
    linked_at: AwareDatetime
    linked_by: str
    newly_joined: bool = Field(
        description="the system has linked them, and nobody has confirmed or ended it yet"
    )
    confirmed_at: AwareDatetime | None
    confirmed_by: str | None
    ended_at: AwareDatetime | None
    ended_by: str | None
    end_reason: str | None
    version: int

    @classmethod
    def of(cls, link: Link) -> "LinkView":
        return cls(
            link_id=link.link_id,
            person_id=link.customer_id,
            joined_id=link.joined_id,
            asked=link.asked,
            reason=link.reason,
            linked_at=link.linked_at,
            linked_by=link.linked_by,
            newly_joined=link.is_newly_joined,
            confirmed_at=link.confirmed_at,
            confirmed_by=link.confirmed_by,
            ended_at=link.ended_at,
            ended_by=link.ended_by,
            end_reason=link.end_reason,
            version=link.version,
        )


class LinkList(Body):
    """The links by which customers are one person."""

    links: list[LinkView]
