"""What a complaint is, what may happen to it, and what we promise about it. Plain Python."""

from services.complaints.domain.complaint import Clock, Complaint
from services.complaints.domain.moves import (
    AmendsNeeded,
    AnotherOwnerNeeded,
    ComplaintNotFound,
    CustomerUnknown,
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
from services.complaints.domain.promises import Promise, promise_for

__all__ = [
    "Acceptance",
    "Amends",
    "AmendsNeeded",
    "AnotherOwnerNeeded",
    "Answer",
    "Apology",
    "Clock",
    "Complaint",
    "ComplaintNotFound",
    "CustomerUnknown",
    "Fault",
    "HandOver",
    "HandOverReason",
    "HelpAsked",
    "IllegalMove",
    "Kind",
    "Promise",
    "Proposal",
    "Reopening",
    "Seriousness",
    "Status",
    "TooMuchWritten",
    "WaitsFor",
    "WordOf",
    "promise_for",
]
