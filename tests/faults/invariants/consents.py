"""What was said of each address stands there once, and İYS has heard what it says that it has."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.aws.items import Values
from tests.faults.invariants.messages import contacts_of, is_to_be_seen_to
from tests.faults.truth import Thing, Truth

_ISTANBUL = ZoneInfo("Europe/Istanbul")
_HEARD = ("handed_over", "taken", "turned_down")
_WAITING = ("waiting", "handed_over")


def misplaced(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Words that do not stand at their address."""
    words = {one.entity_id: one for one in truth.found if one.kind == "consent"}
    kept = sorted((one["pk"], one["sk"]) for one in items if one["pk"].startswith("A#"))
    due = sorted((f"A#{one.state['address_key']}", _place(one)) for one in words.values())
    if kept != due:
        yield f"words stand at {kept}, not at {due}"
    purposes = {word.state["purpose"] for word in words.values() if word.state.get("proof")}
    codes = [one["purpose"] for one in items if one["pk"].startswith("V#")]
    if set(codes) != purposes:
        yield f"codes are for {codes}, words for {purposes}"


def misclocked(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Clocks that are not of what waits: a word for İYS, a message or an offer for its time."""
    clocks = {one["pk"].removeprefix("C#"): one for one in items if one["pk"].startswith("C#")}
    for one in truth.found:
        runs = _runs(one)
        if runs is None:
            continue
        clock = clocks.pop(one.entity_id, {})
        shown = clock.get("version", 1), "due_place" in clock
        if shown != (one.version, runs):
            yield f"{one.entity_id} is at {one.version}, waits: {runs}; its clock: {clock}"
    if clocks:
        yield f"clocks of nothing: {clocks}"


def _runs(one: Thing) -> bool | None:
    """Whether the clock of something runs; None of what has none."""
    if one.kind == "consent":
        return one.state["at_iys"] in _WAITING
    if one.kind == "message":
        return is_to_be_seen_to(one)
    return one.state["status"] == "open" if one.kind == "offer" else None


def uncounted(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Talk and messages that are not counted once each, as what they are."""
    kept = sorted((one["pk"], one["sk"]) for one in items if one["pk"].startswith("T#"))
    talk = [
        (
            f"T#{one.customer_id}",
            f"{_counted_as(one)}#{_moment(one.moment)}#{one.entity_id}:1:0",
        )
        for one in truth.found
        if one.kind == "conversation"
    ]
    due = sorted(talk + contacts_of(truth))
    if kept != due:
        yield f"contacts are {kept}, not {due}"


def _counted_as(talk: Thing) -> str:
    if talk.state["direction"] == "in":
        return "heard"
    return "offers" if talk.state["purpose"] == "offer" else "told"


def misheard(folder: Path, truth: Truth) -> Iterator[str]:
    """What İYS should have and has not, and what it has that nobody said."""
    out = folder / "out.jsonl"
    told = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    heard = Counter((one["type"], one["status"], one["consentDate"]) for one in told)
    words = [one for one in truth.found if one.kind == "consent"]
    for word in words:
        if word.state["at_iys"] in _HEARD and not heard[_form(word)]:
            yield f"{word.entity_id} is {word.state['at_iys']}, and İYS has never heard of it"
        if word.state["at_iys"] not in _WAITING and "recipient" in word.state:
            yield f"{word.entity_id} keeps an address that nobody needs"
    if heard.keys() - {_form(one) for one in words}:
        yield f"İYS heard what nobody said: {heard}"


def _place(word: Thing) -> str:
    said_at = _moment(datetime.fromisoformat(word.state["said_at"]))
    return f"{said_at}#{int(word.state['status'] == 'RET')}#{word.entity_id}"


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _form(word: Thing) -> tuple[str, str, str]:
    said_at = datetime.fromisoformat(word.state["said_at"]).astimezone(_ISTANBUL)
    return word.state["channel"], word.state["status"], f"{said_at:%Y-%m-%d %H:%M:%S}"
