"""How often recognition may be tried: whoever guesses through the books is stopped.

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

    def ends(self, now: datetime) -> int:
        """When the window at hand is over, in seconds since 1970."""
        seconds = int(self.window.total_seconds())
        return (int(now.timestamp()) // seconds + 1) * seconds


# A person at the desk takes one call after another. A line is one caller: who is not recognised
# by then speaks with somebody. A machine serves many lines at once.
AGENT = Limit(of="agent", most=30, window=timedelta(minutes=1))
LINE = Limit(of="line", most=10, window=timedelta(minutes=10))
MACHINE = Limit(of="machine", most=1200, window=timedelta(minutes=1))


class TooManyAttempts(TooOften):
    def __init__(self, limit: Limit, now: datetime) -> None:
        wait = max(1, limit.ends(now) - int(now.timestamp()))
        super().__init__(
            f"more than {limit.most} attempts at recognising came from this {limit.of}; "
            f"wait {wait} seconds, or ask the caller and look them up by what they say",
            retry_after=wait,
        )
