"""Requests to a server of this very process, answered without the way through a socket."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

from infra.local.transport.wire import Answer, Headers
from infra.local.workers import TookTooLong

PATIENCE = "sahip.patience"  # seconds that whoever asks will wait; absent where that is not known

Application = Callable[..., Iterable[bytes]]


class Inside:
    """Asks a WSGI application. Stands where botocore keeps its `URLLib3Session`."""

    def __init__(self, original: Any, application: Application, read_seconds: float) -> None:
        self._original = original
        self._application = application
        self._read_seconds = read_seconds

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Return the answer. Raise ReadTimeoutError where it takes longer than one waits."""
        body = request.body or b""
        if not isinstance(body, bytes):
            answer: AWSResponse = self._original.send(request)
            return answer
        parts = urlsplit(request.url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": unquote(parts.path),
            "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            PATIENCE: self._read_seconds,
        }
        for name, value in request.headers.items():
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
        status, headers = 0, Headers()

        def start_response(line: str, told: Iterable[tuple[str, str]]) -> None:
            nonlocal status
            status = int(line[:3])
            headers.update((name.lower(), value) for name, value in told)

        try:
            content = b"".join(self._application(environ, start_response))
        except TookTooLong as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        return Answer(request.url, status, headers, content)

    def close(self) -> None:
        """Close what the original holds."""
        self._original.close()
