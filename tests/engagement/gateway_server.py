"""A gateway of somebody else's on 127.0.0.1, which knows a message again by its key."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class House:
    """What it was given, and how it is at the moment."""

    went_out: dict[str, Any] = field(default_factory=dict)  # by key
    headers: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    status: int = 0  # which every request gets, where it is not 0
    hangs_up: bool = False  # takes it, and says nothing


class _Handler(BaseHTTPRequestHandler):
    house: House

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.house.headers.append(dict(self.headers))
        self.house.bodies.append(body)
        if self.house.status:
            self._answer(self.house.status, b"{}")
            return
        key = self.headers["Idempotency-Key"]
        self.house.went_out.setdefault(key, json.loads(body))
        if self.house.hangs_up:
            self.close_connection = True
            return
        self._answer(202, json.dumps({"id": f"their-{key}"}).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running(house: House) -> Iterator[str]:
    """Serve it; give its URL."""
    handler = type("Handler", (_Handler,), {"house": house})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/messages"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
