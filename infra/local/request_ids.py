"""Ids of requests, as AWS has them."""

import random
from uuid import UUID


def request_id() -> str:
    """A new one. Nobody has to be unable to guess it, so the system is not asked for chance.

    To ask lets other threads run first, several times for each request.
    """
    return str(UUID(int=random.getrandbits(128), version=4))
