"""Builds the page under /docs: Swagger UI, our words, and the document of all services."""

import json
from functools import partial
from hashlib import sha256
from pathlib import Path

from infra.launcher import environments, npm, places, progress
from infra.launcher.folders import Folders

SOURCES = places.ROOT / "web" / "reference"
FILES, PAGE, DOCUMENT = "files", "index.html", "openapi.json"
OURS = ("reference.css", "reference.js", "mark.svg")
THEIRS = ("swagger-ui.css", "swagger-ui-bundle.js")
# Their licence asks that it goes along.
NOTICES = ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")
# What the document is made of besides.
CODE = ("services", "shared", "infra/api_document.py")


def built() -> Path:
    """The folder of the page's files, built first if it or the services have changed.

    Raises Problem when it cannot be built.
    """
    modules, python = npm.fetched(SOURCES), environments.python_of("run")
    sources = [*npm.files_of(SOURCES), *_code()]
    key = [(str(one.relative_to(places.ROOT)), one.read_text("utf-8")) for one in sources]
    made_from = json.dumps([str(modules.resolve()), str(python.parents[1].resolve()), *key])
    build = partial(_build, modules / "swagger-ui-dist", python)
    return Folders(places.HOME).ensure("reference", made_from, build) / FILES


def _build(library: Path, python: Path, folder: Path) -> None:
    """Put the files together. Scripts and styles are named by what is in them, for good."""
    files = folder / FILES
    files.mkdir(parents=True)
    page = (SOURCES / PAGE).read_text(encoding="utf-8")
    for file in (*(SOURCES / name for name in OURS), *(library / name for name in THEIRS)):
        content, name = file.read_bytes(), file.name
        if file.suffix in (".css", ".js"):
            name = f"{file.stem}-{sha256(content).hexdigest()[:8].upper()}{file.suffix}"
            page = page.replace(f'"/docs/{file.name}"', f'"/docs/{name}"')
        (files / name).write_bytes(content)
    for name in NOTICES:
        (files / f"{name.removesuffix('.txt')}.txt").write_bytes((library / name).read_bytes())
    (files / PAGE).write_text(page, encoding="utf-8")
    progress.run(
        "writing down what the API takes and gives",
        [python, "-m", "infra.api_document", files / DOCUMENT],
        cwd=places.ROOT,
    )


def _code() -> list[Path]:
    found = []
    for name in CODE:
        place = places.ROOT / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return found
