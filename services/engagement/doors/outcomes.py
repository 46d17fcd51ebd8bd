"""What came of what we said, and which of our rules were in the way."""

from typing import Any, cast

from services.engagement import bootstrap
from services.engagement.adapters.outcomes import frictions_place, responses_place
from services.engagement.domain import CustomerUnknown
from services.engagement.domain.friction import Friction
from services.engagement.domain.response import Response
from services.engagement.schemas.outcomes import (
    FrictionCounts,
    FrictionList,
    FrictionView,
    ListFrictions,
    ListResponses,
    OfferResponses,
    RecordFriction,
    RecordResponse,
    ResponseList,
    ResponseView,
)
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import Page, shown


def open_responses(api: Api) -> None:
    """Serve the routes of responses."""

    @api.route(
        "POST",
        "/responses",
        action=Action.RECORD_RESPONSE,
        takes=RecordResponse,
        gives=ResponseView,
        creates="res",
    )
    def record_response(request: Request[RecordResponse]) -> Answer:
        """Take in what came of an offer or a message, once"""
        body = request.body
        _must_reach(request, body.customer_id)
        made = Response.record(
            request.act(), response_id=request.new_id, **body.model_dump(exclude_unset=True)
        )
        added, replayed = bootstrap.outcomes().add(made, fingerprint=request.fingerprint)
        response = cast("Response", added)
        return _created(ResponseView.of(response), response.version, replayed=replayed)

    @api.route(
        "GET", "/responses", action=Action.READ_RESPONSES, query=ListResponses, gives=ResponseList
    )
    def list_responses(request: Request[None]) -> Answer:
        """List what came of what a customer was told, the newest first"""
        asked: ListResponses = request.query
        _must_reach(request, asked.customer_id)
        page = _page(request, responses_place(asked.customer_id), asked.limit, asked.cursor)
        rows = [ResponseView.model_validate(shown(row)) for row in page.rows]
        return Answer(body=ResponseList(responses=rows, cursor=page.cursor))

    @api.route(
        "GET",
        "/offers/{offer_id}/responses",
        action=Action.COUNT_OUTCOMES,
        gives=OfferResponses,
    )
    def count_responses(request: Request[None], offer_id: str) -> Answer:
        """Count what came of an offer, by medium and result"""
        return Answer(body=OfferResponses.of(offer_id, bootstrap.outcomes().of_offer(offer_id)))


def open_frictions(api: Api) -> None:
    """Serve the routes of the friction log."""

    @api.route(
        "POST",
        "/frictions",
        action=Action.RECORD_FRICTION,
        takes=RecordFriction,
        gives=FrictionView,
        creates="fri",
    )
    def record_friction(request: Request[RecordFriction]) -> Answer:
        """Note that a rule of ours was in the way of what somebody wanted"""
        body = request.body
        if body.customer_id is not None:
            _must_reach(request, body.customer_id)
        made = Friction.record(
            request.act(),
            friction_id=request.new_id,
            customer_id=body.customer_id,
            rule=body.rule,
            words=body.words,
            at=body.at,
        )
        added, replayed = bootstrap.outcomes().add(made, fingerprint=request.fingerprint)
        friction = cast("Friction", added)
        return _created(FrictionView.of(friction), friction.version, replayed=replayed)

    @api.route(
        "GET", "/frictions", action=Action.LIST_FRICTIONS, query=ListFrictions, gives=FrictionList
    )
    def list_frictions(request: Request[None]) -> Answer:
        """List each time that a rule was in the way, the newest first"""
        asked: ListFrictions = request.query
        page = _page(request, frictions_place(asked.rule), asked.limit, asked.cursor)
        rows = [FrictionView.model_validate(shown(row)) for row in page.rows]
        return Answer(body=FrictionList(frictions=rows, cursor=page.cursor))

    @api.route("GET", "/frictions/counts", action=Action.COUNT_OUTCOMES, gives=FrictionCounts)
    def count_frictions(request: Request[None]) -> Answer:
        """Count how often each rule was in the way"""
        return Answer(body=FrictionCounts.of(bootstrap.outcomes().frictions()))


def _must_reach(request: Request[Any], customer_id: str) -> None:
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerUnknown(customer_id)


def _created(body: Any, version: int, *, replayed: bool) -> Answer:
    return Answer(body=body, version=version, status=200 if replayed else 201, replayed=replayed)


def _page(request: Request[Any], place: str, size: int, cursor: str | None) -> Page:
    return bootstrap.rows().page_at(
        place, size=size, cursor=cursor, cursors=bootstrap.cursors(request.caller), query=place
    )
