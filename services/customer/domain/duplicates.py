"""Pairs of customers who may be one person: found by comparing, decided by people.

A pair has one entry, whichever of the two was compared first. It says what agrees and how much
that weighs, field by field and without a value; the values are in the books.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.entity import Act, Entity, Facts, Happening
from shared.errors import Conflict, NotFound


class Standing(StrEnum):
    """What is held of a pair."""

    OPEN = "open"  # waits for somebody to decide
    JOINED = "joined"  # linked by itself, and waits for somebody to confirm
    SAME = "same"  # somebody has said so
    DIFFERENT = "different"  # somebody has said so: never linked by itself, nor suggested, again
    WITHDRAWN = "withdrawn"  # what spoke for it is so no more

    @property
    def waits(self) -> bool:
        """Whether somebody has yet to say something."""
        return self in (Standing.OPEN, Standing.JOINED)


class DuplicateNotFound(NotFound):
    def __init__(self, duplicate_id: str) -> None:
        super().__init__(f"duplicate {duplicate_id} does not exist")


class DuplicateDecided(Conflict):
    def __init__(self, duplicate: "Duplicate") -> None:
        super().__init__(
            f"duplicate {duplicate.duplicate_id} is {duplicate.standing} already; "
            "link the two customers, or end their link, if that is wrong",
            legal_moves=[],
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one field of two customers compares, and how much that speaks for one person."""

    field: str
    level: str
    weight: float  # in bits; less than 0 speaks against it


@dataclass(frozen=True, kw_only=True)
class Resemblance:
    """How far two customers look like one person."""

    probability: float
    weight: float  # in bits, of all fields together
    findings: tuple[Finding, ...]
    is_enough: bool  # to link them by itself

    def facts(self) -> Facts:
        """What may be told: kinds, levels and weights, no values."""
        return {
            "probability": self.probability,
            "weight": self.weight,
            "findings": [[one.field, one.level, one.weight] for one in self.findings],
        }


@dataclass(frozen=True, kw_only=True)
class Duplicate(Entity):
    """Two customers who may be one person. `customer_id` is the one whose id sorts first."""

    kind: ClassVar[str] = "duplicate"

    duplicate_id: str
    other_id: str
    resemblance: Resemblance
    standing: Standing
    found_at: datetime
    by_itself: bool  # whether they are to be linked without asking
    link_id: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    followed: bool = False  # it followed what was done elsewhere: nobody gave a reason here

    @property
    def entity_id(self) -> str:
        return self.duplicate_id

    @property
    def pair(self) -> tuple[str, str]:
        return self.customer_id, self.other_id

    @property
    def is_due(self) -> bool:
        """Whether they are still to be linked by itself."""
        return self.standing is Standing.OPEN and self.by_itself

    def beside(self, customer_id: str) -> str:
        """The other one of the two."""
        return self.other_id if customer_id == self.customer_id else self.customer_id

    @classmethod
    def found(cls, act: Act, one: str, other: str, resemblance: Resemblance) -> "Duplicate":
        """Two customers who have been found to resemble each other."""
        first, second = sorted((one, other))
        duplicate = cls(
            customer_id=first,
            duplicate_id=id_of_pair(first, second),
            other_id=second,
            resemblance=resemblance,
            standing=Standing.OPEN,
            found_at=act.at,
            by_itself=resemblance.is_enough,
        )
        return duplicate.after(act, Happening(what="found", facts=resemblance.facts()))

    def compared(self, act: Act, resemblance: Resemblance | None) -> "Duplicate":
        """The pair after they were compared again; None where they resemble each other no more.

        What somebody has decided stays decided. What is linked stays so until somebody says
        otherwise.
        """
        if self.standing in (Standing.SAME, Standing.DIFFERENT):
            return self
        if resemblance is None:
            if self.standing is not Standing.OPEN:
                return self
            return self.after(act, Happening(what="withdrawn"), standing=Standing.WITHDRAWN)
        if self.standing is Standing.WITHDRAWN:
            return self.after(
                act,
                Happening(what="found", facts=resemblance.facts()),
                standing=Standing.OPEN,
                resemblance=resemblance,
                by_itself=resemblance.is_enough,
            )
        if resemblance == self.resemblance:
            return self
        return self.after(
            act,
            Happening(what="compared", facts=resemblance.facts()),
            resemblance=resemblance,
            by_itself=resemblance.is_enough,
        )

    def left_to_people(self, act: Act, why: str) -> "Duplicate":
        """The pair, not to be linked by itself after all. `why` is a word of ours."""
        return self.after(
            act, Happening(what="left_to_people", facts={"why": why}), by_itself=False
        )

    def joined(self, act: Act, link_id: str) -> "Duplicate":
        """The pair, linked by itself."""
        return self.after(
            act,
            Happening(what="joined", facts={"link_id": link_id}),
            standing=Standing.JOINED,
            link_id=link_id,
        )

    def decided(
        self,
        act: Act,
        standing: Standing,
        reason: str,
        *,
        link_id: str | None = None,
        followed: bool = False,
    ) -> "Duplicate":
        """The pair as somebody has decided.

        Raise DuplicateDecided where that was done before. What only followed from elsewhere may
        still be given its reason.
        """
        if not self.standing.waits and not (self.followed and standing is self.standing):
            raise DuplicateDecided(self)
        return self.after(
            act,
            Happening(what="decided", facts={"standing": standing.value}),
            standing=standing,
            link_id=link_id or self.link_id,
            decided_at=act.at,
            decided_by=act.by,
            reason=reason,
            followed=followed,
        )

    def follows(self, act: Act, standing: Standing, why: str) -> "Duplicate":
        """The pair, decided by what was done elsewhere. `why` is a word of ours."""
        return self.decided(act, standing, why, followed=True)


def id_of_pair(one: str, other: str) -> str:
    """The id of the entry of two customers, whichever is named first."""
    return f"dup_{_digest('duplicate', *sorted((one, other)))}"


def link_of_pair(one: str, other: str) -> str:
    """The id of the link that comes of a pair, so that it is made once."""
    return f"lnk_{_digest('link', *sorted((one, other)))}"


def _digest(*words: str) -> str:
    hashed = hashlib.sha256("\0".join(words).encode()).digest()
    return base64.b32encode(hashed).decode().lower()[:26]
