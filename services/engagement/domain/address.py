"""Where somebody is written to: channels, addresses, and what was only typed to fill a field."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Invalid

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"(?=.{3,254}$)[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")
_MOBILE = re.compile(r"\+905[0-9]{9}")
TURKISH = "+90"
_FEW = 2  # different digits in a number that somebody has
_SUBSCRIBER, _NATIONAL = 7, 10  # digits at the end of a Turkish number
_UP, _DOWN = "01234567890123456789", "98765432109876543210"
# Mailboxes and domains that nobody reads, though the address could exist. One that many read,
# such as info@, is no evidence of a person, but it is an address.
_UNREAD = frozenset(
    {
        *("adsiz", "asd", "asdf", "bilinmiyor", "bos", "deneme", "donotreply", "dummy"),
        *("mailyok", "noemail", "nomail", "none", "noreply", "null", "test", "xxx", "yok"),
        "yoktur",
    }
)
_UNREAD_DOMAINS = frozenset(
    {
        *("asd.com", "deneme.com", "email.yok", "example.invalid", "noemail.com", "nomail.com"),
        *("none.com", "test.com", "test.com.tr", "xxx.com", "yok.com", "yok.com.tr"),
    }
)


class AddressKind(StrEnum):
    """What kind of thing an address is, as the customer service names them."""

    PHONE = "phone"
    EMAIL = "email"
    POST = "post"


class ConsentChannel(StrEnum):
    """What consent is given for: the three ways that İYS knows, and letters, which it does not."""

    CALL = "ARAMA"
    MESSAGE = "MESAJ"
    EMAIL = "EPOSTA"
    LETTER = "MEKTUP"

    @property
    def kind(self) -> AddressKind:
        """What one is reached at by it."""
        return _KINDS[self]

    @property
    def is_known_to_iys(self) -> bool:
        """Whether İYS keeps consents of it."""
        return self is not ConsentChannel.LETTER


_KINDS = {
    ConsentChannel.CALL: AddressKind.PHONE,
    ConsentChannel.MESSAGE: AddressKind.PHONE,
    ConsentChannel.EMAIL: AddressKind.EMAIL,
    ConsentChannel.LETTER: AddressKind.POST,
}


class Channel(StrEnum):
    """How somebody is reached."""

    CALL = "call"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    LETTER = "letter"

    @property
    def consent(self) -> ConsentChannel:
        """Which consent it takes: to İYS, what is sent to a phone and read is a MESAJ."""
        return _CONSENTS[self]

    @property
    def kind(self) -> AddressKind:
        """What one is reached at by it."""
        return self.consent.kind


_CONSENTS = {
    Channel.CALL: ConsentChannel.CALL,
    Channel.SMS: ConsentChannel.MESSAGE,
    Channel.WHATSAPP: ConsentChannel.MESSAGE,
    Channel.EMAIL: ConsentChannel.EMAIL,
    Channel.LETTER: ConsentChannel.LETTER,
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """A phone in E.164 form, an e-mail in lower case, or the letterbox of a customer.

    A letterbox has no spelling that stays: it goes by the customer's id.
    """

    kind: AddressKind
    value: str

    @classmethod
    def of(cls, channel: ConsentChannel, written: str | None, customer_id: str) -> "Address":
        """What was meant. Raise Invalid for what is not as the customer's contact points are."""
        if channel is ConsentChannel.LETTER:
            if written is not None:
                raise Invalid("letters go to the customer; leave it out", field="address")
            return cls(kind=AddressKind.POST, value=customer_id)
        if channel.kind is AddressKind.PHONE:
            if written is None or not _PHONE.fullmatch(written):
                raise Invalid(
                    "write the phone as it stands among the customer's contact points, such as "
                    "+905321234567",
                    field="address",
                )
        elif written is None or not _EMAIL.fullmatch(written) or written != lowered(written):
            raise Invalid(
                "write the e-mail as it stands among the customer's contact points, such as "
                "ayse@example.com",
                field="address",
            )
        return cls(kind=channel.kind, value=written)

    @classmethod
    def of_iys(cls, channel: ConsentChannel, recipient: str) -> "Address":
        """A recipient as İYS writes it. Raise Invalid for what is none."""
        if channel.kind is AddressKind.EMAIL:
            return cls.of(channel, lowered(recipient.strip()), "")
        digits = re.sub(r"[\s()-]", "", recipient)
        return cls.of(channel, digits if digits.startswith("+") else f"+{digits}", "")

    @property
    def hint(self) -> str:
        """By which its owner knows it again, and nobody else."""
        if self.kind is AddressKind.PHONE:
            return f"…{self.value[-2:]}"
        return f"{self.value[:1]}…" if self.kind is AddressKind.EMAIL else ""

    @property
    def is_filler(self) -> bool:
        """Whether it was typed to get past a field: 555 555 55 55, yok@yok.com."""
        if self.kind is AddressKind.EMAIL:
            mailbox, _, domain = self.value.partition("@")
            plain = re.sub(r"[._-]", "", mailbox)
            return len(set(plain)) < _FEW or plain in _UNREAD or domain in _UNREAD_DOMAINS
        if self.kind is AddressKind.PHONE:
            national = self.value[-_NATIONAL:]
            few = len(set(self.value[-_SUBSCRIBER:])) < _FEW
            return few or national in _UP or national in _DOWN
        return False

    def takes(self, channel: Channel) -> bool:
        """Whether it can be reached by this channel: a landline in Turkey takes no texts."""
        if self.kind is not channel.kind:
            return False
        is_text = channel in (Channel.SMS, Channel.WHATSAPP)
        return not (
            is_text and self.value.startswith(TURKISH) and not _MOBILE.fullmatch(self.value)
        )


def lowered(written: str) -> str:
    """In lower case, as e-mails are, whatever keyboard they were typed on."""
    return written.replace("İ", "i").lower()
