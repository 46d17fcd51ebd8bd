"""One request and its answer, as use cases want them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.access import Action, Caller
from shared.entity import Act

Body = TypeVar("Body")


@dataclass(frozen=True, kw_only=True)
class Request(Generic[Body]):
    """A request that may be served: who asks is known, and what is sent fits its model.

    `version` is what If-Match names; None where it named none. `new_id` and
    `fingerprint` are given where something is created: the id that this key of
    this caller always leads to, and what tells a repeat from another request.
    """

    caller: Caller
    action: Action
    correlation_id: str
    body: Body
    query: Any = None
    version: int | None = None
    new_id: str = ""
    fingerprint: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def act(self) -> Act:
        """What the caller does by this request."""
        return Act(by=self.caller.subject, at=self.now, correlation_id=self.correlation_id)

    def reaches(self, customer_id: str, members: Callable[[str], Collection[str]]) -> bool:
        """Whether the caller may do this to this customer's data.

        `members` tells the ids that are one person with the caller; it is asked
        only where the caller's own id is not enough.
        """
        if self.caller.may(self.action, customer_id):
            return True
        own = self.caller.customer_id
        return own is not None and self.caller.may(self.action, customer_id, members(own))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request is answered. `version` becomes the ETag."""

    body: BaseModel
    status: int = 200
    version: int | None = None
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
