"""Says on the terminal what takes long. Always on stderr: stdout is for results."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from infra.launcher.problems import Problem

PATIENCE_SECONDS = 0.5
LINES_OF_AN_ERROR = 15
# pip says this of every package where an extra index is a folder that lacks it.
NOISE = ("WARNING: Location ", "[notice]", "WARNING: Running pip as")


def say(sentence: str) -> None:
    """One line to the person at the terminal."""
    sys.stderr.write(f"sahip: {sentence}\n")
    sys.stderr.flush()


def run(
    what: str, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None
) -> None:
    """Run a command silently while saying what it does and for how long.

    Raises Problem with the end of what it printed when it fails.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [str(word) for word in command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while _still_runs(process):
                if sys.stderr.isatty():
                    sys.stderr.write(f"\rsahip: {what} … {time.monotonic() - started:.0f} s")
                    sys.stderr.flush()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        taken = time.monotonic() - started
        sys.stderr.write("\r\033[K" if sys.stderr.isatty() else "")
        if process.returncode == 0:
            say(f"{what} … {taken:.1f} s")
            return
        output.seek(0)
        said = output.read().decode(errors="replace")
    if "No space left on device" in said or "Disk quota exceeded" in said:
        raise Problem(f"{what}: the disk is full")
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(NOISE)]
    raise Problem("\n".join([f"{what} failed:", *lines[-LINES_OF_AN_ERROR:]]))


def _still_runs(process: subprocess.Popen[bytes]) -> bool:
    """Wait a moment; whether the process is still at it."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=PATIENCE_SECONDS)
    return process.returncode is None
