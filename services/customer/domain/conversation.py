"""What was talked about with a customer, on whatever channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Happening, Via
from shared.errors import NotFound


class ConversationNotFound(NotFound):
    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"conversation {conversation_id} does not exist")


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
class Conversation(Entity):
    """One call, visit, message or the like. What was said is recorded once and never changed."""

    kind: ClassVar[str] = "conversation"

    conversation_id: str
    held_at: datetime
    channel: str  # such as phone, store, whatsapp, survey
    direction: Direction
    purpose: Purpose
    partner: str  # who spoke for the company; empty where it is not known
    summary: str  # may be empty: a survey often has no words

    @property
    def entity_id(self) -> str:
        return self.conversation_id

    def forgotten(self, act: Act) -> "Conversation":
        """That it was held, without who spoke and what was said."""
        if not (self.partner or self.summary):
            return self
        return self.after(act, Happening(what="forgotten"), partner="", summary="")

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
        via: Via | None = None,
    ) -> "Conversation":
        """A conversation, and the news that there was one; what was said is not told."""
        conversation = cls(
            conversation_id=conversation_id,
            customer_id=customer_id,
            held_at=held_at,
            channel=channel,
            direction=direction,
            purpose=purpose,
            partner=partner,
            summary=summary,
            via=via,
        )
        facts = {
            "channel": channel,
            "direction": direction.value,
            "purpose": purpose.value,
        }
        return conversation.after(
            act, Happening(what="conversation_held", facts=facts, happened_at=held_at)
        )
