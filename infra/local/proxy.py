"""Requests as events and answers as responses, as API Gateway's Lambda proxy integration."""

import base64
import binascii
import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from infra.local.problems import Refused
from infra.local.request_ids import request_id

# API Gateway keeps these for itself and hands the function's own on under another name.
_REMAPPED = frozenset({"connection", "content-length", "date", "server", "www-authenticate"})
_HOP_BY_HOP = frozenset({"connection", "content-length", "transfer-encoding"})

_LOWEST_STATUS, _HIGHEST_STATUS = 200, 599


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """What came in. `path` and `query` are as sent, percent signs and all."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """What goes out."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def read_request(environ: Mapping[str, Any]) -> HttpRequest:
    """Read what a WSGI server gives, all but the body."""
    target = environ["REQUEST_URI"].partition("#")[0]
    if not target.startswith("/"):  # a proxy's way of asking: the whole address
        target = "/" + target.partition("://")[2].partition("/")[2]
    path, _, query = target.partition("?")
    headers = {
        name[5:].replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").title()] = environ[name]
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=path,
        query=query,
        headers=headers,
        body=b"",
        source_ip=environ.get("REMOTE_ADDR", ""),
        request_id=request_id(),
    )


def proxy_event(
    request: HttpRequest,
    *,
    resource: str,
    path_parameters: Mapping[str, str],
    binary_types: Collection[str],
    stage: str,
    account: str,
    claims: Mapping[str, str] | None,
) -> dict[str, Any]:
    """The event a function gets for a request."""
    now = time.time()
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    encoded = _is_binary(request.headers.get("Content-Type", ""), binary_types)
    host = request.headers.get("Host", "")
    context: dict[str, Any] = {
        "accountId": account,
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "extendedRequestId": request.request_id,
        "httpMethod": request.method,
        "identity": {
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("User-Agent"),
        },
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": request.request_id,
        "requestTime": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": stage,
    }
    if claims is not None:
        context["authorizer"] = {"claims": dict(claims)}
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        # A REST API hands path parameters over as they were sent, still percent-encoded.
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": context,
        "body": _body(request.body, encoded=encoded),
        "isBase64Encoded": encoded and bool(request.body),
    }


def http_response(payload: bytes) -> HttpResponse:
    """The response a function asks for. Raise Refused (502) if what it says is not one."""
    try:
        answer = json.loads(payload)
        status = int(answer["statusCode"])
        body = answer.get("body") or ""
        content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            headers = [pair for pair in headers if pair[0].lower() != name.lower()]
            headers += [(name, str(value)) for value in values]
        if not _LOWEST_STATUS <= status <= _HIGHEST_STATUS or any(
            "\r" in text or "\n" in text for pair in headers for text in pair
        ):
            raise ValueError(status)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        raise Refused(
            HTTPStatus.BAD_GATEWAY, "The service answered what is no response."
        ) from None
    kept = [
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in headers
        if name.lower() not in _HOP_BY_HOP
    ]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", "application/json"))
    return HttpResponse(status=status, headers=kept, body=content)


def _is_binary(content_type: str, binary_types: Collection[str]) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    family = f"{kind.partition('/')[0]}/*"
    return kind in binary_types or family in binary_types or "*/*" in binary_types


def _body(content: bytes, *, encoded: bool) -> str | None:
    if not content:
        return None
    if encoded:
        return base64.b64encode(content).decode("ascii")
    return content.decode("utf-8", errors="replace")
