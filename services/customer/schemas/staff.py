"""Bodies of the staff directory."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from services.customer.domain.staff import Absence, Staff, Trade
from services.customer.schemas import Id, Instant, Language, Name
from shared.contracts.model import Body

Subject = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
Department = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Departments = Annotated[list[Department], Field(max_length=10, description="such as service")]
Languages = Annotated[list[Language], Field(max_length=10)]
Trades = Annotated[
    list[Trade],
    Field(
        max_length=len(Trade),
        description="a customer_owner is no product, brand, channel, campaign or crm_manager",
    ),
]
Room = Annotated[
    int,
    Field(
        ge=0,
        le=10_000,
        description="how many customers of their own an owner takes, beside those of segments",
    ),
]


class AbsenceBody(Body):
    """Days on which somebody is not here. Why is nobody's business."""

    model_config = ConfigDict(from_attributes=True)

    since: date
    until: date = Field(description="the last day")
    deputy: Id | None = Field(
        default=None, description="who stands in: a customer_owner, by their staff id"
    )


Absences = Annotated[list[AbsenceBody], Field(max_length=30, description="the earlier first")]


class EngageStaff(Body):
    """Somebody of the company."""

    subject: Subject = Field(description="of their tokens (`sub`)")
    name: Name
    departments: Departments = Field(default=[])
    roles: Trades = Field(default=[])
    languages: Languages = Field(default=[])
    most_customers: Room = 0
    absences: Absences = Field(default=[])

    def fields(self) -> dict[str, Any]:
        return _fields(self)


class ChangeStaff(Body):
    """What is to be otherwise. A list takes the place of the one before."""

    subject: Subject | None = None
    name: Name | None = None
    departments: Departments | None = None
    roles: Trades | None = None
    languages: Languages | None = None
    most_customers: Room | None = None
    absences: Absences | None = None

    def fields(self) -> dict[str, Any]:
        return {name: value for name, value in _fields(self).items() if value is not None}


class LeaveStaff(Body):
    """Somebody leaves the company."""

    left_at: Instant | None = Field(default=None, description="now, unless given")
    successor: Id | None = Field(
        default=None,
        description="who takes their place until their customers are given to others: a "
        "customer_owner, by their staff id",
    )


class StaffView(Body):
    """Somebody of the company."""

    staff_id: str
    subject: str
    name: str
    departments: list[str]
    roles: list[Trade]
    languages: list[str]
    most_customers: int
    absences: list[AbsenceBody]
    left_at: AwareDatetime | None
    successor: str | None
    version: int

    @classmethod
    def of(cls, staff: Staff) -> "StaffView":
        return cls(
            staff_id=staff.staff_id,
            subject=staff.subject,
            name=staff.name,
            departments=list(staff.departments),
            roles=list(staff.trades),
            languages=list(staff.languages),
            most_customers=staff.most_customers,
            absences=[AbsenceBody.model_validate(one) for one in staff.absences],
            left_at=staff.left_at,
            successor=staff.successor,
            version=staff.version,
        )


class ListStaff(Body):
    """How many at a time."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class StaffList(Body):
    """Some of the staff, and the cursor of the next ones; null when these were the last."""

    staff: list[StaffView]
    cursor: str | None


class OwnedList(Body):
    """Customers of somebody's own, or of a segment, and the cursor of the next ones."""

    customer_ids: list[str]
    cursor: str | None


def _fields(body: EngageStaff | ChangeStaff) -> dict[str, Any]:
    """What a body says, in the words of the domain."""
    absences = body.absences
    return {
        "subject": body.subject,
        "name": body.name,
        "departments": _each_once(body.departments),
        "trades": _each_once(body.roles),
        "languages": _each_once(body.languages),
        "most_customers": body.most_customers,
        "absences": None
        if absences is None
        else tuple(Absence(**one.model_dump()) for one in absences),
    }


def _each_once(values: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(dict.fromkeys(values))
