from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.complaints.domain import (
    Amends,
    AmendsNeeded,
    AnotherOwnerNeeded,
    Complaint,
    Fault,
    HandOverReason,
    IllegalMove,
    Status,
    TooMuchWritten,
    WaitsFor,
    WordOf,
)
from services.complaints.domain.moves import MOVES
from shared.entity import Act
from shared.errors import Conflict, Invalid
from tests.complaints.examples import (
    COUPON,
    NOON,
    SORRY,
    a_complaint,
    a_proposed_one,
    a_resolved_one,
    an_act,
)

Move = Callable[[Complaint, Act], Complaint]

MAKE: dict[str, Move] = {
    "answer": lambda one, act: one.answer(act, text="We look into it."),
    "hand-over": lambda one, act: one.hand_over(
        act, to="agent-2", reason=HandOverReason.CUSTOMER_CONSENTS
    ),
    "help": lambda one, act: one.ask_help(act, of="stores", what="Is there another one?"),
    "propose": lambda one, act: one.propose(
        act, text="Another one.", fault=Fault.OURS, apology=SORRY, amends=COUPON
    ),
    "accept": lambda one, act: one.accept(act, word_of=WordOf.DESK, word="She is content."),
    "reopen": lambda one, act: one.reopen(act, word="Broken."),
}
EXAMPLES: dict[Status, Callable[[], Complaint]] = {
    Status.OPEN: a_complaint,
    Status.PROPOSED: a_proposed_one,
    Status.RESOLVED: a_resolved_one,
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", MAKE)
def test_a_move_is_made_where_it_is_legal_and_refused_with_the_legal_ones_elsewhere(
    status: Status, move: str
) -> None:
    complaint = EXAMPLES[status]()

    if move in MOVES[status]:
        moved = MAKE[move](complaint, an_act(90))
        assert moved.version == complaint.version + 1
    else:
        with pytest.raises(IllegalMove) as refusal:
            MAKE[move](complaint, an_act(90))
        assert refusal.value.legal_moves == MOVES[status]
        assert all(legal in str(refusal.value) for legal in MOVES[status])


@pytest.mark.parametrize("move", MAKE)
def test_the_same_move_again_changes_nothing(move: str) -> None:
    complaint = a_resolved_one() if move == "reopen" else a_proposed_one()
    once = MAKE[move](complaint, an_act(90))

    assert MAKE[move](once, an_act(91)) is once


def test_the_same_move_with_other_particulars_is_no_repeat() -> None:
    answered = MAKE["answer"](a_complaint(), an_act(1))
    proposed, resolved = a_proposed_one(), a_resolved_one()

    assert len(answered.answer(an_act(2), text="Send it back.").answers) == 2
    assert proposed.propose(an_act(90), text="We send two.", amends=COUPON) != proposed
    with pytest.raises(IllegalMove):
        resolved.accept(an_act(90), word_of=WordOf.DESK, word="Quite fine.")


def test_whoever_hears_a_complaint_first_owns_it() -> None:
    complaint = a_complaint(heard_by="agent-1")
    answered_by_another = complaint.answer(an_act(1), text="Yes.", heard_by="agent-2")

    assert (answered_by_another.first_owner, answered_by_another.owner) == ("agent-1", "agent-1")


def test_what_no_person_has_heard_is_owned_by_who_answers_it_first() -> None:
    unheard = a_complaint(heard_by=None)
    answered = unheard.answer(an_act(1), text="We look into it.", heard_by="agent-7")
    by_proposing = unheard.propose(an_act(1), text="A new one.", heard_by="agent-8")

    assert (unheard.first_owner, unheard.owner) == (None, None)
    assert (answered.first_owner, answered.owner) == ("agent-7", "agent-7")
    assert (by_proposing.first_owner, by_proposing.owner) == ("agent-8", "agent-8")


def test_the_owner_changes_by_a_hand_over_which_is_counted_and_leaves_the_first_owner() -> None:
    moved = (
        a_complaint()
        .hand_over(an_act(1), to="agent-2", reason=HandOverReason.OWNER_ABSENT)
        .hand_over(an_act(2), to="agent-3", reason=HandOverReason.OTHER, text="speaks German")
    )

    assert (moved.first_owner, moved.owner, moved.hand_over_count) == ("agent-1", "agent-3", 2)
    assert [(one.from_owner, one.to_owner) for one in moved.hand_overs] == [
        ("agent-1", "agent-2"),
        ("agent-2", "agent-3"),
    ]


def test_a_hand_over_needs_somebody_else_and_another_reason_a_text() -> None:
    with pytest.raises(AnotherOwnerNeeded, match="another owner"):
        a_complaint().hand_over(an_act(1), to="agent-1", reason=HandOverReason.LEGAL)
    with pytest.raises(Invalid, match="which other reason") as refusal:
        a_complaint().hand_over(an_act(1), to="agent-2", reason=HandOverReason.OTHER)

    assert refusal.value.field == "text"


def test_help_asked_of_others_leaves_the_owner_as_it_is() -> None:
    helped = a_complaint().ask_help(an_act(1), of="stores", what="Is there another one?")

    assert helped.owner == "agent-1"
    assert helped.hand_over_count == 0
    assert helped.answered_at is None


def test_the_first_answer_stops_its_clock() -> None:
    complaint = a_complaint()
    once = complaint.answer(an_act(5), text="We look into it.")
    twice = once.answer(an_act(9), text="Send it back.")

    assert complaint.clock is not None
    assert complaint.clock.waits_for is WaitsFor.ANSWER
    assert once.clock is not None
    assert once.clock.waits_for is WaitsFor.RESOLUTION
    assert twice.answered_at == an_act(5).at
    assert [entry.facts["first"] for entry in twice.log[1:]] == [True, False]
    assert [entry.facts["first_on_time"] for entry in twice.log[1:]] == [True, None]


def test_a_proposal_answers_too() -> None:
    assert a_proposed_one().answered_at == an_act(30).at


def test_an_answer_after_its_time_is_told_to_be_late() -> None:
    complaint = a_complaint()
    late = Act(
        by="agent-1", at=complaint.answer_due + timedelta(seconds=1), correlation_id="request"
    )

    assert complaint.is_late(late.at)
    assert not complaint.is_late(complaint.answer_due)
    assert complaint.answer(late, text="At last.").log[-1].facts["first_on_time"] is False


@pytest.mark.parametrize("fault", [Fault.OURS, Fault.PARTNER])
def test_what_is_our_fault_is_not_proposed_without_an_apology_and_amends(fault: Fault) -> None:
    complaint = a_complaint()

    with pytest.raises(AmendsNeeded) as without_apology:
        complaint.propose(an_act(1), text="A new one.", fault=fault, amends=COUPON)
    with pytest.raises(AmendsNeeded) as without_amends:
        complaint.propose(an_act(1), text="A new one.", fault=fault, apology=SORRY)

    assert without_apology.value.field == "apology"
    assert without_amends.value.field == "amends"


@pytest.mark.parametrize("fault", [Fault.UNKNOWN, Fault.NOT_OURS])
def test_what_is_not_our_fault_never_waits_for_amends(fault: Fault) -> None:
    proposed = a_complaint().propose(an_act(1), text="It works like this.", fault=fault)

    assert proposed.accept(an_act(2), word_of=WordOf.CUSTOMER).status is Status.RESOLVED


def test_an_apology_in_an_answer_is_said_once_for_all() -> None:
    sorry = a_complaint(fault=Fault.PARTNER).answer(an_act(1), text="Sorry.", apology=SORRY)
    proposed = sorry.propose(an_act(2), text="A new one.", amends=COUPON)

    assert proposed.fault is Fault.PARTNER
    assert proposed.apology is not None
    assert proposed.apology.at == an_act(1).at


def test_amends_cannot_be_promised_for_a_day_gone_by() -> None:
    gone_by = Amends(what="a coupon", by_when=date(2026, 3, 1))

    with pytest.raises(Invalid, match="gone by") as refusal:
        a_complaint().propose(an_act(1), text="A coupon.", amends=gone_by)

    assert refusal.value.field == "amends.by_when"


def test_amends_may_have_no_price() -> None:
    visit = Amends(what="a visit", by_when=date(2026, 3, 2))
    proposed = a_complaint().propose(an_act(1), text="We come.", amends=visit)

    assert proposed.proposal is not None
    assert proposed.proposal.amends == visit


def test_only_the_customers_word_resolves_and_it_is_kept_who_brought_it() -> None:
    resolved = a_proposed_one().accept(an_act(40), word_of=WordOf.DESK, word="She is content.")

    assert not resolved.is_open
    assert resolved.acceptance is not None
    assert (resolved.acceptance.by, resolved.acceptance.word_of) == ("agent-1", WordOf.DESK)
    assert resolved.clock is None
    assert not resolved.is_late(datetime(2035, 1, 1, tzinfo=UTC))


def test_reopening_starts_the_clock_of_the_resolution_anew() -> None:
    resolved = a_resolved_one()
    a_week_later = 7 * 24 * 60
    reopened = resolved.reopen(an_act(a_week_later))

    assert reopened.status is Status.OPEN
    assert reopened.acceptance is None
    assert reopened.reopened_count == 1
    assert reopened.resolution_due == resolved.resolution_due + timedelta(days=7)
    assert reopened.clock is not None
    assert reopened.clock.due_at == reopened.resolution_due


def test_a_reopened_complaint_is_settled_by_a_new_proposal_with_amends_of_its_own() -> None:
    reopened = a_resolved_one().reopen(an_act(70))

    with pytest.raises(AmendsNeeded):
        reopened.propose(an_act(80), text="We send a new one.")

    again = reopened.propose(an_act(80), text="We send a new one.", amends=COUPON)
    assert again.accept(an_act(90), word_of=WordOf.CUSTOMER).status is Status.RESOLVED


def test_a_proposal_that_the_customer_does_not_take_is_off_the_table() -> None:
    refused = a_proposed_one().reopen(an_act(40), word="No.")

    with pytest.raises(IllegalMove):
        refused.accept(an_act(41), word_of=WordOf.CUSTOMER)


def test_history_keeps_the_instant_it_was_opened_and_its_clock_starts_there() -> None:
    years_ago = datetime(2017, 10, 28, 7, tzinfo=UTC)  # ten in Turkey, of a half day
    complaint = a_complaint(opened_at=years_ago)

    assert complaint.opened_at == years_ago
    assert complaint.answer_due == datetime(2017, 10, 30, 7, tzinfo=UTC)
    assert complaint.is_late(NOON)


def test_what_is_older_than_our_promises_has_time_since_it_was_recorded() -> None:
    old = a_complaint(opened_at=datetime(1999, 12, 31, tzinfo=UTC))

    assert old.opened_at.year == 1999
    assert old.resolution_due == a_complaint().resolution_due


def test_a_complaint_cannot_be_opened_in_the_future() -> None:
    with pytest.raises(Invalid, match="future") as refusal:
        a_complaint(opened_at=NOON + timedelta(seconds=1))

    assert refusal.value.field == "opened_at"


def test_to_the_customer_a_partners_fault_is_ours() -> None:
    inside = (
        a_complaint(fault=Fault.PARTNER)
        .hand_over(an_act(1), to="agent-2", reason=HandOverReason.LEGAL)
        .ask_help(an_act(2), of="carrier", what="Who dropped it?")
    )
    outside = inside.as_the_customer_sees_it()

    assert (outside.fault, outside.hand_overs, outside.helps) == (Fault.OURS, (), ())
    for fault in set(Fault) - {Fault.PARTNER}:
        assert replace(inside, fault=fault).as_the_customer_sees_it().fault is fault


def test_a_complaint_that_is_full_can_still_be_settled() -> None:
    complaint, long = a_complaint(), "ş" * 2000
    with suppress(TooMuchWritten):
        for minute in range(100):
            complaint = complaint.answer(an_act(minute), text=f"{long}{minute}")

    with pytest.raises(TooMuchWritten, match="as much text"):
        complaint.answer(an_act(199), text=long)

    settled = MAKE["accept"](MAKE["propose"](complaint, an_act(200)), an_act(201))
    assert settled.status is Status.RESOLVED


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(MAKE)), max_size=12))
def test_whatever_is_tried_no_fault_of_ours_is_settled_for_nothing_and_nobody_is_forgotten(
    moves: list[str],
) -> None:
    complaint = a_complaint()
    for minute, move in enumerate(moves, start=1):
        before = complaint
        try:
            complaint = MAKE[move](complaint, an_act(minute))
        except Conflict:
            continue
        assert complaint is before or complaint.version == before.version + 1
        if complaint.status is not Status.OPEN and complaint.fault.needs_amends:
            assert complaint.apology is not None
            assert complaint.proposal is not None
            assert complaint.proposal.amends is not None

    assert [entry.version for entry in complaint.log] == list(range(1, complaint.version + 1))
    assert complaint.first_owner == "agent-1"
    assert (complaint.owner == "agent-1") is (not complaint.hand_overs)
    assert complaint.is_open is (complaint.clock is not None)
