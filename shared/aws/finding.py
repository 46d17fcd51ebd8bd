"""Answering other services whose a phone, an order or the like is."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.access import Action, Caller
from shared.aws.logs import about, start, tell
from shared.contracts.finding import FindAnswer, FindRequest, Match

Find = Callable[[str, str], Sequence[Match]]
"""A kind of identifier and its value to those whom it may belong to."""


def answer_find(event: dict[str, Any], find: Find) -> dict[str, Any]:
    """Answer a FindRequest. The policy is applied here again, whoever invoked us.

    What can be nobody's, such as a phone that is none, is answered with nobody.
    """
    start()
    request = FindRequest.model_validate(event)
    caller = Caller.from_document(request.caller)
    with about(correlation_id=request.correlation_id):
        caller.must_be_allowed(Action(request.action))
        matches = list(find(request.kind, request.value))
        tell("found", kind=request.kind, matches=len(matches))
    return FindAnswer(matches=matches).model_dump(mode="json")
