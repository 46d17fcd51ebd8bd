"""Bodies of the customer API."""

from datetime import UTC, date
from typing import Annotated
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from services.customer.domain import (
    ContactKind,
    ContactPoint,
    ContactState,
    Conversation,
    Direction,
    Mark,
    Person,
    Promise,
    Purpose,
)
from services.customer.schemas.tax_ids import Digits, TaxIdBodies, TaxIdView
from shared.contracts.attribution import FoundBy
from shared.contracts.model import Body

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
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
# Of BCP 47 what says a language: `tr`, `en-GB`, `zh-Hant`.
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"),
    Field(
        description="that they would rather be served in, as BCP 47 has it, such as tr or en-GB"
    ),
]
BirthDate = Annotated[date, Field(description="not before 1900")]
ExternalId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{1,40}:[!-~]{1,200}$"),
    Field(description="the customer's id in another system, as system:id"),
]


class ContactPointBody(Body):
    """A phone or an e-mail, in any usual spelling; numbers without a country are Turkish."""

    kind: ContactKind
    value: Written
    state: ContactState | None = Field(
        default=None,
        description="what is lost or stolen finds nobody any more; left out, it stays as it was",
    )
    state_since: Instant | None = Field(
        default=None, description="since when it is lost or stolen; now, unless given"
    )

    def mark(self) -> Mark:
        """What is said of its state."""
        return Mark(state=self.state, since=self.state_since)


class AddressBody(Body):
    """An address; leave out what is not known."""

    model_config = ConfigDict(from_attributes=True)

    lines: Text | None = Field(default=None, description="quarter, street, door, flat")
    district: Name | None = Field(default=None, description="ilçe")
    city: Name | None = Field(default=None, description="il")
    postal_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{3,12}$")] | None = None
    country: Country = Field(default="TR", description="ISO 3166-1 alpha-2")

    @model_validator(mode="after")
    def _says_where(self) -> "AddressBody":
        if not (self.lines or self.district or self.city or self.postal_code):
            raise ValueError("say at least one of lines, district, city and postal_code")
        return self


class CreateCustomer(Body):
    """Somebody new. Give a name, a contact point or an external id to know them by."""

    name: Name | None = None
    contact_points: list[ContactPointBody] = Field(
        default=[], max_length=20, description="the preferred first"
    )
    external_ids: list[ExternalId] = Field(default=[], max_length=20)
    addresses: list[AddressBody] = Field(
        default=[], max_length=10, description="the one in use first"
    )
    heard_from: Name | None = Field(default=None, description="what brought them to the company")
    since: Instant | None = Field(
        default=None, description="since when they are a customer; now, unless given"
    )
    language: Language | None = None
    birth_date: BirthDate | None = None
    tax_ids: TaxIdBodies = Field(default=[], description="one for each scheme; never needed")


class ChangeCustomer(Body):
    """What is to be new; lists are replaced as a whole. What is left out stays."""

    name: Name | None = None
    contact_points: list[ContactPointBody] | None = Field(default=None, max_length=20)
    external_ids: list[ExternalId] | None = Field(default=None, max_length=20)
    addresses: list[AddressBody] | None = Field(default=None, max_length=10)
    heard_from: Name | None = None
    lost_to: Name | None = Field(default=None, description="whom they went to, if they left")
    language: Language | None = None
    birth_date: BirthDate | None = None
    tax_ids: TaxIdBodies | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeCustomer":
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("name at least one field to change; null changes nothing")
        return self


class LookUpCustomers(Body):
    """Exactly one of the four."""

    phone: Written | None = None
    email: Written | None = None
    external_id: ExternalId | None = None
    tax_id: Digits | None = Field(default=None, description="a TCKN or VKN, in digits")

    @model_validator(mode="after")
    def _just_one(self) -> "LookUpCustomers":
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of phone, email, external_id and tax_id")
        return self


class ContactPointView(Body):
    """Phones in E.164 form, e-mails in lower case."""

    kind: ContactKind
    value: str
    state: ContactState
    state_since: AwareDatetime | None = Field(description="null of what is in use")

    @classmethod
    def of(cls, point: ContactPoint) -> "ContactPointView":
        return cls(
            kind=point.kind, value=point.value, state=point.state, state_since=point.state_since
        )


class PromiseBody(Body):
    """What the customer was promised."""

    what: Text
    by: Name = Field(description="who of us keeps it: somebody, or a department")
    due: Instant = Field(description="until when; not before the conversation")

    def promise(self) -> Promise:
        """It, not kept yet."""
        return Promise(what=self.what, by=self.by, due=self.due)


class RecordConversation(Body):
    """What was talked about, on whatever channel."""

    at: Instant
    channel: Channel = Field(description="such as phone, store, whatsapp, survey")
    direction: Direction
    kind: Purpose = Field(description="what it was for")
    partner: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", alias="with", description="who spoke for the company"
    )
    summary: Annotated[str, StringConstraints(max_length=5000)] = ""
    promise: PromiseBody | None = None
    found_by: FoundBy | None = None


class KeepPromise(Body):
    """That what was promised was kept."""

    at: Instant | None = Field(default=None, description="when it was kept; now, unless given")


class ListConversations(Body):
    """How many at a time."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class PromiseView(Body):
    """What the customer was promised: open until it was kept, and broken once its time is past."""

    what: str
    by: str = Field(description="who of us keeps it")
    due: AwareDatetime
    kept_at: AwareDatetime | None = None


class ConversationView(Body):
    """A conversation."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    conversation_id: str
    at: AwareDatetime
    channel: str
    direction: Direction
    kind: Purpose
    partner: str = Field(alias="with")
    summary: str
    promise: PromiseView | None = None

    @classmethod
    def of(cls, conversation: Conversation) -> "ConversationView":
        promise = conversation.promise
        return cls(
            conversation_id=conversation.conversation_id,
            at=conversation.held_at,
            channel=conversation.channel,
            direction=conversation.direction,
            kind=conversation.purpose,
            partner=conversation.partner,
            summary=conversation.summary,
            promise=PromiseView(**vars(promise)) if promise else None,
        )


class ConversationList(Body):
    """Conversations, the newest first."""

    conversations: list[ConversationView]
    cursor: str | None = Field(description="where the list goes on; null at its end")


class CustomerView(Body):
    """A customer as the books have it; of several ids of one person their one profile."""

    customer_id: str
    person_id: str = Field(description="the customer id that stands for the person")
    name: str | None
    contact_points: list[ContactPointView]
    addresses: list[AddressBody]
    external_ids: list[str]
    since: AwareDatetime
    heard_from: str | None
    lost_to: str | None
    language: str | None
    birth_date: date | None
    tax_ids: list[TaxIdView]
    version: int

    members: list[str] = Field(
        description="the customer ids of the person, whose one profile this is"
    )
    newly_joined: list[str] = Field(
        default=[],
        description="ids that the system takes for the same person and nobody has confirmed; "
        "for staff alone, and not in this profile",
    )

    @classmethod
    def of(cls, person: Person, *, with_newly_joined: bool) -> "CustomerView":
        newly = set(person.leader.members) - person.entries.keys() if with_newly_joined else ()
        return cls.model_validate(
            {
                "customer_id": person.customer.customer_id,
                "person_id": person.person_id,
                **{name: won.value for name, won in person.shown().items()},
                "birth_date": person.birth_date,
                "tax_ids": [TaxIdView.of(one) for one in person.customer.tax_ids],
                "version": person.customer.version,
                "members": sorted(person.entries),
                "newly_joined": sorted(newly),
            }
        )


class FoundCustomer(Body):
    """One who fits."""

    customer_id: str
    person_id: str
    name: str | None


class FoundCustomers(Body):
    """Everybody who fits; several entries may be one person."""

    customers: list[FoundCustomer]
