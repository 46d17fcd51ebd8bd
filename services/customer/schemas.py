"""Bodies of the customer API."""

from typing import Annotated
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from services.customer.domain import ContactKind, ContactPoint, Customer, Link

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def _legible(name: str) -> str:
    if not any(one.isalnum() for one in name) or any(category(one) == "Cc" for one in name):
        raise ValueError("write a name with letters, in one line")
    return name


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_legible),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
ExternalId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{1,40}:[!-~]{1,200}$"),
    Field(description="the customer's id in another system, as system:id"),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContactPointBody(_Body):
    """A phone or an e-mail, in any usual spelling; numbers without a country are Turkish."""

    kind: ContactKind
    value: Written


class CreateCustomer(_Body):
    """Somebody new."""

    name: Name
    contact_points: list[ContactPointBody] = Field(
        default=[], max_length=20, description="the preferred first"
    )
    external_ids: list[ExternalId] = Field(default=[], max_length=20)


class ChangeCustomer(_Body):
    """What is to be new; lists are replaced as a whole. What is left out stays."""

    name: Name | None = None
    contact_points: list[ContactPointBody] | None = Field(default=None, max_length=20)
    external_ids: list[ExternalId] | None = Field(default=None, max_length=20)

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeCustomer":
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("name at least one field to change; null changes nothing")
        return self


class LookUpCustomers(_Body):
    """Exactly one of the three."""

    phone: Written | None = None
    email: Written | None = None
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def _just_one(self) -> "LookUpCustomers":
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of phone, email and external_id")
        return self


class LinkCustomers(_Body):
    """These two are one person."""

    other_id: Id = Field(description="the customer that joins the one in the path")
    reason: Text


class EndLink(_Body):
    """These two are not one person after all."""

    reason: Text


class ContactPointView(_Body):
    """Phones in E.164 form, e-mails in lower case."""

    kind: ContactKind
    value: str

    @classmethod
    def of(cls, point: ContactPoint) -> "ContactPointView":
        return cls(kind=point.kind, value=point.value)


class CustomerView(_Body):
    """A customer as the books have it."""

    customer_id: str
    person_id: str = Field(description="the customer id that stands for the person")
    name: str
    contact_points: list[ContactPointView]
    external_ids: list[str]
    since: AwareDatetime
    version: int

    @classmethod
    def of(cls, customer: Customer, leader: Customer) -> "CustomerView":
        return cls(
            customer_id=customer.customer_id,
            person_id=leader.customer_id,
            name=customer.name,
            contact_points=[ContactPointView.of(point) for point in customer.contact_points],
            external_ids=list(customer.external_ids),
            since=customer.since,
            version=customer.version,
        )


class FoundCustomer(_Body):
    """One who fits."""

    customer_id: str
    person_id: str
    name: str


class FoundCustomers(_Body):
    """Everybody who fits; several entries may be one person."""

    customers: list[FoundCustomer]


class LinkView(_Body):
    """A link, and its end if it has one."""

    link_id: str
    person_id: str = Field(description="the customer id whose group stayed")
    joined_id: str
    asked: tuple[str, str]
    reason: str
    linked_at: AwareDatetime
    linked_by: str
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
            ended_at=link.ended_at,
            ended_by=link.ended_by,
            end_reason=link.end_reason,
            version=link.version,
        )
