"""What `./sahip bench dedup` prints; it runs where Splink and febrl's sets are installed."""

from collections.abc import Mapping

from bench.dedup import febrl, speed, splink_side
from bench.dedup.judging import Judged, joined, judge
from bench.dedup.learning import SHARED, decided_of, learn
from bench.dedup.sets import Records, together
from bench.dedup.turkish.books import FILLERS, books
from bench.report import figure, least, most, note, title
from services.customer.domain.matching import Field, Level, Matcher, Score, Traits, Verdict
from services.customer.domain.matching.levels import agreements
from services.customer.domain.matching.weights import Weights, shipped

SEEDS = (1, 2)  # of the made-up books; the weights come from another one's
FRESH = (41, 42, 43)  # of books that nobody looked into while the rules were made
SIZE = 20_000
SAFE, ENOUGH = 0.99, 0.8  # precision and recall of what links by itself
Pairs = Mapping[tuple[int, int], Score]


def main() -> None:
    """Judge on each set, ours and Splink's; then fillers, and the time that one record takes."""
    title("dedup, on pairs of records; -links are what links by itself, pair by pair, and -joined")
    note("whoever is one person then, through a third also")
    lesson = together("febrl1+2", febrl.load(1), febrl.load(2))
    learnt = learn(lesson, decided_of(lesson, one_in=1), source=lesson.name)
    note(f"febrl3 and febrl4, without the national id: weights learnt on {lesson.name}")
    for number in (3, 4):
        _judge(febrl.load(number), learnt.weights)
    note(f"made-up people in Turkey: weights learnt on {shipped().source}")
    linked = 0
    for seed in (*SEEDS, *FRESH):
        records = books(f"turkish-{seed}", size=SIZE, seed=seed)
        scores = _judge(records, shipped())
        linked += _linked_by_fillers(records, scores)
    figure("pairs that link and share nothing but fillers", linked, goal=most(0))
    filled = speed.fillers_that_link(FILLERS)
    figure("people of whom all is a filler that link", filled, goal=most(0))
    speed.run()


def _judge(records: Records, weights: Weights) -> Pairs:
    matcher = Matcher(weights, people=len(records.traits))
    common = records.common(SHARED)
    scores = {
        (one, other): matcher.compare(records.traits[one], records.traits[other], common)
        for one, other in records.candidates()
    }
    true = records.true_pairs()
    ours = judge([pair for pair, score in scores.items() if matcher.is_match(score)], true)
    theirs = splink_side.compare(records.without(common))
    links = [pair for pair, score in scores.items() if score.verdict is Verdict.LINK]
    joins = [pair for pair in joined(links) if records.may_pair(*pair)]
    waiting = [pair for pair, score in scores.items() if score.verdict is Verdict.REVIEW]
    note(f"{records.name} {ours}")
    note(f"{records.name}-splink {theirs}")
    _linked(f"{records.name}-links", judge(links, true))
    _linked(f"{records.name}-joined", judge(joins, true))
    queue = judge(waiting, true)
    note(f"{records.name}-review {queue.said} pairs, {queue.precision:.2f} of them one person")
    figure(f"{records.name}: f1 less Splink's", ours.f1 - theirs.f1, goal=least(0))
    return scores


def _linked(name: str, links: Judged) -> None:
    note(f"{name} {links}")
    figure(f"{name}: precision", links.precision, goal=least(SAFE))
    figure(f"{name}: recall", links.recall, goal=least(ENOUGH))


def _linked_by_fillers(records: Records, scores: Pairs) -> int:
    """Links between people who have nothing in common once the fillers are gone."""
    common = records.common(SHARED)
    return sum(
        score.verdict is Verdict.LINK
        and not _share_anything(*(records.traits[one].without(common) for one in pair))
        for pair, score in scores.items()
    )


def _share_anything(one: Traits, other: Traits) -> bool:
    found = agreements(one, other)
    return any(found[field].level in _SHARED for field in _OF_A_PERSON)


_SHARED = (Level.SAME, Level.PART, Level.CLOSE, Level.NEW_YEAR)
_OF_A_PERSON = (Field.GIVEN, Field.FAMILY, Field.PHONE, Field.EMAIL, Field.BIRTH_DATE)


if __name__ == "__main__":
    main()
