"""Refusals as application/problem+json (RFC 9457), each with a message to act on."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, ValidationError

from shared import errors
from shared.aws.logs import tell_failure
from shared.aws.writes import is_passing
from shared.contracts.model import Body, Model

MEDIA_TYPE = "application/problem+json"
MOST_FLAWS = 20  # named in one answer
_BODY = "body"  # where the flaw is not in one field


class Flaw(Model):
    """What is wrong with one field."""

    field: str = Field(description="path of the field, such as lines.0.quantity")
    message: str


class Problem(Body):
    """Why a request was refused. Nothing has changed because of it."""

    type: str = Field(description="names the kind of problem, for programs")
    title: str
    status: int
    detail: str = Field(description="what is wrong and what to do about it")
    correlation_id: str
    errors: list[Flaw] | None = None
    legal_moves: list[str] | None = Field(
        default=None, description="what the thing's present state does allow"
    )


class Flawed(errors.Invalid):
    """What was sent does not fit its model.

    Told apart from models of our own that do not fit: those are our fault, not the caller's.
    """

    def __init__(self, flaws: ValidationError) -> None:
        super().__init__(f"{flaws.error_count()} field(s) need another value")
        self.flaws = flaws


KINDS: Mapping[type[errors.DomainError], tuple[int, str, str]] = {
    errors.Invalid: (400, "invalid-request", "The request cannot be taken as it is"),
    errors.NotProven: (401, "not-proven", "Nothing shows who sends this"),
    errors.NotVerified: (403, "not-verified", "It is not shown yet that this may be told"),
    errors.Forbidden: (403, "forbidden", "Your role does not allow this"),
    errors.NotFound: (404, "not-found", "There is no such thing"),
    errors.Conflict: (409, "conflict", "Its present state forbids this"),
    errors.Gone: (410, "gone", "It is there no more"),
    errors.Stale: (412, "stale-version", "It has changed since you read it"),
    errors.TooLarge: (413, "too-large", "The request is too large"),
    errors.KeyReused: (422, "idempotency-key-reused", "The key belongs to another request"),
    errors.PreconditionMissing: (428, "precondition-required", "Say which version you change"),
    errors.TooOften: (429, "too-many-requests", "You ask too often"),
    errors.Unavailable: (503, "unavailable", "Something we need is busy"),
}


def problem_of(error: Exception, correlation_id: str) -> tuple[Problem, dict[str, str]]:
    """The problem that an error is told as, and the headers that go with it."""
    if isinstance(error, Flawed):
        return _flawed(error.flaws, correlation_id), {}
    if _is_passing(error):
        tell_failure("a dependency was busy", error)
        error = errors.Unavailable("we are busy at the moment; repeat the same request shortly")
    for kind, (status, slug, title) in KINDS.items():
        if isinstance(error, kind):
            return _told(error, status, slug, title, correlation_id)
    tell_failure("a request failed unexpectedly", error)
    return Problem(
        type="urn:sahip:problem:internal-error",
        title="The fault is ours",
        status=500,
        detail="the request failed on our side; quote the correlation id when you ask about it",
        correlation_id=correlation_id,
    ), {}


def _told(
    error: errors.DomainError, status: int, slug: str, title: str, correlation_id: str
) -> tuple[Problem, dict[str, str]]:
    field = getattr(error, "field", None)
    moves = getattr(error, "legal_moves", None)
    headers = {}
    if isinstance(error, errors.TooOften | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    return Problem(
        type=f"urn:sahip:problem:{slug}",
        title=title,
        status=status,
        detail=str(error),
        correlation_id=correlation_id,
        errors=[Flaw(field=field, message=str(error))] if field else None,
        legal_moves=list(moves) if moves is not None else None,
    ), headers


def _flawed(error: ValidationError, correlation_id: str) -> Problem:
    # Messages may quote what was sent; places and kinds of flaws do not.
    flaws = [
        Flaw(field=_path(one["loc"]), message=_message(one))
        for one in error.errors(include_url=False, include_input=False)[:MOST_FLAWS]
    ]
    _, slug, title = KINDS[errors.Invalid]
    listed = "; ".join(f"{flaw.field}: {flaw.message}" for flaw in flaws[:3])
    whole = len(flaws) == 1 and flaws[0].field == _BODY
    return Problem(
        type=f"urn:sahip:problem:{slug}",
        title=title,
        status=400,
        detail=listed if whole else f"{error.error_count()} field(s) need another value: {listed}",
        correlation_id=correlation_id,
        errors=flaws,
    )


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step)[:60] for step in location) or _BODY


def _message(flaw: Any) -> str:
    if flaw["type"] == "extra_forbidden":
        return "this field is not known here; leave it out"
    if flaw["type"] == "json_invalid":
        return f"this is not JSON: {flaw['ctx']['error']}"
    message: str = flaw["msg"]
    return message.removeprefix("Value error, ")


def _is_passing(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return is_passing(error)
    return isinstance(error, BotoCoreError)
