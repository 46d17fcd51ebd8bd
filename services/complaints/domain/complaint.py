"""A complaint, from its first word until the customer is content."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from services.complaints.domain.moves import (
    MOVES,
    AmendsNeeded,
    AnotherOwnerNeeded,
    IllegalMove,
    Status,
    TooMuchWritten,
)
from services.complaints.domain.particulars import (
    Acceptance,
    Amends,
    Answer,
    Apology,
    Fault,
    HandOver,
    HandOverReason,
    HelpAsked,
    Kind,
    Proposal,
    Reopening,
    Seriousness,
    WaitsFor,
    WordOf,
)
from services.complaints.domain.promises import answer_due, begin, resolution_due
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Facts, Happening
from shared.errors import Invalid

MOST_WRITTEN = 150_000  # bytes of answers, help and hand-overs, so that an item stays in bounds


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A promise that runs: what the customer waits for, and until when."""

    waits_for: WaitsFor
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Complaint(Entity):
    """What went wrong for a customer, whose it is to put right, and how far that has come."""

    kind: ClassVar[str] = "complaint"

    complaint_id: str
    about: Kind
    opened_at: datetime
    answer_due: datetime
    resolution_due: datetime
    seriousness: Seriousness = Seriousness.NORMAL
    status: Status = Status.OPEN
    title: str = ""
    text: str = ""
    order_id: str | None = None
    product: str | None = None
    serial: str | None = None
    channel: str | None = None  # how it reached us: phone, web, survey…
    first_owner: str | None = None  # who heard it; once written, never changed
    owner: str | None = None
    fault: Fault = Fault.UNKNOWN
    answered_at: datetime | None = None  # when the customer first heard from us
    answers: tuple[Answer, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    helps: tuple[HelpAsked, ...] = ()
    apology: Apology | None = None
    proposal: Proposal | None = None  # the newest; not on the table any more once it is reopened
    acceptance: Acceptance | None = None
    reopenings: tuple[Reopening, ...] = ()
    forgotten_at: datetime | None = None  # since when its customer is erased, and all words gone

    @property
    def entity_id(self) -> str:
        return self.complaint_id

    @property
    def is_open(self) -> bool:
        """Whether the customer still waits for us."""
        return self.status is not Status.RESOLVED and self.forgotten_at is None

    @property
    def hand_over_count(self) -> int:
        return len(self.hand_overs)

    @property
    def reopened_count(self) -> int:
        return len(self.reopenings)

    @property
    def clock(self) -> Clock | None:
        """The promise that falls due next; None once all are kept.

        The clock of the resolution runs until the customer accepts one: what
        we propose helps nobody yet.
        """
        if not self.is_open:
            return None
        if self.answered_at is None:
            return Clock(waits_for=WaitsFor.ANSWER, due_at=self.answer_due)
        return Clock(waits_for=WaitsFor.RESOLUTION, due_at=self.resolution_due)

    @classmethod
    def open(
        cls,
        act: Act,
        *,
        complaint_id: str,
        customer_id: str,
        about: Kind,
        seriousness: Seriousness,
        opened_at: datetime | None,
        heard_by: str | None,
        **particulars: Any,
    ) -> "Complaint":
        """A new complaint, and the news of it.

        `heard_by` becomes its owner; None where no person has heard it yet.
        `opened_at` is now unless it is history: raise Invalid where it has yet
        to come.
        """
        opened_at = (opened_at or act.at).astimezone(UTC)
        if opened_at > act.at:
            raise Invalid("a complaint cannot be opened in the future", field="opened_at")
        start = begin(opened_at, act.at)
        complaint = cls(
            complaint_id=complaint_id,
            customer_id=customer_id,
            about=about,
            seriousness=seriousness,
            opened_at=opened_at,
            answer_due=answer_due(about, seriousness, start),
            resolution_due=resolution_due(about, seriousness, start),
            first_owner=heard_by,
            owner=heard_by,
            **particulars,
        )
        facts: Facts = {
            "kind": about.value,
            "seriousness": seriousness.value,
            "opened_at": opened_at.isoformat(),
            "answer_due": complaint.answer_due.isoformat(),
            "resolution_due": complaint.resolution_due.isoformat(),
            "owner": heard_by,
            "fault": complaint.fault.value,
            "order_id": complaint.order_id,
            "channel": complaint.channel,
        }
        return complaint.after(act, Happening(what="opened", facts=facts))

    def answer(
        self, act: Act, *, text: str, apology: str | None = None, heard_by: str | None = None
    ) -> "Complaint":
        """Tell the customer something. The first answer stops its clock.

        `heard_by` owns the complaint from now on if nobody has heard it before.
        """
        if self._has_just("answered") and (self.answers[-1].text, self.answers[-1].by) == (
            text,
            act.by,
        ):
            return self
        self._must_allow("answer")
        return self._written(
            act,
            Happening(what="answered", facts=self._hearing(act, heard_by)),
            answers=(*self.answers, Answer(at=act.at, by=act.by, text=text)),
            **self._heard(act, apology, heard_by),
        )

    def hand_over(
        self, act: Act, *, to: str, reason: HandOverReason, text: str = ""
    ) -> "Complaint":
        """Give it another owner, for a reason that counts.

        Raise Invalid for another reason that no text explains.
        """
        last = self.hand_overs[-1] if self._has_just("handed_over") else None
        if last is not None and (last.to_owner, last.reason, last.text) == (to, reason, text):
            return self
        self._must_allow("hand-over")
        if reason is HandOverReason.OTHER and not text:
            raise Invalid("say in a text for which other reason", field="text")
        if to == self.owner:
            raise AnotherOwnerNeeded(self.status)
        change = HandOver(
            at=act.at, by=act.by, from_owner=self.owner, to_owner=to, reason=reason, text=text
        )
        return self._written(
            act,
            Happening(
                what="handed_over",
                facts={
                    "from_owner": self.owner,
                    "to_owner": to,
                    "reason": reason.value,
                    "hand_over_count": self.hand_over_count + 1,
                },
            ),
            hand_overs=(*self.hand_overs, change),
            first_owner=self.first_owner or to,
            owner=to,
        )

    def ask_help(self, act: Act, *, of: str, what: str) -> "Complaint":
        """Ask somebody else to do something about it; the owner stays who it is."""
        last = self.helps[-1] if self._has_just("help_asked") else None
        if last is not None and (last.of, last.what, last.by) == (of, what, act.by):
            return self
        self._must_allow("help")
        asked = HelpAsked(at=act.at, by=act.by, of=of, what=what)
        return self._written(act, Happening(what="help_asked"), helps=(*self.helps, asked))

    def propose(
        self,
        act: Act,
        *,
        text: str,
        fault: Fault | None = None,
        apology: str | None = None,
        amends: Amends | None = None,
        heard_by: str | None = None,
    ) -> "Complaint":
        """Say how we would settle it, and by that answer.

        `fault` is what is known by now, None for what was known before. Raise
        AmendsNeeded where something is owed that is missing.
        """
        fault = fault or self.fault
        if self._has_proposed(text, fault, apology, amends):
            return self
        self._must_allow("propose")
        if fault.needs_amends and self.apology is None and apology is None:
            raise AmendsNeeded("apology")
        if fault.needs_amends and amends is None:
            raise AmendsNeeded("amends")
        if amends is not None and amends.by_when < day_in_turkey(act.at):
            raise Invalid("amends cannot be promised for a day gone by", field="amends.by_when")
        changes = {
            "status": Status.PROPOSED,
            "fault": fault,
            "proposal": Proposal(at=act.at, by=act.by, text=text, amends=amends),
            **self._heard(act, apology, heard_by),
        }
        facts = replace(self, **changes)._settlement() | self._hearing(act, heard_by)
        return self.after(act, Happening(what="proposed", facts=facts), **changes)

    def accept(self, act: Act, *, word_of: WordOf, word: str = "") -> "Complaint":
        """The customer is content: only that resolves it."""
        before = self.acceptance
        if not self.is_open and before and (before.word_of, before.word) == (word_of, word):
            return self
        self._must_allow("accept")
        facts = self._settlement() | {
            "on_time": act.at <= self.resolution_due,
            "word_of": word_of.value,
            "hand_over_count": self.hand_over_count,
            "reopened_count": self.reopened_count,
        }
        return self.after(
            act,
            Happening(what="resolved", facts=facts),
            status=Status.RESOLVED,
            acceptance=Acceptance(at=act.at, by=act.by, word_of=word_of, word=word),
        )

    def reopen(self, act: Act, *, word: str = "") -> "Complaint":
        """The customer is not content: the clock of the resolution starts anew."""
        if self.status is Status.OPEN and self.reopenings and self.reopenings[-1].word == word:
            return self
        self._must_allow("reopen")
        due = resolution_due(self.about, self.seriousness, act.at)
        return self.after(
            act,
            Happening(
                what="reopened",
                facts={
                    "reopened_count": self.reopened_count + 1,
                    "resolution_due": due.isoformat(),
                },
            ),
            status=Status.OPEN,
            resolution_due=due,
            acceptance=None,
            reopenings=(*self.reopenings, Reopening(at=act.at, by=act.by, word=word)),
        )

    def is_late(self, now: datetime) -> bool:
        """Whether a promise that runs is broken."""
        return self.clock is not None and self.clock.due_at < now

    def as_the_customer_sees_it(self) -> "Complaint":
        """Without what is none of the customer's business: to them a partner's fault is ours."""
        fault = Fault.OURS if self.fault is Fault.PARTNER else self.fault
        return replace(self, fault=fault, hand_overs=(), helps=())

    def _must_allow(self, move: str) -> None:
        if move not in MOVES[self.status]:
            raise IllegalMove(move, self.status)

    def _has_just(self, what: str) -> bool:
        return self.log[-1].what == what

    def _has_proposed(
        self, text: str, fault: Fault, apology: str | None, amends: Amends | None
    ) -> bool:
        on_table = self.proposal if self.status is Status.PROPOSED else None
        return (
            on_table is not None
            and (on_table.text, on_table.amends, self.fault) == (text, amends, fault)
            and (apology is None or (self.apology is not None and self.apology.text == apology))
        )

    def _hearing(self, act: Act, heard_by: str | None) -> dict[str, Any]:
        """What is told of it when the customer hears from somebody."""
        first = self.answered_at is None
        return {
            "first": first,
            "first_on_time": act.at <= self.answer_due if first else None,
            "owner": self.owner or heard_by,
        }

    def _heard(self, act: Act, apology: str | None, heard_by: str | None) -> dict[str, Any]:
        """What changes because the customer hears from somebody."""
        changes: dict[str, Any] = {
            "answered_at": self.answered_at or act.at,
            "first_owner": self.first_owner or heard_by,
            "owner": self.owner or heard_by,
        }
        if apology is not None:
            changes["apology"] = Apology(at=act.at, by=act.by, text=apology)
        return changes

    def _written(self, act: Act, happening: Happening, **changes: Any) -> "Complaint":
        written = self.after(act, happening, **changes)
        texts = [answer.text for answer in written.answers]
        texts += [help_asked.what for help_asked in written.helps]
        texts += [hand_over.text for hand_over in written.hand_overs]
        if sum(len(text.encode()) + 100 for text in texts) > MOST_WRITTEN:
            raise TooMuchWritten(self.status)
        return written

    def _settlement(self) -> dict[str, Any]:
        amends = self.proposal.amends if self.proposal else None
        return {
            "fault": self.fault.value,
            "apologised": self.apology is not None,
            "amends_amount": amends.amount if amends else None,
            "amends_currency": amends.currency if amends else None,
        }
