"""Silences are what the events come to, and nobody stands on two lists of those to call."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.engagement.adapters.silences import ERASED
from services.engagement.domain.response import NO_WORD
from services.engagement.domain.silence import NOTHING_KNOWN, Silence, Word
from services.engagement.events import WORDS, heard_of
from shared.aws.items import Values
from shared.calendar import day_in_turkey

_DAYS = ("since", "theirs", "ours", "offered")
_BY_NAME = {event.detail_type: event for event in WORDS}


def misheard_of(
    published: Sequence[Mapping[str, Any]], items: Sequence[Values], erased: Collection[str]
) -> Iterator[str]:
    """Silences that are not what was published, and lists that are not what was counted."""
    due: dict[str, Silence] = {}
    for entry in published:
        for customer_id, word, at in _word(entry):
            before = due.get(customer_id, NOTHING_KNOWN)
            due[customer_id] = before.after(word, day_in_turkey(at))
    told = {
        customer: {name: str(day) for name in _DAYS if (day := getattr(one, name))}
        for customer, one in due.items()
        if customer not in erased
    }
    kept = {
        one["pk"].removeprefix("Y#"): {name: one[name] for name in _DAYS if name in one}
        for one in items
        if one["pk"].startswith("Y#") and "since" in one
    }
    if kept != told:
        yield f"silences are {told}, and kept as {kept}"
    kept_of = {one["pk"] for one in items if one["pk"].startswith("Y#") and ERASED not in one}
    if still := kept_of & {f"Y#{one}" for one in erased}:
        yield f"it is kept how we got on with who is erased: {still}"
    yield from _lists(items)


def _word(entry: Mapping[str, Any]) -> Iterator[tuple[str, Word, datetime]]:
    """The word that an event tells of, if it tells of one."""
    kind, detail = _BY_NAME.get(entry["DetailType"]), entry["Detail"]
    if kind is not None:
        if heard := heard_of(kind.model_validate(detail)):
            yield heard.customer_id, heard.word, heard.at
    elif entry["DetailType"] == "ResponseRecorded.v1" and detail["result"] not in NO_WORD:
        yield detail["customer_id"], Word.THEIRS, datetime.fromisoformat(detail["occurred_at"])


def _lists(items: Sequence[Values]) -> Iterator[str]:
    runs = [json.loads(one["run"]) for one in items if one["pk"] == "N#run"]
    lists = [json.loads(one["list"]) for one in items if "list" in one]
    for run in runs:
        of_day = [one for one in lists if one["day"] == run["day"]]
        listed = Counter(call["customer_id"] for one in of_day for call in one["calls"])
        if any(times > 1 for times in listed.values()):
            yield f"somebody is to be called twice: {listed}"
        if sum(one["count"] for one in of_day) != run["forgotten"]:
            yield f"the run forgot none and lists do, or otherwise: {run}, {of_day}"
