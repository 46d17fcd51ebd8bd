"""`./sahip logs`: what the functions of a system on this machine have logged, one JSON a line."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from infra.launcher.problems import Problem

FILE = "functions.log"
LOOK_SECONDS = 0.2


def log_file(state: Path) -> Path:
    """Where the system with this state folder writes; older ones lie beside it as .1, .2 …"""
    return state / "logs" / FILE


def show(state: Path, *, follow: bool) -> int:
    """Print all that is kept, oldest first, and with `follow` what is added until Ctrl-C.

    Raises Problem when no system has run on this state folder.
    """
    newest = log_file(state)
    if not newest.parent.exists():
        raise Problem(f"no system has run with the state folder {state} yet")
    try:
        for file in _rotated(newest):
            _print(file.read_bytes())
        for text in _added_to(newest, wait=follow):
            _print(text)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        pass
    return 0


def _rotated(newest: Path) -> list[Path]:
    """Oldest first: the higher its number, the older a file is."""
    numbered = [path for path in newest.parent.glob(f"{FILE}.*") if path.suffix[1:].isdigit()]
    return sorted(numbered, key=lambda path: -int(path.suffix[1:]))


def _added_to(file: Path, *, wait: bool) -> Iterator[bytes]:
    """The file from its start; then, with `wait`, what is added, also after it was rotated."""
    while wait and not file.exists():
        time.sleep(LOOK_SECONDS)
    if not file.exists():
        return
    stream = file.open("rb")
    try:
        while True:
            text = stream.read()
            if text:
                yield text
            elif not wait:
                return
            elif _is_another(file, stream.fileno()):
                stream.close()
                stream = file.open("rb")
            else:
                time.sleep(LOOK_SECONDS)
    finally:
        stream.close()


def _is_another(file: Path, descriptor: int) -> bool:
    try:
        return file.stat().st_ino != os.fstat(descriptor).st_ino
    except FileNotFoundError:  # between the two renames of a rotation
        return False


def _print(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
