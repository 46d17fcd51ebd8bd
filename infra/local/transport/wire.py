"""HTTP/1.1 to endpoints on this machine, over connections that each thread keeps for itself."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)

TRUST_IDLE_SECONDS = 1.0
RECEIVE_BYTES = 262_144
END_OF_HEAD = b"\r\n\r\n"
OK = 200
NO_BODY = (204, 304)
Target = tuple[str, int, float]  # host, port, seconds to wait for an answer


class Wire:
    """Sends requests over connections that each thread keeps for itself.

    Stands where botocore keeps its `URLLib3Session`, and raises what that would raise.
    """

    _local = threading.local()

    def __init__(self, original: Any, connect_seconds: float, read_seconds: float) -> None:
        self._original = original
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Return the answer, read to its end."""
        parts = urlsplit(request.url)
        body = request.body if request.body is not None else b""
        if isinstance(body, str):
            body = body.encode()
        if parts.scheme != "http" or not isinstance(body, bytes | bytearray):
            answer: AWSResponse = self._original.send(request)
            return answer
        target = (parts.hostname or "", parts.port or 80, self._read_seconds)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        lines = [f"{request.method} {path} HTTP/1.1\r\nHost: {parts.netloc}".encode()]
        for name, value in request.headers.items():
            text = value if isinstance(value, bytes) else str(value).encode()
            lines.append(b"%b: %b" % (name.encode(), text))
        if body and "Content-Length" not in request.headers:
            lines.append(b"Content-Length: %d" % len(body))
        message = b"\r\n".join(lines) + END_OF_HEAD + body
        return self._exchange(request, target, message)

    def close(self) -> None:
        """Close what the original holds; threads close their own connections when they end."""
        self._original.close()

    def _kept(self) -> dict[Target, tuple[socket.socket, float]]:
        kept: Any = self._local.__dict__  # each thread sees its own
        return kept  # type: ignore[no-any-return]

    def _exchange(
        self, request: AWSPreparedRequest, target: Target, message: bytes
    ) -> AWSResponse:
        url = request.url
        connection = self._connection(url, target)
        try:
            connection.sendall(message)
            status, headers, content = receive(connection, request.method)
        except BlockingIOError as error:  # how a blocking socket says that its time is up
            connection.close()
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (ConnectionError, EOFError) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=url, request=request, error=error) from error
        except Exception as error:
            connection.close()
            raise HTTPClientError(error=error) from error
        if headers.get("connection", "").lower() == "close":
            connection.close()
        else:
            self._kept()[target] = connection, time.monotonic()
        return Answer(url, status, headers, content)

    def _connection(self, url: str, target: Target) -> socket.socket:
        # Taken out while it is in use, so that what fails half-way is never used again.
        kept = self._kept().pop(target, None)
        if kept is not None:
            connection, used = kept
            # Asking costs a turn at the interpreter's lock: only after a pause.
            if time.monotonic() - used < TRUST_IDLE_SECONDS or is_quiet(connection):
                return connection
            connection.close()
        host, port, read_seconds = target
        try:
            connection = socket.create_connection((host, port), self._connect_seconds)
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        # The kernel keeps the time: half the system calls of a Python timeout.
        connection.settimeout(None)
        limit = struct.pack("@ll", int(read_seconds), int(read_seconds % 1 * 1e6))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def is_quiet(connection: socket.socket) -> bool:
    """Say whether an idle connection is still open, with nothing unasked-for in it."""
    try:
        connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def receive(connection: socket.socket, method: str) -> tuple[int, "Headers", bytes]:
    """Read one answer. Raises EOFError when the other side ends too early."""
    data = _more(connection)
    while (end := data.find(END_OF_HEAD)) < 0:
        data += _more(connection)
    first, *lines = data[:end].decode("latin-1").split("\r\n")
    status, headers = int(first[9:12]), Headers()
    for line in lines:
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    if status < OK:  # 100 Continue and the like: the answer itself comes next
        raise ValueError(f"unexpected interim answer {status}")
    rest = data[end + len(END_OF_HEAD) :]
    if method == "HEAD" or status in NO_BODY:
        return status, headers, b""
    if "content-length" in headers:
        missing = int(headers["content-length"]) - len(rest)
        parts = [rest]
        while missing > 0:
            parts.append(_more(connection))
            missing -= len(parts[-1])
        return status, headers, b"".join(parts) if len(parts) > 1 else rest
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return status, headers, b"".join(_chunks(connection, rest))
    headers["connection"] = "close"
    parts = [rest]
    while part := connection.recv(RECEIVE_BYTES):
        parts.append(part)
    return status, headers, b"".join(parts)


def _chunks(connection: socket.socket, data: bytes) -> Iterator[bytes]:
    while True:
        while (end := data.find(b"\r\n")) < 0:
            data += _more(connection)
        size = int(data[:end].partition(b";")[0], 16)
        data = data[end + 2 :]
        while len(data) < size + 2:
            data += _more(connection)
        if not size:
            return
        yield data[:size]
        data = data[size + 2 :]


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(RECEIVE_BYTES)
    if not data:
        raise EOFError("The connection was closed before the answer was complete")
    return data


class Headers(dict[str, str]):
    """Headers. Names are kept in lower case and may be asked for in any."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header's value, or the default."""
        return super().get(name.lower(), default)


class Answer(AWSResponse):
    """An answer that has been read already."""

    def __init__(self, url: str, status: int, headers: Headers, content: bytes) -> None:
        self.url, self.status_code, self.headers = url, status, headers  # type: ignore[assignment]
        self.raw = Content(content)
        self._content = content


class Content(BytesIO):
    """What operations with a streaming body (Lambda's Invoke) read from."""

    def stream(self, amt: int = 65536, **_: Any) -> Iterator[bytes]:
        """Yield what is left, as urllib3's response does."""
        while part := self.read(amt):
            yield part
