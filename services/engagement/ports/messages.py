"""What sending messages needs from outside."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.engagement.domain import Address, Message, Text


class SaidAlready(Exception):
    """Somebody has said it to one of these customer ids for this reason."""


class Outbox(Protocol):
    """All messages that were ever asked for, as a collection."""

    def add(self, message: Message, *, fingerprint: str) -> tuple[Message, bool]:
        """Add it; return it as it now stands, and whether it was there already.

        Raise KeyReused where it came from another request, and ReasonUsed where another message
        was asked for with the same reason for one of its members.
        """
        ...

    def get(self, message_id: str) -> Message:
        """Raise MessageNotFound if there is none."""
        ...

    def asked(self, message_ids: Collection[str]) -> Collection[str]:
        """Those of at most a hundred messages that were asked for."""
        ...

    def save(self, message: Message) -> None:
        """Raise ChangedMeanwhile if somebody else saved a newer version."""
        ...

    def claim(self, message: Message) -> None:
        """Save what is claimed, with its reason as said for the claim's ids, and the contact.

        Raise ChangedMeanwhile as `save` does, and SaidAlready where another message has said it.
        """
        ...

    def release(self, message: Message, *, claimed: Message) -> None:
        """Save it, and take back what the claim of `claimed` has said and counted; or none.

        Raise ChangedMeanwhile as `save` does.
        """
        ...

    def restore(self, message: Message) -> None:
        """Save it, and have said and counted what its last claim did, which was taken back.

        Raise ChangedMeanwhile as `save` does.
        """
        ...

    def listed(self, customer_id: str) -> Iterator[str]:
        """The ids of a customer's messages that show in their list, the oldest first."""
        ...

    def due(self, now: datetime, most: int) -> Sequence[Message]:
        """Those that a run must look at by now, the longest due first."""
        ...


class Bounces(Protocol):
    """Addresses that do not exist, as gateways have said."""

    def key_of(self, address: Address) -> str:
        """By which an address is known again."""
        ...

    def put(self, address_key: str, until: datetime) -> None:
        """Leave it alone until then, or until later if that was said."""
        ...

    def of(self, addresses: Collection[Address], now: datetime) -> frozenset[Address]:
        """Those of some addresses that are left alone now."""
        ...


class Silent(Exception):
    """A gateway may have taken a message or not: nothing was heard, or nothing that says so."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A gateway has a message, and will try to deliver it. `gateway_id` is its own name for it."""

    gateway_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """A gateway surely has it not. `for_good` where it would not have it the next time either."""

    why: str
    for_good: bool = False


class Gateway(Protocol):
    """By which messages of one channel leave."""

    @property
    def knows_repeats(self) -> bool:
        """Whether the same message may be given to it twice, and goes out once."""
        ...

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        """Give it a message, in one attempt. Raise Silent where it may have been taken or not.

        `to` is a phone in E.164 form, an e-mail, or a postal address of several lines.
        """
        ...


class Tallies(Protocol):
    """How often the line by which a person is reached went out, and was followed."""

    def of_day(self, day: date) -> Sequence["Tally"]:
        """By template, in their order; those of which nothing went out on that day are absent."""
        ...


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One template's line on one day in Turkey."""

    template: str
    carried: int
    followed: int
