"""Comparing everybody who is in the books, some at a time."""

from collections.abc import Callable

from services.customer.domain.walk import Walk
from services.customer.ports import Walks
from services.customer.use_cases.duplicates import Dedupe, find_duplicates
from shared.entity import Act

STEP = 2000  # items of the table that are looked through in one step


def dedup(
    dedupe: Dedupe, walks: Walks, act: Act, *, begin: bool, has_time: Callable[[], bool]
) -> Walk:
    """Go on with the walk through the books, at least one step and as long as there is time.

    Where the last one is done, or there was none, `begin` begins another. What a step has come to
    is noted behind it: one that is cut off is done again, and finds what it has done.
    """
    walk = walks.current()
    if walk is None or (walk.done and begin):
        fresh = Walk(begun_at=act.at, turn=walk.turn + 1 if walk else 1)
        walks.save(walk, fresh)
        walk = fresh
    while not walk.done:
        step = walks.step(walk.place, STEP)
        outcomes = [
            find_duplicates(dedupe, act, one.customer_id, known=one) for one in step.customers
        ]
        after = walk.on(
            step.next_place,
            items=step.items,
            people=len(outcomes),
            found=sum(one.found for one in outcomes),
            linked=sum(one.linked for one in outcomes),
        )
        walks.save(walk, after)
        walk = after
        if not has_time():
            break
    return walk
