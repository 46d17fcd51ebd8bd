"""What could not be taken, for somebody to look at: file, line and reason."""

import csv
import threading
from collections import Counter
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Self


class Rejects:
    """A CSV file that there is only if something was rejected. Any thread may add to it."""

    def __init__(self, path: Path) -> None:
        """What an earlier run has left at the path goes: raise OSError where it cannot."""
        self.path = path
        self.counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._file: TextIOWrapper | None = None
        self._writer: Any = None
        path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def total(self) -> int:
        """How many rows."""
        return self.counts.total()

    def add(self, file: str, line: int, reason: str) -> None:
        """Reject a row."""
        with self._lock:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="")
                self._writer = csv.writer(self._file)
                self._writer.writerow(["file", "line", "reason"])
            self._writer.writerow([file, line, reason])
            self._file.flush()
            self.counts[file] += 1
