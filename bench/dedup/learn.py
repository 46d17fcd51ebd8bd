"""`./sahip learn dedup`: learn the weights that come with the service, and say what was learnt."""

import json
from collections.abc import Iterator

from bench.dedup.learning import Learnt, decided_of, learn
from bench.dedup.turkish.books import books
from bench.report import note, table, title
from infra.launcher.places import ROOT
from services.customer.domain.matching import SHIPPED, Field, Weights
from services.customer.domain.matching.weights import bits

SEED = 2017  # the bench judges on books of other seeds
SIZE = 20_000
ONE_IN = 4  # of the pairs in blocks somebody has decided; the others are weighed
FILE = ROOT / "services" / "customer" / "domain" / "matching" / SHIPPED


def lesson() -> Learnt:
    """What is learnt from made-up books of Turkish people."""
    records = books("turkish", size=SIZE, seed=SEED)
    source = f"{SIZE} made-up entries in Turkey, seed {SEED}, 1 pair in {ONE_IN} decided"
    return learn(records, decided_of(records, one_in=ONE_IN), source=source)


def main() -> None:
    """Learn, print and write."""
    learnt = lesson()
    _tell(learnt)
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(part, ensure_ascii=False, separators=(',', ':'))}"
        for name, part in learnt.weights.document().items()
    )
    FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    note(f"written to {FILE.relative_to(ROOT)}, {FILE.stat().st_size:,} bytes")


def _tell(learnt: Learnt) -> None:
    found = learnt.weights
    title(found.source)
    note(f"{learnt.pairs:,} pairs in blocks, {learnt.decided:,} decided, {learnt.rounds} rounds")
    note(
        f"of each entry {found.twins:.2f} others are of the same person, "
        f"{found.housemates:.2f} of the same home"
    )
    limits = found.thresholds
    note(
        f"links from {limits.link:.1f} bits, one person from {limits.match:.1f}, "
        f"for review from {limits.review:.1f}"
    )
    table(("agreement", "bits", "one", "home", "others"), _rows(found))


def _rows(found: Weights) -> Iterator[tuple[str, ...]]:
    for field in Field:
        for level, chances in found.chances[field].items():
            yield (
                f"{field} {level}",
                f"{bits(chances.same, chances.others):+.1f}",
                *(f"{share:.2g}" for share in (chances.same, chances.household, chances.others)),
            )


if __name__ == "__main__":
    main()
