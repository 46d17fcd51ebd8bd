"""botocore's endpoint without what a local one has no use for."""

from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.hooks import first_non_none_response

from infra.local.request_ids import request_id
from infra.local.transport.wire import Headers

MULTIPLE_CHOICES = 300


class LocalEndpoint(Endpoint):
    """Sends one request and reads its answer, telling the same events as botocore's.

    It leaves out checksums, the history kept for the AWS CLI, and building a request twice. The
    object that `request-created` gets is already the one that `before-send` will get.
    """

    # What botocore's class has, and its type stubs do not say.
    _add_modeled_error_fields: Any
    _event_emitter: Any
    _response_parser_factory: Any
    _send: Any

    def __init__(self, original: Any, wire: Any, readers: Any) -> None:
        super().__init__(
            original.host,
            original._endpoint_prefix,
            original._event_emitter,
            response_parser_factory=readers,
            http_session=wire,
        )

    def create_request(self, params: Any, operation_model: Any = None) -> AWSPreparedRequest:
        """Return the request, as yet unsent."""
        body = params["body"]
        headers: Any = Headers((name.lower(), value) for name, value in params["headers"].items())
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            headers["content-length"] = str(len(body))
        request = LocalRequest(
            params["method"], params["url"], headers, body, False, params["context"]
        )
        if operation_model is not None:
            request.stream_output = operation_model.has_streaming_output
            self._tell("request-created", operation_model,
                       request=request, operation_name=operation_model.name)  # fmt: skip
        for name, value in headers.items():
            if isinstance(value, str):
                headers[name] = value.encode()
        return request

    def _update_retries_context(
        self, context: Any, attempt: int, success_response: Any = None
    ) -> None:
        retries = context.setdefault("retries", {})
        retries["attempt"] = attempt
        retries.setdefault("invocation-id", request_id())

    def _tell(self, event: str, operation: Any, /, **details: Any) -> Any:
        service_id = operation.service_model.service_id.hyphenize()
        return self._event_emitter.emit(f"{event}.{service_id}.{operation.name}", **details)

    def _get_response(self, request: Any, operation_model: Any, context: Any) -> Any:
        try:
            answers = self._tell("before-send", operation_model, request=request)
            http_response = first_non_none_response(answers) or self._send(request)
        except Exception as error:  # noqa: BLE001 - whether to try again is asked by our caller
            self._tell("response-received", operation_model, context=context, exception=error,
                       response_dict=None, parsed_response=None)  # fmt: skip
            return None, error
        response = convert_to_response_dict(http_response, operation_model)
        custom: dict[str, Any] = {}
        self._tell("before-parse", operation_model, operation_model=operation_model,
                   response_dict=response, customized_response_dict=custom)  # fmt: skip
        protocol = operation_model.service_model.resolved_protocol
        parser = self._response_parser_factory.create_parser(protocol)
        parsed = parser.parse(response, operation_model.output_shape)
        parsed.update(custom)
        if http_response.status_code >= MULTIPLE_CHOICES:
            self._add_modeled_error_fields(response, parsed, operation_model, parser)
        self._tell("response-received", operation_model, context=context, exception=None,
                   response_dict=response, parsed_response=parsed)  # fmt: skip
        return (http_response, parsed), None


class LocalRequest(AWSPreparedRequest):
    """A request that also answers to what a hook on `request-created` expects of it."""

    @property
    def data(self) -> Any:
        """The body, by the name it has before it is prepared."""
        return self.body

    def prepare(self) -> "LocalRequest":
        """Return itself."""
        return self
