"""Bodies of messages, and of what is told of them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.engagement.domain import (
    LANGUAGES,
    TEMPLATES,
    Channel,
    Message,
    MessageStatus,
    ReceiptKind,
    Ruling,
    purposes,
)
from services.engagement.ports.messages import Tally
from services.engagement.schemas import Id, Reference
from shared.contracts.model import Body

Language = Annotated[str, StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$")]
Placeholder = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Value = Annotated[str, StringConstraints(max_length=500)]


class AskForMessage(Body):
    """What somebody is to be told, and why. It is sent when and by what it may be."""

    customer_id: Id
    purpose: str = Field(max_length=40, description=f"one of {', '.join(purposes())}")
    reason: Reference = Field(
        description="what it is about, such as order:ord_1:shipped; the person is told once for it"
    )
    template: str = Field(max_length=40, description=f"one of {', '.join(sorted(TEMPLATES))}")
    values: dict[Placeholder, Value] = Field(
        max_length=20, description="of the template's placeholders, each of them"
    )
    channel: Channel | None = Field(
        default=None, description="left out for the one that the person prefers"
    )
    language: Language | None = Field(
        default=None, description="tr or en; left out for the person's own"
    )


class MessageView(Body):
    """A message, and how far it has come. It shows the address by a hint alone."""

    message_id: str
    customer_id: str
    purpose: str
    reason: str
    template: str
    values: dict[str, str] = Field(description="empty of who was erased")
    channel: Channel | None = Field(description="null until it is known")
    hint: str | None = Field(description="the end of a phone, the beginning of an e-mail")
    offer_id: str | None
    status: MessageStatus
    reasons: list[str] = Field(description="why it waits, is withheld or is not clear")
    asked_at: datetime
    until: datetime = Field(description="when it is worth saying no more")
    again_at: datetime | None = Field(description="when it is tried next")
    sent_at: datetime | None
    receipts: dict[str, datetime] = Field(description="what was heard of it, and when it happened")

    @classmethod
    def of(cls, message: Message) -> "MessageView":
        return cls(
            message_id=message.message_id,
            customer_id=message.customer_id,
            purpose=message.purpose,
            reason=message.reason,
            template=message.template,
            values=dict(message.values),
            channel=message.sent_by,
            hint=message.claim.hint if message.claim else None,
            offer_id=message.offer_id,
            status=message.status,
            reasons=list(message.reasons),
            asked_at=message.asked_at,
            until=message.until,
            again_at=message.due_at,
            sent_at=message.sent_at,
            receipts=dict(message.heard),
        )


class MessageRow(Body):
    """A message in one line. What it says is not in it."""

    message_id: str
    customer_id: str
    purpose: str
    reason: str
    template: str
    offer_id: str | None
    channel: Channel | None
    hint: str | None
    status: MessageStatus
    reasons: list[str]
    asked_at: AwareDatetime
    again_at: AwareDatetime | None
    sent_at: AwareDatetime | None


class MessageList(Body):
    """Some of a list, and the cursor of what follows."""

    messages: list[MessageRow]
    cursor: str | None


class ListMessages(Body):
    """Which are listed."""

    customer_id: Id | None = Field(default=None, description="all that were to a customer")
    unclear: bool = Field(
        default=False,
        description="those of which nobody knows whether they left, over all customers, the "
        "longest so first",
    )
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500)


class RuleOnMessage(Body):
    """What came out when somebody asked the gateway by the message's id."""

    ruling: Ruling = Field(
        description="sent where the gateway has it, send_again where it has not, give_up where "
        "that is not known and it is better not said than said twice"
    )


class ReceiptBody(Body):
    """What became of a message, as a gateway or the call centre tells it."""

    message_id: Id = Field(description="ours, which the gateway had as its Idempotency-Key")
    kind: ReceiptKind = Field(
        description="bounced_hard where there is no such address, bounced_soft where it was not "
        "reached this time; reached where its line led them to a person"
    )
    at: AwareDatetime = Field(description="when it happened")
    gateway_id: Reference | None = Field(default=None, description="the gateway's own id of it")


class ReceiptView(Body):
    """What a message has come to by its receipt."""

    message_id: str
    status: MessageStatus
    was_known: bool


class ReadTallies(Body):
    """Which day is asked about."""

    day: date = Field(description="in Turkey")


class TallyBody(Body):
    """The line by which a person is reached, in the messages of one template."""

    template: str
    carried: int = Field(description="messages that left with it")
    followed: int = Field(description="of those that were told to have led to a person")


class TallyList(Body):
    """The lines of one day."""

    day: date
    lines: list[TallyBody]

    @classmethod
    def of(cls, day: date, tallies: list[Tally]) -> "TallyList":
        return cls(day=day, lines=[TallyBody(**vars(one)) for one in tallies])
