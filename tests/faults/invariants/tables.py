"""What services keep beside their entities is what the entities add up to."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.aws.items import Values
from tests.faults.invariants.care import LEDGER
from tests.faults.invariants.sums import added_by, letter_of
from tests.faults.truth import Tables, Thing, Truth

_NO_SUMS = ("version", "card_version", "link_version")  # numbers that count nothing


def miscounted(tables: Tables, truth: Truth) -> Iterator[str]:
    """Summaries, rows, cards and clocks that are not what the entities say."""
    for service, items in tables.items():
        if service != "customer_view":
            found = [one for one in truth.shown if one.service == service]
            yield from _sums(service, items, found)
            yield from _rows(service, items, found)
    yield from _cards(tables["customer"], truth)
    yield from _sessions(tables["customer"], truth)
    yield from _clocks(tables["complaints"], truth)


def _sessions(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Each session is listed once with its customer, as of its version."""
    listed = sorted(
        (item["pk"], item["sk"].rpartition("#")[2], item["version"])
        for item in items
        if item["pk"].startswith("S#")
    )
    due = sorted(
        (f"S#{one.customer_id}", one.entity_id, one.version)
        for one in truth.found
        if one.kind == "session"
    )
    if listed != due:
        yield f"sessions are listed as {listed}, not {due}"


def _sums(service: str, items: Sequence[Values], found: Sequence[Thing]) -> Iterator[str]:
    kept: dict[str, dict[str, int]] = {}
    for item in items:
        if item["sk"] == "SUMMARY":
            kept[item["pk"].removeprefix("P#")] = {
                name: number
                for name, number in item.items()
                if isinstance(number, int) and number and name not in _NO_SUMS
                if not name.startswith(LEDGER)
            }
    counted: dict[str, Counter[str]] = {}
    for one in found:
        if (added := added_by(one)) is not None:
            counted.setdefault(one.holder, Counter()).update(added)
    for customer in kept.keys() | counted.keys():
        ours, theirs = dict(counted.get(customer, {})), kept.get(customer, {})
        if ours != theirs:
            yield f"{service} of {customer}: {theirs} is kept, {ours} counted anew"


def _rows(service: str, items: Sequence[Values], found: Sequence[Thing]) -> Iterator[str]:
    """Each thing shows once, as of its version, and among what still needs somebody if it does."""
    shown = sorted(
        (
            item["pk"].removeprefix("P#"),
            item["id"],
            item["version"],
            item["sk"],
            item.get("live", ""),
            sorted(json.loads(item["counted"]).items()),
        )
        for item in items
        if item["pk"].startswith("P#")
        if item["sk"].startswith("R#") and "moved_to" not in item
    )
    due = []
    for one in found:
        if (added := added_by(one)) is not None:
            row = f"R#{_place(one.moment, one)}"
            live = f"{letter}#{_place(one.moment, one)}" if (letter := letter_of(one)) else ""
            numbers = sorted(added.items())
            due.append((one.holder, one.entity_id, one.version, row, live, numbers))
    if shown != sorted(due):
        yield f"{service} are at {sorted(due)}, and shown at {shown}"


def _cards(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    kept = {
        item["pk"].removeprefix("P#"): item["card_version"]
        for item in items
        if item["sk"] == "SUMMARY" and "card_version" in item
    }
    stored = {one.entity_id: one.version for one in truth.customers.values()}
    if kept != stored:
        yield f"customers are at {stored}, and their cards at {kept}"


def _clocks(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """In the index of what falls due stands each complaint whose promise runs, and no other."""
    kept = {item["pk"].removeprefix("C#"): item for item in items if item["pk"].startswith("C#")}
    for one in truth.found:
        if one.kind == "complaint":
            item, due = kept.pop(one.entity_id, {}), _due(one)
            place = _place(due, one) if due else None
            clock = (item.get("version"), item.get("due_place"), "due_shard" in item)
            if clock != (one.version, place, due is not None):
                yield f"{one.entity_id} is at {one.version}, due {due}, and its clock is {item}"
    if kept:
        yield f"clocks of nothing: {kept}"


def _due(complaint: Thing) -> datetime | None:
    """When the promise that runs falls due; None where all are kept."""
    if complaint.state["status"] == "resolved" or "forgotten_at" in complaint.state:
        return None
    return complaint.at("resolution_due" if "answered_at" in complaint.state else "answer_due")


def _place(moment: datetime, thing: Thing) -> str:
    return f"{moment.isoformat(timespec='microseconds')}#{thing.entity_id}"
