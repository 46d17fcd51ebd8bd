import pytest

from services.complaints.domain import Complaint, Fault, HandOverReason
from services.complaints.events import event_of
from shared.contracts.complaints import (
    ComplaintAnswered,
    ComplaintHandedOver,
    ComplaintOpened,
    ComplaintReopened,
    ComplaintResolved,
    ResolutionProposed,
)
from shared.contracts.event import Event
from tests.complaints.examples import (
    NOON,
    SORRY,
    a_complaint,
    a_proposed_one,
    a_resolved_one,
    an_act,
)


def events_of(complaint: Complaint) -> list[Event]:
    told = [
        event_of(complaint.complaint_id, complaint.customer_id, entry) for entry in complaint.log
    ]
    return [event for event in told if event is not None]


def test_a_new_complaint_is_announced_with_what_was_promised() -> None:
    complaint = a_complaint(order_id="ord_1", channel="phone")
    [event] = events_of(complaint)

    assert event == ComplaintOpened(
        event_id="cmp_1:1:0",
        entity_id="cmp_1",
        customer_id="cus_1",
        version=1,
        occurred_at=NOON,
        correlation_id="request-0",
        complaint_id="cmp_1",
        kind="delivery",
        seriousness="normal",
        opened_at=NOON,
        answer_due=complaint.answer_due,
        resolution_due=complaint.resolution_due,
        owner="agent-1",
        fault="unknown",
        order_id="ord_1",
        channel="phone",
    )


def test_every_step_of_a_complaint_is_announced() -> None:
    eventful = (
        a_complaint()
        .answer(an_act(1), text="We look into it.")
        .hand_over(an_act(2), to="agent-2", reason=HandOverReason.LEGAL)
        .propose(an_act(3), text="It works like this.", fault=Fault.NOT_OURS)
        .reopen(an_act(4))
    )
    kinds = [type(event) for event in events_of(eventful) + events_of(a_resolved_one())[-1:]]

    assert kinds == [
        ComplaintOpened,
        ComplaintAnswered,
        ComplaintHandedOver,
        ResolutionProposed,
        ComplaintReopened,
        ComplaintResolved,
    ]


def test_a_resolution_tells_whether_it_came_in_time_and_what_it_was_worth() -> None:
    event = events_of(a_resolved_one())[-1]

    assert isinstance(event, ComplaintResolved)
    assert (event.on_time, event.fault, event.apologised) == (True, "ours", True)
    assert (event.amends_amount, event.amends_currency) == (1_999_900, "TRY")
    assert (event.word_of, event.hand_over_count, event.reopened_count) == ("customer", 0, 0)


def test_help_asked_of_others_is_told_to_nobody() -> None:
    helped = a_complaint().ask_help(an_act(1), of="stores", what="Is there another one?")

    assert [type(event) for event in events_of(helped)] == [ComplaintOpened]


@pytest.mark.parametrize("canary", ["canary", "Open parcel", "washer", SORRY])
def test_no_event_carries_what_people_wrote(canary: str) -> None:
    wordy = (
        a_proposed_one(text="canary", product="washer canary", serial="canary")
        .hand_over(an_act(40), to="agent-2", reason=HandOverReason.OTHER, text="canary")
        .answer(an_act(41), text="canary")
        .reopen(an_act(42), word="canary")
    )
    told = [event.model_dump_json() for event in events_of(wordy) + events_of(a_resolved_one())]

    assert not any(canary in one for one in told)
