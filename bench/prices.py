"""What a million of something costs on AWS, from what the meter counted and a list of prices."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_suffix(".toml")
MILLION = 1_000_000
GB = 1_000_000_000

# A function has a whole CPU from 1,769 MB on, and a part of one below: so a second of CPU costs
# the same whatever its memory is, and a second of waiting costs what its memory does.
CPU_GB = 1769 / 1024
MEMORY_GB = 1.0  # as in .chalice/config.json
# What a call takes in AWS and the emulator cannot tell, in seconds: assumed, not measured.
CALL_SECONDS = 0.005
INVOKE_SECONDS = 0.015
# What Lambda itself writes about each invocation: START, END and REPORT.
LAMBDA_LOG_BYTES = 300


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one of something takes; fractions where several share it."""

    api_requests: float = 0
    invocations: float = 0
    cpu_seconds: float = 0  # measured on this machine, of all invocations together
    waiting_gb_seconds: float = 0  # for AWS, each second by the memory of who waits
    read_units: float = 0
    write_units: float = 0
    events: float = 0
    queue_requests: float = 0
    log_bytes: float = 0


class Prices:
    """The list of one region."""

    def __init__(self, region: str | None = None) -> None:
        """Without a region, the one that the list names first."""
        known = tomllib.loads(LIST.read_text(encoding="utf-8"))
        self.region: str = region or known["region"]
        self._of: dict[str, float] = known[self.region]

    def a_million(self, work: Work) -> float:
        """Dollars for a million of it, logs left out."""
        gb_seconds = work.cpu_seconds * CPU_GB + work.waiting_gb_seconds
        one = (
            work.api_requests * self._of["api_request"]
            + work.invocations * self._of["function_request"]
            + gb_seconds * self._of["function_gb_second"]
            + work.read_units * self._of["read_unit"]
            + work.write_units * self._of["write_unit"]
            + work.events * self._of["event"]
            + work.queue_requests * self._of["queue_request"]
        )
        return one * MILLION

    def logs_of_a_million(self, work: Work) -> float:
        """Dollars for what a million of it write into logs."""
        size = work.log_bytes + work.invocations * LAMBDA_LOG_BYTES
        return size * MILLION / GB * self._of["log_gb"]
