"""A user of the HTTP API."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import urllib3

from infra.local.system import LocalSystem

_http = urllib3.PoolManager(retries=False)
_numbers = count(1)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Any
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class Client:
    """Somebody with a token."""

    def __init__(
        self, system: LocalSystem, role: str, customer_id: str | None = None, **claims: str
    ) -> None:
        self._system = system
        self._token = system.token(role, customer_id, **claims)

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, None, **headers)

    def create(self, path: str, body: Any, key: str | None = None, **headers: str) -> Reply:
        """POST with an Idempotency-Key, a new one unless given."""
        key = key or f"test-{next(_numbers)}"
        return self.send("POST", path, body, **{"Idempotency-Key": key}, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Reply:
        return self.send("PATCH", path, body, **headers)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Reply:
        """Send a body as JSON, or as it is where it is bytes.

        Staff give a reason where nothing else is said: an empty one takes it away.
        """
        if "Sahip-Session" not in headers:
            headers = {"Sahip-Reason": "case", **headers}
        headers = {name: value for name, value in headers.items() if value}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        answer = _http.request(
            method,
            f"{self._system.url}{path}",
            body=data,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                **headers,
            },
        )
        return Reply(status=answer.status, headers=answer.headers, text=answer.data.decode())
