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


def problem_document(status: int, title: str, detail: str | None = None) -> bytes:
    """The body of a refusal."""
    document = {"type": "about:blank", "title": title, "status": status}
    if detail is not None:
        document["detail"] = detail
    return json.dumps(document).encode()
