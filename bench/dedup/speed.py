"""How long one new record takes against all who share a block with it, of 100,000 entries."""

import json
import statistics
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from time import thread_time

from bench.dedup.sets import LARGEST_BLOCK
from bench.dedup.turkish.books import SINCE, Entry, entries
from bench.report import figure, most, note
from services.customer.domain import ContactKind, ContactPoint, Customer
from services.customer.domain.matching import Matcher, Traits, Verdict, blocking_keys, traits_of

PEOPLE = 100_000
SEED = 3
NEW = 500  # entries that come anew
GOAL = 5.0  # ms


def run() -> None:
    """Print the time that traits, keys and comparing take for one entry."""
    known = [*entries(SEED, PEOPLE + NEW)]
    new, old = known[::201][:NEW], [one for place, one in enumerate(known) if place % 201]
    blocks: dict[str, list[int]] = defaultdict(list)
    stored = []
    for place, entry in enumerate(old):
        traits = entry.traits()
        stored.append(json.dumps(traits.document()))
        for key in blocking_keys(traits):
            blocks[key].append(place)
    matcher = Matcher(people=len(old))
    times, mates = [], []
    for entry in new:
        keys = blocking_keys(entry.traits())
        others = {
            place
            for key in keys
            if len(found := blocks.get(key, [])) <= LARGEST_BLOCK
            for place in found
        }
        texts = [stored[place] for place in others]
        mates.append(len(texts))
        times.append(_time(entry, texts, matcher))
    note(
        f"one new entry against {len(old):,} others, seed {SEED}: CPU of its traits, its keys and"
    )
    note("comparing it with all who share a block, read from their documents")
    figure("who shares a block, median", statistics.median(mates))
    figure("who shares a block, 95 of 100", statistics.quantiles(mates, n=20)[-1])
    figure("CPU, median", statistics.median(times), "ms", most(GOAL))
    figure("CPU, 95 of 100", statistics.quantiles(times, n=20)[-1], "ms", most(GOAL))


def _time(entry: Entry, texts: Sequence[str], matcher: Matcher) -> float:
    started = thread_time()
    traits = traits_of(entry.customer, birth_date=entry.born)
    blocking_keys(traits)
    for text in texts:
        matcher.compare(traits, Traits.from_document(json.loads(text)))
    return (thread_time() - started) * 1e3


def fillers_that_link(fillers: Sequence[str]) -> int:
    """How many pairs link of people who have only fillers, each all of them."""
    names = (None, "Nihai Tüketici", "Perakende Müşteri", "Test Test", "Yok", "Bilinmiyor")
    points = tuple(
        ContactPoint(kind=ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value=value)
        for value in fillers
    )
    empty = [
        traits_of(
            Customer(customer_id=f"cus_{place}", name=name, since=SINCE, contact_points=points)
        )
        for place, name in enumerate(names)
    ]
    matcher = Matcher()
    return sum(
        matcher.compare(one, other).verdict is Verdict.LINK
        for one, other in combinations([*empty, *empty], 2)
    )
