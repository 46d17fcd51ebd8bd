"""What entitles somebody of ours to see what the books hold of a person.

In a call that is a session: recognised by something, and verified once they have shown that they
are who they say. Outside a call it is a reason, which is recorded.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import Invalid

SESSION_HEADER, REASON_HEADER = "Sahip-Session", "Sahip-Reason"
FINDING = "identification"

# Why somebody looks outside a session: codes alone, so that no header tells of anybody.
REASONS: Mapping[str, str] = {
    "visit": "they are here, or one of us is with them",
    "case": "an order, a complaint or a registration of theirs is worked on",
    "batch": "many are gone through, for a list or a campaign",
    "correction": "the books are put right, as where one person stands in them twice",
    "audit": "what others of us did is looked through",
    FINDING: "somebody is looked for who is not recognised yet; it opens searches alone",
}

# Ours, such as cmp_…, or a ticket of another system, such as jira-123: a prefix and a number. A
# phone has no prefix and a name no digit.
REASON_PATTERN = r"^[a-z]{1,20}(; ?(?=[^;]*[0-9])[A-Za-z]{2,12}[_-][A-Za-z0-9-]{1,60})?$"
_REASON = re.compile(REASON_PATTERN)


@dataclass(frozen=True, kw_only=True)
class Session:
    """Whoever asks is talking with one person, who has these customer ids."""

    session_id: str
    customer_ids: tuple[str, ...]
    is_verified: bool

    def covers(self, customer_id: str, members: Collection[str] = ()) -> bool:
        """Whether it is a session with this customer.

        `members` are customer ids that are one person.
        """
        if customer_id in self.customer_ids:
            return True
        return customer_id in members and any(one in members for one in self.customer_ids)

    def document(self) -> dict[str, Any]:
        """It as one service passes it on to another."""
        return {
            "session": self.session_id,
            "of": list(self.customer_ids),
            "verified": self.is_verified,
        }

    def told(self) -> dict[str, str]:
        """It as a log has it."""
        return {"session": self.session_id}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why somebody looks outside a call: one of REASONS, and the id of what it is about."""

    code: str
    reference: str | None = None

    @classmethod
    def of(cls, header: str) -> "Reason":
        """Read a header. Raise Invalid where it is anything but a code and an id."""
        code, _, reference = header.strip().partition(";")
        if not _REASON.match(header.strip()) or code not in REASONS:
            raise Invalid(
                f"give one of {', '.join(REASONS)}, and, if you like, a semicolon and the id of "
                "what it is about, such as case; cmp_7k2m or case; jira-123; never words",
                field=REASON_HEADER,
            )
        return cls(code=code, reference=reference.strip() or None)

    def document(self) -> dict[str, Any]:
        """It as one service passes it on to another."""
        return {"reason": self.code, "reference": self.reference}

    def told(self) -> dict[str, str]:
        """It as a log has it."""
        reference = {"reference": self.reference} if self.reference else {}
        return {"reason": self.code, **reference}


Grounds = Session | Reason


def grounds_from(document: Mapping[str, Any] | None) -> Grounds | None:
    """Read what `document` wrote."""
    if document is None:
        return None
    if "reason" in document:
        return Reason(code=document["reason"], reference=document["reference"])
    return Session(
        session_id=document["session"],
        customer_ids=tuple(document["of"]),
        is_verified=document["verified"],
    )
