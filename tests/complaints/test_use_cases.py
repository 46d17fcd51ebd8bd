import pytest

from services.complaints import use_cases
from services.complaints.domain import (
    Complaint,
    Fault,
    HandOverReason,
    IllegalMove,
    Kind,
    Seriousness,
    Status,
    WordOf,
)
from shared.errors import KeyReused, Stale
from tests.complaints.examples import COUPON, SORRY, a_complaint, an_act
from tests.complaints.fakes import InMemoryComplaints


def tell(
    complaints: InMemoryComplaints, *, fingerprint: str = "f", minutes: int = 0
) -> tuple[Complaint, bool]:
    return use_cases.open_complaint(
        complaints,
        an_act(minutes),
        complaint_id="cmp_1",
        fingerprint=fingerprint,
        customer_id="cus_1",
        kind=Kind.PRODUCT,
        seriousness=Seriousness.NORMAL,
        opened_at=None,
        heard_by="agent-1",
        text="It does not spin.",
    )


def test_a_complaint_told_twice_is_opened_once_and_answered_as_it_now_stands() -> None:
    complaints = InMemoryComplaints()
    complaint, replayed = tell(complaints)
    answered = use_cases.answer_complaint(
        complaints, an_act(1), complaint, version=1, text="Yes.", apology=None, heard_by="agent-1"
    )

    again, replayed_again = tell(complaints, minutes=2)

    assert (replayed, replayed_again) == (False, True)
    assert again == answered


def test_a_key_that_comes_with_another_request_is_refused() -> None:
    complaints = InMemoryComplaints()
    tell(complaints)

    with pytest.raises(KeyReused):
        tell(complaints, fingerprint="another")


def test_a_move_that_names_an_older_version_is_stale_and_changes_nothing() -> None:
    complaints = InMemoryComplaints(a_complaint())
    complaint = complaints.get("cmp_1")

    with pytest.raises(Stale, match="at version 1 by now, not 7"):
        use_cases.ask_help(
            complaints, an_act(2), complaint, version=7, of="stores", what="Another one?"
        )

    assert complaints.get("cmp_1") == complaint


def test_a_move_made_before_is_answered_whatever_version_it_names() -> None:
    complaints = InMemoryComplaints(a_complaint())
    for _ in range(2):
        use_cases.hand_over_complaint(
            complaints,
            an_act(1),
            complaints.get("cmp_1"),
            version=1,
            to="agent-2",
            reason=HandOverReason.CUSTOMER_CONSENTS,
            text="",
        )

    assert complaints.get("cmp_1").version == 2
    assert complaints.get("cmp_1").hand_over_count == 1


def test_a_complaint_goes_its_whole_way() -> None:
    complaints = InMemoryComplaints()
    tell(complaints)

    use_cases.propose_resolution(
        complaints,
        an_act(1),
        complaints.get("cmp_1"),
        version=1,
        text="A new one.",
        fault=Fault.OURS,
        apology=SORRY,
        amends=COUPON,
        heard_by="agent-1",
    )
    use_cases.accept_resolution(
        complaints,
        an_act(2),
        complaints.get("cmp_1"),
        version=2,
        word_of=WordOf.CUSTOMER,
        word="Fine.",
    )
    use_cases.reopen_complaint(
        complaints, an_act(3), complaints.get("cmp_1"), version=3, word="Broken again."
    )

    complaint = complaints.get("cmp_1")
    assert complaint.status is Status.OPEN
    assert [entry.what for entry in complaint.log] == [
        "opened",
        "proposed",
        "resolved",
        "reopened",
    ]


def test_silence_does_not_settle_a_complaint() -> None:
    complaints = InMemoryComplaints(a_complaint())

    with pytest.raises(IllegalMove, match="cannot accept a complaint that is open"):
        use_cases.accept_resolution(
            complaints,
            an_act(1),
            complaints.get("cmp_1"),
            version=None,
            word_of=WordOf.DESK,
            word="",
        )
