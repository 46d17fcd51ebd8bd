"""Where the lighter parts are put into boto3's clients."""

from collections.abc import Iterable, Mapping
from typing import Any

import boto3

from infra.local.transport.endpoint import LocalEndpoint
from infra.local.transport.inside import Application, Inside
from infra.local.transport.plain_json import Readers, Writer
from infra.local.transport.wire import Wire

HOT = frozenset({"dynamodb", "dynamodbstreams", "sqs", "events", "lambda"})
# S3 streams what it sends and presigns what it hands out: the original serves it better.
LEFT_ALONE = frozenset({"s3"})
EVENT = "creating-client-class"
EVENT_ID = "sahip-local-transport"


def install(
    endpoints: Iterable[str],
    session: boto3.Session | None = None,
    *,
    inside: Mapping[str, Application] | None = None,
) -> None:
    """Serve those endpoints (URLs) faster for all clients that the session makes from now on.

    `inside` are those that an application of this very process answers. Without a session,
    boto3's default one. Installing again replaces the endpoints.
    """
    uninstall(session)
    ours = {url.rstrip("/"): application for url, application in (inside or {}).items()}
    known = dict.fromkeys(url.rstrip("/") for url in endpoints) | ours

    def lighten(class_attributes: dict[str, Any], base_classes: list[type], **_: Any) -> None:
        class_attributes["_local_endpoints"] = known
        base_classes.insert(0, LocalClient)

    _events(session).register(EVENT, lighten, unique_id=EVENT_ID)


def uninstall(session: boto3.Session | None = None) -> None:
    """Let clients made from now on be botocore's own. Those already made stay as they are."""
    _events(session).unregister(EVENT, unique_id=EVENT_ID)


def _events(session: boto3.Session | None) -> Any:
    if session is None and boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    found: Any = session or boto3.DEFAULT_SESSION
    return found.events


class LocalClient:
    """Mixed into the classes of clients. Replaces parts of those that face a local endpoint."""

    _local_endpoints: Mapping[str, Application | None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client: Any = self
        service = client.meta.service_model.service_name
        address = client.meta.endpoint_url.rstrip("/")
        if service in LEFT_ALONE or address not in self._local_endpoints:
            return
        config, endpoint = client.meta.config, client._endpoint
        application = self._local_endpoints[address]
        wire: Wire | Inside = (
            Wire(endpoint.http_session, config.connect_timeout, config.read_timeout)
            if application is None
            else Inside(endpoint.http_session, application, config.read_timeout)
        )
        if service in HOT:
            _replace_parts(client, wire)
        else:
            endpoint.http_session = wire


def _replace_parts(client: Any, wire: Wire | Inside) -> None:
    model, agent = client.meta.service_model, client._user_agent_creator
    created = f"request-created.{model.service_id.hyphenize()}"
    client.meta.events.unregister(created, client._request_signer.handler)
    client.meta.events.unregister(created, agent.rebuild_and_replace_user_agent_handler)
    user_agent = agent.to_string()
    agent.to_string = lambda: user_agent
    client._ruleset_resolver = None  # which means: the endpoint as it was configured
    readers = client._endpoint._response_parser_factory
    if model.resolved_protocol == "json":
        client._serializer = Writer(client._serializer)
        readers = Readers(readers)
    client._endpoint = LocalEndpoint(client._endpoint, wire, readers)
