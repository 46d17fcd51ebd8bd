"""What people are told leaves once, for one reason, and not after they have refused it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.aws.items import Values
from tests.faults.ledger import Ledger
from tests.faults.truth import Thing, Truth

_GONE = ("sent", "delivered", "bounced")
_BACK = ("waiting", "withheld")  # what stands so has said nothing, and counts for nothing
_OPEN = ("waiting", "claimed")


def missent(box: Path, ledger: Ledger, truth: Truth) -> Iterator[str]:
    """Messages that left twice, or are said to have left and have not, or left after a refusal."""
    lines = box.read_text().splitlines() if box.exists() else []
    left = Counter(json.loads(line)["message_id"] for line in lines)
    for message in _messages(truth):
        marks = [one for one in message.state["values"].values() if one.startswith("mark-")]
        if not marks:  # of who was erased
            continue
        [mark] = marks
        texts = [was_refused for text, was_refused in ledger.texts if mark in text]
        times, status = left[message.entity_id] + len(texts), message.state["status"]
        if times > 1:
            yield f"{message.entity_id} left more than once: {times} times"
        if status in _GONE and not times:
            yield f"{message.entity_id} is {status}, and has never left"
        if status in _BACK and times:
            yield f"{message.entity_id} left, and is {status}"
        if message.state["purpose"] == "offer" and any(texts):
            yield f"{message.entity_id} left after a refusal"
        again_at = message.at("again_at")
        runs = [one.at for one in ledger.runs if message.entity_id in one.known]
        if status in _OPEN and again_at and runs and again_at <= max(runs):
            yield f"{message.entity_id} is {status}, due at {again_at}, and nobody has seen to it"


def misfiled(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Reasons, rows, tallies and bounces that are not what the messages say."""
    messages = _messages(truth)
    asked = {
        (f"R#{one}", f"{message.state['reason']}#ASKED", message.entity_id)
        for message in messages
        for one in message.state["members"]
    }
    said = {
        (f"R#{one}", f"{message.state['reason']}#SAID", message.entity_id)
        for message in messages
        if _counts(message)
        for one in message.state["claim"]["ids"]
    }
    kept = {(one["pk"], one["sk"], one["id"]) for one in items if one["pk"].startswith("R#")}
    if kept != asked | said:
        yield f"reasons are {kept}, not {asked | said}"
    rows = {(one["pk"], one["version"]) for one in items if one["pk"].startswith("M#")}
    due = {(f"M#{one.customer_id}", one.version) for one in messages}
    if rows != due:
        yield f"messages are listed as {rows}, not {due}"
    lines = [one for one in items if one["pk"].startswith("L#")]
    tallies = [sum(one.get(name, 0) for one in lines) for name in ("carried", "followed")]
    counted = [
        len([one for one in messages if "sent_at" in one.state]),
        len([one for one in messages if "reached" in one.state["heard"]]),
    ]
    if tallies != counted:
        yield f"lines to a person are counted {tallies}, not {counted}"
    hard = {one.state["claim"]["address_key"] for one in messages if _is_hard(one)}
    bounced = {one["pk"].removeprefix("B#") for one in items if one["pk"].startswith("B#")}
    if bounced != hard:
        yield f"left alone are {bounced}, not {hard}"


def is_to_be_seen_to(message: Thing) -> bool:
    """Whether a run has yet to look at it, or a person."""
    status = message.state["status"]
    return status in _OPEN or (status == "unclear" and "forgotten_at" not in message.state)


def _counts(message: Thing) -> bool:
    """Whether it may have been heard: what was given up after a look may have been as well."""
    return message.state["status"] not in _BACK or message.state["reasons"] == ["given_up"]


def contacts_of(truth: Truth) -> list[tuple[str, str]]:
    """What messages count among what people have heard from us."""
    return [
        (
            f"T#{one.customer_id}",
            f"{one.state['claim']['counted_as']}#{_moment(one.state['claim']['at'])}"
            f"#{one.entity_id}",
        )
        for one in _messages(truth)
        if _counts(one)
    ]


def _messages(truth: Truth) -> list[Thing]:
    return [one for one in truth.found if one.kind == "message"]


def _is_hard(message: Thing) -> bool:
    return "bounced_hard" in message.state["heard"]


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="microseconds")
