"""A gateway that is a file: nobody is written to, and all can be read."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.engagement.domain import Channel, Text
from services.engagement.ports.messages import NotTaken, Taken

FILE = "messages.jsonl"  # where the codes of the customer service stand too, on this machine


class FileGateway:
    """Implements ports.messages.Gateway on a folder: a line in `messages.jsonl` for each message.

    Only its user may read it.
    """

    knows_repeats = True

    def __init__(self, folder: Path, channel: Channel) -> None:
        self._folder = folder
        self._file = folder / FILE
        self._channel = channel

    def send(self, message_id: str, text: Text, to: str) -> Taken | NotTaken:
        line = {
            "to": to,
            "text": text.body,
            "subject": text.subject,
            "channel": self._channel.value,
            "message_id": message_id,
        }
        with self._held():
            if not self._has(message_id):
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
                with os.fdopen(os.open(self._file, flags, 0o600), "a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Taken(gateway_id=f"file-{message_id}")

    def _has(self, message_id: str) -> bool:
        if not self._file.exists():
            return False
        mark = f'"message_id": {json.dumps(message_id)}'
        with self._file.open(encoding="utf-8") as file:
            return any(mark in line for line in file)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The folder to ourselves: functions run in several threads, or processes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "messages.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
