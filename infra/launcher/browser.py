"""The browser that the desk is tried in: this machine's Chromium, or Debian's."""

import os
import shutil
from pathlib import Path

from infra.launcher import places, progress
from infra.launcher.problems import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
WANTED = (
    "a Chromium is needed for the tests of the desk. On Debian: apt-get install chromium; "
    "elsewhere Chrome or Chromium, so that PATH has one of: "
)


def chromium() -> Path:
    """Where it is, installed first where there is none and Debian's own way is open to us.

    Raises Problem that says what to install.
    """
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = _found()
    if found is None:
        raise Problem(WANTED + ", ".join(NAMES))
    return found


def _found() -> Path | None:
    paths = (shutil.which(name) for name in NAMES)
    known = [Path(path) for path in paths if path]
    return known[0] if known else ON_MACOS if ON_MACOS.exists() else None


def _install() -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    progress.run("asking Debian what there is", ["apt-get", "update"], cwd=places.ROOT, env=env)
    wanted = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    progress.run("installing chromium", wanted, cwd=places.ROOT, env=env)
