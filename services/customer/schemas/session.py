"""Bodies of sessions: with whom we talk, and what shows that they are that person."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from services.customer.domain import (
    Channel,
    ContactKind,
    Evidence,
    Fact,
    Held,
    Offered,
    Session,
    State,
    masked,
)
from services.customer.domain.care import Served
from services.customer.schemas import Id
from services.customer.schemas.care import Serving, serving
from services.customer.schemas.recognition import Number
from shared.contracts.model import Body

CallId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]


class OpenSession(Body):
    """We talk with somebody whom we recognise. Nothing that was said is sent, nor the line."""

    channel: Channel
    call_id: CallId | None = Field(default=None, description="what the call centre calls it")
    recognised_by: list[Evidence] = Field(
        min_length=1, max_length=len(Evidence), description="the kinds of what points to them"
    )


class SendCode(Body):
    """Send a code to one of their own contact points."""

    contact_point: Id = Field(description="the id of one that the session offers")


class FactsBody(Body):
    """What they say of themselves; only what they were not recognised by."""

    order_id: Number | None = Field(default=None, description="ours, or the shop's own")
    serial: Number | None = Field(default=None, description="as it stands on the product")
    external_id: Number | None = Field(
        default=None, description="their number in another system, with or without its name"
    )
    email: Number | None = None
    street: Number | None = Field(default=None, description="of an address of theirs")

    def given(self) -> dict[Fact, str]:
        """Those that are told."""
        return {Fact(name): value for name, value in self if value is not None}


class VerifySession(Body):
    """Exactly one of the two."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4,10}$")] | None = None
    facts: FactsBody | None = None

    @model_validator(mode="after")
    def _just_one(self) -> "VerifySession":
        if (self.code is None) is (self.facts is None):
            raise ValueError("give exactly one of code and facts")
        return self


class OfferedPoint(Body):
    """Where a code can be sent. No more of it is shown than its owner knows it again by."""

    id: str = Field(description="good in this session")
    kind: ContactKind
    masked: str

    @classmethod
    def of(cls, offered: Offered) -> "OfferedPoint":
        return cls(id=offered.handle, kind=offered.point.kind, masked=masked(offered.point))


class Ways(Body):
    """How they can be verified."""

    contact_points: list[OfferedPoint] = Field(description="that a code can be sent to")
    facts: list[Fact] = Field(description="that they may be asked for")
    facts_needed: int
    tries_left: int = Field(description="wrong answers that this session still stands")


class Serves(Serving):
    """What they are served with before anything of theirs is told. It comes from the person,
    never from the line."""

    language: str | None = Field(
        description="that they would rather be served in; null where not known"
    )


class SessionView(Body):
    """A session, and the grant by which other requests show it."""

    session_id: str
    customer_id: str
    person_id: str = Field(description="the customer id that stands for the person")
    state: State
    channel: Channel
    call_id: str | None
    recognised_by: list[Evidence]
    until: AwareDatetime = Field(description="when the session and its grant are over")
    grant: str = Field(
        description="to be given in the header Sahip-Session; while the session is recognised it "
        "opens nothing that needs identity"
    )
    serves: Serves
    ways: Ways
    version: int

    @classmethod
    def of(cls, held: Held, care: Served, *, grant: str) -> "SessionView":
        session, person = held.session, held.person
        return cls(
            session_id=session.session_id,
            customer_id=session.customer_id,
            person_id=person.person_id,
            state=session.state,
            channel=session.channel,
            call_id=session.call_id,
            recognised_by=list(session.recognised_by),
            until=session.until,
            grant=grant,
            serves=Serves(language=person.language, **serving(care)),
            ways=Ways(
                contact_points=[OfferedPoint.of(one) for one in held.points],
                facts=list(held.facts),
                facts_needed=held.policy.facts,
                tries_left=session.tries_left(held.policy),
            ),
            version=session.version,
        )


class EndSession(Body):
    """The conversation is over."""


class EndedSession(Body):
    """A session that gives no grant any more. Grants that it gave hold until their own end."""

    session_id: str
    customer_id: str
    over_since: AwareDatetime
    version: int

    @classmethod
    def of(cls, session: Session) -> "EndedSession":
        return cls(
            session_id=session.session_id,
            customer_id=session.customer_id,
            over_since=session.until,
            version=session.version,
        )


class ListSessions(Body):
    """How many at a time, and from where on."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class SessionRow(Body):
    """A session as who answers for the desk sees it: by kinds, nothing that was said."""

    session_id: str
    held_by: str = Field(description="who of ours opened it")
    channel: Channel
    call_id: str | None
    recognised_by: list[Evidence]
    opened_at: AwareDatetime
    until: AwareDatetime
    ended_at: AwareDatetime | None = Field(
        description="null where nobody ended it before its time"
    )
    verified_at: AwareDatetime | None
    verified_by: list[str] = Field(description="code, or the kinds of facts; empty: not verified")
    codes: int = Field(description="that were asked for")
    wrong: int = Field(description="answers")


class SessionList(Body):
    """Sessions with a customer, the newest first."""

    sessions: list[SessionRow]
    cursor: str | None = Field(description="of the next ones; null when these were the last")


class CodeSent(Body):
    """A code is on its way."""

    code_id: str
    session_id: str
    masked: str = Field(description="where to")
    holds_until: AwareDatetime
    version: int = Field(description="of the session")
