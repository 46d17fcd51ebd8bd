"""How Lambda reads what a function answers to a batch."""

from collections.abc import Collection
from typing import Any

from infra.local.functions import Outcome


def failed_items(outcome: Outcome, ids: Collection[str], *, reports: bool) -> set[str]:
    """Which of the records with these ids were not done.

    All of them if the function failed, or if `reports` says that it tells which items failed
    and what it tells makes no sense.
    """
    if outcome.failed:
        return set(ids)
    if not reports:
        return set()
    answer = outcome.answer()
    if not answer:
        return set()
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else [None]
    if not failures:
        return set()
    named = {_identifier(failure) for failure in failures}
    return set(ids) if named - set(ids) else {one for one in named if one is not None}


def _identifier(failure: Any) -> str | None:
    identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return identifier if isinstance(identifier, str) else None
