"""Lambda's Invoke over HTTP, so that callers need nothing but another endpoint address."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from infra.local.functions import (
    MAX_PAYLOAD,
    Functions,
    InvalidPayload,
    NoSuchFunction,
    PayloadTooLarge,
)
from infra.local.servers import StartResponse
from infra.local.transport.inside import PATIENCE

_PREFIX = "/2015-03-31/functions/"
_SUFFIX = "/invocations"
MAX_BODY = MAX_PAYLOAD + 1024 * 1024  # above this the server itself refuses


class LambdaApi:
    """A WSGI application that knows one operation: Invoke."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            status, headers, body = self._answer(environ)
        except NoSuchFunction as error:
            status, headers, body = _refusal(
                HTTPStatus.NOT_FOUND, "ResourceNotFoundException", f"Function not found: {error}"
            )
        except InvalidPayload as error:
            message = f"Could not parse request body into json: {error}"
            status, headers, body = _refusal(
                HTTPStatus.BAD_REQUEST, "InvalidRequestContentException", message
            )
        except PayloadTooLarge as error:
            status, headers, body = _refusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestTooLargeException", str(error)
            )
        headers.append(("Content-Length", str(len(body))))
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        path = environ["PATH_INFO"]
        if (
            environ["REQUEST_METHOD"] != "POST"
            or not path.startswith(_PREFIX)
            or not path.endswith(_SUFFIX)
        ):
            return _refusal(HTTPStatus.NOT_FOUND, "UnknownOperationException", "only Invoke")
        name = unquote(path[len(_PREFIX) : -len(_SUFFIX)])
        payload = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        kind = environ.get("HTTP_X_AMZ_INVOCATION_TYPE", "RequestResponse")
        if kind == "Event":
            request_id = self._functions.invoke_later(name, payload)
            return HTTPStatus.ACCEPTED, _headers(request_id), b""
        if kind == "DryRun":
            self._functions.find(name)
            return HTTPStatus.NO_CONTENT, _headers(str(uuid4())), b""
        outcome = self._functions.invoke(name, payload, patience=environ.get(PATIENCE))
        headers = _headers(outcome.request_id)
        headers.append(("X-Amz-Executed-Version", "$LATEST"))
        if outcome.failed:
            headers.append(("X-Amz-Function-Error", "Unhandled"))
        return HTTPStatus.OK, headers, outcome.payload


def _headers(request_id: str) -> list[tuple[str, str]]:
    return [("Content-Type", "application/json"), ("x-amzn-RequestId", request_id)]


def _refusal(
    status: HTTPStatus, kind: str, message: str
) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
    headers = [*_headers(str(uuid4())), ("x-amzn-ErrorType", kind)]
    return status, headers, json.dumps({"Type": "User", "Message": message}).encode()
