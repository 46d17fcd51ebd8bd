"""Complaints to test with. Say only what the test is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.complaints.domain import (
    Amends,
    Complaint,
    Fault,
    Kind,
    Seriousness,
    WordOf,
)
from shared.entity import Act

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)  # of a Monday, as the clock shows it in Turkey
SORRY = "We are sorry: your parcel was ours to protect."
COUPON = Amends(what="a new washer", by_when=date(2026, 3, 10), amount=1_999_900, currency="TRY")


def an_act(minutes: int = 0, *, by: str = "agent-1") -> Act:
    """Something done so many minutes after noon."""
    return Act(by=by, at=NOON + timedelta(minutes=minutes), correlation_id=f"request-{minutes}")


def a_complaint(complaint_id: str = "cmp_1", *, minutes: int = 0, **changes: Any) -> Complaint:
    """An open one about a delivery, heard by agent-1."""
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "about": Kind.DELIVERY,
        "seriousness": Seriousness.NORMAL,
        "opened_at": None,
        "heard_by": "agent-1",
        "title": "Open parcel",
        "text": "The parcel was open.",
    }
    return Complaint.open(an_act(minutes), complaint_id=complaint_id, **(plain | changes))


def a_proposed_one(complaint_id: str = "cmp_1", **changes: Any) -> Complaint:
    """Our fault, with an apology and amends."""
    return a_complaint(complaint_id, **changes).propose(
        an_act(30),
        text="We send a new one.",
        fault=Fault.OURS,
        apology=SORRY,
        amends=COUPON,
        heard_by="agent-1",
    )


def a_resolved_one(complaint_id: str = "cmp_1", **changes: Any) -> Complaint:
    """One the customer is content with."""
    proposed = a_proposed_one(complaint_id, **changes)
    return proposed.accept(an_act(60, by="cus-subject"), word_of=WordOf.CUSTOMER, word="Fine.")
