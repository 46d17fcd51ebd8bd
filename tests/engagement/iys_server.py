"""İYS as its clients describe its API, on 127.0.0.1: tokens, batches, their outcomes, changes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USERNAME, PASSWORD = "sahip", "let me in"
BRAND = "/sps/1234/brands/5678"


@dataclass
class Register:
    """What İYS knows, and how it is at the moment."""

    batches: list[list[dict[str, str]]] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # "GET /path?query"
    tokens: int = 0
    valid: str = ""
    status: int = 0  # which every request gets, where it is not 0
    answer: bytes | None = None  # instead of what would be right
    page: int = 2  # changes in one answer

    def expire(self) -> None:
        self.valid = ""


class _Handler(BaseHTTPRequestHandler):
    register: Register
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _serve(self, body: bytes) -> None:
        register, parts = self.register, urlsplit(self.path)
        register.asked.append(f"{self.command} {self.path}")
        if parts.path == "/oauth2/token":
            self._token(parse_qs(body.decode()))
        elif self.headers["Authorization"] != f"Bearer {register.valid}" or not register.valid:
            self._answer(401, {"errors": [{"code": "H351", "message": "Geçersiz jeton"}]})
        elif register.status:
            self._answer(register.status, {"errors": [{"code": "H124", "message": "Yavaş"}]})
        elif register.answer is not None:
            self._send(200, register.answer)
        elif parts.path == f"{BRAND}/consents/request":
            register.batches.append(json.loads(body))
            self._answer(200, {"requestId": f"r-{len(register.batches) - 1}", "subRequests": []})
        elif parts.path.startswith(f"{BRAND}/consents/request/r-"):
            self._answer(200, self._outcomes(int(parts.path.rpartition("-")[2])))
        elif parts.path == f"{BRAND}/consents/changes":
            self._answer(200, self._changes(parse_qs(parts.query)))
        else:
            self._answer(404, {})

    def _token(self, form: dict[str, list[str]]) -> None:
        wanted = {"grant_type": ["password"], "username": [USERNAME], "password": [PASSWORD]}
        if form != wanted:
            self._answer(401, {"errors": [{"code": "H100"}]})
            return
        self.register.tokens += 1
        self.register.valid = f"token-{self.register.tokens}"
        self._answer(
            200, {"access_token": self.register.valid, "expires_in": 7200, "token_type": "bearer"}
        )

    def _outcomes(self, number: int) -> list[Any]:
        """A refusal where there is no consent is not taken; one for "queue" is still waiting."""
        consented: set[tuple[str, str]] = set()
        found: list[Any] = []
        for place, batch in enumerate(self.register.batches):
            for index, one in enumerate(batch):
                of = one["recipient"], one["type"]
                if one["recipient"].startswith("queue"):
                    told: dict[str, Any] = {"status": "enqueue"}
                elif one["status"] == "ONAY" or of in consented:
                    told = {"status": "success", "transactionId": f"t-{place}-{index}"}
                else:
                    told = {"status": "failure", "error": {"code": "H175", "message": "İlk"}}
                if one["status"] == "ONAY":
                    consented.add(of)
                if place == number:
                    found.append({"index": index, "subRequestId": f"s-{index}", **told})
        return found

    def _changes(self, query: dict[str, list[str]]) -> Any:
        [after] = query.get("after", ["0"])
        start = int(after) if after.isdigit() else 0
        page = self.register.changes[start : start + self.register.page]
        return {"after": str(start + len(page)), "list": page}

    def _answer(self, status: int, body: Any) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def iys_server() -> Iterator[tuple[str, Register]]:
    """Its address, and what it knows, for as long as the block runs."""
    register = Register()
    handler = type("Handler", (_Handler,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", register
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
