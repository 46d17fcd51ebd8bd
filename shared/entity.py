"""What every stored thing has in common: a version, and a log of what happened to it.

The log is what the world is told from: an event is an entry of it. So the
publisher knows who did what and when, one change can say several things, and
what was missed can be said again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from shared.errors import Stale

Facts = Mapping[str, Any]
"""Primitive values, lists and maps of them. No names, phones, addresses or free text."""

KEPT_ENTRIES = 50
KEPT_FOR = timedelta(days=30)
ATTRIBUTED = "attributed"  # what happened to an entity that was said to be somebody's
MOST_ENTRIES = 300  # however young: an item must never reach the 400 KB that DynamoDB takes


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does something, when, and in the course of which request."""

    by: str  # subject of the caller's token, or the id of the event acted upon
    at: datetime
    correlation_id: str


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What a change means, in the words of the domain.

    `happened_at` is for what is only now being recorded; None means now.
    """

    what: str
    facts: Facts = field(default_factory=dict)
    happened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of an entity's log. `version` and `n` number it for ever.

    `at` is when it was recorded, `happened_at` when it happened, if that was earlier.
    """

    version: int
    n: int
    what: str
    at: datetime
    by: str
    correlation_id: str
    facts: Facts
    happened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Via:
    """What kind of identifier a write found its customer by; its value is not kept.

    `shared` where several customer ids of the one person had it: should these turn out to be
    several persons after all, whose it was is for somebody to say.
    """

    kind: str
    shared: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A stored thing. `customer_id` is the one it was first written under, and never changes.

    `shown_under` are the customers it has been said to be of, the last of whom it shows under;
    None where nobody has said anything.
    """

    kind: ClassVar[str]

    customer_id: str
    version: int = 0
    log: tuple[Entry, ...] = ()
    via: Via | None = None  # None where the customer was named by their own id
    shown_under: tuple[str, ...] | None = None

    @property
    def entity_id(self) -> str:
        raise TypeError(f"{type(self).__name__} does not say which of its fields is its id")

    @property
    def holder(self) -> str:
        """The customer whose it is, as far as anybody has said."""
        return self.shown_under[-1] if self.shown_under else self.customer_id

    @property
    def awaits_review(self) -> bool:
        """Whether it came by what several had, and nobody has said whose it is."""
        return self.via is not None and self.via.shared and self.shown_under is None

    @property
    def changed_at(self) -> datetime:
        return self.log[-1].at

    def must_be_at(self, version: int | None) -> None:
        """Raise Stale where the caller speaks of another version; None speaks of none."""
        if version not in (None, self.version):
            raise Stale(
                f"it is at version {self.version} by now, not {version}; "
                "read it again and decide anew"
            )

    def attributed(self, act: Act, customer_id: str) -> Self:
        """This entity with somebody's word whose it is; itself where that was said before."""
        if self.shown_under and self.holder == customer_id:
            return self
        before = self.shown_under or (self.customer_id,)
        places = (*(one for one in before if one != customer_id), customer_id)
        facts = {
            "holder": customer_id,
            "left": list(places[:-1]),
            "since": self._since(),
            **self.goes_along(),
        }
        return self.after(act, Happening(what=ATTRIBUTED, facts=facts), shown_under=places)

    def goes_along(self) -> Facts:
        """What those must know who keep what came of it, when it is said to be another's."""
        return {}

    def _since(self) -> str | None:
        """Before when nothing of it happened; None where its log does not reach back so far."""
        if not self.log or self.log[0].version > 1:
            return None
        return min(one.happened_at or one.at for one in self.log).isoformat()

    def after(self, act: Act, *happenings: Happening, **changes: Any) -> Self:
        """This entity one version on, with what happened in its log."""
        version = self.version + 1
        entries = [
            Entry(
                version=version,
                n=n,
                what=happening.what,
                at=act.at,
                by=act.by,
                correlation_id=act.correlation_id,
                facts=happening.facts,
                happened_at=happening.happened_at,
            )
            for n, happening in enumerate(happenings)
        ]
        log = _kept(self.log, act.at, MOST_ENTRIES - len(entries))
        return replace(self, version=version, log=(*log, *entries), **changes)


def _kept(log: tuple[Entry, ...], now: datetime, most: int) -> tuple[Entry, ...]:
    """Drop what is both far back and old, so that an item never grows without bound.

    The bus's archive keeps every event; the log must only reach back as far as
    a reconciliation may have to.
    """
    recent = len(log) - KEPT_ENTRIES
    kept = [
        entry for place, entry in enumerate(log) if place >= recent or now - entry.at < KEPT_FOR
    ]
    return tuple(kept[-most:])
