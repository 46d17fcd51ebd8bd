"""The HTTP front: finds the service, checks who asks, and calls its function."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from chalice.app import Chalice, CognitoUserPoolAuthorizer, CORSConfig

from infra.local.authorizer import Authorizer
from infra.local.functions import Functions
from infra.local.mailbox import Mailbox
from infra.local.problems import PROBLEM, Refused, problem_document
from infra.local.proxy import (
    HttpRequest,
    HttpResponse,
    http_response,
    proxy_event,
    read_request,
)
from infra.local.request_ids import request_id
from infra.local.servers import StartResponse
from infra.local.sites import Site
from infra.local.templates.descriptions import Service, World
from infra.local.templates.values import HTTP_FUNCTION
from infra.local.workers import TookTooLong

MAX_BODY = 10 * 1024 * 1024  # bytes
PATIENCE = 29.0  # seconds a function has to answer

_PHRASES = {status.value: status.phrase for status in HTTPStatus}

Health = Callable[[], Mapping[str, bool]]

logger = logging.getLogger(__name__)


class UnplayedAuthorizer(Exception):
    """A route asks for a kind of authorizer that is not played here."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a route asks of its callers: nothing, or a token with one of the scopes."""

    header: str
    scopes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One path of a service, split at its slashes, with what each method asks of callers."""

    path: str
    segments: Sequence[str]
    methods: Mapping[str, Access | None]
    cors: CORSConfig | None

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The path parameters, if these segments are this path."""
        if len(segments) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for given, wanted in zip(segments, self.segments, strict=True):
            if wanted.startswith("{"):
                if not given:
                    return None
                found[wanted[1:-1]] = given
            elif given != wanted:
                return None
        return found


@dataclass(frozen=True, kw_only=True)
class Api:
    """The routes of one service, below its path prefix."""

    function: str
    prefix: Sequence[str]
    resources: Sequence[Resource]
    binary_types: frozenset[str]


class Gateway:
    """A WSGI application over the HTTP functions of all services."""

    def __init__(
        self,
        world: World,
        apps: Mapping[str, Chalice],
        functions: Functions,
        *,
        authorizer: Authorizer,
        key_set: Mapping[str, Any],
        health: Health,
        sites: Sequence[Site] = (),
        mailbox: Mailbox | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Raise UnplayedAuthorizer if a route is guarded by anything but Cognito's tokens."""
        self._world = world
        self._functions = functions
        self._authorizer = authorizer
        self._key_set = key_set
        self._health = health
        self._sites = sites
        self._mailbox = mailbox
        self._patience = patience
        apis = [_api(service, apps[service.name]) for service in world.services]
        self._apis = sorted(apis, key=lambda api: -len(api.prefix))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = read_request(environ)
        try:
            response = self._answer(request, environ)
        except Refused as refusal:
            response = _refusal(refusal, request.request_id)
        except Exception:
            logger.exception("the gateway failed")
            failure = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The gateway failed.")
            response = _refusal(failure, request.request_id)
        head = request.method == "HEAD"
        headers = [
            *response.headers,
            ("x-amzn-RequestId", request.request_id),
            ("Content-Length", str(len(response.body))),
        ]
        start_response(f"{response.status} {_PHRASES.get(response.status, 'Unknown')}", headers)
        return [] if head else [response.body]

    def _answer(self, request: HttpRequest, environ: Mapping[str, Any]) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            if request.path == "/health":
                return self._healthy()
            if request.path == "/.well-known/jwks.json":
                return _json(HTTPStatus.OK, self._key_set)
        for site in self._sites:
            if site.answers(request.path):
                return site.answer(request)
        if self._mailbox is not None and self._mailbox.answers(request.path):
            return self._mailbox.answer(request)
        api, resource, parameters = self._find(request.path)
        try:
            return self._serve(request, environ, api, resource, parameters)
        except Refused as refusal:
            if resource.cors is not None:
                # As gateway responses with CORS headers: a page may read why it was refused.
                refusal.headers.update(resource.cors.get_access_control_headers())
            raise

    def _serve(
        self,
        request: HttpRequest,
        environ: Mapping[str, Any],
        api: Api,
        resource: Resource,
        parameters: Mapping[str, str],
    ) -> HttpResponse:
        if request.method not in resource.methods:
            if request.method == "OPTIONS" and resource.cors is not None:
                return _preflight(resource)
            allowed = ", ".join(sorted(resource.methods))
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{request.method} is not possible here.",
                {"Allow": allowed},
            )
        access = resource.methods[request.method]
        claims = None
        if access is not None:
            claims = self._authorizer.claims(
                request.headers.get(access.header.title()), access.scopes
            )
        body = _read_body(environ)
        event = proxy_event(
            replace(request, body=body),
            resource=resource.path,
            path_parameters=parameters,
            binary_types=api.binary_types,
            stage=self._world.stage,
            account=self._world.account,
            claims=claims,
        )
        return self._call(api.function, event)

    def _find(self, path: str) -> tuple[Api, Resource, dict[str, str]]:
        segments = path.strip("/").split("/")
        for api in self._apis:
            if segments[: len(api.prefix)] == api.prefix:
                rest = segments[len(api.prefix) :]
                for resource in api.resources:
                    parameters = resource.match(rest)
                    if parameters is not None:
                        return api, resource, parameters
        raise Refused(HTTPStatus.NOT_FOUND, "There is nothing at this path.")

    def _call(self, function: str, event: Mapping[str, Any]) -> HttpResponse:
        try:
            outcome = self._functions.invoke(
                function, json.dumps(event).encode(), patience=self._patience
            )
        except TookTooLong:
            raise Refused(
                HTTPStatus.GATEWAY_TIMEOUT, "The service did not answer in time."
            ) from None
        if outcome.failed:
            raise Refused(HTTPStatus.BAD_GATEWAY, "The service failed.")
        return http_response(outcome.payload)

    def _healthy(self) -> HttpResponse:
        parts = self._health()
        up = all(parts.values())
        document = {
            "status": "up" if up else "down",
            "parts": {name: "up" if alive else "down" for name, alive in parts.items()},
        }
        return _json(HTTPStatus.OK if up else HTTPStatus.SERVICE_UNAVAILABLE, document)


def describe_error(status: int, title: str) -> tuple[str, bytes]:
    """What the server itself refuses, before the gateway sees it, in the gateway's words."""
    return PROBLEM, problem_document(status, title, request_id())


def _api(service: Service, app: Chalice) -> Api:
    resources = []
    for path, entries in app.routes.items():
        cors = [entry.cors for entry in entries.values() if entry.cors is not None]
        resources.append(
            Resource(
                path=path,
                segments=[segment for segment in path.split("/") if segment],
                methods={
                    method: _access(service.name, path, entry.authorizer)
                    for method, entry in entries.items()
                },
                cors=cors[0] if cors else None,
            )
        )
    # A word wins over a parameter at the same place, the leftmost place counting most.
    resources.sort(key=lambda one: [segment.startswith("{") for segment in one.segments])
    return Api(
        function=service.function(HTTP_FUNCTION).name,
        prefix=service.path_prefix.strip("/").split("/"),
        resources=resources,
        binary_types=frozenset(app.api.binary_types),
    )


def _access(service: str, path: str, authorizer: Any) -> Access | None:
    if authorizer is None:
        return None
    if not isinstance(authorizer, CognitoUserPoolAuthorizer):
        raise UnplayedAuthorizer(f"{service} {path}: {type(authorizer).__name__}")
    if not authorizer.scopes:
        # API Gateway would then ask for an identity token.
        raise UnplayedAuthorizer(f"{service} {path}: the authorizer asks for no scope")
    return Access(header=authorizer._header or "Authorization", scopes=authorizer.scopes)


def _read_body(environ: Mapping[str, Any]) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BODY:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MAX_BODY} bytes.")
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _preflight(resource: Resource) -> HttpResponse:
    """What API Gateway answers for a route whose app asked for CORS."""
    cors = resource.cors
    assert cors is not None  # noqa: S101 - the caller has looked
    headers = dict(cors.get_access_control_headers())
    headers["Access-Control-Allow-Methods"] = ",".join([*sorted(resource.methods), "OPTIONS"])
    return HttpResponse(status=HTTPStatus.OK, headers=list(headers.items()), body=b"")


def _json(status: HTTPStatus, document: Any) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        body=json.dumps(document).encode(),
    )


def _refusal(refusal: Refused, correlation_id: str) -> HttpResponse:
    status = refusal.status
    return HttpResponse(
        status=status,
        headers=[
            ("Content-Type", PROBLEM),
            ("X-Correlation-Id", correlation_id),
            *refusal.headers.items(),
        ],
        body=problem_document(status, refusal.detail, correlation_id),
    )
