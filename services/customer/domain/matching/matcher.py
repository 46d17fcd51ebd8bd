"""Whether two records are one person: a score that explains itself, and rules beside it.

The score is Fellegi and Sunter's (A Theory for Record Linkage, 1969): each field that agrees or
differs adds how much likelier that is of one person than of two, as a power of two. Two may have
nothing to do with each other, or live in one home: a father and a son agree in family name, phone
and address, and are as far from one person as ever. So a third class stands beside the two, and
what agrees since people live together is taken back in a line of its own, `household`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from services.customer.domain.matching.levels import Agreement, Field, Level, agreements
from services.customer.domain.matching.traits import Traits
from services.customer.domain.matching.weights import Weights, bits, shipped

PRIOR, HOUSEHOLD = "prior", "household"


class Verdict(StrEnum):
    """What is to be done with a pair."""

    LINK = "link"
    REVIEW = "review"  # a person decides
    APART = "apart"


@dataclass(frozen=True)
class FieldScore:
    """What a field says: at which level it agrees, and how many bits that speaks for one person.

    Beside the fields stand `prior`, what speaks against any two at all, and `household`.
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
        self._prior = bits(self._weights.twins, among)
        self._homes = min(self._weights.housemates / among, 0.5)

    def compare(self, one: Traits, other: Traits, common: Collection[str] = ()) -> Score:
        """The score of two records, the same whichever stands first.

        `common` holds the blocking keys of phones, e-mails and tax ids that too many share, such
        as a dealer's own number: they are no evidence at all.
        """
        found = agreements(one.without(common), other.without(common))
        fields = self._explained(found)
        weight = sum(each.weight for each in fields)
        is_mixed = one.is_firm is not other.is_firm
        verdict = Verdict.APART if is_mixed else self._verdict(weight, found)
        probability = 1 / (1 + 2 ** -max(min(weight, 500.0), -500.0))
        return Score(weight, probability, fields, verdict)

    def _explained(self, found: Mapping[Field, Agreement]) -> tuple[FieldScore, ...]:
        fields = [FieldScore(PRIOR, "", self._prior)]
        by_home = 0.0
        for field, agreement in found.items():
            chances = self._weights.chances_of(field, agreement)
            if chances is not None:
                weight = bits(chances.same, chances.others)
                fields.append(FieldScore(field, agreement.level, weight))
                by_home += bits(chances.household, chances.others)
        shared = log2(1 - self._homes + self._homes * 2 ** min(by_home, 500.0))
        fields.append(FieldScore(HOUSEHOLD, "", -shared))
        return tuple(fields)

    def _verdict(self, weight: float, found: Mapping[Field, Agreement]) -> Verdict:
        limits = self._weights.thresholds
        if weight >= limits.link and may_link(found):
            return Verdict.LINK
        if weight >= limits.review:
            return Verdict.REVIEW
        return Verdict.APART

    def is_match(self, score: Score) -> bool:
        """Whether a pair is likelier one person than not, all in all: for counting alone."""
        return (
            score.verdict is not Verdict.APART and score.weight >= self._weights.thresholds.match
        )


_AGREE = frozenset({Level.SAME, Level.NEW_YEAR, Level.PART, Level.CLOSE, Level.ALIKE})
_NEARLY = frozenset({Level.SAME, Level.CLOSE})


def may_link(found: Mapping[Field, Agreement]) -> bool:
    """Whether a pair may be linked without anybody looking, whatever its score.

    Not where birth dates, tax ids, given names or a system's ids contradict each other. What a
    household or a firm shares (phone, e-mail, address) needs the whole name beside it, or the
    given name and the birth date; a name alone, or with a district, needs more.
    """

    def level(field: Field) -> Level:
        return found[field].level

    contradicted = (
        level(Field.BIRTH_DATE) not in (_NEARLY | {Level.NEW_YEAR, Level.UNKNOWN})
        or level(Field.TAX_ID) is Level.DIFFERENT
        or level(Field.GIVEN) is Level.DIFFERENT
        or level(Field.EXTERNAL_ID) is Level.DIFFERENT
    )
    if contradicted:
        return False
    given, family = level(Field.GIVEN) in _AGREE, level(Field.FAMILY) in _AGREE
    own_id = level(Field.TAX_ID) is Level.SAME
    born = level(Field.BIRTH_DATE) in _NEARLY
    address = level(Field.STREET) in _AGREE and level(Field.NUMBERS) is Level.SAME
    reached = Level.SAME in (level(Field.PHONE), level(Field.EMAIL)) or address
    whole_name = given and family
    if own_id:
        return given or family
    if born:
        return whole_name or (reached and (given or family))
    return whole_name and reached
