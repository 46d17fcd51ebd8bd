"""The public API of a running system, as another system uses it: patiently."""

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3

LOCALHOST = "127.0.0.1"
PATIENCE = 120.0  # seconds of nothing but failures, then it is given up
LONGEST_WAIT = 10.0  # seconds between two attempts
FIRST_WAIT = 0.2
TIMEOUT = urllib3.Timeout(connect=5.0, read=60.0)
RENEW_BEFORE = 300.0  # seconds before a token expires

BUSY = frozenset({429, 503})  # will pass: to be repeated as long as patience lasts
FAILED = frozenset({500, 502, 504})  # may lie in what was sent: repeated a few times only
MOST_FAILURES = 4
UNAUTHORIZED = 401


class Unreachable(Exception):
    """The system did not answer for as long as patience lasts."""


class Interrupted(Exception):
    """Somebody asked to stop while this waited."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def replayed(self) -> bool:
        """Whether the same request had been answered before, and nothing was done now."""
        return self.headers.get("Idempotency-Replayed") == "true"

    @property
    def reason(self) -> str:
        """Why it was refused, in the system's own words."""
        detail = self.body.get("detail") if isinstance(self.body, dict) else None
        return f"the system refused it with {self.status}: {detail or 'without a reason'}"


class Tokens:
    """An access token that is renewed before it expires."""

    def __init__(self, issue: Callable[[], str]) -> None:
        self._issue = issue
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def current(self) -> str:
        """A token that is good for some minutes more."""
        with self._lock:
            if time.time() > self._good_until:
                self._token = self._issue()
                self._good_until = _expiry(self._token) - RENEW_BEFORE
            return self._token

    def forget(self, token: str) -> None:
        """The system did not take this one: get another."""
        with self._lock:
            if token == self._token:
                self._good_until = 0.0


@dataclass
class Api:
    """Requests over kept connections. Any number of threads may use it at once.

    What is busy is asked again, later and later, or when it says so itself.
    """

    port: int
    tokens: Tokens
    connections: int = 1
    patience: float = PATIENCE
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._pool = urllib3.HTTPConnectionPool(
            LOCALHOST, self.port, maxsize=self.connections, timeout=TIMEOUT, retries=False
        )

    def get(self, path: str) -> Reply:
        """Read something."""
        return self._send("GET", path, None, {})

    def post(self, path: str, body: Any) -> Reply:
        """Ask something that needs a body."""
        return self._send("POST", path, body, {})

    def create(self, path: str, body: Any, key: str) -> Reply:
        """Create something once, however often it is sent under this key."""
        return self._send("POST", path, body, {"Idempotency-Key": key})

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        """Raise Unreachable or Interrupted where no answer can be had."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        started = time.monotonic()
        failures = attempts = 0
        renewed = False
        while True:
            if self.stopping.is_set():
                raise Interrupted
            attempts += 1
            token = self.tokens.current()
            reply = self._once(method, path, data, headers, token)
            if reply is not None and reply.status == UNAUTHORIZED and not renewed:
                self.tokens.forget(token)
                renewed = True
                continue
            if reply is not None and reply.status in FAILED:
                failures += 1
            if _is_final(reply, failures):
                assert reply is not None  # noqa: S101 - no answer is never final
                return reply
            if time.monotonic() - started > self.patience:
                raise Unreachable(
                    f"the system on port {self.port} has not answered for {self.patience:.0f} s"
                )
            self._wait(reply, attempts)

    def _once(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str], token: str
    ) -> Reply | None:
        """One attempt; None where the connection failed."""
        try:
            answer = self._pool.request(
                method,
                path,
                body=data,
                headers={
                    "Sahip-Reason": "batch",  # which staff must give who act on many
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/json",
                    **headers,
                },
            )
        except urllib3.exceptions.HTTPError:
            return None
        return Reply(answer.status, answer.headers, _document(answer.data))

    def _wait(self, reply: Reply | None, attempts: int) -> None:
        asked = reply.headers.get("Retry-After", "") if reply else ""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts, 10))
        wait = random.uniform(longest / 2, longest)  # noqa: S311 - spreads repeats, no secret
        if asked.isdecimal():
            wait = max(wait, min(float(asked), self.patience))
        self.stopping.wait(wait)


def _is_final(reply: Reply | None, failures: int) -> bool:
    if reply is None or reply.status in BUSY:
        return False
    return reply.status not in FAILED or failures >= MOST_FAILURES


def _document(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _expiry(token: str) -> float:
    """When a token expires, as it says itself; whether it is genuine is for the system to say."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, ValueError, KeyError, TypeError):
        return time.time() + RENEW_BEFORE + 60
