"""Doing again what others have come in between of."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from shared.errors import ChangedMeanwhile

T = TypeVar("T")


def until_unchanged(do: Callable[[], T], *, attempts: int) -> T:
    """Do it, and from its beginning again where what it had read was changed meanwhile.

    Raise ChangedMeanwhile where that was so every time.
    """
    for _ in range(attempts - 1):
        with suppress(ChangedMeanwhile):
            return do()
    return do()
