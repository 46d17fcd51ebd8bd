"""The OpenAPI 3.1 document of a service, from the very models that validate."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.access import NEEDS_NO_IDENTITY
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP
from shared.grounds import REASON_HEADER, REASON_PATTERN, REASONS, SESSION_HEADER

_REFUSALS = {
    "400": "The request cannot be taken as it is",
    "401": "Nothing valid shows who asks: no token, or no right signature",
    "403": "The caller's role does not allow this, or the grounds are not there",
    "404": "There is no such thing, or it is not the caller's business",
    "409": "Its present state forbids this",
    "412": "It has changed since it was read",
    "413": "The request is too large",
    "422": "The Idempotency-Key belongs to another request",
    "428": "The If-Match header is missing",
    "429": "Asked too often; repeat after the time that Retry-After names",
    "503": "Busy; repeat after the time that Retry-After names",
}
GROUNDS: dict[str, dict[str, Any]] = {
    SESSION_HEADER: {
        "description": "Of staff in a call: the grant of a verified session with this person",
        "schema": {"type": "string"},
    },
    REASON_HEADER: {
        "description": "Of staff outside a call: why, as one of "
        + "; ".join(f"{code} ({why})" for code, why in REASONS.items())
        + ". It may be followed by a semicolon and the id of what it is about",
        "schema": {"type": "string", "pattern": REASON_PATTERN},
    },
}
SIGNED_WITH = {
    TIMESTAMP: "When it is sent, in seconds since 1970",
    SIGNATURE: "v1= and the hex HMAC-SHA256 of the timestamp, a full stop and the body",
}
_SCHEMAS = "#/components/schemas/"


def openapi(
    segment: str, title: str, operations: Sequence[Any], problem: type[BaseModel]
) -> dict[str, Any]:
    """The document for the operations of one service, as `Api` lists them."""
    taken = {model for one in operations for model in (one.takes,) if model}
    given = {one.gives for one in operations} | {problem}
    pairs = [(model, "validation") for model in _by_name(taken)]
    pairs += [(model, "serialization") for model in _by_name(given)]
    names, schemas = models_json_schema(
        [(model, mode) for model, mode in pairs],  # type: ignore[misc]
        ref_template=_SCHEMAS + "{model}",
    )
    references = {key[0]: value for key, value in names.items()}
    paths: dict[str, Any] = {}
    for one in operations:
        path = f"/v1/{segment}{one.path if one.path != '/' else ''}"
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, references, problem)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Sahip: {title}", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
        "security": [{"token": []}],
    }


def _operation(one: Any, references: Any, problem: type[BaseModel]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one.path), *_headers(one), *_query(one.query)],
        "responses": {
            _success(one): {
                "description": "Done",
                "content": {"application/json": {"schema": references[one.gives]}},
            }
        }
        | {
            status: {
                "description": why,
                "content": {"application/problem+json": {"schema": references[problem]}},
            }
            for status, why in _REFUSALS.items()
            if _may_refuse(one, status)
        },
    }
    if one.tagged:
        document["responses"]["304"] = {"description": "What the tag stands for is still so"}
    if one.public:
        document["security"] = []
    if one.creates:
        document["responses"]["200"] = {
            "description": "Done before: the same key came with the same request",
            "content": {"application/json": {"schema": references[one.gives]}},
        }
    if one.takes:
        document["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": references[one.takes]}},
        }
    return document


def _success(one: Any) -> str:
    if one.relays:
        return "202"
    return "201" if one.creates else "200"


def _may_refuse(one: Any, status: str) -> bool:
    needs: dict[str, bool] = {
        "401": not one.public or one.signed is not None,
        "403": not one.public,
        "409": one.method != "GET",
        "412": one.names_version or one.may_name_version,
        "413": one.takes is not None,
        "422": bool(one.creates),
        "428": one.names_version,
        "429": one.limited,
    }
    return needs.get(status, True)


def _path_parameters(path: str) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _headers(one: Any) -> Iterable[dict[str, Any]]:
    if one.creates:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "New for each thing created, the same when the request is repeated",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }
    if not one.public and one.action not in NEEDS_NO_IDENTITY:
        for name, header in GROUNDS.items():
            yield {"name": name, "in": "header", "required": False, **header}
    if one.signed:
        for name, meaning in SIGNED_WITH.items():
            yield {
                "name": name,
                "in": "header",
                "required": True,
                "description": meaning,
                "schema": {"type": "string"},
            }
    if one.names_version or one.may_name_version:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": one.names_version,
            "description": "The ETag of what the change is about",
            "schema": {"type": "string", "pattern": '^"\\d{1,15}"$'},
        }
    if one.tagged:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "The ETag of an answer that one has: 304 where it would be the same",
            "schema": {"type": "string"},
        }


def _query(model: type[BaseModel] | None) -> Iterable[dict[str, Any]]:
    if model is None:
        return
    schema = model.model_json_schema()
    for name, part in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "schema": part,
        }


def _by_name(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)
