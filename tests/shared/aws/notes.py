"""Notes: a small entity to try the kit with."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from shared.aws.entities import EntityDocument
from shared.aws.projection import Projection, Row
from shared.contracts.event import Event
from shared.entity import Act, Entity, Entry, Happening

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def an_act(minutes: int = 0) -> Act:
    return Act(
        by="agent-1", at=NOON + timedelta(minutes=minutes), correlation_id=f"request-{minutes}"
    )


@dataclass(frozen=True, kw_only=True)
class Note(Entity):
    """Something written down, worth something, and perhaps done with."""

    kind: ClassVar[str] = "note"

    note_id: str
    written_at: datetime
    worth: int = 0
    done: bool = False

    @property
    def entity_id(self) -> str:
        return self.note_id

    @classmethod
    def write(
        cls, note_id: str = "note-1", *, customer_id: str = "cus_1", worth: int = 0
    ) -> "Note":
        note = cls(customer_id=customer_id, note_id=note_id, written_at=NOON, worth=worth)
        return note.after(an_act(), Happening(what="written"))

    def become(self, *, worth: int, done: bool = False) -> "Note":
        act = an_act(self.version)
        return self.after(act, Happening(what="rewritten"), worth=worth, done=done)


class NoteWritten(Event):
    """A note was written."""

    source: ClassVar[str] = "sahip.notes"
    detail_type: ClassVar[str] = "NoteWritten.v1"


class NoteRewritten(Event):
    """A note was written anew."""

    source: ClassVar[str] = "sahip.notes"
    detail_type: ClassVar[str] = "NoteRewritten.v1"


def event_of(note_id: str, customer_id: str, entry: Entry) -> Event:
    kind = NoteWritten if entry.what == "written" else NoteRewritten
    return kind.of(entry, entity_id=note_id, customer_id=customer_id)


def row_of(note: Note) -> Row:
    return Row(
        at=note.written_at,
        shown={"note_id": note.note_id, "worth": note.worth},
        counted={"count": 1, "worth": note.worth} | ({} if note.done else {"open": 1}),
        live=None if note.done else f"O#{note.note_id}",
    )


document = EntityDocument(Note)
projection = Projection(document=document, row=row_of)
