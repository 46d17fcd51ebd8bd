"""What can be done with a complaint in which status, and why something cannot."""

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import Conflict, Invalid, NotFound


class ComplaintNotFound(NotFound):
    def __init__(self, complaint_id: str) -> None:
        super().__init__(f"complaint {complaint_id} does not exist")


class CustomerUnknown(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class Status(StrEnum):
    """How far it has come. Until the customer is content it is not resolved."""

    OPEN = "open"
    PROPOSED = "proposed"
    RESOLVED = "resolved"


# What can be done in each status. Nothing deletes a complaint, and nothing but the customer's
# own word resolves it: silence does not.
MOVES: Mapping[Status, tuple[str, ...]] = {
    Status.OPEN: ("answer", "hand-over", "help", "propose"),
    Status.PROPOSED: ("accept", "answer", "hand-over", "help", "propose", "reopen"),
    Status.RESOLVED: ("reopen",),
}


class IllegalMove(Conflict):
    """The complaint's status does not allow the move."""

    def __init__(self, move: str, status: Status) -> None:
        legal = MOVES[status]
        super().__init__(
            f"one cannot {move} a complaint that is {status}; possible now: {', '.join(legal)}",
            legal_moves=legal,
        )


class AmendsNeeded(Invalid):
    """What is our fault, or a partner's, is not settled without an apology and amends."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            "the fault is on our side, so the customer is owed an apology and amends; "
            f"add {missing}",
            field=missing,
        )


class AnotherOwnerNeeded(Conflict):
    def __init__(self, status: Status) -> None:
        super().__init__(
            "this is who owns it already; a hand-over needs another owner",
            legal_moves=MOVES[status],
        )


class TooMuchWritten(Conflict):
    def __init__(self, status: Status) -> None:
        super().__init__(
            "this complaint holds as much text as one can; propose how to settle it, "
            "or go on in a new one that names it",
            legal_moves=[
                move for move in MOVES[status] if move in ("accept", "propose", "reopen")
            ],
        )
