"""Learns from records how traits of one person agree, and those of others: weights for a matcher.

Expectation and maximisation over pairs that share a block, as in Winkler's use of it for Fellegi
and Sunter's model. Four kinds of pairs are told apart there: one person where they were, one
person who has moved in between, one household, and others who happen to share a block. How
strangers agree is counted on random pairs instead, since those in blocks agree by the way they
were found. Pairs that somebody has decided are taken as decided; the rest of them are weighed by
what was learnt so far.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from bench.dedup.sets import Records
from bench.dedup.start import GUESSES, MOVES, OF_ADDRESS
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
_Table = dict[Field, dict[Level, float]]


class Kind(IntEnum):
    """What a pair is."""

    SAME = 0
    HOUSEHOLD = 1
    OTHERS = 2


class _Class(IntEnum):
    """What a pair is, and where: nobody says of one person whether they have moved."""

    STAYED = 0
    MOVED = 1
    HOUSEHOLD = 2
    OTHERS = 3


_CLASSES = {
    Kind.SAME: (_Class.STAYED, _Class.MOVED),
    Kind.HOUSEHOLD: (_Class.HOUSEHOLD,),
    Kind.OTHERS: (_Class.OTHERS,),
}


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
    tables, shares, rounds = _expect_and_maximise(counts, fixed)
    strangers = _of_strangers(records, random_pairs)
    size = len(records.traits)
    among = len(candidates)
    one_person = shares[_Class.STAYED] + shares[_Class.MOVED]
    moves = shares[_Class.MOVED] / one_person if one_person else MOVES
    weights = Weights(
        source=source,
        people=size,
        twins=max(2 * one_person * among / size, 1e-3),
        housemates=2 * shares[_Class.HOUSEHOLD] * among / size,
        moves=moves,
        chances={
            field: {
                level: _chances(field, level, tables, strangers, moves) for level in GUESSES[field]
            }
            for field in GUESSES
        },
        frequencies={field: _frequencies(records.traits, field) for field in _WORDS},
        thresholds=UNDECIDED,
    )
    thresholds = _thresholds(weights, records, decided)
    return Learnt(replace(weights, thresholds=thresholds), among, len(decided), rounds)


def _chances(
    field: Field,
    level: Level,
    tables: Mapping[_Class, _Table],
    strangers: _Table,
    moves: float,
) -> Chances:
    stayed, moved = (tables[each][field][level] for each in _CLASSES[Kind.SAME])
    return Chances(
        same=(1 - moves) * stayed + moves * moved,
        household=tables[_Class.HOUSEHOLD][field][level],
        others=strangers[field][level],
        moved=moved if field in OF_ADDRESS else None,
    )


def _pattern(found: Mapping[Field, Agreement]) -> Pattern:
    return tuple(
        (field, one.level) for field, one in found.items() if one.level is not Level.UNKNOWN
    )


def _expect_and_maximise(
    counts: Counter[Pattern], fixed: Counter[tuple[Pattern, Kind]]
) -> tuple[dict[_Class, _Table], dict[_Class, float], int]:
    tables = {each: _guessed(each) for each in _Class}
    shares = dict(zip(_Class, (0.3 * (1 - MOVES), 0.3 * MOVES, 0.2, 0.5), strict=True))
    seen = [(pattern, tuple(_Class), count) for pattern, count in counts.items()]
    seen += [(pattern, _CLASSES[kind], count) for (pattern, kind), count in fixed.items()]
    done = 0
    for done in range(1, ROUNDS + 1):  # noqa: B007 - how many there were is told
        weighed: dict[_Class, Counter[Pattern]] = {each: Counter() for each in _Class}
        for pattern, possible, count in seen:
            for each, share in _posterior(pattern, possible, tables, shares).items():
                weighed[each][pattern] += count * share  # type: ignore[assignment]
        totals = {each: weighed[each].total() for each in _Class}
        shares = {each: totals[each] / sum(totals.values()) for each in _Class}
        before, tables = tables, _tables(weighed)
        moved = max(
            abs(tables[each][field][level] - share)
            for each in _Class
            for field, levels in before[each].items()
            for level, share in levels.items()
        )
        if moved < SETTLED:
            break
    return tables, shares, done


def _posterior(
    pattern: Pattern,
    possible: Sequence[_Class],
    tables: Mapping[_Class, _Table],
    shares: Mapping[_Class, float],
) -> dict[_Class, float]:
    if len(possible) == 1:
        return {possible[0]: 1.0}
    likely = {}
    for each in possible:
        product = shares[each]
        for field, level in pattern:
            product *= tables[each][field][level]
        likely[each] = product
    total = sum(likely.values()) or 1.0
    return {each: one / total for each, one in likely.items()}


def _guessed(each: _Class) -> _Table:
    return {
        field: {level: _of_class(one, each) for level, one in levels.items()}
        for field, levels in GUESSES.items()
    }


def _of_class(chances: Chances, each: _Class) -> float:
    if each is _Class.MOVED and chances.moved is not None:
        return chances.moved
    if each in (_Class.STAYED, _Class.MOVED):
        return chances.stayed(MOVES)
    return chances.household if each is _Class.HOUSEHOLD else chances.others


def _tables(weighed: Mapping[_Class, Counter[Pattern]]) -> dict[_Class, _Table]:
    """How each class agrees. Whoever has moved is as alike as who has not, but for the address."""
    tables = {each: _counted(weighed[each].items(), each) for each in _Class}
    both = weighed[_Class.STAYED] + weighed[_Class.MOVED]
    person = _counted(both.items(), _Class.STAYED)
    for each in _CLASSES[Kind.SAME]:
        tables[each] |= {field: person[field] for field in GUESSES if field not in OF_ADDRESS}
    return tables


def _counted(seen: Iterable[tuple[Pattern, float]], each: _Class) -> _Table:
    counts: dict[Field, Counter[Level]] = {field: Counter() for field in GUESSES}
    for pattern, count in seen:
        for field, level in pattern:
            counts[field][level] += count  # type: ignore[assignment]
    table = {}
    for field, levels in GUESSES.items():
        total = counts[field].total() + DOUBT
        table[field] = {
            level: (counts[field][level] + DOUBT * _of_class(guess, each)) / total
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
