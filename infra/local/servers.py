"""Threaded HTTP servers on 127.0.0.1."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.wasyncore import dispatcher, loop

HOST = "127.0.0.1"
# A token of a megabyte is to be refused by the gateway as a token, not by the server as a header.
MAX_HEADER_BYTES = 2 * 1024 * 1024

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Server:
    """One WSGI application on a port of its own."""

    def __init__(
        self,
        application: Application,
        *,
        port: int = 0,
        threads: int,
        max_body: int,
        describe_error: Callable[[int, str], tuple[str, bytes]] | None = None,
    ) -> None:
        """Bind the port; 0 takes a free one. Raise OSError if it is taken.

        Bodies above `max_body` bytes are answered 413. `describe_error` gives content type and
        body of what the server itself refuses, from status and title.
        """
        server: Any = create_server(
            application,
            host=HOST,
            port=port,
            threads=threads,
            max_request_body_size=max_body,
            max_request_header_size=MAX_HEADER_BYTES,
            ident=None,
            clear_untrusted_proxy_headers=True,
            channel_timeout=75,
        )
        if describe_error is not None:
            server.channel_class = _channel_class(describe_error)
        self._server = server
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def alive(self) -> bool:
        """Whether it answers."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no more connections, let requests end for at most five seconds, close."""
        server = self._server
        if not self._thread.is_alive():
            server.close()
            server.task_dispatcher.shutdown()
            return
        server.trigger.pull_trigger(lambda: dispatcher.close(server))
        server.task_dispatcher.shutdown(timeout=5)
        server.trigger.pull_trigger(self._leave_all)
        self._thread.join(timeout=5)
        if not self._thread.is_alive():
            server.trigger.close()

    def _serve(self) -> None:
        """Ends when nothing is left to watch."""
        loop(map=self._server._map, use_poll=True)

    def _leave_all(self) -> None:
        """Watch nothing more. Whoever pulls the trigger may still be at it: it stays open."""
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.trigger.del_channel()


def _channel_class(describe: Callable[[int, str], tuple[str, bytes]]) -> type[HTTPChannel]:
    class Refusal(ErrorTask):
        def execute(self) -> None:
            request: Any = self.request  # one that the parser found fault with
            error = request.error
            kind, body = describe(error.code, error.reason)
            self.status = f"{error.code} {error.reason}"
            self.response_headers = [("Content-Type", kind)]
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(HTTPChannel):
        error_task_class = Refusal

    return Channel
