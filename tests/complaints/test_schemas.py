from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.complaints.adapters import row_of
from services.complaints.domain import Amends, Fault, Kind
from services.complaints.schemas import (
    AmendsBody,
    ComplaintRow,
    ComplaintView,
    HandOverComplaint,
    OpenComplaint,
    ProposeResolution,
)
from tests.complaints.examples import COUPON, NOON, a_complaint, a_proposed_one, a_resolved_one

AMENDS: dict[str, Any] = {"what": "a coupon", "by_when": "2026-03-10"}


def test_a_complaint_needs_nothing_but_the_customer() -> None:
    body = OpenComplaint.model_validate({"customer_id": "cus_1"})

    assert (body.kind, body.title, body.text) == (Kind.OTHER, "", "")


@pytest.mark.parametrize(
    ("model", "good", "field", "flaw"),
    [
        (OpenComplaint, {"customer_id": "cus_1"}, "customer_id", {"customer_id": "cus_1#R"}),
        (OpenComplaint, {"customer_id": "cus_1"}, "kind", {"kind": "mood"}),
        (OpenComplaint, {"customer_id": "cus_1"}, "title", {"title": "t" * 201}),
        (OpenComplaint, {"customer_id": "cus_1"}, "text", {"text": "t" * 5001}),
        (OpenComplaint, {"customer_id": "cus_1"}, "channel", {"channel": "over the Phone"}),
        (OpenComplaint, {"customer_id": "cus_1"}, "opened_at", {"opened_at": "2026-03-02T09:00"}),
        (OpenComplaint, {"customer_id": "cus_1"}, "owner", {"owner": "agent-1"}),
        (OpenComplaint, {"customer_id": "cus_1"}, "status", {"status": "resolved"}),
        (HandOverComplaint, {"to": "a", "reason": "legal"}, "reason", {"reason": "busy"}),
        (HandOverComplaint, {"to": "a", "reason": "legal"}, "to", {"to": "two words"}),
        (ProposeResolution, {"text": "A new one."}, "text", {"text": " "}),
        (
            ProposeResolution,
            {"text": "A new one."},
            "amends.what",
            {"amends": AMENDS | {"what": ""}},
        ),
        (
            ProposeResolution,
            {"text": "A new one."},
            "amends.worth.amount",
            {"amends": AMENDS | {"worth": {"amount": 0}}},
        ),
        (
            ProposeResolution,
            {"text": "A new one."},
            "amends.worth.currency",
            {"amends": AMENDS | {"worth": {"amount": 1, "currency": "lira"}}},
        ),
    ],
)
def test_a_malformed_body_names_the_field_at_fault(
    model: type[BaseModel], good: dict[str, Any], field: str, flaw: dict[str, Any]
) -> None:
    model.model_validate(good)
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(good | flaw)

    assert [".".join(map(str, one["loc"])) for one in refusal.value.errors()] == [field]


@pytest.mark.parametrize("amends", [COUPON, Amends(what="a visit", by_when=date(2026, 3, 10))])
def test_amends_are_shown_as_they_were_promised(amends: Amends) -> None:
    assert AmendsBody.of(amends).amends() == amends


def test_staff_see_a_complaint_whole_and_its_customer_without_our_inner_life() -> None:
    complaint = a_proposed_one(fault=Fault.PARTNER)
    inside = ComplaintView.of(complaint, now=NOON, for_customer=False)
    outside = ComplaintView.of(a_complaint(fault=Fault.PARTNER), now=NOON, for_customer=True)

    assert inside.proposal is not None
    assert inside.proposal.amends is not None
    assert inside.proposal.amends.worth is not None
    assert inside.proposal.amends.worth.amount == 1_999_900
    assert inside.apology is not None
    assert outside.fault is Fault.OURS


def test_whether_a_complaint_is_late_depends_on_when_one_looks() -> None:
    complaint = a_complaint()
    shown = dict(row_of(complaint).shown)
    later = complaint.answer_due + timedelta(seconds=1)

    assert [ComplaintRow.shown(shown, now).late for now in (NOON, later)] == [False, True]
    assert ComplaintView.of(complaint, now=later, for_customer=False).late
    assert not ComplaintRow.shown(dict(row_of(a_resolved_one()).shown), later).late
