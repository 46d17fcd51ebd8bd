"""How mappings behave where AWS leaves it open, or is too slow for one machine."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Times in seconds."""

    poll: float = 2.0  # between two looks when nobody rang
    gather: float = 0.015  # from the bell to the first look, so that a batch comes together
    gather_more: float = 0.025  # the same where the bell rang while the last batch was in hand
    retry: float = 0.2  # before the first retry of a stream batch; doubled each time
    retry_at_most: float = 30.0
    # A message that failed is hidden for the queue's visibility timeout, as in AWS, or for this
    # time if it is given.
    redelivery: int | None = None
    async_retry: float = 60.0  # before the first retry of a call that nobody waits for
