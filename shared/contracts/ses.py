"""What SES tells of e-mails, as EventBridge brings it from the account's default bus.

The shapes are SES's own (event publishing to EventBridge). Fields that are not read here are
passed over. An e-mail is known again by the tag that it was sent with.
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from shared.contracts.model import Model

SOURCE = "aws.ses"
TAG = "message_id"
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


class _Told(Model):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Tags(_Told):
    """What an e-mail was sent with; SES gives each tag a list of values."""

    message_id: list[str] = Field(min_length=1, max_length=1)


class Mail(_Told):
    """The e-mail that something is told of."""

    ses_id: str = Field(alias="messageId")
    tags: Tags


class Delivery(_Told):
    """The recipient's mail server has it."""

    timestamp: Instant


class Bounce(_Told):
    """It came back. `bounceType` is Permanent, Transient or Undetermined."""

    timestamp: Instant
    type: str = Field(alias="bounceType")


class Recipient(_Told):
    """Somebody it was sent to."""

    email: str = Field(alias="emailAddress", max_length=254)


class Complaint(_Told):
    """Whoever got it has told their provider that they do not want such e-mails."""

    timestamp: Instant
    recipients: list[Recipient] = Field(alias="complainedRecipients", max_length=50)


class EmailTold(_Told):
    """Something that SES tells of one e-mail. Implements contracts.event.Message."""

    detail_type: ClassVar[str]

    mail: Mail

    @property
    @abstractmethod
    def at(self) -> datetime:
        """When it happened."""

    @property
    def message_id(self) -> str:
        """Our own id of the message."""
        return self.mail.tags.message_id[0]

    @property
    def source(self) -> str:
        return SOURCE

    @property
    def event_id(self) -> str:
        return f"{self.mail.ses_id}:{self.detail_type.lower().replace(' ', '_')}"

    @property
    def correlation_id(self) -> str:
        return self.mail.ses_id

    @classmethod
    def senders(cls) -> str:
        return SOURCE

    @classmethod
    def comes_from(cls, source: str) -> bool:
        return source == SOURCE

    @classmethod
    def read(cls, source: str, detail: Mapping[str, Any]) -> Self:
        return cls.model_validate(detail)


class EmailDelivered(EmailTold):
    """It was delivered."""

    detail_type = "Email Delivered"

    delivery: Delivery

    @property
    def at(self) -> datetime:
        return self.delivery.timestamp


class EmailBounced(EmailTold):
    """It was not, or SES does not try any more."""

    detail_type = "Email Bounced"

    bounce: Bounce

    @property
    def at(self) -> datetime:
        return self.bounce.timestamp

    @property
    def is_hard(self) -> bool:
        """Whether there is no such address, or none that SES would send to."""
        return self.bounce.type == "Permanent"


class EmailComplained(EmailTold):
    """Somebody marked it as unwanted."""

    detail_type = "Email Complaint Received"

    complaint: Complaint

    @property
    def at(self) -> datetime:
        return self.complaint.timestamp


EMAIL_TOLD: tuple[type[EmailTold], ...] = (EmailDelivered, EmailBounced, EmailComplained)
