"""Bodies of the complaints API."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from services.complaints.domain import (
    Amends,
    Complaint,
    Fault,
    HandOverReason,
    Kind,
    Seriousness,
    Status,
    WaitsFor,
    WordOf,
)
from shared.contracts.attribution import FoundBy
from shared.contracts.model import Body

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Subject = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,29}$")]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

MOST_MINOR_UNITS = 10**12


class OpenComplaint(Body):
    """Trouble of any kind, told in whatever words there are."""

    customer_id: Id
    kind: Kind = Field(default=Kind.OTHER, description="what it is about, if that is clear")
    seriousness: Seriousness = Field(
        default=Seriousness.NORMAL, description="safety is injury, fire, or the danger of it"
    )
    title: str = Field(default="", max_length=200, description="as it was told; may be empty")
    text: str = Field(default="", max_length=5000, description="as it was told; may be empty")
    order_id: Id | None = None
    product: Code | None = Field(default=None, description="the seller's own code or name of it")
    serial: Code | None = Field(default=None, description="of the unit")
    channel: Channel | None = Field(
        default=None, description="how it reached us, such as phone, web or survey"
    )
    opened_at: AwareDatetime | None = Field(
        default=None, description="when the customer told it; integrations alone may say so"
    )
    first_owner: Subject | None = Field(
        default=None, description="who heard it; integrations alone may name somebody"
    )
    fault: Fault = Field(
        default=Fault.UNKNOWN, description="if it is known already; not for customers to say"
    )
    found_by: FoundBy | None = Field(default=None, description="not for customers to say")


class AnswerComplaint(Body):
    """What the customer was told."""

    text: Text
    apology: Text | None = Field(
        default=None,
        description="that we are sorry, naming neither employee nor partner; it need not wait "
        "until the fault is found",
    )


class HandOverComplaint(Body):
    """Another owner, and why."""

    to: Subject = Field(description="subject of the new owner's tokens")
    reason: HandOverReason
    text: Word = Field(default="", description="needed where the reason is `other`")


class AskHelp(Body):
    """Ask somebody else to do something; the owner stays who it is."""

    of: Subject = Field(description="who, or which desk")
    what: Text


class Worth(Body):
    """An amount in minor units of one currency."""

    amount: int = Field(gt=0, le=MOST_MINOR_UNITS)
    currency: Currency = Field(default="TRY", description="ISO 4217")


class AmendsBody(Body):
    """What we do to make up for it (telafi), on top of every legal right and waiving none."""

    what: Text
    worth: Worth | None = Field(default=None, description="null for what has no price")
    by_when: date = Field(description="the day in Turkey by which it is done")

    def amends(self) -> Amends:
        """The amends as the domain knows them."""
        return Amends(
            what=self.what,
            by_when=self.by_when,
            amount=self.worth.amount if self.worth else None,
            currency=self.worth.currency if self.worth else None,
        )

    @classmethod
    def of(cls, amends: Amends) -> "AmendsBody":
        worth = (
            Worth(amount=amends.amount, currency=amends.currency)
            if amends.amount is not None and amends.currency is not None
            else None
        )
        return cls(what=amends.what, by_when=amends.by_when, worth=worth)


class ProposeResolution(Body):
    """How we would settle it. What is our fault, or a partner's, needs an apology and amends."""

    text: Text
    fault: Fault | None = Field(default=None, description="null for what was known before")
    apology: Text | None = Field(
        default=None,
        description="that we are sorry, naming neither employee nor partner; needed once, here "
        "or in an answer before",
    )
    amends: AmendsBody | None = None


class AcceptResolution(Body):
    """The customer is content."""

    word: Word = Field(default="", description="in the customer's own words, if there are any")


class ReopenComplaint(Body):
    """The customer is not content. One word is enough, and none is needed."""

    word: Word = ""


class ListComplaints(Body):
    """Either a customer's complaints or all late ones, and how many at a time."""

    customer_id: Id | None = Field(default=None, description="whose complaints, the newest first")
    late: bool = Field(
        default=False, description="true for all that are late, the longest overdue first"
    )
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class _View(Body):
    model_config = ConfigDict(from_attributes=True)


class AnswerView(_View):
    """What the customer was told."""

    at: AwareDatetime
    by: str
    text: str


class ApologyView(AnswerView):
    """How we said that we are sorry."""


class HandOverView(_View):
    """A change of owner."""

    at: AwareDatetime
    by: str
    from_owner: str | None
    to_owner: str
    reason: HandOverReason
    text: str


class HelpView(_View):
    """What somebody else was asked to do."""

    at: AwareDatetime
    by: str
    of: str
    what: str


class ProposalView(_View):
    """The newest proposal; not on the table any more once the complaint is reopened."""

    at: AwareDatetime
    by: str
    text: str
    amends: AmendsBody | None


class AcceptanceView(_View):
    """That the customer is content, and who told us so."""

    at: AwareDatetime
    by: str
    word_of: WordOf
    word: str


class ReopeningView(_View):
    """That the customer is not, or no longer, content."""

    at: AwareDatetime
    by: str
    word: str


class ComplaintRow(Body):
    """A complaint in a list."""

    complaint_id: str
    customer_id: str
    kind: Kind
    seriousness: Seriousness
    title: str
    status: Status
    owner: str | None
    opened_at: AwareDatetime
    waits_for: WaitsFor | None = Field(description="what falls due next; null once resolved")
    due_at: AwareDatetime | None = Field(description="and when it does")
    late: bool

    @classmethod
    def shown(cls, row: dict[str, object], now: datetime) -> "ComplaintRow":
        """The row as the adapters show it, at a time."""
        complaint = cls.model_validate(row | {"late": False})
        late = complaint.due_at is not None and complaint.due_at < now
        return complaint.model_copy(update={"late": late})


class ComplaintList(Body):
    """Complaints, in the order that was asked for."""

    complaints: list[ComplaintRow]
    cursor: str | None = Field(description="where the list goes on; null at its end")


class ComplaintView(Body):
    """A complaint as it now stands, for whoever asks.

    Customers are told no hand-overs and no help asked, and of a partner's fault
    that it is ours.
    """

    complaint_id: str
    customer_id: str
    kind: Kind
    seriousness: Seriousness
    status: Status
    title: str
    text: str
    order_id: str | None
    product: str | None
    serial: str | None
    channel: str | None
    opened_at: AwareDatetime
    first_owner: str | None = Field(description="who heard it; null where no person has yet")
    owner: str | None
    hand_overs: list[HandOverView]
    hand_over_count: int
    helps: list[HelpView]
    fault: Fault
    answer_due: AwareDatetime
    answered_at: AwareDatetime | None = Field(description="when the customer first heard from us")
    answers: list[AnswerView]
    apology: ApologyView | None
    proposal: ProposalView | None
    resolution_due: AwareDatetime = Field(description="anew each time it is reopened")
    acceptance: AcceptanceView | None
    reopenings: list[ReopeningView]
    waits_for: WaitsFor | None = Field(description="what falls due next; null once resolved")
    due_at: AwareDatetime | None = Field(description="and when it does")
    late: bool
    version: int

    @classmethod
    def of(cls, complaint: Complaint, *, now: datetime, for_customer: bool) -> "ComplaintView":
        seen = complaint.as_the_customer_sees_it() if for_customer else complaint
        clock = complaint.clock
        proposal = seen.proposal
        return cls(
            complaint_id=seen.complaint_id,
            customer_id=seen.holder,
            kind=seen.about,
            seriousness=seen.seriousness,
            status=seen.status,
            title=seen.title,
            text=seen.text,
            order_id=seen.order_id,
            product=seen.product,
            serial=seen.serial,
            channel=seen.channel,
            opened_at=seen.opened_at,
            first_owner=seen.first_owner,
            owner=seen.owner,
            hand_overs=[HandOverView.model_validate(one) for one in seen.hand_overs],
            hand_over_count=complaint.hand_over_count,
            helps=[HelpView.model_validate(one) for one in seen.helps],
            fault=seen.fault,
            answer_due=seen.answer_due,
            answered_at=seen.answered_at,
            answers=[AnswerView.model_validate(one) for one in seen.answers],
            apology=ApologyView.model_validate(seen.apology) if seen.apology else None,
            proposal=ProposalView(
                at=proposal.at,
                by=proposal.by,
                text=proposal.text,
                amends=AmendsBody.of(proposal.amends) if proposal.amends else None,
            )
            if proposal
            else None,
            resolution_due=seen.resolution_due,
            acceptance=AcceptanceView.model_validate(seen.acceptance) if seen.acceptance else None,
            reopenings=[ReopeningView.model_validate(one) for one in seen.reopenings],
            waits_for=clock.waits_for if clock else None,
            due_at=clock.due_at if clock else None,
            late=complaint.is_late(now),
            version=complaint.version,
        )
