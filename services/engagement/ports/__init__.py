"""What the engagement service needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.engagement.domain import (
    Address,
    Changes,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Outcome,
    Person,
)


class IysUnavailable(Exception):
    """İYS does not answer, or wants to be asked more slowly. The text says which."""


class Consents(Protocol):
    """All that was ever said of whether we may write, as a collection. Nothing is taken away."""

    def key_of(self, address: Address, channel: ConsentChannel, purpose: ConsentPurpose) -> str:
        """By which the words on one address, channel and purpose are found."""
        ...

    def add(self, consent: Consent, *, fingerprint: str) -> tuple[Consent, bool]:
        """Add it; return it as it now stands, and whether it was there already.

        Raise KeyReused where it came from another request, and CodeUsedOtherwise where the code
        that proves it was used for another purpose.
        """
        ...

    def get(self, consent_id: str) -> Consent:
        """Raise ConsentNotFound if there is none."""
        ...

    def save(self, consent: Consent) -> None:
        """Raise ChangedMeanwhile if somebody else saved a newer version."""
        ...

    def said_of(self, address_key: str) -> tuple[Sequence[Consent], bool]:
        """The newest hundred words on an address, and whether these are all; strongly read."""
        ...

    def waiting(self) -> Sequence[Consent]:
        """What İYS has not said yet that it has, the soonest due first; at most a thousand."""
        ...


class Iys(Protocol):
    """The national register of consents."""

    def hand_over(self, consents: Sequence[Consent]) -> str:
        """Give it a batch; return the id of the request. Raise IysUnavailable."""
        ...

    def outcomes(self, request_id: str) -> Mapping[int, Outcome]:
        """What became of a batch, by place; what is still worked on is absent.

        Raise IysUnavailable.
        """
        ...

    def changes(self, after: str | None) -> Changes:
        """What people have told İYS itself behind a place, the oldest first, some at a time.

        Raise IysUnavailable.
        """
        ...


class Places(Protocol):
    """How far İYS's changes were read."""

    def get(self) -> str | None: ...

    def move(self, before: str | None, after: str) -> None:
        """Note the place. Raise ChangedMeanwhile where another reader has moved it."""
        ...


class Sources(Protocol):
    """What other services know of a person. None where it does not answer."""

    def person(self, ids: Collection[str], correlation_id: str) -> Person | None:
        """Who has these customer ids, and all others of theirs. Raise CustomerUnknown."""
        ...

    def complaints(self, ids: Collection[str], correlation_id: str) -> Sequence[str | None] | None:
        """The seriousness of each open complaint of theirs, None where it is not told."""
        ...


class Contacts(Protocol):
    """When people have heard from us, counted by what is counted together."""

    def put(self, customer_id: str, counted_as: str, at: datetime, contact_id: str) -> None:
        """Count it once, however often it is told."""
        ...

    def since(
        self, ids: Collection[str], counted_as: str, since: datetime, until: datetime, most: int
    ) -> Sequence[datetime]:
        """Those of a person within a time, the newest first; at most so many for each id."""
        ...
