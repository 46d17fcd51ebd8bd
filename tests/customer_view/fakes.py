"""In-memory stand-ins for the view's ports; the memories are kept honest by test_adapters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.customer_view.domain import Candidate, Document, LastKnown, Look, Memory, Part
from services.customer_view.ports import Known, LooksPage, Unavailable
from shared.access import Caller


@dataclass
class InMemorySource:
    """A service that knows one part, and `beside` it others that are the same for everybody.

    `down` is why it does not answer, if so.
    """

    part: str
    known: dict[str, Document] = field(default_factory=dict)
    members: dict[str, Sequence[str]] = field(default_factory=dict)
    newly_joined: dict[str, Sequence[str]] = field(default_factory=dict)
    down: str | None = None
    asked: list[Sequence[str]] = field(default_factory=list)
    asked_for: list[Sequence[str]] = field(default_factory=list)  # the parts
    deadline: float = 5
    silent_on: str | None = None  # does not answer if asked for this id
    beside: dict[str, Document] = field(default_factory=dict)

    @property
    def parts(self) -> Sequence[str]:
        return [self.part, *self.beside]

    def ask(
        self, ids: Sequence[str], parts: Sequence[str], caller: Caller, correlation_id: str
    ) -> Mapping[str, Known]:
        self.asked.append(ids)
        self.asked_for.append(parts)
        if self.down is not None or self.silent_on in ids:
            raise Unavailable(self.down or "it did not answer")
        return {
            one: Known(
                members=self.members.get(one, ()),
                newly_joined=self.newly_joined.get(one, ()),
                parts={
                    name: part
                    for name, part in {self.part: self.known.get(one), **self.beside}.items()
                    if name in parts
                },
            )
            for one in ids
        }

    def __hash__(self) -> int:
        return id(self)


@dataclass
class InMemoryFinder:
    """A service that knows whose something is. `down` is why it does not answer, if so."""

    known: dict[tuple[str, str], Sequence[Candidate]] = field(default_factory=dict)
    down: str | None = None

    def find(
        self, kind: str, value: str, caller: Caller, correlation_id: str
    ) -> Sequence[Candidate]:
        if self.down is not None:
            raise Unavailable(self.down)
        return self.known.get((kind, value), [])


class InMemoryMemories:
    def __init__(self) -> None:
        self.kept: dict[str, Memory] = {}
        self.writes: list[set[str]] = []  # the parts that were written at once
        self.down: str | None = None

    def recall(self, customer_id: str) -> Memory:
        if self.down is not None:
            raise Unavailable(self.down)
        return self.kept.get(customer_id, Memory())

    def remember(self, customer_id: str, parts: Mapping[str, Part]) -> None:
        self.writes.append(set(parts))
        known = self.kept.get(customer_id, Memory())
        new = {
            name: LastKnown(as_of=part.as_of, data=part.data, ids=part.ids)
            for name, part in parts.items()
            if part.as_of is not None and part.data is not None
        }
        self.kept[customer_id] = replace(known, last_known={**known.last_known, **new})


class InMemoryLooks:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Look]] = {}

    def record(self, look: Look) -> None:
        for one in look.shown:
            known = self.kept.setdefault(one, {})
            place = f"{look.at.isoformat()}#{look.correlation_id}"
            if look.is_mixed or place not in known:
                known[place] = look

    def of(
        self,
        customer_id: str,
        *,
        since: datetime | None,
        until: datetime | None,
        most: int,
        before: str | None = None,
    ) -> LooksPage:
        places = {
            place: look
            for place, look in sorted(self.kept.get(customer_id, {}).items(), reverse=True)
            if (since is None or look.at >= since)
            and (until is None or look.at < until)
            and (before is None or place < before)
        }
        shown = list(places)[:most]
        older = shown[-1] if len(places) > most else None
        return LooksPage(looks=[places[one] for one in shown], older=older)
