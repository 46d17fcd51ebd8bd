"""Somebody who uses the API, and asks again when no proper answer comes."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.authorizer import Authorizer
from infra.local.gateway import Gateway
from infra.local.issuer import CLIENTS, Issuer
from tests.faults.ledger import Acknowledged
from tests.faults.world import REGION, World

PATIENCE = 4  # times that the same is asked before one gives up
_ERROR, _FAILED = 400, 500
_KINDS = (
    "response",
    "friction",
    "spend",
    "influence",
    "consent",
    "vote",
    "message",
    "offer",
    "session",
    "staff",
    "segment",
    "duplicate",
    "relation",
    "complaint",
    "registration",
    "conversation",
    "link",
    "order",
    "customer",
)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class Front:
    """The gateway, called without a network."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._issuer = Issuer(world.state, REGION)
        self._tokens: dict[tuple[str, str | None, str | None], str] = {}
        self.heard: list[Reply] = []  # every answer, until somebody clears it
        self._gateway = Gateway(
            world.described,
            world.apps,
            world.functions,
            authorizer=Authorizer(self._issuer.issuer, self._issuer.key_set, CLIENTS),
            key_set=self._issuer.key_set,
            health=dict,
        )

    def token(self, role: str, customer_id: str | None, subject: str | None = None) -> str:
        """A token, made once, since signing takes long."""
        who = (role, customer_id, subject)
        if who not in self._tokens:
            self._tokens[who] = self._issuer.token(role, customer_id, subject=subject)
        return self._tokens[who]

    def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request."""
        environ = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": path,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()},
        }
        told: list[Any] = []
        content = b"".join(self._gateway(environ, lambda *line: told.append(line)))
        [(status, lines)] = told
        reply = Reply(int(status.split()[0]), dict(lines), content.decode())
        self.heard.append(reply)
        if reply.status >= _ERROR:
            self.world.ledger.refusals.append(reply.text)
        return reply


class Caller:
    """Somebody with a role."""

    def __init__(
        self,
        front: Front,
        role: str,
        customer_id: str | None = None,
        subject: str | None = None,
    ) -> None:
        self._front = front
        self._token = front.token(role, customer_id, subject)

    def get(self, path: str) -> Reply:
        """Read."""
        return self.ask("GET", path)

    def create(self, path: str, body: Any, key: str) -> Reply:
        """Create something, once whatever happens."""
        reply = self.ask("POST", path, body, {"Idempotency-Key": key})
        if reply.status in (200, 201):
            self._front.world.ledger.keys[key] = _named(reply.body)[1]
        return reply

    def post(self, path: str, body: Any) -> Reply:
        """Do something."""
        return self.ask("POST", path, body)

    def change(self, path: str, body: Any) -> Reply:
        """Change what is there, whatever version it is at, unless it is so already."""
        for _ in range(PATIENCE):
            seen = self.get(path)
            # Why it is changed is said, and not shown.
            if seen.status != 200 or all(
                seen.body.get(name, body[name]) == body[name] for name in body
            ):
                return seen
            reply = self.ask("PATCH", path, body, {"If-Match": seen.headers["ETag"]})
            if reply.status not in (409, 412):
                return reply
        return reply

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Ask, and ask the same again for as long as the answer is that something failed."""
        for _ in range(PATIENCE):
            reply = self.once(method, path, body, headers)
            if reply.status < _FAILED:
                break
        if method != "GET" and reply.status < _ERROR and "version" in reply.body:
            kind, entity_id = _named(reply.body)
            self._front.world.ledger.acknowledged.append(
                Acknowledged(kind, entity_id, reply.body["version"])
            )
        return reply

    def once(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Ask just once."""
        content = b"" if body is None else json.dumps(body).encode()
        given = {
            "Authorization": f"Bearer {self._token}",
            "X-Correlation-Id": "as-it-was-told",
            "Sahip-Reason": "case",
            **(headers or {}),
        }
        given = {name: value for name, value in given.items() if value}
        return self._front.serve(method, path, given, content)


def _named(body: Mapping[str, Any]) -> tuple[str, str]:
    """What kind of thing a body shows, and its id."""
    kind = next(kind for kind in _KINDS if f"{kind}_id" in body)
    return kind, body[f"{kind}_id"]
