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
# What the document is made of.
CODE = (
    "services",
    "shared",
    "infra/api_document.py",
    "web/reference/examples.yaml",
    "web/reference/introduction.md",
)


def built() -> Path:
    """The folder of the page's files, built first if it or the services have changed.

    Raises Problem when it cannot be built.
    """
    library = npm.fetched(SOURCES) / "swagger-ui-dist"
    written = document()
    sources = [written, *npm.files_of(SOURCES)]
    key = [str(library.resolve()), *(one.read_text("utf-8") for one in sources)]
    build = partial(_build, library, written)
    return Folders(places.HOME).ensure("reference", json.dumps(key), build) / FILES


def document() -> Path:
    """The OpenAPI document of all services, written anew if they have changed.

    Raises Problem when it cannot be written.
    """
    python = environments.python_of("run")
    key = [str(python.parents[1].resolve())]
    for one in _code():
        key += [str(one.relative_to(places.ROOT)), one.read_text("utf-8")]
    made = Folders(places.HOME).ensure("api-document", json.dumps(key), partial(_write, python))
    return made / DOCUMENT


def _write(python: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    progress.run(
        "writing down what the API takes and gives",
        [python, "-m", "infra.api_document", folder / DOCUMENT],
        cwd=places.ROOT,
    )


def _build(library: Path, written: Path, folder: Path) -> None:
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
    (files / DOCUMENT).write_bytes(written.read_bytes())
    (files / PAGE).write_text(page, encoding="utf-8")


def _code() -> list[Path]:
    found = []
    for name in CODE:
        place = places.ROOT / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return found
