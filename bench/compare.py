"""`./sahip bench compare`: one newcomer against all who are in the books, calls and CPU.

The blocks are what they would be with so many people: those that the newcomer comes to are filled
with whoever shares them. CPU is counted beside the calls, which are answered from memory. Who is
alike enough to be linked waits in the queue here: a link is made by calls of its own.
"""

import gc
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bench import report
from bench.dedup.turkish.books import entries
from bench.report import most
from services.customer.adapters.blocks import MOST_MEMBERS, DynamoBlocks
from services.customer.domain import Customer
from services.customer.domain.matching import Matcher, Traits, blocking_keys
from services.customer.domain.matching.likeness import likeness
from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.matching.weights import shipped
from services.customer.ports import Neighbourhood
from services.customer.use_cases.duplicates import Dedupe, find_duplicates, traits_in_books
from shared.aws.items import Values, from_item, to_item
from shared.entity import Act

PEOPLE, NEWCOMERS = 100_000, 200
PASSES = 5  # over the same newcomers, of which the quickest counts for each
SEED = 3  # of the made-up books; every so-many-th entry is a newcomer
ACT = Act(by="bench", at=datetime(2026, 3, 1, tzinfo=UTC), correlation_id="bench")


class Answering:
    """A DynamoDB that holds blocks, answers at once, and counts."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}
        self.calls: list[str] = []

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 as AWS names it
        self.calls.append("BatchGetItem")
        [(table, asked)] = RequestItems.items()
        keys = (one["pk"]["S"] for one in asked["Keys"])
        return {"Responses": {table: [self.items[key] for key in keys if key in self.items]}}

    def transact_write_items(self, *, TransactItems: Any) -> Any:  # noqa: N803
        self.calls.append("TransactWriteItems")

    def put_item(self, **_: Any) -> Any:
        self.calls.append("PutItem")


class _One:
    """The books, in which a newcomer is read by one call."""

    def __init__(self, client: Answering, newcomer: Customer) -> None:
        self._client, self._newcomer = client, newcomer

    def get(self, _: str) -> Customer:
        self._client.calls.append("GetItem")
        return self._newcomer


def run() -> None:
    """Print the calls and the CPU of comparing one newcomer."""
    people, newcomers = _people()
    blocks: dict[str, dict[str, Any]] = {}
    for one in people:
        traits = traits_in_books(one)
        for key in blocking_keys(traits):
            blocks.setdefault(key, {})[one.customer_id] = traits.document()
    gc.freeze()  # a function has no such heap that would have to be looked through
    passes = [[_compared(one, blocks, matcher) for one in newcomers] for matcher in _matchers()]
    # Others who use the machine only ever add to the CPU that is counted.
    spent = sorted(min(each.spent for each in same) for same in zip(*passes, strict=True))
    calls = [each.calls for each in passes[0]]
    compared = [each.compared for each in passes[0]]
    report.title(f"One newcomer against {PEOPLE:,} people")
    report.figure("calls, the most of any", max(calls), "", most(3))
    report.figure("people compared with, median", sorted(compared)[NEWCOMERS // 2])
    report.figure("people compared with, the most of any", max(compared))
    report.figure("CPU beside the calls, median", spent[NEWCOMERS // 2], "ms", most(5))
    report.figure("CPU beside the calls, 95 of 100", spent[NEWCOMERS * 95 // 100], "ms", most(5))
    report.figure("CPU beside the calls, 99 of 100", spent[NEWCOMERS * 99 // 100], "ms", most(5))


class _Compared(NamedTuple):
    spent: float  # ms of CPU
    calls: int
    compared: int  # people


def _compared(
    newcomer: Customer, blocks: dict[str, dict[str, Any]], matcher: Matcher
) -> _Compared:
    client = _filled(traits_in_books(newcomer), blocks)
    dedupe = _dedupe(client, newcomer, matcher)
    seen = dedupe.duplicates.neighbourhood(
        newcomer.customer_id, blocking_keys(traits_in_books(newcomer))
    )
    client.calls.clear()
    began = time.process_time()
    find_duplicates(dedupe, ACT, newcomer.customer_id)
    spent = (time.process_time() - began) * 1000
    return _Compared(spent, len(client.calls), len(seen.others))


def _dedupe(client: Any, newcomer: Customer, matcher: Matcher) -> Dedupe:
    from services.customer.adapters.duplicates import DynamoDuplicates

    customers: Any = _One(client, newcomer)
    return Dedupe(
        customers=customers,
        duplicates=DynamoDuplicates(client, "bench", "secret"),
        matcher=matcher,
    )


def _matchers() -> Iterator[Matcher]:
    """One that never links for each pass, and nothing of the pass before is remembered."""
    weights = shipped()
    for _ in range(PASSES):
        likeness.cache_clear()
        sound_of.cache_clear()
        yield Matcher(replace(weights, thresholds=replace(weights.thresholds, link=math.inf)))


def _filled(traits: Traits, blocks: dict[str, dict[str, Any]]) -> Answering:
    """The blocks that somebody comes to."""
    client: Any = Answering()
    kept = DynamoBlocks(client, "bench", "secret")
    there: Neighbourhood = kept.read("cus_new", blocking_keys(traits))
    for block in there.blocks:
        members = blocks.get(block.key, {})
        common = members if len(members) <= MOST_MEMBERS else None
        if members:
            put: Any = kept._write(block, common)["Put"]["Item"]
            values: Values = from_item(put)
            client.items[block.place] = to_item(values)
    return client  # type: ignore[no-any-return]


def _people() -> tuple[list[Customer], list[Customer]]:
    """Who is in the books, and the newcomers: also relatives and second entries of those."""
    written = [
        replace(one.customer, birth_date=one.born) for one in entries(SEED, PEOPLE + NEWCOMERS)
    ]
    every = len(written) // NEWCOMERS
    newcomers = written[::every][:NEWCOMERS]
    ids = {one.customer_id for one in newcomers}
    return [one for one in written if one.customer_id not in ids], newcomers
