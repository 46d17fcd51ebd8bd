"""What services tell the customer view about a person, and how they are asked."""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Money(BaseModel):
    """An amount in minor units of one currency."""

    amount: int
    currency: str = Field(description="ISO 4217")


class SummaryRequest(BaseModel):
    """The question. `caller` is who asked the view, for the service to judge again."""

    model_config = ConfigDict(extra="ignore")

    ids: list[str] = Field(min_length=1, max_length=50)
    caller: dict[str, object]
    parts: list[str]
    deadline_ms: int
    correlation_id: str


class ContactPoint(BaseModel):
    """Where a person can be reached, as the customer service keeps it."""

    kind: str
    value: str


class CustomerPart(BaseModel):
    """Who a customer is."""

    name: str
    contact_points: list[ContactPoint] = Field(description="the preferred first")
    external_ids: list[str]
    since: AwareDatetime


class OrderBrief(BaseModel):
    """An order in one line."""

    order_id: str
    external_id: str | None
    status: str
    ordered_at: AwareDatetime


class OrderedItem(BaseModel):
    """What was ordered, and how many."""

    product: str
    quantity: int


class LastOrder(OrderBrief):
    """The newest order that still counts."""

    items: list[OrderedItem]


class OrdersPart(BaseModel):
    """What a customer ordered: counts and sums of the whole history, lists of the newest."""

    count: int
    totals: list[Money] = Field(description="of orders not cancelled, one entry per currency")
    pending: list[OrderBrief] = Field(description="neither delivered nor cancelled, at most 50")
    last_order: LastOrder | None
    recent: list[OrderBrief] = Field(description="the newest ten")


class ComplaintBrief(BaseModel):
    """A complaint in one line."""

    complaint_id: str
    opened_at: AwareDatetime
    title: str = Field(description="as it was told; may be empty")
    owner: str | None = Field(description="null where no person has heard it yet")


class RecentComplaint(ComplaintBrief):
    """A complaint in one line, and how far it has come."""

    status: str


class ComplaintsPart(BaseModel):
    """What a customer complained of: counts of the whole history, lists of the newest."""

    count: int
    open_count: int
    open: list[ComplaintBrief] = Field(description="not resolved, at most 50")
    recent: list[RecentComplaint] = Field(description="the newest ten")


class UnitBrief(BaseModel):
    """A unit in one line."""

    unit_id: str
    product: str | None
    serial: str | None
    delivered_at: AwareDatetime | None = Field(
        description="where only the day is known, its first moment in Istanbul"
    )
    covered_until: date | None = Field(
        description="last day of the statutory cover, which runs from delivery; "
        "null where the day of delivery is not known"
    )
    state: str


class ProductsPart(BaseModel):
    """What a customer owns: counted over the whole history, listed the newest."""

    count: int = Field(description="of pieces")
    units: list[UnitBrief] = Field(description="the newest ten")


class CustomerSummary(BaseModel):
    """What one service knows under one customer id."""

    members: list[str] = Field(
        default=[], description="the customer ids known to be the same person"
    )
    parts: dict[str, dict[str, object] | None] = Field(
        description="by the part's name; null where there is no such customer"
    )


class SummaryAnswer(BaseModel):
    """The answer. An id that the caller may not see is not in it."""

    customers: dict[str, CustomerSummary]
