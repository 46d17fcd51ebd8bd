"""Doors for the events of partners who send HTTP: checked, then put on the bus like all others."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, Discriminator, Field, Tag, create_model

from shared.access import Action
from shared.aws.http.api import Api
from shared.aws.http.exchange import Answer, Request
from shared.aws.publication import EventBus, Saying
from shared.contracts.external import PREFIX, ExternalEvent
from shared.contracts.model import Body, Model, Root
from shared.errors import Unavailable


class Relayed(Body):
    """The event was taken over; what comes of it, comes later."""

    detail_type: str
    event_id: str


def open_webhook(
    api: Api,
    *,
    action: Action,
    events: Sequence[type[ExternalEvent]],
    secrets: Callable[[], str],
    bus: Callable[[], EventBus],
) -> None:
    """Serve `POST /webhooks/{partner}`: these events, signed with that partner's secret.

    `secrets` gives a JSON object of partners and their secrets. The one write
    is to the bus, so that there is one way in; repeating it is harmless.
    """

    def relay_event(request: Request[Any], partner: str) -> Answer:
        """Take over an event of a partner's system"""
        told: ExternalEvent = request.body.root.detail
        event = told.told_by(f"{PREFIX}{partner}", correlation_id=request.correlation_id)
        if not event.comes_from(event.source):
            raise ValueError(f"{partner} has a secret, but no system can be called that")
        if bus().publish([Saying(origin=partner, event=event)]):
            raise Unavailable("we cannot take it over at the moment; send it again shortly")
        return Answer(
            body=Relayed(detail_type=event.detail_type, event_id=event.event_id), status=202
        )

    relay_event.__name__ = action  # two services have such a door
    api.route(
        "POST",
        "/webhooks/{partner}",
        action=action,
        takes=_body_of(events),
        gives=Relayed,
        public=True,
        signed=secrets,
        relays=True,
    )(relay_event)


def _body_of(events: Sequence[type[ExternalEvent]]) -> type[BaseModel]:
    """A body that holds one of the events, by its detail type."""
    kinds = tuple(
        create_model(
            f"{event.__name__}Webhook",
            __base__=Model,
            __doc__=event.__doc__,
            detail_type=(_only(event.detail_type), ...),
            detail=(event, Field(description="the event itself")),
        )
        for event in events
    )
    if len(kinds) == 1:
        return _called_webhook(Root[kinds[0]])  # type: ignore[valid-type]
    one_of: Any = Union[  # noqa: UP007 their number is not known here
        tuple(
            Annotated[kind, Tag(event.detail_type)]
            for kind, event in zip(kinds, events, strict=True)
        )
    ]
    known = ", ".join(event.detail_type for event in events)
    # pydantic's own message would quote what was sent.
    by_type = Discriminator(
        _detail_type,
        custom_error_type="unknown_type",
        custom_error_message=f"detail_type must be one of {known}",
    )
    return _called_webhook(Root[Annotated[one_of, by_type]])


def _called_webhook(body: Any) -> type[BaseModel]:
    """The body under the name that openapi.json gives it."""
    named: type[BaseModel] = create_model("Webhook", __base__=body)
    return named


def _detail_type(body: Any) -> Any:
    return body.get("detail_type") if isinstance(body, dict) else None


def _only(text: str) -> Any:
    return Literal[text]
