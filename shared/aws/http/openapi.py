"""The OpenAPI 3.1 document of a service, from the very models that validate."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from shared.access import NEEDS_NO_IDENTITY, OF_SEVERAL, POLICY, Reach, Role
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP
from shared.grounds import REASON_HEADER, REASON_PATTERN, REASONS, SESSION_HEADER

_REFUSALS = {
    "400": "The request cannot be taken as it is",
    "401": "Nothing valid shows who asks: no token, or no right signature",
    "403": "The caller's role does not allow this, or the grounds are not there",
    "404": "There is no such thing, or it is not the caller's business",
    "409": "Its present state forbids this",
    "410": "Whom it is about was erased",
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
_SHOWN_BY = "An access token, as sign-in gives it; for a running system here ./sahip token ROLE"
_OWN = {Role.INTEGRATION, Role.CUSTOMER}  # they need no grounds: the role says it all
_ETAG = "The version, where it has one, or what stands for what is told"
_REPLAYED = "true: nothing was done this time"
_LATER = "Seconds to wait before the same request is sent again"
_SCHEMAS = "#/components/schemas/"


class _WithoutTitles(GenerateJsonSchema):
    """Fields have names; `Customer Id` beside `customer_id` would say nothing more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


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
        schema_generator=_WithoutTitles,
    )
    references = {key[0]: value for key, value in names.items()}
    paths: dict[str, Any] = {}
    for one in operations:
        path = f"/v1/{segment}{one.path if one.path != '/' else ''}"
        document = _operation(one, references, problem)
        paths.setdefault(path, {})[one.method.lower()] = {"tags": [segment], **document}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Sahip: {title}", "version": "1"},
        "servers": [{"url": "/"}],
        "tags": [{"name": segment}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": _SHOWN_BY,
                }
            },
        },
        "security": [{"token": []}],
    }


def _operation(one: Any, references: Any, problem: type[BaseModel]) -> dict[str, Any]:
    told_with = _told_with(one)
    document: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": "\n\n".join(filter(None, (one.explanation, _who(one)))),
        "x-roles": {role.value: reach.value for role, reach in _roles(one).items()},
        "parameters": [*_path_parameters(one.path), *_headers(one), *_query(one.query)],
        "responses": {_success(one): _answer("Done", references[one.gives], told_with)}
        | {
            status: _answer(
                why,
                references[problem],
                {"Retry-After": _LATER} if status in ("429", "503") else {},
                media_type="application/problem+json",
            )
            for status, why in _REFUSALS.items()
            if _may_refuse(one, status)
        },
    }
    if one.tagged:
        document["responses"]["304"] = {"description": "What the tag stands for is still so"}
    if one.public:
        document["security"] = []
    if one.creates:
        document["responses"]["200"] = _answer(
            "Done before: the same key came with the same request",
            references[one.gives],
            {**told_with, "Idempotency-Replayed": _REPLAYED},
        )
    if one.takes:
        document["requestBody"] = {
            "required": any(field.is_required() for field in one.takes.model_fields.values()),
            "content": {"application/json": {"schema": references[one.takes]}},
        }
    return document


def _roles(one: Any) -> dict[Role, Reach]:
    return {} if one.public else dict(POLICY.get(one.action, {}))


def _who(one: Any) -> str:
    """Whom the policy lets do this, and on what grounds, in words."""
    if one.signed:
        return "Needs no token: the partner signs."
    if one.public:
        return "Open to everybody, without a token."
    roles = _roles(one)
    everybody = [f"`{role}`" for role, reach in roles.items() if reach is Reach.ANY]
    themselves = [f"`{role}` of their own" for role, reach in roles.items() if reach is Reach.OWN]
    told = f"Roles: {', '.join(everybody + themselves)}."
    if one.action in NEEDS_NO_IDENTITY or not roles.keys() - _OWN:
        return told
    if one.action in OF_SEVERAL:
        return f"{told} Staff give a `{REASON_HEADER}`: a session is with one person alone."
    return f"{told} Staff give a `{SESSION_HEADER}` or a `{REASON_HEADER}`."


def _told_with(one: Any) -> dict[str, str]:
    """The headers of an answer that somebody needs later. A list has no version."""
    is_list = "cursor" in one.gives.model_fields
    return {"ETag": _ETAG} if one.tagged or not is_list else {}


def _answer(
    why: str, schema: Any, headers: dict[str, str], media_type: str = "application/json"
) -> dict[str, Any]:
    document = {"description": why, "content": {media_type: {"schema": schema}}}
    if headers:
        document["headers"] = {
            name: {"description": meaning, "schema": {"type": "string"}}
            for name, meaning in headers.items()
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
        "410": not one.public,
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
    schema = model.model_json_schema(schema_generator=_WithoutTitles)
    for name, part in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "schema": part,
        }


def _by_name(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    return sorted(models, key=lambda model: model.__name__)
