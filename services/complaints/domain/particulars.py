"""The parts of a complaint: what kinds there are, and what is said and done about one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What the trouble is about. For us to sort by; the customer need not know."""

    DELIVERY = "delivery"
    PRODUCT = "product"
    INVOICE = "invoice"
    SERVICE = "service"
    OTHER = "other"


class Seriousness(StrEnum):
    """How much it hurts."""

    NORMAL = "normal"
    SERIOUS = "serious"
    SAFETY = "safety"  # injury, fire, or the danger of it: help comes at once


class Fault(StrEnum):
    """Whose fault it is. A partner's fault is ours towards the customer."""

    UNKNOWN = "unknown"
    OURS = "ours"
    PARTNER = "partner"
    NOT_OURS = "not_ours"

    @property
    def needs_amends(self) -> bool:
        """Whether an apology and amends are owed."""
        return self in (Fault.OURS, Fault.PARTNER)


class HandOverReason(StrEnum):
    """Why a complaint may change its owner. For no other reason does it."""

    CUSTOMER_CONSENTS = "customer_consents"
    OWNER_ABSENT = "owner_absent"
    SAFETY = "safety"
    LEGAL = "legal"
    ABOUT_OWNER = "about_owner"
    PARTNER_OPENED = "partner_opened"
    OTHER = "other"  # with a text that says which


class WordOf(StrEnum):
    """Who told us that the customer is content."""

    CUSTOMER = "customer"
    DESK = "desk"  # as the customer's word, told to somebody of us


class WaitsFor(StrEnum):
    """What the customer was promised and still waits for."""

    ANSWER = "answer"
    RESOLUTION = "resolution"


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something that was said or done, by whom and when."""

    at: datetime
    by: str  # subject of the token


@dataclass(frozen=True, kw_only=True)
class Answer(Said):
    """What the customer was told."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Apology(Said):
    """That we are sorry. It names neither employee nor partner."""

    text: str


@dataclass(frozen=True, kw_only=True)
class HandOver(Said):
    """The owner changed. `from_owner` is None where nobody had heard it yet."""

    to_owner: str
    reason: HandOverReason
    from_owner: str | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class HelpAsked(Said):
    """Somebody else was asked to do something. The owner stays who it is."""

    of: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Amends:
    """What we do to make up for it (telafi): on top of every legal right, and waiving none.

    `amount` is what it is worth, in minor units of `currency`; both are None
    for what has no price.
    """

    what: str
    by_when: date  # in Turkey
    amount: int | None = None
    currency: str | None = None  # ISO 4217


@dataclass(frozen=True, kw_only=True)
class Proposal(Said):
    """How we would settle it."""

    text: str
    amends: Amends | None = None


@dataclass(frozen=True, kw_only=True)
class Acceptance(Said):
    """The customer is content."""

    word_of: WordOf
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class Reopening(Said):
    """The customer is not, or no longer, content."""

    word: str = ""
