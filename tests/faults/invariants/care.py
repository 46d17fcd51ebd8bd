"""Who cares for whom is what was said, and what is counted of customers is what happened."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from shared.aws.items import Values
from shared.calendar import day_in_turkey
from tests.faults.truth import Thing, Truth

LEDGER = "ledger#"


def miscared(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Rosters, ledgers, lists and counts that are not what the entities say."""
    yield from _counts(items, truth)
    yield from _owned(items, truth)
    yield from _roster(items, truth)


def _counts(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    kept: dict[str, dict[str, int]] = {}
    for item in items:
        if item["sk"] == "SUMMARY":
            counts = {name: one for name, one in item.items() if name.startswith(LEDGER) and one}
            if counts:
                kept[item["pk"].removeprefix("P#")] = counts
    counted: dict[str, Counter[str]] = {}
    for one in truth.shown:
        if one.kind in ("order", "complaint") and one.customer_id not in truth.erased:
            happened = _of_order(one) if one.kind == "order" else Counter(complaints=1)
            counted.setdefault(one.customer_id, Counter()).update(happened)
    anew = {
        customer: {f"{LEDGER}{name}": number for name, number in some.items() if number}
        for customer, some in counted.items()
    }
    if kept != anew:
        yield f"counted of customers is {kept}, and anew {anew}"


def _of_order(order: Thing) -> Counter[str]:
    state = order.state
    found = Counter(placed=1, cancelled=state["status"] == "cancelled")
    if state["status"] == "delivered":
        at = datetime.fromisoformat(state["reached"]["delivered"])
        found[f"delivered:{day_in_turkey(at).year}"] += 1
    for name, what in (("paid", "payments"), ("refunded", "refunds")):
        found[f"{name}:{state['currency']}"] += sum(one["amount"] for one in state[what])
    return found


def _owned(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Whom an owner is listed with, and how many have room there."""
    listed: dict[str, set[str]] = {}
    ledgers: dict[str, Values] = {}
    for item in items:
        if item["pk"].startswith("O#"):
            owner = item["pk"].removeprefix("O#")
            if item["sk"] == "A":
                ledgers[owner] = item
            else:
                listed.setdefault(owner, set()).add(item["sk"].removeprefix("C#"))
    owned: dict[str, set[str]] = {}
    for one in truth.customers.values():
        if owner := one.state.get("care", {}).get("owner"):
            owned.setdefault(owner, set()).add(one.entity_id)
    if listed != owned:
        yield f"owned are {owned}, and listed {listed}"
    for one in _staff(truth):
        ledger, theirs = ledgers.get(one.entity_id, {}), len(owned.get(one.entity_id, ()))
        room = one.state["most_customers"] - theirs
        takes = "left_at" not in one.state
        if _owns(one) and (ledger["count"], ledger["room"], ledger["takes"]) != (
            theirs,
            room,
            takes,
        ):
            yield f"{one.entity_id} owns {theirs}, and the ledger is {ledger}"


def _roster(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    [kept] = [json.loads(item["roster"]) for item in items if item["pk"] == "CARE"] or [{}]
    keepers: dict[str, Any] = kept.get("keepers", {})
    if keepers.keys() != {one.entity_id for one in _staff(truth) if _owns(one)}:
        yield f"owners on the roster are {sorted(keepers)}"
    for one in _staff(truth):
        keeper = keepers.get(one.entity_id, {})
        for name in ("name", "absences", "left_at", "successor"):
            if _owns(one) and keeper.get(name) != (one.state.get(name) or None):
                yield f"{name} of {one.entity_id} is not on the roster"
    segments = {one.entity_id: one for one in truth.found if one.kind == "segment"}
    if kept.get("segments", {}).keys() != segments.keys():
        yield f"segments on the roster are {sorted(kept.get('segments', {}))}"
    for name, one in segments.items():
        stands = kept["segments"][name]
        if any(stands.get(what) != one.state.get(what) for what in ("owner", "rank", "queue")):
            yield f"{name} is {one.state}, and on the roster {stands}"
    if segments and kept.get("default_id") not in segments:
        yield "no segment is the default"
    shown = {item["sk"] for item in items if item["pk"] == "STAFF"}
    if shown != {one.entity_id for one in _staff(truth)}:
        yield f"listed as staff are {sorted(shown)}"


def _staff(truth: Truth) -> list[Thing]:
    return [one for one in truth.found if one.kind == "staff"]


def _owns(staff: Thing) -> bool:
    return "customer_owner" in staff.state["trades"]
