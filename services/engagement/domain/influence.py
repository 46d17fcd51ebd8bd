"""Who brought whom to us, and who is listened to by whom when they buy.

Each is somebody's word about two customer ids, kept for ever. Nobody is brought or influenced by
whoever came through themselves: a circle is refused, since what one is worth would have no end.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound


class InfluenceKind(StrEnum):
    """What one did for the other."""

    REFERRED = "referred"  # brought them to us
    INFLUENCES = "influences"  # is listened to when they buy


# How many one may be brought, or influenced, by.
MOST_SOURCES = {InfluenceKind.REFERRED: 1, InfluenceKind.INFLUENCES: 5}
MOST_ABOVE = 40  # whom somebody comes from, in all generations; looked through for a circle
DEEPEST = 3  # generations that are shown, and added up
MOST_BELOW = 50  # customer ids that are shown, and added up


class InfluenceNotFound(NotFound):
    def __init__(self, influence_id: str) -> None:
        super().__init__(f"influence {influence_id} does not exist")


class InfluenceEnded(Conflict):
    def __init__(self, influence_id: str) -> None:
        super().__init__(f"influence {influence_id} was ended before", legal_moves=[])


class Circle(Conflict):
    """The one would have brought, or influence, themselves."""

    def __init__(self, kind: InfluenceKind) -> None:
        super().__init__(
            f"the one comes from the other already ({kind}); end that first if it is wrong"
        )


class SaidBefore(Conflict):
    def __init__(self) -> None:
        super().__init__("this was said of the two before")


class TooManySources(Conflict):
    def __init__(self, kind: InfluenceKind) -> None:
        super().__init__(
            f"{MOST_SOURCES[kind]} at most can stand as who {kind} somebody; end another first"
        )


class TooLongALine(Conflict):
    def __init__(self) -> None:
        super().__init__(f"more than {MOST_ABOVE} stand before them in the line; it is not kept")


@dataclass(frozen=True, kw_only=True)
class Influence(Entity):
    """Somebody's word that `customer_id` brought or influences `other_id`."""

    kind: ClassVar[str] = "influence"

    influence_id: str
    of: InfluenceKind
    other_id: str
    reason: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None

    @property
    def entity_id(self) -> str:
        return self.influence_id

    @classmethod
    def make(
        cls,
        act: Act,
        *,
        influence_id: str,
        of: InfluenceKind,
        customer_id: str,
        other_id: str,
        reason: str,
        members: Collection[str] = (),
    ) -> "Influence":
        """A new one. Raise Invalid where the two are one: `members` are the first one's ids."""
        if other_id == customer_id or other_id in members:
            raise Invalid("these are one and the same; name somebody else", field="other_id")
        influence = cls(
            customer_id=customer_id,
            influence_id=influence_id,
            of=of,
            other_id=other_id,
            reason=reason,
            made_at=act.at,
            made_by=act.by,
        )
        facts = {"kind": of.value, "other_id": other_id}
        return influence.after(act, Happening(what="influence_said", facts=facts))

    def end(self, act: Act, reason: str) -> "Influence":
        """It with its end. Raise InfluenceEnded where it has one."""
        if self.ended_at is not None:
            raise InfluenceEnded(self.influence_id)
        facts = {"kind": self.of.value, "other_id": self.other_id}
        return self.after(
            act,
            Happening(what="influence_ended", facts=facts),
            ended_at=act.at,
            ended_by=act.by,
            end_reason=reason,
        )

    def forgotten(self, act: Act) -> "Influence":
        """It without the words that say why; itself where there are none."""
        if not (self.reason or self.end_reason):
            return self
        return self.after(act, Happening(what="forgotten"), reason="", end_reason=None)


@dataclass(frozen=True, kw_only=True)
class Below:
    """Somebody who came through a customer, in which generation, by whose word."""

    customer_id: str
    generation: int  # 1 for whom they brought themselves
    influence_id: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of influence around a customer: from whom, to whom, and what those are worth."""

    above: Mapping[str, str]
    below: Sequence[Below]
    is_all: bool
    value: Mapping[str, int]  # of all below, each person once, in minor units by currency
