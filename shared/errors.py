"""The ways a request can be refused; services subclass these in domain.py.

Every message is shown to the caller: it says what is wrong and what to do, and
holds no personal data.
"""

from collections.abc import Sequence


class DomainError(Exception):
    """A rule said no. Nothing has changed."""


class Invalid(DomainError):
    """What was sent cannot be taken as it is.

    `field` is the path of the field at fault, such as `lines.0.quantity`.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Forbidden(DomainError):
    """The caller's role does not allow the action, on whomsoever."""


class NotVerified(Forbidden):
    """The role would allow it, but nothing shows that it may be told in this conversation."""


class NotProven(DomainError):
    """Nothing shows that the request comes from whom it says, or that it was made just now."""


class NotFound(DomainError):
    """It does not exist, or is none of the caller's business: one answer for both."""


class Gone(DomainError):
    """It was there and is there no more, for ever."""


class Conflict(DomainError):
    """It exists, but its present state forbids the action.

    `legal_moves` are the actions its present state does allow.
    """

    def __init__(self, message: str, *, legal_moves: Sequence[str] | None = None) -> None:
        super().__init__(message)
        self.legal_moves = legal_moves


class ChangedMeanwhile(Conflict):
    """Somebody else saved a newer version between our reading and our writing."""


class Stale(DomainError):
    """The caller speaks of a version that is no longer the newest."""


class PreconditionMissing(DomainError):
    """A change must say which version it speaks of, and this one did not."""


class KeyReused(DomainError):
    """An idempotency key came back with another request than its first."""


class TooLarge(DomainError):
    """The request is longer than is read."""


class TooOften(DomainError):
    """The caller has asked more often than is allowed in this time.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something we depend on is busy or down; the same request may succeed later.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
