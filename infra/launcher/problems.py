"""Reasons not to go on that a person can do something about."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

USAGE = 2


class Problem(Exception):
    """Said as one line on the terminal, without a traceback; the command ends with `exit_code`."""

    def __init__(self, sentence: str, *, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


@contextmanager
def disk_problems_in_words() -> Iterator[None]:
    """Turn a full or read-only disk into a Problem that names the file."""
    try:
        yield
    except OSError as error:
        where = error.filename or "this folder"
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Problem(f"the disk is full: cannot write {where}") from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise Problem(f"not allowed to write {where}") from error
        raise
