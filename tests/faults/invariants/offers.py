"""Whom an offer reaches was let by their owner, and no two that clash reach one person."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.aws.items import Values
from shared.aws.items import moment as at_moment
from tests.faults.truth import Thing, Truth


def unapproved(truth: Truth) -> Iterator[str]:
    """Messages of offers that nobody let by when they were asked for, or that were vetoed then."""
    for message in truth.found:
        offer_id = message.state.get("offer_id") if message.kind == "message" else None
        if offer_id is None:
            continue
        words = sorted(
            (vote for vote in _votes(truth, offer_id) if _at(vote) <= _asked(message)), key=_at
        )
        named = [one for one in words if set(one.state["names"]) & set(message.state["members"])]
        held = named or [one for one in words if not one.state["names"]]
        if not held or held[-1].state["decision"] != "approve":
            yield f"{message.entity_id} was asked for, and nobody let it by"


def misvoted(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Words that do not stand where they are looked for, or that nobody said."""
    due = set()
    for offer in (one for one in truth.found if one.kind == "offer"):
        votes = sorted(_votes(truth, offer.entity_id), key=_at)
        latest: dict[str, str] = {}
        for vote in votes:
            place = f"{_moment(vote)}#{vote.entity_id}"
            due.add((offer.entity_id, f"V#{place}", vote.entity_id))
            if not vote.state["names"]:
                due.add((offer.entity_id, f"G#{place}", vote.entity_id))
            latest |= dict.fromkeys((f"W#{one}" for one in vote.state["names"]), vote.entity_id)
        due |= {(offer.entity_id, place, vote_id) for place, vote_id in latest.items()}
        listed = [one for one in items if one["pk"] == _ballot(offer) and one["sk"][:2] == "P#"]
        if len(listed) != offer.state.get("people", 0):
            yield f"{offer.entity_id} has {len(listed)} on its list, not {offer.state['people']}"
    kept = {
        (one["pk"].removeprefix("O#"), one["sk"], json.loads(one["word"])["vote_id"])
        for one in items
        if one["pk"].startswith("O#") and "word" in one
    }
    if kept != due:
        yield f"words stand at {kept}, not {due}"


def misheld(items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Offers that were asked for and hold no place with whom they are for."""
    held = {
        (one["pk"].removeprefix("O#"), hold["offer_id"])
        for one in items
        if one["sk"] == "PLACE"
        for hold in json.loads(one["holds"])
    }
    for message in truth.found:
        offer_id = message.state.get("offer_id") if message.kind == "message" else None
        if offer_id and not {(one, offer_id) for one in message.state["members"]} & held:
            yield f"{message.entity_id} holds no place with whom it is for"


def _votes(truth: Truth, offer_id: str) -> list[Thing]:
    found = [one for one in truth.found if one.kind == "vote"]
    return [one for one in found if one.state["offer_id"] == offer_id]


def _at(vote: Thing) -> str:
    return str(vote.state["at"])


def _moment(vote: Thing) -> str:
    return at_moment(datetime.fromisoformat(vote.state["at"]))


def _asked(message: Thing) -> str:
    return str(message.state["asked_at"])


def _ballot(offer: Thing) -> str:
    return f"O#{offer.entity_id}"
