"""Bodies of linking and parting."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, StringConstraints

from services.customer.domain import Link, Merged
from services.customer.schemas import Id, Text
from shared.contracts.model import Body
from shared.contracts.reviewing import Waiting

Version = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Choices(Body):
    """Whose value holds while they are one person, by customer id; of a list, whose stands first.

    What is left out is settled by the rules that a preview names.
    """

    name: Id | None = None
    since: Id | None = None
    heard_from: Id | None = None
    lost_to: Id | None = None
    language: Id | None = None
    contact_points: Id | None = None
    addresses: Id | None = None
    external_ids: Id | None = None

    def made(self) -> dict[str, str]:
        """The choices that were made."""
        return {name: whose for name, whose in self if whose is not None}


class PreviewLink(Body):
    """What if these two were one person?"""

    other_id: Id = Field(description="the customer that would join the one in the path")


class LinkCustomers(Body):
    """These two are one person."""

    other_id: Id = Field(description="the customer that joins the one in the path")
    reason: Text
    preview: Version | None = Field(
        default=None, description="the preview that this was decided upon; refused where it is old"
    )
    choices: Choices | None = None


class WaitingList(Body):
    """What waits for somebody to say whose it is, the newest first of each kind and customer."""

    waiting: list[Waiting]
    more: bool = Field(description="whether some are too far back to be looked through")
    unanswered: list[str] = Field(
        description="the services that could not be asked, so that there may be more of theirs"
    )


class ValueOf(Body):
    """What one entry says."""

    customer_id: str
    value: JsonValue
    changed_at: AwareDatetime = Field(description="when anything of that entry last changed")


class FieldPreview(Body):
    """One field of the profile that they would have."""

    field: str
    value: JsonValue = Field(description="which value would hold")
    customer_id: str | None = Field(
        description="whose it is; null where it is several's, or was decided by hand"
    )
    why: str
    values: list[ValueOf] = Field(description="what each entry says")


class LinkPreview(Body):
    """The one profile of those who would be one person, field by field."""

    preview: str = Field(description="to be sent with the link that is decided upon this")
    customer_ids: list[str] = Field(description="whose choices can be made")
    fields: list[FieldPreview]

    @classmethod
    def of(cls, merged: Merged) -> "LinkPreview":
        return cls(
            preview=merged.version,
            customer_ids=list(merged.entries),
            fields=[
                FieldPreview(
                    field=name,
                    value=won.value,
                    customer_id=won.customer_id,
                    why=won.why,
                    values=[
                        ValueOf(
                            customer_id=one,
                            value=profile[name],
                            changed_at=merged.entries[one].changed_at,
                        )
                        for one, profile in merged.profiles.items()
                    ],
                )
                for name, won in merged.shown().items()
            ],
        )


class ConfirmLink(Body):
    """These two are one person indeed. Nothing needs to be said."""


class EndLink(Body):
    """These two are not one person after all."""

    reason: Text


class SetAside(Body):
    """A value that held for those who were one person."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    value: str | None
    by: str
    at: AwareDatetime


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
    confirm_reason: str | None = Field(description="where it was confirmed by linking them")
    ended_at: AwareDatetime | None
    ended_by: str | None
    end_reason: str | None
    set_aside: list[SetAside] = Field(
        description="what was decided of them while they were one, which its end took from both; "
        "whoever it is true of should be told it anew"
    )
    looks: list[str] = Field(
        description="where it is told who looked at any of those who were parted while they "
        "were shown as one"
    )
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
            confirm_reason=link.confirm_reason,
            ended_at=link.ended_at,
            ended_by=link.ended_by,
            end_reason=link.end_reason,
            looks=[_looks(one, link) for one in link.parted],
            set_aside=[SetAside.model_validate(one) for one in link.set_aside],
            version=link.version,
        )


class LinkList(Body):
    """The links by which customers are one person."""

    links: list[LinkView]


def _looks(customer_id: str, link: Link) -> str:
    times = (link.linked_at, link.ended_at)
    since, until = (at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else "" for at in times)
    return f"/v1/view/customers/{customer_id}/looks?since={since}&until={until}"
