"""How often something may be tried: whoever guesses through the books is stopped.

Limits are counted in windows that follow one another, each for one who asks or one line.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import TooOften


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many attempts of one in each window."""

    of: str  # what is counted: an agent, a line, a machine
    most: int
    window: timedelta
    doing: str = "recognising"
    instead: str = "ask the caller and look them up by what they say"

    def ends(self, now: datetime) -> int:
        """When the window at hand is over, in seconds since 1970."""
        seconds = int(self.window.total_seconds())
        return (int(now.timestamp()) // seconds + 1) * seconds


# A person at the desk takes one call after another. A line is one caller: who is not recognised
# by then speaks with somebody. A machine serves many lines at once.
AGENT = Limit(of="agent", most=30, window=timedelta(minutes=1))
LINE = Limit(of="line", most=10, window=timedelta(minutes=10))
MACHINE = Limit(of="machine", most=1200, window=timedelta(minutes=1))

# One at the desk verifies one caller after another. A person is verified now and then: more is
# somebody who guesses, whatever sessions that takes. A code costs money, and its owner's rest.
_INSTEAD = "ask them to come to us"
VERIFIER = Limit(
    of="verifier",
    most=30,
    window=timedelta(minutes=10),
    doing="verifying",
    instead="let somebody else take the call",
)
PERSON = Limit(
    of="person", most=10, window=timedelta(hours=6), doing="verifying", instead=_INSTEAD
)
CODES = Limit(
    of="receiver",
    most=6,
    window=timedelta(hours=1),
    doing="sending codes",
    instead="ask for facts that only they know",
)


# Whoever needs whole tax numbers needs now and then one; a machine issues invoices by the hundred.
_LATER = "see the last two digits instead, which stand in the profile"
REVEALER = Limit(
    of="person of ours",
    most=20,
    window=timedelta(minutes=10),
    doing="seeing tax numbers",
    instead=_LATER,
)
REVEALING_MACHINE = Limit(
    of="system",
    most=600,
    window=timedelta(minutes=10),
    doing="seeing tax numbers",
    instead=_LATER,
)


class TooManyAttempts(TooOften):
    def __init__(self, limit: Limit, now: datetime) -> None:
        wait = max(1, limit.ends(now) - int(now.timestamp()))
        super().__init__(
            f"more than {limit.most} attempts at {limit.doing} came from this {limit.of}; "
            f"wait {wait} seconds, or {limit.instead}",
            retry_after=wait,
        )
