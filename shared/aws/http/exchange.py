"""One request and its answer, as use cases want them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.access import Action, Caller
from shared.aws.logs import tell
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
    language: str = "tr"  # in which the caller would rather read: tr or en
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def act(self) -> Act:
        """What the caller does by this request."""
        return Act(by=self.caller.subject, at=self.now, correlation_id=self.correlation_id)

    def reaches(self, customer_id: str, members: Callable[[str], Collection[str]]) -> bool:
        """Whether the caller may do this to this customer's data.

        `members` tells the ids that are one person with somebody; it is asked only where the
        caller's own id, and those of the session, are not enough. Raise NotVerified where the
        caller's role would allow it and the grounds do not. What one of ours reads is told to
        the log, with the grounds.
        """
        caller, known = self.caller, self.caller.stands_for
        if not caller.may(self.action, customer_id):
            same = [one for one in known if customer_id in members(one)]
            if not same:
                return caller.must_reach(self.action, customer_id)
            if not caller.must_reach(self.action, customer_id, [*same, customer_id]):
                return False
        if caller.grounds is not None and caller.needs_grounds(self.action):
            tell(
                "read",
                action=self.action,
                customer=customer_id,
                by=caller.subject,
                **caller.grounds.told(),
            )
        return True


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request is answered. `version` becomes the ETag.

    What has no version of its own may have a `tag`, which stands for what it says: whoever
    names it in If-None-Match has that already, and is answered 304 without a body.
    """

    body: BaseModel
    status: int = 200
    version: int | None = None
    tag: str | None = None
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
