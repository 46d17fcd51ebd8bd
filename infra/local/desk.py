"""The files of the desk, under /desk, with the headers that CloudFront gives them in AWS."""

import json
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from infra.local.problems import Refused
from infra.local.proxy import HttpRequest, HttpResponse

PATH = "/desk"
PAGE, CONFIG = "index.html", "config.json"
# Where the page speaks to: its own origin, and in AWS who signs people in as well.
SPEAKS_TO = "'self'"
POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": SPEAKS_TO,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
NAMED_BY_CONTENT = frozenset({".css", ".js"})  # so that what lies under a name never changes
FOR_GOOD, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
# Here people sign in with a token that `./sahip token` prints.
HERE = {"sign_in": {"kind": "token"}}
MISSING = (
    "The desk is not built. ./sahip up said why when it started; the API under /v1 works "
    "without it."
)


class Desk:
    """Answers what is asked under /desk; the files are read once."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds the built files; None where they could not be built."""
        self._files = {one.name: one.read_bytes() for one in folder.iterdir()} if folder else {}
        if folder:
            self._files[CONFIG] = json.dumps(HERE).encode()

    def answers(self, path: str) -> bool:
        """Whether it is the desk that is asked."""
        return path == PATH or path.startswith(f"{PATH}/")

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The file that is asked for. Raise Refused where there is none."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "The desk is only read.", {"Allow": "GET, HEAD"}
            )
        if not self._files:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, MISSING)
        name = request.path.removeprefix(PATH).strip("/") or PAGE
        body = self._files.get(name)
        if body is None:
            raise Refused(HTTPStatus.NOT_FOUND, "The desk has no such file.")
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        suffix = Path(name).suffix
        headers = [
            ("Content-Type", TYPES.get(suffix, "application/octet-stream")),
            ("Cache-Control", FOR_GOOD if suffix in NAMED_BY_CONTENT else ASK_AGAIN),
            ("ETag", tag),
            *HEADERS.items(),
        ]
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")
        return HttpResponse(status=HTTPStatus.OK, headers=headers, body=body)
