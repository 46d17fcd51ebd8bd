"""Holds the view of a person against what it must show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checks.olist.expected import Entry, Expected, Listed

TIMES = frozenset({"at", "since", "ordered_at", "promised_at", "opened_at", "delivered_at"})
BANDS = frozenset({"low", "medium", "high"})
MOST_LISTED = 10
NOT_TOLD = object()


@dataclass(frozen=True)
class Difference:
    """Something that the view shows otherwise than it must."""

    person: str
    field: str
    expected: Any
    got: Any


def differences(
    person: str, expected: Expected, view: dict[str, Any]
) -> Iterator[Difference | str]:
    """What differs; and, as their names, the parts that the view does not have."""
    if view.get("complete") is not True:
        yield Difference(person, "complete", True, view.get("complete"))
    parts = {**expected.parts(), "risk": {}, "timeline": {}}
    for name, wanted in parts.items():
        part = view.get(name)
        if part is None:
            yield name
            continue
        if part.get("status") != "fresh" or part.get("data") is None:
            yield Difference(person, f"{name}.status", "fresh", part.get("status"))
            continue
        found = _part(name, wanted, part["data"], expected, part.get("more") or {})
        for field, want, got in found:
            yield Difference(person, f"{name}.{field}", want, got)


def _part(
    name: str, wanted: Entry, data: Entry, expected: Expected, more: Entry
) -> Iterator[tuple[str, Any, Any]]:
    if name == "risk":
        # By rules that the files know nothing of.
        if data["band"] not in BANDS or not isinstance(data["reasons"], list):
            yield "band", " or ".join(sorted(BANDS)), data
    elif name == "timeline":
        yield from _timeline(expected.happenings, data["recent"], is_cut="recent" in more)
    else:
        for field, want in wanted.items():
            yield from _field(field, want, data.get(field, NOT_TOLD), more.get(field))


def _field(field: str, want: Any, got: Any, more: Entry | None) -> Iterator[tuple[str, Any, Any]]:
    if got is NOT_TOLD:
        yield field, want, "not in the view"
    elif isinstance(want, Listed):
        shown = [got] if isinstance(got, dict) else got or []
        yield from _listed(field, want, shown, more)
    elif isinstance(want, Counter):
        summed = Counter({one["currency"]: one["amount"] for one in got if one["amount"]})
        if summed != want or len({one["currency"] for one in got}) != len(got):
            yield field, dict(want), got
    elif field == "methods":
        sorted_by_name = sorted(got, key=lambda one: (one["method"], one["currency"]))
        if sorted_by_name != want:
            yield field, want, got
    elif not _same(field, want, got):
        yield field, want, got


def _listed(
    field: str, want: Listed, got: list[Entry], more: Entry | None
) -> Iterator[tuple[str, Any, Any]]:
    """A list of the newest. Entries of one time may stand in any order that their ids allow.

    A view that has not room for all says how many it has left out, and need not leave out the
    oldest: what it speaks of elsewhere goes before.
    """
    length = min(want.most, len(want.entries))
    is_cut = more is not None and len(got) < length
    if more is not None and more["left_out"] != len(want.entries) - len(got):
        yield f"{field} (left out)", len(want.entries) - len(got), more["left_out"]
    if len(got) != length and not is_cut:
        yield f"{field} (how many)", length, len(got)
        return
    newest = sorted((at for at, _ in want.entries if at), reverse=True)
    left = list(want.entries)
    dated: list[tuple[datetime, str]] = []
    for place, entry in enumerate(got):
        fitting = next((one for one in left if _fits(one[1], entry)), None)
        if fitting is None:
            yield f"{field}.{place}", [one for _, one in left][:3], entry
            continue
        left.remove(fitting)
        if fitting[0] is not None:
            dated.append((fitting[0], str(entry.get(want.id_field or "", ""))))
    times = [at for at, _ in dated]
    if times != (sorted(times, reverse=True) if is_cut else newest[: len(dated)]):
        yield f"{field} (the newest first)", newest[:length], times
    elif want.id_field and dated != sorted(dated, reverse=True):
        yield f"{field} (by time, then id)", sorted(dated, reverse=True), dated


def _fits(want: Entry, got: Entry) -> bool:
    return all(name in got and _same(name, value, got[name]) for name, value in want.items())


def _timeline(
    happenings: int, got: list[Entry], *, is_cut: bool
) -> Iterator[tuple[str, Any, Any]]:
    """The files do not say what is told of each thing; but each is heard of, newest first."""
    least = min(happenings, MOST_LISTED)
    if not (least <= len(got) or is_cut) or len(got) > MOST_LISTED:
        yield "recent (how many)", f"{least} to {MOST_LISTED}", len(got)
    times = [_instant(one["at"]) for one in got]
    if times != sorted(times, reverse=True):
        yield "recent (the newest first)", sorted(times, reverse=True), times


def _same(field: str, want: Any, got: Any) -> bool:
    if field in TIMES and isinstance(got, str):
        return bool(_instant(got) == want)
    return bool(want == got)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
