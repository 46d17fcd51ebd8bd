"""The file that a system on this machine logs to, its functions' lines and its own."""

import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

FUNCTIONS = "sahip"  # the functions' logger
LARGEST = 20_000_000  # bytes of one file
OLDER = 4  # files that are kept beside it
WRITE_SECONDS = 0.2


class LogLines(logging.Handler):
    """Takes lines from any thread at once, and hands them on a moment later, all together.

    A write for each line lets another thread run, and all the rest wait for the handler: a tenth
    of the time of a busy system. What is killed with `kill -9` loses the lines of that moment.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        """`write` gets the lines of a moment, without the last one's end."""
        super().__init__()
        self._lines: deque[str] = deque()
        self._write_out = write
        self._closing = threading.Event()
        self._writing = threading.Thread(target=self._write_on, name="log", daemon=True)
        self._writing.start()

    def take(self, *loggers: str | None) -> None:
        """Take the lines of these loggers; None is the one above all."""
        from shared.aws import logs

        self.setFormatter(JsonLines(logs.JsonLines()))
        for name in loggers:
            logging.getLogger(name).addHandler(self)

    def createLock(self) -> None:  # noqa: N802 - logging's name
        """None is needed: a line is added in one step."""
        self.lock = None

    def add(self, lines: str) -> None:
        """Add lines as they are, without the last one's end."""
        self._lines.append(lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Add a line."""
        try:
            self._lines.append(self.format(record))
        except Exception:  # noqa: BLE001 - as all handlers do: who logs has other things to do
            self.handleError(record)

    def close(self) -> None:
        """Write what is there, and take no more."""
        self._closing.set()
        self._writing.join()
        super().close()

    def _write_on(self) -> None:
        while not self._closing.wait(WRITE_SECONDS):
            self._write()
        self._write()

    def _write(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        if lines:
            self._write_out("\n".join(lines))


class LogFile(LogLines):
    """Writes them to a file, of which some older ones are kept."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(exist_ok=True)
        self._file = RotatingFileHandler(
            file, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8"
        )
        super().__init__(lambda lines: self._file.handle(logging.makeLogRecord({"msg": lines})))

    def close(self) -> None:
        """Write what is there, and take no more."""
        super().close()
        self._file.close()


class JsonLines(logging.Formatter):
    """The functions' lines as they are, and ours in the same form, with the whole trace."""

    def __init__(self, functions: logging.Formatter) -> None:
        super().__init__()
        self._functions = functions

    def format(self, record: logging.LogRecord) -> str:
        if record.name == FUNCTIONS:
            return self._functions.format(record)
        line = {
            "at": round(record.created, 3),
            "level": record.levelname,
            "what": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False, separators=(",", ":"))
