"""What was talked about with a customer, on whatever channel."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Happening, Via
from shared.errors import Conflict, Invalid, NotFound


class ConversationNotFound(NotFound):
    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"conversation {conversation_id} does not exist")


class NothingPromised(Conflict):
    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"nothing was promised in conversation {conversation_id}")


class Direction(StrEnum):
    """Who turned to whom: `in` is the customer to the company."""

    IN = "in"
    OUT = "out"


class Purpose(StrEnum):
    """What it was for: to serve the customer, to be of value to them, or to offer something."""

    SERVICE = "service"
    VALUE = "value"
    OFFER = "offer"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a customer was promised, who of us keeps it, and until when.

    It is open until somebody says that it was kept, however late that is.
    """

    what: str
    by: str  # somebody, or a department
    due: datetime
    kept_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None


@dataclass(frozen=True, kw_only=True)
class Conversation(Entity):
    """One call, visit, message or the like. What was said is recorded once and never changed.

    Of what was promised it is said once that it was kept.
    """

    kind: ClassVar[str] = "conversation"

    conversation_id: str
    held_at: datetime
    channel: str  # such as phone, store, whatsapp, survey
    direction: Direction
    purpose: Purpose
    partner: str  # who spoke for the company; empty where it is not known
    summary: str  # may be empty: a survey often has no words
    promise: Promise | None = None

    @property
    def entity_id(self) -> str:
        return self.conversation_id

    @property
    def open_promise(self) -> Promise | None:
        """What was promised and is not kept yet."""
        return self.promise if self.promise and self.promise.is_open else None

    def keep_promise(self, act: Act, kept_at: datetime) -> "Conversation":
        """Say that what was promised was kept; itself where that was said before.

        Raise NothingPromised, and Invalid for a time before it was promised or still to come.
        """
        if self.promise is None:
            raise NothingPromised(self.conversation_id)
        if not self.promise.is_open:
            return self
        if not self.held_at <= kept_at <= act.at:
            raise Invalid("say a time since it was promised, not one to come", field="at")
        kept = replace(self.promise, kept_at=kept_at)
        said = Happening(what="promise_kept", happened_at=kept_at)
        return self.after(act, said, promise=kept)

    def forgotten(self, act: Act) -> "Conversation":
        """That it was held, without who spoke, what was said and what was promised."""
        if not (self.partner or self.summary or self.promise):
            return self
        return self.after(act, Happening(what="forgotten"), partner="", summary="", promise=None)

    @classmethod
    def record(
        cls,
        act: Act,
        *,
        conversation_id: str,
        customer_id: str,
        held_at: datetime,
        channel: str,
        direction: Direction,
        purpose: Purpose,
        partner: str,
        summary: str,
        promise: Promise | None = None,
        via: Via | None = None,
    ) -> "Conversation":
        """A conversation, and the news that there was one; what was said is not told.

        Raise Invalid for a promise that was due before it was given.
        """
        if promise is not None and promise.due < held_at:
            raise Invalid("it was due before it was promised", field="promise.due")
        conversation = cls(
            conversation_id=conversation_id,
            customer_id=customer_id,
            held_at=held_at,
            channel=channel,
            direction=direction,
            purpose=purpose,
            partner=partner,
            summary=summary,
            promise=promise,
            via=via,
        )
        facts = {
            "channel": channel,
            "direction": direction.value,
            "purpose": purpose.value,
        }
        if promise is not None:
            facts["promise_due"] = promise.due.isoformat()
        return conversation.after(
            act, Happening(what="conversation_held", facts=facts, happened_at=held_at)
        )
