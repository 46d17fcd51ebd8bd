"""Folders that are slow to make, made once and whole, by one process at a time.

Each lies under a name that says what it was made from. A file `complete` is written last: what
lacks it was interrupted and is made anew. A process holds the ones it uses, and the older ones of
the same name are removed once nobody holds them.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from infra.launcher import progress

COMPLETE = "complete"


class Folders:
    """What is kept under one folder of this machine."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def ensure(self, name: str, made_from: str, make: Callable[[Path], None]) -> Path:
        """A link to the folder `name`, made by `make` unless one made from the same is there.

        It is held as long as this process lives, or what this process becomes.
        """
        key = hashlib.sha256(made_from.encode()).hexdigest()[:12]
        folder = self._home / "environments" / f"{name}-{key}"
        if not _hold(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with self._alone(name):
                if not _hold(folder):
                    shutil.rmtree(folder, ignore_errors=True)
                    make(folder)
                    (folder / COMPLETE).touch()
                    _hold(folder)
                    _remove_older(name, folder)
        return self._link(name, folder)

    def _link(self, name: str, folder: Path) -> Path:
        """Point the link at the folder, in one step."""
        link, target = self._home / name, folder.relative_to(self._home)
        if not (link.is_symlink() and link.readlink() == target):
            fresh = link.with_name(f"{name}.{os.getpid()}.new")
            fresh.symlink_to(target)
            fresh.replace(link)
        return link

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        with (self._home / f"{name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.say(f"waiting for another ./sahip that makes the environment '{name}'")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _hold(folder: Path) -> bool:
    """Keep others from removing a complete folder; False if it is not complete.

    The descriptor is left open on purpose: it goes on to the command that we become, and the
    lock ends with it.
    """
    try:
        descriptor = os.open(folder / COMPLETE, os.O_RDONLY)
    except FileNotFoundError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if not (folder / COMPLETE).exists():  # removed between the two lines above
        os.close(descriptor)
        return False
    os.set_inheritable(descriptor, True)
    return True


def _remove_older(name: str, current: Path) -> None:
    """Those of the same name that no process holds; the caller alone makes any of that name."""
    for folder in current.parent.glob(f"{name}-*"):
        if folder == current:
            continue
        with suppress(BlockingIOError), ExitStack() as held:
            with suppress(FileNotFoundError):  # one that was interrupted is nobody's
                complete = held.enter_context((folder / COMPLETE).open())
                fcntl.flock(complete, fcntl.LOCK_EX | fcntl.LOCK_NB)
                (folder / COMPLETE).unlink()
            shutil.rmtree(folder, ignore_errors=True)
