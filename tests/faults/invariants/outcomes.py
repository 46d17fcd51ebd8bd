"""Responses and frictions are listed and counted once each."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.acquisition import source_of
from shared.aws.items import Values
from shared.calendar import day_in_turkey
from tests.faults.truth import Thing, Truth


def uncounted_outcomes(
    items: Sequence[Values], truth: Truth, published: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Lists and counts that are not what was recorded."""
    yield from _acquired(items, truth, published)
    yield from _lines(items, truth)
    responses = [one for one in truth.found if one.kind == "response"]
    frictions = [one for one in truth.found if one.kind == "friction"]
    lines = sorted(
        (one["pk"], one["sk"]) for one in items if one["pk"].startswith(("X#of#", "F#rule#"))
    )
    due = [(f"X#of#{one.customer_id}", _place(one)) for one in responses]
    due += [(f"F#rule#{one.state['rule']}", _place(one)) for one in frictions]
    if lines != sorted(due):
        yield f"outcomes are listed as {lines}, not {sorted(due)}"
    counts: Counter[str] = Counter()
    for one in responses:
        if offer := one.state.get("offer_id"):
            counts[f"{offer} {one.state['medium']}:{one.state['result']}"] += 1
    for one in frictions:
        year = day_in_turkey(_at(one)).year
        counts[f"{one.state['rule']} count"] += 1
        counts[f"{one.state['rule']} year:{year}"] += 1
        if one.customer_id not in truth.erased:
            counts[f"{one.customer_id} frictions"] += 1
    if (kept := _kept(items)) != counts:
        yield f"outcomes are counted as {kept}, not {counts}"


def _lines(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Who stands above and below whom is what was said and not ended."""
    said = {one.entity_id: one for one in truth.found if one.kind == "influence"}
    live = {name: one for name, one in said.items() if "ended_at" not in one.state}
    due = sorted(
        (f"{one.state['of']}#{one.customer_id}", one.state["other_id"], name)
        for name, one in live.items()
    )
    below = sorted(
        (one["pk"].removeprefix("X#to#"), one["sk"], one["id"])
        for one in items
        if one["pk"].startswith("X#to#")
    )
    above = []
    for item in items:
        if item["pk"].startswith("X#by#"):
            kind, _, other = item["pk"].removeprefix("X#by#").partition("#")
            sources = json.loads(item["sources"])
            above += [(f"{kind}#{source}", other, name) for source, name in sources.items()]
    if not below == sorted(above) == due:
        yield f"influences are {due}, below {below}, above {sorted(above)}"


def _acquired(
    items: Sequence[Values], truth: Truth, published: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """What was spent and who came, by month and source."""
    due: Counter[str] = Counter()
    for one in truth.found:
        if one.kind == "spend":
            source = f"{one.state['channel']}#{one.state.get('campaign') or ''}"
            month = one.state["day"][:7]
            due[f"{month} {source} spent:{one.state['currency']}"] += one.state["amount"]
    new = {
        entry["Detail"]["customer_id"]: entry["Detail"]
        for entry in published
        if entry["DetailType"] == "CustomerCreated.v1"
    }
    for detail in new.values():
        channel, campaign = source_of(detail["heard_from"])
        day = day_in_turkey(datetime.fromisoformat(detail["occurred_at"]))
        due[f"{day:%Y-%m} {channel}#{campaign or ''} customers"] += 1
    kept: Counter[str] = Counter()
    for item in items:
        if item["pk"].startswith("X#acquired#"):
            month = item["pk"].removeprefix("X#acquired#")
            for name, number in item.items():
                if isinstance(number, int):
                    kept[f"{month} {item['sk'].rpartition('#')[0]} {name}"] += number
    if kept != due:
        yield f"acquired are {kept}, not {due}"


def _kept(items: Sequence[Values]) -> Counter[str]:
    kept: Counter[str] = Counter()
    for item in items:
        about = ""
        if item["pk"].startswith("X#offer#"):
            about = item["pk"].removeprefix("X#offer#")
        elif item["pk"] == "F#counts":
            about = item["sk"]
        elif item["pk"].startswith("Y#") and "frictions" in item and "erased_at" not in item:
            kept[f"{item['pk'].removeprefix('Y#')} frictions"] += item["frictions"]
        if about:
            for name, number in item.items():
                if isinstance(number, int):
                    kept[f"{about} {name}"] += number
    return kept


def _at(one: Thing) -> datetime:
    return datetime.fromisoformat(one.state["at"])


def _place(one: Thing) -> str:
    at = _at(one).astimezone(UTC).isoformat(timespec="microseconds")
    return f"R#{at}#{one.entity_id}"
