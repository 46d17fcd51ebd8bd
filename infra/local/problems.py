"""Refusals of the gateway itself, as problem documents (RFC 9457)."""

import json
from http import HTTPStatus

PROBLEM = "application/problem+json"


class Refused(Exception):
    """The gateway answers by itself, without calling a function."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


# What the templates' gateway responses say, by status.
_KINDS = {
    401: ("unauthorized", "A valid access token is needed"),
    403: ("forbidden", "Your token does not allow this"),
    404: ("not-found", "There is no such thing"),
    413: ("too-large", "The request is too large"),
    504: ("timeout", "It took too long"),
}
_OTHERS = {
    4: ("refused", "The request cannot be taken"),
    5: ("internal-error", "The fault is ours"),
}


def problem_document(status: int, detail: str, correlation_id: str) -> bytes:
    """The body of a refusal, in the shape that the services' own have."""
    kind, title = _KINDS.get(status) or _OTHERS[status // 100]
    document = {
        "type": f"urn:sahip:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "correlation_id": correlation_id,
    }
    return json.dumps(document).encode()
