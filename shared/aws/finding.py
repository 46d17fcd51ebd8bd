"""Answering other services whose a phone, an order or the like is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.access import Action, Caller
from shared.aws.logs import about, start, tell
from shared.contracts.finding import FindAnswer, FindRequest, Match

Find = Callable[[str, str], Sequence[Match]]
"""A kind of identifier and its value to those whom it may belong to."""
FindAmong = Callable[[str, Sequence[str]], FindAnswer]
"""A value that many may share, and the ids of which it is asked, to the whole answer."""


def answer_find(
    event: dict[str, Any], find: Find, shared: Mapping[str, FindAmong] | None = None
) -> dict[str, Any]:
    """Answer a FindRequest. The policy is applied here again, whoever invoked us.

    What can be nobody's, such as a phone that is none, is answered with nobody. `shared` are the
    kinds of what too many may share to tell them all.
    """
    start()
    request = FindRequest.model_validate(event)
    caller = Caller.from_document(request.caller)
    with about(correlation_id=request.correlation_id):
        caller.must_be_allowed(Action(request.action))
        among = (shared or {}).get(request.kind)
        if among is not None:
            answer = among(request.value, request.among)
        else:
            answer = FindAnswer(matches=list(find(request.kind, request.value)))
        tell("found", kind=request.kind, matches=len(answer.matches))
    return answer.model_dump(mode="json")
