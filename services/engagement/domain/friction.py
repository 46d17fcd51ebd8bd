"""What we could not do for somebody because of a rule of ours: each time counts. Never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.engagement.domain.consent import NOBODY
from services.engagement.domain.response import past
from shared.entity import Act, Entity, Happening


@dataclass(frozen=True, kw_only=True)
class Friction(Entity):
    """One time that a rule was in the way, in the words of whoever met it.

    `customer_id` is NOBODY where it was nobody's in particular.
    """

    kind: ClassVar[str] = "friction"

    friction_id: str
    at: datetime
    rule: str
    words: str

    @property
    def entity_id(self) -> str:
        return self.friction_id

    @classmethod
    def record(
        cls,
        act: Act,
        *,
        friction_id: str,
        customer_id: str | None,
        rule: str,
        words: str,
        at: datetime | None = None,
    ) -> "Friction":
        """A new one. Raise Invalid where it is still to come."""
        when = past(at, act)
        friction = cls(
            customer_id=customer_id or NOBODY,
            friction_id=friction_id,
            at=when,
            rule=rule,
            words=words,
        )
        return friction.after(
            act, Happening(what="hindered", facts={"rule": rule}, happened_at=when)
        )

    def forgotten(self, act: Act) -> "Friction":
        """It without its words; itself where there are none."""
        return self.after(act, Happening(what="forgotten"), words="") if self.words else self
