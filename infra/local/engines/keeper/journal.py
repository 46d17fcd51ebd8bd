"""The journal: what has been acknowledged, in order."""

import os
import zlib
from pathlib import Path
from typing import NamedTuple


class Written(NamedTuple):
    """One journaled request: the kind of what follows, and the tenant it was made for."""

    kind: str
    account: str
    region: str
    body: bytes


class Journal:
    """The segment being written. Each record is a line that says what follows, then the body."""

    def __init__(self, directory: Path, number: int) -> None:
        self._directory = directory
        self._file = -1
        self.start(number)

    def start(self, number: int) -> None:
        """Begin the segment of that number, closing the one before."""
        if self._file >= 0:
            os.close(self._file)
        self.number, self.size = number, 0
        path = self._directory / f"journal-{number}.log"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def append(self, written: Written) -> None:
        """Hand one record to the operating system in one call; raises OSError when it refuses."""
        kind, account, region, body = written
        head = f"{len(body)} {zlib.crc32(body):08x} {kind} {account} {region}\n"
        record = b"%b%b\n" % (head.encode(), body)
        if os.write(self._file, record) != len(record):
            raise OSError(f"journal-{self.number}.log took only part of a record: disk full?")
        self.size += len(record)


def read_journal(path: Path) -> tuple[list[Written], int]:
    """Return a segment's records, and how many bytes of a torn last one it ends with.

    A torn record was being written when the process died, so nobody was told it had happened.
    """
    content = path.read_bytes()
    records, at = [], 0
    while at < len(content):
        end = content.find(b"\n", at)
        try:
            length, checksum, kind, account, region = content[at:end].decode().split(" ")
            body = content[end + 1 : end + 1 + int(length)]
            if end < 0 or zlib.crc32(body) != int(checksum, 16):
                break
        except ValueError:
            break
        records.append(Written(kind, account, region, body))
        at = end + 2 + int(length)
    return records, max(0, len(content) - at)
