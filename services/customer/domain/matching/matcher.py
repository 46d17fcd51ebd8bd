"""Whether two records are one person: a score that explains itself, and rules beside it.

The score is Fellegi and Sunter's (A Theory for Record Linkage, 1969): each field that agrees or
differs adds how much likelier that is of one person than of two, as a power of two. Two may have
nothing to do with each other, or live in one home: a father and a son agree in family name, phone
and address, and are as far from one person as ever. So a third class stands beside the two, and
what agrees since people live together is taken back in a line of its own, `household`. The parts
of an address do not change one by one either: one person has the same one twice, or has moved and
has another one altogether. What its parts say too much, for or against, is put right in the line
`moved`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import log2

from services.customer.domain.matching.levels import Agreement, Field, Level, agreements
from services.customer.domain.matching.traits import Traits
from services.customer.domain.matching.weights import Weights, bits, shipped

PRIOR, MOVED, HOUSEHOLD = "prior", "moved", "household"
CACHED = 8192  # agreements whose weights are kept: of common names
MOST_BITS = 500.0


class Verdict(StrEnum):
    """What is to be done with a pair."""

    LINK = "link"
    REVIEW = "review"  # a person decides
    APART = "apart"


@dataclass(frozen=True)
class FieldScore:
    """What a field says: at which level it agrees, and how many bits that speaks for one person.

    Beside the fields stand `prior`, what speaks against any two at all, `moved` and `household`.
    """

    field: str
    level: str
    weight: float


@dataclass(frozen=True)
class Score:
    """How likely two records are one person, why, and what is to be done."""

    weight: float  # log2 of the odds; the sum of the fields'
    probability: float
    fields: tuple[FieldScore, ...]
    verdict: Verdict


class Matcher:
    """Compares people by what was learnt of how they agree."""

    def __init__(self, weights: Weights | None = None, *, people: int | None = None) -> None:
        """`people` is how many records there are, where that is known: among more of them,
        more agree by chance."""
        self._weights = weights or shipped()
        among = max(people or self._weights.people, 2)
        self._prior = FieldScore(PRIOR, "", bits(self._weights.twins, among))
        self._said = lru_cache(maxsize=CACHED)(self._weighed)
        self._homes = min(self._weights.housemates / among, 0.5)

    def compare(self, one: Traits, other: Traits, common: Collection[str] = ()) -> Score:
        """The score of two records, the same whichever stands first.

        `common` holds the blocking keys of phones, e-mails and tax ids that too many share, such
        as a dealer's own number: they are no evidence at all.
        """
        if common:
            one, other = one.without(common), other.without(common)
        found = agreements(one, other)
        fields = self._explained(found)
        weight = sum(each.weight for each in fields)
        is_mixed = one.is_firm is not other.is_firm
        verdict = Verdict.APART if is_mixed else self._verdict(weight, found)
        if verdict is Verdict.LINK and self._are_called_otherwise(one, other, found):
            verdict = Verdict.REVIEW
        probability = 1 / (1 + 2 ** -max(min(weight, MOST_BITS), -MOST_BITS))
        return Score(weight, probability, fields, verdict)

    def _explained(self, found: Mapping[Field, Agreement]) -> tuple[FieldScore, ...]:
        fields = [self._prior]
        by_home = if_stayed = if_moved = 0.0
        for field, agreement in found.items():
            if agreement.level is not Level.UNKNOWN:
                said, at_home, stayed, moved = self._said(field, agreement)
                fields.append(said)
                by_home += at_home
                if_stayed += stayed
                if_moved += moved
        moves = self._weights.moves
        together = log2((1 - moves) * 2**if_stayed + moves * 2**if_moved)
        shared = log2(1 - self._homes + self._homes * 2 ** min(by_home, MOST_BITS))
        fields.append(FieldScore(MOVED, "", together))
        fields.append(FieldScore(HOUSEHOLD, "", -shared))
        return tuple(fields)

    def _weighed(
        self, field: Field, agreement: Agreement
    ) -> tuple[FieldScore, float, float, float]:
        """What a field says for one person, and how many bits for a household; and beyond what
        it says for one person, for one who has stayed and for one who has moved."""
        chances = self._weights.chances_of(field, agreement)
        if chances is None:
            return FieldScore(field, agreement.level, 0.0), 0.0, 0.0, 0.0
        said = FieldScore(field, agreement.level, bits(chances.same, chances.others))
        at_home = bits(chances.household, chances.others)
        if chances.moved is None:
            return said, at_home, 0.0, 0.0
        stayed = bits(chances.stayed(self._weights.moves), chances.same)
        return said, at_home, stayed, bits(chances.moved, chances.same)

    def _verdict(self, weight: float, found: Mapping[Field, Agreement]) -> Verdict:
        limits = self._weights.thresholds
        if weight >= limits.link and may_link(found):
            return Verdict.LINK
        if weight >= limits.review:
            return Verdict.REVIEW
        return Verdict.APART

    def _are_called_otherwise(
        self, one: Traits, other: Traits, found: Mapping[Field, Agreement]
    ) -> bool:
        """Whether given names that nearly agree are two names, as those of twins may be."""
        nearly = found[Field.GIVEN].level in (Level.CLOSE, Level.ALIKE)
        is_straight = found[Field.ORDER].level is not Level.SWAPPED
        return (
            nearly
            and is_straight
            and any(self._weights.are_two_names(a, b) for a in one.given for b in other.given)
        )

    def is_match(self, score: Score) -> bool:
        """Whether a pair is likelier one person than not, all in all: for counting alone."""
        return (
            score.verdict is not Verdict.APART and score.weight >= self._weights.thresholds.match
        )


_AGREE = frozenset({Level.SAME, Level.NEW_YEAR, Level.PART, Level.CLOSE, Level.ALIKE})
_NEARLY = frozenset({Level.SAME, Level.CLOSE})
_CONTRADICTING = (Field.GIVEN, Field.BIRTH_DATE, Field.TAX_ID, Field.EXTERNAL_ID)
_ADDRESS = (
    (Field.STREET, Field.QUARTER),
    (Field.NUMBERS,),
    (Field.DISTRICT, Field.POSTAL_CODE),
)
_TWO = 2


def may_link(found: Mapping[Field, Agreement]) -> bool:
    """Whether a pair may be linked without anybody looking, whatever its score.

    Not where given names, birth dates, tax ids or a system's ids contradict each other: twins
    agree in all but a given name. What a household or a firm shares (phone, e-mail, address) needs
    the whole name beside it, or the birth date; two of the three need the given name, since a
    family name changes by marriage. And a name, even with a district, needs more.
    """

    def agrees(*fields: Field, levels: Collection[Level] = _AGREE) -> bool:
        return any(found[field].level in levels for field in fields)

    if agrees(*_CONTRADICTING, levels=(Level.DIFFERENT,)):
        return False
    given, family = agrees(Field.GIVEN), agrees(Field.FAMILY)
    address = sum(agrees(*fields, levels=_NEARLY) for fields in _ADDRESS) >= _TWO
    phone, email = (agrees(one, levels=(Level.SAME,)) for one in (Field.PHONE, Field.EMAIL))
    reached = phone + email + address + agrees(Field.PHONE, levels=(Level.PART,))
    if agrees(Field.BIRTH_DATE, levels=(Level.NEAR,)):
        return (
            reached > 0
            and agrees(Field.GIVEN, levels=_NEARLY)
            and agrees(Field.FAMILY, levels=_NEARLY)
        )
    if agrees(Field.TAX_ID):
        return given or family
    if agrees(Field.BIRTH_DATE, levels=_NEARLY):
        return given or (reached > 0 and not agrees(Field.FAMILY, levels=(Level.DIFFERENT,)))
    return given and reached > (0 if family else 1)
