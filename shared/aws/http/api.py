"""The HTTP side of a service: what all of its routes do alike, declared once for each."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from inspect import cleandoc
from typing import Any, TypeVar

from chalice.app import Chalice, CognitoUserPoolAuthorizer, Response
from pydantic import BaseModel

from shared.access import PUBLIC, Action, Caller
from shared.aws import logs
from shared.aws.http import reading
from shared.aws.http.exchange import Answer, Request
from shared.aws.http.grants import grounds_in
from shared.aws.http.problems import MEDIA_TYPE, Problem, problem_of
from shared.aws.http.signatures import check_signature
from shared.grounds import REASON_HEADER, SESSION_HEADER

View = Callable[..., Answer]
Headers = dict[str, str | list[str]]  # as Chalice has them
V = TypeVar("V", bound=View)

# Whose tokens are taken is said in infra/, where the user pool is known.
_people = CognitoUserPoolAuthorizer("people", provider_arns=["set-in-infra"])
_SCOPES = ["sahip/api", "sahip/integration"]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route: what it takes and gives, and what its caller must be allowed to do."""

    method: str
    path: str
    name: str
    summary: str
    explanation: str = ""
    action: Action
    gives: type[BaseModel]
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    creates: str | None = None
    names_version: bool = False
    may_name_version: bool = False
    public: bool = False
    signed: Callable[[], str] | None = None
    relays: bool = False
    limited: bool = False
    tagged: bool = False


class Api:
    """The routes of one service under its segment of /v1."""

    def __init__(
        self,
        app: Chalice,
        *,
        segment: str,
        title: str,
        secret: Callable[[], str],
        origins: Callable[[], str],
    ) -> None:
        """`secret` keys fingerprints; `origins` lists, by commas, the web frontends let in."""
        self.segment = segment
        self.title = title
        self.operations: list[Operation] = []
        self._app = app
        self._secret = secret
        self._origins = origins
        self._paths: set[str] = set()
        logs.start()
        self._open("/openapi.json", ["GET"], "openapi", self._openapi)

    def route(
        self,
        method: str,
        path: str,
        *,
        action: Action,
        gives: type[BaseModel],
        takes: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        creates: str | None = None,
        names_version: bool = False,
        may_name_version: bool = False,
        public: bool = False,
        signed: Callable[[], str] | None = None,
        relays: bool = False,
        limited: bool = False,
        tagged: bool = False,
    ) -> Callable[[V], V]:
        """Serve this path with the function below.

        It gets a Request and the path's parameters, and returns an Answer whose
        body becomes `gives`. `creates` is the prefix of the ids of what is
        created: then an Idempotency-Key is needed. `names_version` needs an
        If-Match, `may_name_version` heeds one. `public` asks for no token: the
        caller is then nobody in particular, whoever it is. `signed` gives the
        secrets that senders sign with, by the `partner` in the path. `relays`
        says that what comes is only taken over, `limited` that it may come
        too often, and `tagged` that answers have a tag. Raise ValueError where the policy
        does not let everybody do what is public.
        """
        if public and action not in PUBLIC:
            raise ValueError(f"{action} is not public by the policy")

        def register(view: V) -> V:
            summary, _, explanation = cleandoc(view.__doc__ or view.__name__).partition("\n")
            operation = Operation(
                method=method,
                path=path,
                name=view.__name__,
                summary=summary,
                explanation=explanation.strip(),
                action=action,
                gives=gives,
                takes=takes,
                query=query,
                creates=creates,
                names_version=names_version,
                may_name_version=may_name_version,
                public=public,
                signed=signed,
                relays=relays,
                limited=limited,
                tagged=tagged,
            )
            self.operations.append(operation)

            def serve(**parameters: str) -> Response:
                return self._serve(operation, view, parameters)

            serve.__name__ = view.__name__
            self._app.route(
                path,
                methods=[method],
                name=view.__name__,
                authorizer=None if public else _people.with_scopes(_SCOPES),
                content_types=["*/*"],
            )(serve)
            if path not in self._paths:
                self._paths.add(path)
                self._open(path, ["OPTIONS"], f"preflight_{len(self._paths)}", self._preflight)
            return view

        return register

    def _open(
        self, path: str, methods: list[str], name: str, view: Callable[..., Response]
    ) -> None:
        def serve(**_: str) -> Response:
            return view()

        serve.__name__ = name
        self._app.route(path, methods=methods, name=name)(serve)

    def _serve(self, operation: Operation, view: View, parameters: Mapping[str, str]) -> Response:
        http = self._app.current_request
        assert http is not None  # noqa: S101 Chalice calls views with a request only
        started = time.perf_counter()
        correlation = reading.correlation_id(
            http.headers.get("x-correlation-id"), http.context.get("requestId", "unknown")
        )
        with logs.about(correlation_id=correlation, service=self.segment):
            try:
                request = self._read(operation, http, parameters, correlation)
                has = reading.tags_named(http.headers.get("if-none-match"))
                response = self._written(operation, view(request, **parameters), has)
            except Exception as error:  # noqa: BLE001 every failure gets its problem document
                problem, headers = problem_of(error, correlation)
                response = Response(
                    problem.model_dump_json(exclude_none=True),
                    status_code=problem.status,
                    headers={"Content-Type": MEDIA_TYPE, **headers},
                )
            logs.tell(
                "served",
                route=f"{operation.method} /v1/{self.segment}{operation.path}",
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        response.headers |= {
            "X-Correlation-Id": correlation,
            "Cache-Control": "no-store",
            **self._cors(http.headers.get("origin")),
        }
        return response

    def _read(
        self, operation: Operation, http: Any, path: Mapping[str, str], correlation: str
    ) -> Request[Any]:
        now = datetime.now(UTC)
        caller = Caller.anonymous()
        if not operation.public:
            caller = Caller.from_claims(http.context["authorizer"]["claims"])
            grounds = grounds_in(http.headers, self._secret(), subject=caller.subject, now=now)
            caller = caller.on(grounds)
        caller.must_be_allowed(operation.action)
        reading.check_path(path)
        raw = _bytes(http.raw_body)
        if operation.signed:
            reading.check_size(raw)
            check_signature(operation.signed(), path["partner"], http.headers, raw, now)
        body = reading.read_body(raw, operation.takes) if operation.takes else None
        query = reading.read_query(_query(http), operation.query) if operation.query else None
        new_id = fingerprint = ""
        if operation.creates and body is not None:
            key = reading.idempotency_key(http.headers.get("idempotency-key"))
            if operation.public:
                # Nothing else of the id is unknown to others, and keys may be as weak as "1".
                key = reading.veiled(self._secret(), key)
            new_id = reading.new_id(operation.creates, caller, key)
            fingerprint = reading.fingerprint(self._secret(), operation.name, path, body)
        version = None
        if operation.names_version or operation.may_name_version:
            version = reading.version_named(
                http.headers.get("if-match"), required=operation.names_version
            )
        return Request(
            caller=caller,
            action=operation.action,
            correlation_id=correlation,
            body=body,
            query=query,
            version=version,
            new_id=new_id,
            fingerprint=fingerprint,
            language=reading.language(http.headers.get("accept-language")),
            now=now,
        )

    @staticmethod
    def _written(operation: Operation, answer: Answer, has: Collection[str]) -> Response:
        headers: Headers = {"Content-Type": "application/json", **answer.headers}
        if answer.version is not None:
            headers["ETag"] = f'"{answer.version}"'
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        if not isinstance(answer.body, operation.gives):
            raise TypeError(f"{operation.name} does not give {operation.gives.__name__}")
        if operation.tagged and answer.tag is not None:
            headers["ETag"] = f'W/"{answer.tag}"'
            if answer.tag in has:
                return Response("", status_code=304, headers=headers)
        return Response(
            answer.body.model_dump_json(by_alias=True), status_code=answer.status, headers=headers
        )

    def _cors(self, origin: str | None) -> Headers:
        if not origin or origin not in self._origins().split(","):
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "ETag, Idempotency-Replayed, X-Correlation-Id",
            "Vary": "Origin",
        }

    def _preflight(self) -> Response:
        http = self._app.current_request
        assert http is not None  # noqa: S101 Chalice calls views with a request only
        headers = self._cors(http.headers.get("origin"))
        if headers:
            headers |= {
                "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT",
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, "
                f"If-Match, If-None-Match, X-Correlation-Id, {SESSION_HEADER}, {REASON_HEADER}",
                "Access-Control-Max-Age": "3600",
            }
        return Response("", status_code=204, headers=headers)

    def _openapi(self) -> Response:
        return Response(self._document, headers={"Content-Type": "application/json"})

    @cached_property
    def _document(self) -> str:
        # Imported when asked for: building schemas is no part of serving requests.
        import json

        from shared.aws.http.openapi import openapi

        return json.dumps(openapi(self.segment, self.title, self.operations, Problem))


def _bytes(raw: bytes | str) -> bytes:
    return raw.encode() if isinstance(raw, str) else raw


def _query(http: Any) -> dict[str, list[str]]:
    parameters = http.query_params
    return {name: parameters.getlist(name) for name in parameters} if parameters else {}
