"""Lean JSON logs without personal data.

A line says what happened in fixed words, with ids and numbers beside it. Free
text never gets in: of an exception only its type and its place in the code are
told, since messages quote what people sent.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

log = logging.getLogger("sahip")

_context: ContextVar[dict[str, Any]] = ContextVar("log context", default={})  # noqa: B039


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Put these fields on every line that is logged meanwhile."""
    token = _context.set(_context.get() | fields)
    try:
        yield
    finally:
        _context.reset(token)


def tell(what: str, **fields: Any) -> None:
    """Log one line: `what` in fixed words, ids and numbers as fields."""
    log.info(what, extra={"fields": fields})


def tell_failure(what: str, error: BaseException, **fields: Any) -> None:
    """Log an unexpected error: its type and its place, never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    place = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    kind = type(error).__name__
    log.error(what, extra={"fields": {**fields, "error": kind, "at": place}})


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": round(record.created, 3),
            "level": record.levelname,
            "what": record.getMessage(),
            **_context.get(),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line, default=str, ensure_ascii=False, separators=(",", ":"))


def start() -> None:
    """Send the lines to standard output, where Lambda collects them, unless sent elsewhere."""
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonLines())
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
