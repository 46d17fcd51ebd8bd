"""A walk through all the books, which may be broken off and gone on with."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How far it has come, and what came of it so far."""

    begun_at: datetime
    turn: int  # grows with every step of every walk, so that of two who walk at once one gives way
    place: str | None = None  # behind which it goes on; None at the beginning
    done: bool = False
    items: int = 0  # looked through
    people: int = 0  # compared
    found: int = 0  # pairs newly noted
    linked: int = 0  # of them, by itself

    def on(self, place: str | None, *, items: int, people: int, found: int, linked: int) -> "Walk":
        """The walk one step on; where there is no further place, it is done."""
        return replace(
            self,
            turn=self.turn + 1,
            place=place,
            done=place is None,
            items=self.items + items,
            people=self.people + people,
            found=self.found + found,
            linked=self.linked + linked,
        )
