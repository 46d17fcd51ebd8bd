"""How patiently the system is asked, tried on a server that answers as it is told."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from imports.api import Api, Interrupted, Tokens, Unreachable


class Told(ThreadingHTTPServer):
    """Answers what it was told to, one after the other, and 200 after that."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Told

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((body, dict(self.headers)))
        status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
        answer = json.dumps({"detail": "because"}).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is inherited
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Told]:
    with Told() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def token(lifetime: float = 3600.0, mark: str = "t") -> str:
    claims = json.dumps({"exp": time.time() + lifetime, "mark": mark}).encode()
    return f"head.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.signature"


def api_of(server: Told, **settings: Any) -> Api:
    return Api(server.server_address[1], Tokens(token), **settings)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_is_busy_is_asked_again_under_the_same_key(server: Told, status: int) -> None:
    server.answers = [(status, {})]
    reply = api_of(server).create("/v1/orders", {"a": 1}, "key-1")
    assert reply.status == 200
    assert [headers["Idempotency-Key"] for _, headers in server.asked] == ["key-1", "key-1"]
    assert len({body for body, _ in server.asked}) == 1


def test_it_is_asked_again_no_sooner_than_it_says(server: Told) -> None:
    server.answers = [(503, {"Retry-After": "1"})]
    started = time.monotonic()
    assert api_of(server).post("/v1/orders", {}).status == 200
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422])
def test_a_refusal_is_an_answer(server: Told, status: int) -> None:
    server.answers = [(status, {})]
    reply = api_of(server).post("/v1/orders", {})
    assert reply.reason == f"the system refused it with {status}: because"
    assert len(server.asked) == 1


def test_what_fails_again_and_again_is_an_answer_too(server: Told) -> None:
    server.answers = [(500, {})] * 10
    assert api_of(server).post("/v1/orders", {}).status == 500
    assert len(server.asked) < 10


def test_a_token_is_used_until_shortly_before_it_expires(server: Told) -> None:
    lifetimes = iter([3600.0, 60.0, 3600.0])
    tokens = Tokens(lambda: token(next(lifetimes)))
    first = tokens.current()
    assert tokens.current() == first
    tokens.forget(first)
    short = tokens.current()
    assert short != first
    assert tokens.current() != short


def test_a_token_that_is_not_taken_is_renewed_once(server: Told) -> None:
    marks = iter("abc")
    api = Api(server.server_address[1], Tokens(lambda: token(mark=next(marks))))
    server.answers = [(401, {}), (200, {}), (401, {}), (401, {})]
    assert api.post("/v1/orders", {}).status == 200
    assert server.asked[0][1]["Authorization"] != server.asked[1][1]["Authorization"]
    assert api.post("/v1/orders", {}).status == 401


def test_a_system_that_never_answers_is_given_up(server: Told) -> None:
    server.server_close()
    api = Api(server.server_address[1], Tokens(token), patience=0.5)
    with pytest.raises(Unreachable, match="has not answered"):
        api.post("/v1/orders", {})


def test_waiting_ends_when_somebody_stops_it(server: Told) -> None:
    server.answers = [(503, {"Retry-After": "60"})]
    api = api_of(server)
    threading.Timer(0.2, api.stopping.set).start()
    with pytest.raises(Interrupted):
        api.post("/v1/orders", {})
