"""The wait between two attempts, jittered so that those who failed together come back apart."""

import random
import time

LONGEST_PAUSE = 0.1  # seconds, doubled with every attempt


def pause(tried: int) -> None:
    """Wait a random time, up to a bound that doubles with the attempts made so far."""
    time.sleep(random.uniform(0, LONGEST_PAUSE * 2**tried))  # noqa: S311 spreads repeats, no secret
