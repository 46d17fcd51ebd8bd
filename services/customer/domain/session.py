"""A session: one of us talks with one person, who is recognised, and then perhaps verified."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from services.customer.domain.contact import ContactPoint
from services.customer.domain.evidence import Evidence
from services.customer.domain.merged import Person
from services.customer.domain.verification import SAME, Fact, Policy
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound


class Channel(StrEnum):
    """How we talk."""

    CALL = "call"
    CHAT = "chat"
    MESSAGE = "message"
    EMAIL = "email"


class State(StrEnum):
    """What is known of whom we talk with."""

    RECOGNISED = "recognised"
    VERIFIED = "verified"


class SessionNotFound(NotFound):
    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"session {session_id} does not exist, or somebody else holds it; open one of your own"
        )


class SessionOver(Conflict):
    def __init__(self, session_id: str) -> None:
        super().__init__(f"session {session_id} is over; open another one")


class NoMoreCodes(Conflict):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} codes were sent in this session; ask for facts that only they know instead"
        )


class NoMoreTries(Conflict):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} answers in this session were wrong, so it cannot be verified any more; "
            "tell nothing that needs it, and ask them to come to us or call again later"
        )


class NotOffered(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "no code can be sent there; take one of the session's contact_points as they stand "
            "there now",
            field="contact_point",
        )


CODE = "code"  # among what somebody is verified by


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code that was sent: where to, by its name in this session, and how long it holds."""

    code_id: str
    contact_point: str
    holds_until: datetime


@dataclass(frozen=True, kw_only=True)
class Session(Entity):
    """A session. Its log says what was tried; what was said, and the line, stand nowhere."""

    kind: ClassVar[str] = "session"

    session_id: str
    held_by: str  # subject of who opened it
    channel: Channel
    call_id: str | None = None  # what the call centre calls it
    recognised_by: tuple[Evidence, ...]
    until: datetime
    code: Code | None = None
    codes: int = 0  # asked for
    wrong: int = 0  # answers
    verified_at: datetime | None = None
    ended_at: datetime | None = None  # by who opened it, before its time

    @property
    def entity_id(self) -> str:
        return self.session_id

    @property
    def opened_at(self) -> datetime:
        return self.log[0].at

    @property
    def verified_by(self) -> tuple[str, ...]:
        """What they were verified by, by kinds; nothing while they are not."""
        told = (one.facts["by"] for one in self.log if one.what == "session_verified")
        return tuple(next(told, ()))

    @property
    def state(self) -> State:
        return State.RECOGNISED if self.verified_at is None else State.VERIFIED

    @classmethod
    def open(
        cls,
        act: Act,
        policy: Policy,
        *,
        session_id: str,
        customer_id: str,
        channel: Channel,
        call_id: str | None,
        recognised_by: Iterable[Evidence],
    ) -> "Session":
        """Begin to talk with somebody whom we recognise."""
        by = tuple(sorted(set(recognised_by)))
        session = cls(
            session_id=session_id,
            customer_id=customer_id,
            held_by=act.by,
            channel=channel,
            call_id=call_id,
            recognised_by=by,
            until=act.at + policy.lasts,
        )
        facts = {"channel": channel.value, "recognised_by": list(by)}
        return session.after(act, Happening(what="session_opened", facts=facts))

    def must_be_open(self, now: datetime) -> None:
        """Raise SessionOver where it is over."""
        if now >= self.until:
            raise SessionOver(self.session_id)

    def end(self, act: Act) -> "Session":
        """Talk no more. What is over already stays as it is."""
        if act.at >= self.until:
            return self
        return self.after(act, Happening(what="session_ended"), ended_at=act.at, until=act.at)

    def tries_left(self, policy: Policy) -> int:
        """How many wrong answers it still stands."""
        return max(0, policy.tries - self.wrong)

    def must_have_tries(self, policy: Policy) -> None:
        """Raise NoMoreTries where too much was guessed."""
        if not self.tries_left(policy):
            raise NoMoreTries(policy.tries)

    def ask_code(self, act: Act, policy: Policy, *, code_id: str, contact_point: str) -> "Session":
        """Have a code, in the place of one sent before. Raise NoMoreCodes, NoMoreTries."""
        self.must_have_tries(policy)
        if self.codes >= policy.codes:
            raise NoMoreCodes(policy.codes)
        code = Code(
            code_id=code_id,
            contact_point=contact_point,
            holds_until=act.at + policy.code_holds,
        )
        happening = Happening(what="code_asked", facts={"code_id": code_id})
        return self.after(act, happening, code=code, codes=self.codes + 1)

    def verify(self, act: Act, policy: Policy, by: Iterable[Fact | str]) -> "Session":
        """They are who they say. A second time changes nothing."""
        if self.verified_at is not None:
            return self
        happening = Happening(what="session_verified", facts={"by": sorted(by)})
        return self.after(act, happening, verified_at=act.at, until=act.at + policy.lasts)

    def fail(self, act: Act, by: Iterable[Fact | str]) -> "Session":
        """An answer was wrong."""
        happening = Happening(what="verification_failed", facts={"by": sorted(by)})
        return self.after(act, happening, wrong=self.wrong + 1)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A contact point that a code can be sent to, by its name in the session."""

    handle: str
    point: ContactPoint


@dataclass(frozen=True, kw_only=True)
class Held:
    """A session as whoever holds it sees it."""

    session: Session
    person: Person
    policy: Policy
    points: Sequence[Offered]

    @property
    def facts(self) -> Sequence[Fact]:
        """What they may be asked for; not what they were recognised by."""
        used = {SAME[one] for one in self.session.recognised_by if one in SAME}
        return [one for one in Fact if one in self.policy.counting - used]
