"""Learns from records how traits of one person agree, and those of others: weights for a matcher.

Expectation and maximisation over pairs that share a block, as in Winkler's use of it for Fellegi
and Sunter's model. Three kinds of pairs are told apart there: one person, one household, and
others who happen to share a block. How strangers agree is counted on random pairs instead, since
those in blocks agree by the way they were found. Pairs that somebody has decided are taken as
decided; the rest of them are weighed by what was learnt so far.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from bench.dedup.sets import Records
from bench.dedup.start import GUESSES
from services.customer.domain.matching import Field, Level, Matcher, Verdict, Weights
from services.customer.domain.matching.levels import Agreement, agreements
from services.customer.domain.matching.traits import Traits
from services.customer.domain.matching.weights import Chances, Frequencies, Thresholds

RANDOM_PAIRS = 100_000
ROUNDS = 60
SETTLED = 1e-4  # change of a chance that ends the rounds
DOUBT = 2.0  # pairs that a guess counts for, beside those that were seen
SEEN = 20  # pairs that must agree for their number to say how frequent that is
LISTED = 250  # words of a field whose frequencies are kept
SHARED = 6  # more entries with one phone or e-mail are not one home's
SAFE = 0.994  # precision of what is linked by itself, on what it was learnt on
WORTHWHILE = 0.5  # share of pairs in the review queue that are one person
UNDECIDED = Thresholds(link=10.0, match=0.0, review=-3.0)  # odds of 1,000, 1 and 1/8

Pattern = tuple[tuple[Field, Level], ...]
Pair = tuple[int, int]


class Kind(IntEnum):
    """What a pair is."""

    SAME = 0
    HOUSEHOLD = 1
    OTHERS = 2


@dataclass(frozen=True)
class Learnt:
    """The weights, and what was seen on the way."""

    weights: Weights
    pairs: int
    decided: int
    rounds: int


def learn(
    records: Records,
    decided: Mapping[Pair, Kind],
    *,
    source: str,
    random_pairs: int = RANDOM_PAIRS,
) -> Learnt:
    """Weights from records, of some pairs of which it is known what they are.

    The same records and decisions give the same weights.
    """
    records = records.without(records.common(SHARED))
    candidates = sorted(records.candidates())
    found = {pair: agreements(*(records.traits[one] for one in pair)) for pair in candidates}
    patterns = {pair: _pattern(one) for pair, one in found.items()}
    counts = Counter(pattern for pair, pattern in patterns.items() if pair not in decided)
    fixed = Counter((patterns[pair], kind) for pair, kind in decided.items() if pair in patterns)
    chances, shares, rounds = _expect_and_maximise(counts, fixed)
    strangers = _of_strangers(records, random_pairs)
    size = len(records.traits)
    among = len(candidates)
    weights = Weights(
        source=source,
        people=size,
        twins=max(2 * shares[Kind.SAME] * among / size, 1e-3),
        housemates=2 * shares[Kind.HOUSEHOLD] * among / size,
        chances={
            field: {
                level: Chances(
                    chances[Kind.SAME][field][level],
                    chances[Kind.HOUSEHOLD][field][level],
                    strangers[field][level],
                )
                for level in GUESSES[field]
            }
            for field in GUESSES
        },
        frequencies={field: _frequencies(records.traits, field) for field in _WORDS},
        thresholds=UNDECIDED,
    )
    thresholds = _thresholds(weights, records, decided)
    return Learnt(replace(weights, thresholds=thresholds), among, len(decided), rounds)


def _pattern(found: Mapping[Field, Agreement]) -> Pattern:
    return tuple(
        (field, one.level) for field, one in found.items() if one.level is not Level.UNKNOWN
    )


_Table = dict[Field, dict[Level, float]]


def _expect_and_maximise(
    counts: Counter[Pattern], fixed: Counter[tuple[Pattern, Kind]]
) -> tuple[dict[Kind, _Table], dict[Kind, float], int]:
    tables = {kind: _guessed(kind) for kind in Kind}
    shares = {Kind.SAME: 0.3, Kind.HOUSEHOLD: 0.2, Kind.OTHERS: 0.5}
    done = 0
    for done in range(1, ROUNDS + 1):  # noqa: B007 - how many there were is told
        weighed: dict[Kind, Counter[Pattern]] = {kind: Counter() for kind in Kind}
        for pattern, count in counts.items():
            for kind, share in _posterior(pattern, tables, shares).items():
                weighed[kind][pattern] += count * share  # type: ignore[assignment]
        for (pattern, kind), count in fixed.items():
            weighed[kind][pattern] += count
        totals = {kind: weighed[kind].total() for kind in Kind}
        shares = {kind: totals[kind] / sum(totals.values()) for kind in Kind}
        before, tables = tables, {kind: _counted(weighed[kind].items(), kind) for kind in Kind}
        moved = max(
            abs(tables[kind][field][level] - share)
            for kind in Kind
            for field, levels in before[kind].items()
            for level, share in levels.items()
        )
        if moved < SETTLED:
            break
    return tables, shares, done


def _posterior(
    pattern: Pattern, tables: Mapping[Kind, _Table], shares: Mapping[Kind, float]
) -> dict[Kind, float]:
    likely = {}
    for kind in Kind:
        product = shares[kind]
        for field, level in pattern:
            product *= tables[kind][field][level]
        likely[kind] = product
    total = sum(likely.values()) or 1.0
    return {kind: one / total for kind, one in likely.items()}


def _guessed(kind: Kind) -> _Table:
    return {
        field: {level: _of_kind(one, kind) for level, one in levels.items()}
        for field, levels in GUESSES.items()
    }


def _of_kind(chances: Chances, kind: Kind) -> float:
    return (chances.same, chances.household, chances.others)[kind]


def _counted(seen: Iterable[tuple[Pattern, float]], kind: Kind) -> _Table:
    counts: dict[Field, Counter[Level]] = {field: Counter() for field in GUESSES}
    for pattern, count in seen:
        for field, level in pattern:
            counts[field][level] += count  # type: ignore[assignment]
    table = {}
    for field, levels in GUESSES.items():
        total = counts[field].total() + DOUBT
        table[field] = {
            level: (counts[field][level] + DOUBT * _of_kind(guess, kind)) / total
            for level, guess in levels.items()
        }
    return table


def _of_strangers(records: Records, random_pairs: int) -> _Table:
    """How any two agree, counted on random pairs; of one person are next to none of them.

    What was hardly ever seen is taken for as frequent as guessed, where that is more.
    """
    chosen = random.Random(len(records.traits))  # noqa: S311 - a sample, no secret
    places = range(len(records.traits))
    counts: dict[Field, Counter[Level]] = {field: Counter() for field in GUESSES}
    drawn = 0
    while drawn < random_pairs:
        one, other = chosen.choice(places), chosen.choice(places)
        if records.persons[one] != records.persons[other] and records.may_pair(one, other):
            drawn += 1
            for field, level in _pattern(agreements(records.traits[one], records.traits[other])):
                counts[field][level] += 1
    table = {}
    for field, levels in GUESSES.items():
        size = counts[field].total() or 1
        table[field] = {
            level: (
                count
                if (count := counts[field][level]) >= SEEN
                else max(count, guess.others * size)
            )
            / size
            for level, guess in levels.items()
        }
    return table


_WORDS: Mapping[Field, Callable[[Traits], tuple[str, ...]]] = {
    Field.GIVEN: lambda one: one.given,
    Field.FAMILY: lambda one: one.family,
    Field.QUARTER: lambda one: one.quarter,
    Field.STREET: lambda one: one.street,
    Field.DISTRICT: lambda one: (one.district,) if one.district else (),
    Field.CITY: lambda one: (one.city,) if one.city else (),
}


def _frequencies(traits: Sequence[Traits], field: Field) -> Frequencies:
    """The share of records that have a word; of those not listed, as two would meet in them."""
    of_field = _WORDS[field]
    filled = [words for one in traits if (words := of_field(one))]
    counts = Counter(word for words in filled for word in {*words})
    listed = counts.most_common(LISTED)
    others = [count for _, count in counts.most_common()[LISTED:]]
    size = len(filled) or 1
    rest = sum(count * count for count in others) / sum(others) / size if others else 0.5 / size
    return Frequencies(words={word: count / size for word, count in sorted(listed)}, rest=rest)


def _thresholds(weights: Weights, records: Records, decided: Mapping[Pair, Kind]) -> Thresholds:
    """Where what was decided says that linking is safe, that taking for one is right most often,
    and that looking is still worth the while. Odds, where little was decided."""
    matcher = Matcher(replace(weights, thresholds=Thresholds(link=-1e9, match=0, review=-1e9)))
    scored = sorted(
        (
            (matcher.compare(records.traits[one], records.traits[other]), kind is Kind.SAME)
            for (one, other), kind in decided.items()
        ),
        key=lambda each: -each[0].weight,
    )
    true = sum(is_same for _, is_same in scored)
    if true < 100:
        return UNDECIDED
    match = _best_f1([(score.weight, is_same) for score, is_same in scored], true)
    free = [(score.weight, is_same) for score, is_same in scored if score.verdict is Verdict.LINK]
    link = max(_lowest(free, SAFE), match)
    waiting = [
        (score.weight, is_same)
        for score, is_same in scored
        if score.weight < link or score.verdict is not Verdict.LINK
    ]
    return Thresholds(link=link, match=match, review=min(_lowest(waiting, WORTHWHILE), match))


def _best_f1(scored: Sequence[tuple[float, bool]], true: int) -> float:
    best, threshold, right = 0.0, 0.0, 0
    for place, (weight, is_same) in enumerate(scored, 1):
        right += is_same
        f1 = 2 * right / (place + true)
        if f1 > best:
            following = scored[place][0] if place < len(scored) else weight - 1
            best, threshold = f1, (weight + following) / 2
    return threshold


def _lowest(scored: Sequence[tuple[float, bool]], precision: float) -> float:
    """The lowest weight above which so many are right."""
    threshold, right = UNDECIDED.link, 0
    for place, (weight, is_same) in enumerate(scored, 1):
        right += is_same
        if right / place >= precision:
            threshold = weight
    return threshold


def decided_of(records: Records, *, one_in: int) -> dict[Pair, Kind]:
    """What somebody would have decided of each so-many-th pair in the blocks."""
    return {
        (one, other): kind_of(records, one, other)
        for one, other in sorted(records.candidates())[::one_in]
    }


def kind_of(records: Records, one: int, other: int) -> Kind:
    """What a pair is in truth."""
    if records.persons[one] == records.persons[other]:
        return Kind.SAME
    homes = records.homes
    return Kind.HOUSEHOLD if homes and homes[one] == homes[other] else Kind.OTHERS


__all__ = ["Kind", "Learnt", "decided_of", "kind_of", "learn"]
