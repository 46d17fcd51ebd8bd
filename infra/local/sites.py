"""What browsers are shown: the desk under /desk, and the API's reference under /docs.

Both are static files, with the headers that CloudFront gives them in AWS.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from infra.local.problems import Refused
from infra.local.proxy import HttpRequest, HttpResponse

PAGE, CONFIG = "index.html", "config.json"
# Where a page speaks to: its own origin, and in AWS the desk to who signs people in as well.
SPEAKS_TO = "'self'"
DESK_POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": SPEAKS_TO,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
# The arrows of Swagger UI's own styles are pictures within them.
REFERENCE_POLICY: Mapping[str, str] = {**DESK_POLICY, "img-src": "'self' data:"}
HEADERS: Mapping[str, str] = {
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
    ".txt": "text/plain; charset=utf-8",
}
NAMED_BY_CONTENT = frozenset({".css", ".js"})  # so that what lies under a name never changes
FOR_GOOD, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
# Here people sign in with a token that `./sahip token` prints.
HERE = {"sign_in": {"kind": "token"}}


class Site:
    """Answers what is asked under one path; the files are read once."""

    def __init__(
        self, name: str, path: str, folder: Path | None, policy: Mapping[str, str]
    ) -> None:
        """`folder` holds the built files; None where they could not be built."""
        self._name, self._path = name, path
        self._files = {one.name: one.read_bytes() for one in folder.iterdir()} if folder else {}
        self._headers = {"Content-Security-Policy": policy_in_words(policy), **HEADERS}

    def add(self, name: str, content: bytes) -> None:
        """Give a file as well that is not built but belongs to this machine."""
        if self._files:
            self._files[name] = content

    def answers(self, path: str) -> bool:
        """Whether it is this one that is asked."""
        return path == self._path or path.startswith(f"{self._path}/")

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The file that is asked for. Raise Refused where there is none."""
        if request.method not in ("GET", "HEAD"):
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"The {self._name} is only read.",
                {"Allow": "GET, HEAD"},
            )
        if not self._files:
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"The {self._name} is not built. ./sahip up said why when it started; the API "
                "under /v1 works without it.",
            )
        name = request.path.removeprefix(self._path).strip("/") or PAGE
        body = self._files.get(name)
        if body is None:
            raise Refused(HTTPStatus.NOT_FOUND, f"The {self._name} has no such file.")
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        suffix = Path(name).suffix
        headers = [
            ("Content-Type", TYPES.get(suffix, "application/octet-stream")),
            ("Cache-Control", FOR_GOOD if suffix in NAMED_BY_CONTENT else ASK_AGAIN),
            ("ETag", tag),
            *self._headers.items(),
        ]
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")
        return HttpResponse(status=HTTPStatus.OK, headers=headers, body=body)


def desk(folder: Path | None) -> Site:
    """The screen for whoever answers people."""
    site = Site("desk", "/desk", folder, DESK_POLICY)
    site.add(CONFIG, json.dumps(HERE).encode())
    return site


def reference(folder: Path | None) -> Site:
    """What the API takes and gives, for those who use it."""
    return Site("reference", "/docs", folder, REFERENCE_POLICY)


def policy_in_words(policy: Mapping[str, str]) -> str:
    """A Content-Security-Policy as browsers read it."""
    return "; ".join(f"{name} {value}" for name, value in policy.items())
