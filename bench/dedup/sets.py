"""A set of records of whom it is known which are one person, and which pairs share a block."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from services.customer.domain.matching import Traits, blocking_keys

LARGEST_BLOCK = 50  # records; the service reads none that is larger either


@dataclass(frozen=True, kw_only=True)
class Records:
    """Records of people; a record is known by its place in `traits`."""

    name: str
    traits: Sequence[Traits]
    persons: Sequence[int]  # whose each record is
    homes: Sequence[int] | None = None  # and where they live, where that is known
    sides: Sequence[int] | None = None  # of two files to be linked; None for one without a side
    _pairs: set[tuple[int, int]] = field(default_factory=set, repr=False)

    def true_pairs(self) -> set[tuple[int, int]]:
        """All pairs of records of one person, of both sides where there are sides."""
        by_person: dict[int, list[int]] = defaultdict(list)
        for record, person in enumerate(self.persons):
            by_person[person].append(record)
        return {
            pair
            for records in by_person.values()
            for pair in combinations(records, 2)
            if self.may_pair(*pair)
        }

    def without(self, common: frozenset[str]) -> "Records":
        """The same records without what too many share; pairs are found anew."""
        return replace(self, traits=[one.without(common) for one in self.traits], _pairs=set())

    def may_pair(self, one: int, other: int) -> bool:
        """Whether these two are compared at all."""
        return self.sides is None or self.sides[one] != self.sides[other]

    def candidates(self) -> set[tuple[int, int]]:
        """All pairs that share a block."""
        if not self._pairs:
            for records in self.blocks().values():
                self._pairs.update(
                    pair for pair in combinations(records, 2) if self.may_pair(*pair)
                )
        return self._pairs

    def blocks(self) -> Mapping[str, Sequence[int]]:
        """The records of each key that is not shared by too many."""
        blocks: dict[str, list[int]] = defaultdict(list)
        for record, traits in enumerate(self.traits):
            for key in blocking_keys(traits):
                blocks[key].append(record)
        return {key: found for key, found in blocks.items() if 1 < len(found) <= LARGEST_BLOCK}

    def common(self, most: int) -> frozenset[str]:
        """The keys of phones, e-mails and tax ids that more records than that share."""
        counted = Counter(
            key
            for traits in self.traits
            for key in blocking_keys(traits)
            if key.startswith(("phone\0", "email\0", "tax_id\0"))
        )
        return frozenset(key for key, count in counted.items() if count > most)


def together(name: str, *parts: Records) -> Records:
    """Several sets as one, in which nobody is in two of them."""
    persons: list[int] = []
    for part in parts:
        before = max(persons, default=0) + 1
        persons += [before + person for person in part.persons]
    return Records(
        name=name, traits=[one for part in parts for one in part.traits], persons=persons
    )
