"""Builds the desk: what lies in web/desk becomes static files, once for each state of it."""

import json
import os
from functools import partial
from pathlib import Path

from infra.launcher import npm, places, progress
from infra.launcher.folders import Folders

SOURCES = places.ROOT / "web" / "desk"
FILES, META = "files", "meta.json"
PAGE = "index.html"
ENTRIES = ("app.tsx", "app.css")
TARGET = "es2022"  # browsers of the last three years


def built() -> Path:
    """The folder of the desk's files, built first if its sources have changed.

    Raises Problem when it cannot be built.
    """
    modules = npm.fetched(SOURCES)
    sources = npm.files_of(SOURCES)
    key = [(str(one.relative_to(SOURCES)), one.read_text(encoding="utf-8")) for one in sources]
    made_from = json.dumps([str(modules.resolve()), *key])
    folder = Folders(places.HOME).ensure("desk", made_from, partial(_build, modules))
    return folder / FILES


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
