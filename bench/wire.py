"""HTTP/1.1 as a cheap client speaks it: one kept connection, requests put together beforehand."""

import json
import socket
from collections.abc import Mapping
from typing import Any

_END = b"\r\n\r\n"
_RECEIVE = 65536
TIMEOUT = 60.0


class Connection:
    """One connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(None)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the answer's status and body."""
        self._socket.sendall(request)
        data = self._more()
        while (end := data.find(_END)) < 0:
            data += self._more()
        head, body = data[:end].lower(), data[end + 4 :]
        place = head.find(b"content-length:")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(_RECEIVE)
        if not data:
            raise ConnectionError("the server has closed the connection")
        return data


def request(method: str, path: str, headers: Mapping[str, str], document: Any = None) -> bytes:
    """A request, ready to be sent."""
    body = b"" if document is None else json.dumps(document).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _END + body
