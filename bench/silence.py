"""Takes what functions log: written as in Lambda, but to nowhere, and counted."""

import logging
import os
from typing import TextIO

from shared.aws import logs


class Counter(logging.StreamHandler[TextIO]):
    """Formats and writes each line, and knows how many bytes they were."""

    def __init__(self) -> None:
        super().__init__(open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        self.setFormatter(logs.JsonLines())
        self.written = 0

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        self.written += len(line) + 1
        return line


def silence_functions() -> Counter:
    """Send the functions' lines there from now on."""
    counter = Counter()
    logs.log.handlers[:] = [counter]
    return counter
