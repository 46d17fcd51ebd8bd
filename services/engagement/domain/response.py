"""What came of an offer or a message, or that somebody thanked or recommended us."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Happening
from shared.errors import Invalid

AHEAD = timedelta(minutes=5)  # that other systems' clocks may be


class Medium(StrEnum):
    """By what it reached us."""

    WEB = "web"
    MOBILE = "mobile"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    CALL = "call"
    LETTER = "letter"
    STORE = "store"
    SOCIAL = "social"
    OTHER = "other"


class Result(StrEnum):
    """What they did."""

    OPENED = "opened"
    CLICKED = "clicked"
    ANSWERED = "answered"
    BOUGHT = "bought"
    REFUSED = "refused"
    COMPLAINED = "complained"
    THANKED = "thanked"
    RECOMMENDED = "recommended"


# What a machine tells of itself is no word of theirs, so that it ends no silence.
NO_WORD = frozenset({Result.OPENED, Result.CLICKED})
# One thanks us, or recommends us, without having been offered anything.
OF_THEMSELVES = frozenset({Result.THANKED, Result.RECOMMENDED})


@dataclass(frozen=True, kw_only=True)
class Response(Entity):
    """One result, of one offer or message where it came of one."""

    kind: ClassVar[str] = "response"

    response_id: str
    at: datetime
    medium: Medium
    result: Result
    offer_id: str | None = None
    message_id: str | None = None

    @property
    def entity_id(self) -> str:
        return self.response_id

    @property
    def is_word(self) -> bool:
        """Whether they turned to us with it."""
        return self.result not in NO_WORD

    @property
    def is_praise(self) -> bool:
        """Whether they thanked us or recommended us with it."""
        return self.result in OF_THEMSELVES

    @classmethod
    def record(
        cls,
        act: Act,
        *,
        response_id: str,
        customer_id: str,
        medium: Medium,
        result: Result,
        at: datetime | None = None,
        offer_id: str | None = None,
        message_id: str | None = None,
    ) -> "Response":
        """A new one. Raise Invalid where it is of nothing, or still to come."""
        when = past(at, act)
        if offer_id is None and message_id is None and result not in OF_THEMSELVES:
            raise Invalid(
                "say of what it came: an offer_id, a message_id or both", field="offer_id"
            )
        response = cls(
            customer_id=customer_id,
            response_id=response_id,
            at=when,
            medium=medium,
            result=result,
            offer_id=offer_id,
            message_id=message_id,
        )
        facts = {
            "offer_id": offer_id,
            "message_id": message_id,
            "medium": medium.value,
            "result": result.value,
        }
        return response.after(act, Happening(what="responded", facts=facts, happened_at=when))


def past(at: datetime | None, act: Act) -> datetime:
    """When it was: now where nobody says. Raise Invalid for what is still to come."""
    if at is None:
        return act.at
    if at > act.at + AHEAD:
        raise Invalid("it cannot have happened yet; give the time when it did", field="at")
    return at.astimezone(UTC)
