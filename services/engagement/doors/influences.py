"""Who brought whom, and who is listened to."""

from services.engagement import bootstrap
from services.engagement.domain.influence import InfluenceKind
from services.engagement.schemas.influences import (
    EndInfluence,
    Influenced,
    InfluenceView,
    ReadInfluences,
    SayInfluence,
)
from services.engagement.use_cases import influences as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request


def open_influences(api: Api) -> None:
    """Serve the routes of referrals and influence."""

    @api.route(
        "POST",
        "/influences",
        action=Action.SAY_INFLUENCE,
        takes=SayInfluence,
        gives=InfluenceView,
        creates="inf",
    )
    def say_influence(request: Request[SayInfluence]) -> Answer:
        """Say that a customer brought another to us, or is listened to by them"""
        body = request.body
        influence, replayed = use_cases.say_influence(
            bootstrap.influences(),
            bootstrap.keepers(),
            request.act(),
            influence_id=request.new_id,
            fingerprint=request.fingerprint,
            of=body.kind,
            customer_id=body.customer_id,
            other_id=body.other_id,
            reason=body.reason,
        )
        return Answer(
            body=InfluenceView.of(influence),
            version=influence.version,
            status=200 if replayed else 201,
            replayed=replayed,
        )

    @api.route(
        "POST",
        "/influences/{influence_id}/end",
        action=Action.SAY_INFLUENCE,
        takes=EndInfluence,
        gives=InfluenceView,
    )
    def end_influence(request: Request[EndInfluence], influence_id: str) -> Answer:
        """Say that it holds no more, or never did"""
        ended = use_cases.end_influence(
            bootstrap.influences(), request.act(), influence_id, reason=request.body.reason
        )
        return Answer(body=InfluenceView.of(ended), version=ended.version)

    @api.route(
        "GET",
        "/influences",
        action=Action.READ_INFLUENCES,
        query=ReadInfluences,
        gives=Influenced,
    )
    def read_influences(request: Request[None]) -> Answer:
        """Read whom a customer brought and influences, what those are worth, and by whom"""
        customer_id = request.query.customer_id
        lines = {
            kind: use_cases.line_of(
                bootstrap.influences(),
                bootstrap.keepers(),
                kind,
                customer_id,
                correlation_id=request.correlation_id,
            )
            for kind in InfluenceKind
        }
        return Answer(body=Influenced.of(customer_id, lines))
