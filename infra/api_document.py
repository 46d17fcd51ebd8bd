"""One OpenAPI document of all services, for the page under /docs and for generated clients.

Services know nothing of each other, so two may use one name for different things. Such a name
gets the service before it: `Status` becomes `OrdersStatus` and `ComplaintsStatus`. What all of
them mean alike, such as `Problem`, stays one.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from infra.build import services
from infra.launcher.places import ROOT
from shared.aws.http.openapi import openapi
from shared.aws.http.problems import KINDS, MEDIA_TYPE, Problem

SOURCES = ROOT / "web" / "reference"
INTRODUCTION, EXAMPLES = "introduction.md", "examples.yaml"
# As one meets them: who it is, what they want, and all of it in one look.
ORDER = ("customers", "orders", "complaints", "warranty", "engagement", "view")
_SCHEMAS = "#/components/schemas/"
Document = dict[str, Any]


def documents() -> dict[str, Document]:
    """Each service's own document, by its segment of /v1."""
    apis = [import_module(f"services.{name}.app").api for name in services()]
    apis.sort(key=lambda api: ORDER.index(api.segment))
    return {
        api.segment: json.loads(
            json.dumps(openapi(api.segment, api.title, api.operations, Problem))
        )
        for api in apis
    }


def united(each: Mapping[str, Document]) -> Document:
    """All of them in one, with examples. Raise KeyError where an example is of no operation."""
    told = yaml.safe_load((SOURCES / EXAMPLES).read_text(encoding="utf-8"))
    taken = _different(each)
    renamed = [_renamed(segment, one, taken) for segment, one in each.items()]
    first = renamed[0]
    whole = {
        **first,
        "info": {
            **first["info"],
            "title": "Sahip",
            "description": (SOURCES / INTRODUCTION).read_text(encoding="utf-8"),
        },
        "tags": [
            {**tag, "description": told["services"][tag["name"]]}
            for one in renamed
            for tag in one["tags"]
        ],
        "paths": {path: part for one in renamed for path, part in one["paths"].items()},
        "components": {
            **first["components"],
            "schemas": {
                name: part
                for one in renamed
                for name, part in one["components"]["schemas"].items()
            },
            "examples": _problems(told["problems"]),
        },
    }
    by_id = {one["operationId"]: one for one in operations(whole)}
    for operation in by_id.values():
        for status, answer in operation["responses"].items():
            _show_problems(answer.get("content", {}), status)
    for name, body in told["bodies"].items():
        by_id[name]["requestBody"]["content"]["application/json"]["example"] = body
    return whole


def operations(document: Document) -> Iterator[Document]:
    """Every operation of a document."""
    for methods in document["paths"].values():
        yield from methods.values()


def _different(each: Mapping[str, Document]) -> set[str]:
    """The names by which services mean different things."""
    known: dict[str, Any] = {}
    different = set()
    for document in each.values():
        for name, schema in document["components"]["schemas"].items():
            if known.setdefault(name, schema) != schema:
                different.add(name)
    # Whatever holds a part of another meaning is another thing as well.
    while True:
        more = {
            name
            for document in each.values()
            for name, schema in document["components"]["schemas"].items()
            if name not in different
            and sum(name in one["components"]["schemas"] for one in each.values()) > 1
            and different & _named_in(schema)
        }
        if not more:
            return different
        different |= more


def _named_in(part: Any) -> set[str]:
    return set(re.findall(rf'"{_SCHEMAS}(\w+)"', json.dumps(part)))


def _renamed(segment: str, document: Document, taken: set[str]) -> Document:
    """The document with the names that are taken made its own, and titles that say no more."""

    def name_of(name: str) -> str:
        return f"{segment.capitalize()}{name}" if name in taken else name

    text = re.sub(
        rf'"{_SCHEMAS}(\w+)"',
        lambda found: f'"{_SCHEMAS}{name_of(found[1])}"',
        json.dumps(document),
    )
    whole: Document = json.loads(text)
    whole["components"]["schemas"] = {
        name_of(name): {key: one for key, one in schema.items() if key != "title"}
        for name, schema in whole["components"]["schemas"].items()
    }
    return whole


def _problems(details: Mapping[str, str]) -> dict[str, Any]:
    """An example of each kind of problem, by its name."""
    return {
        slug: {
            "summary": title,
            "value": {
                "type": f"urn:sahip:problem:{slug}",
                "title": title,
                "status": status,
                "detail": details[slug],
                "correlation_id": "0b6a3f3e-7f5d-4d0e-9d43-2a4a0c6f3a10",
            },
        }
        for status, slug, title in KINDS.values()
    }


def _show_problems(content: dict[str, Any], status: str) -> None:
    if MEDIA_TYPE in content:
        content[MEDIA_TYPE]["examples"] = {
            slug: {"$ref": f"#/components/examples/{slug}"}
            for of, slug, _ in KINDS.values()
            if str(of) == status
        }


def main() -> int:
    """Write the document to the file that the command line names."""
    Path(sys.argv[1]).write_text(json.dumps(united(documents())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
