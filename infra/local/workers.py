"""Threads that run handlers: as many as are busy at once, kept for the next call."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class TookTooLong(Exception):
    """The work was not done in time. It goes on, and nobody waits for it."""


class _Call:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.done = threading.Lock()  # held until then; an Event is made of three of these
        self.done.acquire()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            self.error = error


class Workers:
    """Daemon threads: one that hangs in a handler does not keep the process alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[SimpleQueue[_Call | None]] = []
        self._lock = threading.Lock()
        self._closed = False

    def run(self, work: Callable[[], T], timeout: float) -> T:
        """Do the work in another thread and return or raise as it does.

        Raise TookTooLong after `timeout` seconds.
        """
        call = _Call(work)
        self._give(call)
        if not call.done.acquire(timeout=timeout):
            raise TookTooLong(f"not done after {timeout:g} s")
        if call.error is not None:
            raise call.error
        result: T = call.result
        return result

    def start(self, work: Callable[[], object]) -> None:
        """Do the work in another thread. Nobody hears of its result or its failure."""
        self._give(_Call(work))

    def close(self) -> None:
        """Let idle threads end now, and busy ones when they are done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for inbox in idle:
            inbox.put(None)

    def _give(self, call: _Call) -> None:
        with self._lock:
            inbox = self._idle.pop() if self._idle else None
        if inbox is None:
            inbox = SimpleQueue()
            threading.Thread(
                target=self._serve, args=(inbox,), name=self._name, daemon=True
            ).start()
        inbox.put(call)

    def _serve(self, inbox: "SimpleQueue[_Call | None]") -> None:
        while (call := inbox.get()) is not None:
            call.run()
            # Idle again before the caller knows: its next call finds this thread.
            with self._lock:
                closed = self._closed
                if not closed:
                    self._idle.append(inbox)
            call.done.release()
            if closed:
                return
