"""Lets several requests run at once, their AWS calls one after the other in a given order."""

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from tests.faults.caller import Reply
from tests.faults.calls import Calls

LONGEST = 10.0  # seconds to wait for a turn; nobody is so slow

Act = Callable[[], Reply]


class Stuck(Exception):
    """Somebody waited for a turn that never came."""


class Turns:
    """Whose call is next. When the order is used up, the first who still runs goes on."""

    def __init__(self, order: Sequence[str], actors: Sequence[str]) -> None:
        self._order = list(order)
        self._running = list(actors)
        self._turn = threading.Condition()
        self._holder = ""
        self._begun = False  # whether the holder's call has been let through
        with self._turn:
            self._pass_on()

    def __call__(self, actor: str) -> None:
        """Return once it is the actor's turn; who comes again has had the last one."""
        if actor not in self._running:
            return
        with self._turn:
            if self._holder == actor and self._begun:
                self._pass_on()
            if not self._turn.wait_for(lambda: self._holder == actor, LONGEST):
                raise Stuck(actor)
            self._begun = True

    def leave(self, actor: str) -> None:
        """The actor needs no more turns."""
        with self._turn:
            self._running.remove(actor)
            if self._holder == actor:
                self._pass_on()

    def _pass_on(self) -> None:
        while self._order and self._order[0] not in self._running:
            self._order.pop(0)
        whoever = self._running[0] if self._running else ""
        self._holder = self._order.pop(0) if self._order else whoever
        self._begun = False
        self._turn.notify_all()


def at_once(acts: Mapping[str, Act]) -> dict[str, Reply]:
    """Run all in threads of their own. What each was answered."""
    replies: dict[str, Reply] = {}

    def run(actor: str) -> None:
        replies[actor] = acts[actor]()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def in_turns(calls: Calls, order: Sequence[str], acts: Mapping[str, Act]) -> dict[str, Reply]:
    """Run all at once, their calls in this order. What each was answered.

    An actor is known by the correlation id of its requests.
    """
    turns = Turns(order, list(acts))
    calls.gate = turns

    def leaving(actor: str, act: Act) -> Act:
        def run() -> Reply:
            try:
                return act()
            finally:
                turns.leave(actor)

        return run

    try:
        return at_once({actor: leaving(actor, act) for actor, act in acts.items()})
    finally:
        calls.gate = None


def interleavings(first: str, second: str, calls: tuple[int, int]) -> list[list[str]]:
    """Every order that makes a difference, of two actors who read and in their last call write.

    Reads do not see each other: what counts is who writes first, and how much the other has
    read by then.
    """
    total = sum(calls)
    found: dict[tuple[str, int], list[str]] = {}
    for chosen in combinations(range(total), calls[0]):
        order = [first if place in chosen else second for place in range(total)]
        writes = {order[place]: place for place in range(total)}  # the last of each
        writer = min(writes, key=lambda actor: writes[actor])
        read = sum(actor != writer for actor in order[: writes[writer]])
        found.setdefault((writer, read), order)
    return list(found.values())
