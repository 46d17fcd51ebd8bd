"""What one can do with complaints, one function each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.complaints.domain import (
    Amends,
    Complaint,
    Fault,
    HandOverReason,
    Kind,
    Seriousness,
    WordOf,
)
from services.complaints.domain.forgetting import forgotten
from services.complaints.ports import Complaints
from shared.entity import Act
from shared.meanwhile import until_unchanged

ATTEMPTS = 5  # at what others are changing meanwhile


def open_complaint(
    complaints: Complaints,
    act: Act,
    *,
    complaint_id: str,
    fingerprint: str,
    customer_id: str,
    kind: Kind,
    seriousness: Seriousness,
    opened_at: datetime | None,
    heard_by: str | None,
    **particulars: Any,
) -> tuple[Complaint, bool]:
    """Take a complaint in once, however often it is told."""
    complaint = Complaint.open(
        act,
        complaint_id=complaint_id,
        customer_id=customer_id,
        about=kind,
        seriousness=seriousness,
        opened_at=opened_at,
        heard_by=heard_by,
        **particulars,
    )
    return complaints.add(complaint, fingerprint=fingerprint)


def answer_complaint(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    *,
    version: int | None,
    text: str,
    apology: str | None,
    heard_by: str | None,
) -> Complaint:
    return _moved(
        complaints,
        complaint,
        version,
        lambda: complaint.answer(act, text=text, apology=apology, heard_by=heard_by),
    )


def hand_over_complaint(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    *,
    version: int | None,
    to: str,
    reason: HandOverReason,
    text: str,
) -> Complaint:
    return _moved(
        complaints,
        complaint,
        version,
        lambda: complaint.hand_over(act, to=to, reason=reason, text=text),
    )


def ask_help(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    *,
    version: int | None,
    of: str,
    what: str,
) -> Complaint:
    return _moved(
        complaints, complaint, version, lambda: complaint.ask_help(act, of=of, what=what)
    )


def propose_resolution(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    *,
    version: int | None,
    text: str,
    fault: Fault | None,
    apology: str | None,
    amends: Amends | None,
    heard_by: str | None,
) -> Complaint:
    return _moved(
        complaints,
        complaint,
        version,
        lambda: complaint.propose(
            act, text=text, fault=fault, apology=apology, amends=amends, heard_by=heard_by
        ),
    )


def accept_resolution(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    *,
    version: int | None,
    word_of: WordOf,
    word: str,
) -> Complaint:
    return _moved(
        complaints, complaint, version, lambda: complaint.accept(act, word_of=word_of, word=word)
    )


def reopen_complaint(
    complaints: Complaints, act: Act, complaint: Complaint, *, version: int | None, word: str
) -> Complaint:
    return _moved(complaints, complaint, version, lambda: complaint.reopen(act, word=word))


def attribute_complaint(
    complaints: Complaints,
    act: Act,
    complaint: Complaint,
    customer_id: str,
    *,
    version: int | None,
) -> Complaint:
    """Say whose a complaint is. It is kept where it was written, and shows under them."""
    return _moved(complaints, complaint, version, lambda: complaint.attributed(act, customer_id))


def _moved(
    complaints: Complaints,
    complaint: Complaint,
    version: int | None,
    move: Callable[[], Complaint],
) -> Complaint:
    """Save the complaint one move on. A move that was made before is not saved again."""
    moved = move()
    if moved is not complaint:
        complaint.must_be_at(version)
        complaints.save(moved)
    return moved


def forget_complaint(complaints: Complaints, complaint_id: str, act: Act) -> None:
    """Let a complaint of somebody who was erased be kept without words."""

    def forget() -> None:
        before = complaints.get(complaint_id)
        after = forgotten(before, act)
        if after is not before:
            complaints.save(after)

    until_unchanged(forget, attempts=ATTEMPTS)
