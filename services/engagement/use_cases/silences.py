"""Hearing of words between customers and us."""

from collections.abc import Callable, Iterable
from functools import partial, reduce

from services.engagement.domain.rapport import Heard, Rapport
from services.engagement.ports.silences import Rapports


def hear(rapports: Rapports, words: Iterable[Heard]) -> None:
    """Take in some words, in any order. What is nobody's is passed over."""
    theirs: dict[str, list[Heard]] = {}
    for one in words:
        if one.customer_id:
            theirs.setdefault(one.customer_id, []).append(one)
    changes: dict[str, Callable[[Rapport], Rapport]] = {
        customer_id: partial(reduce, Rapport.after, some) for customer_id, some in theirs.items()
    }
    rapports.keep(changes)
