"""What it costs to win customers."""

from services.engagement import bootstrap
from services.engagement.domain.acquisition import Spend
from services.engagement.schemas.acquisition import (
    AcquisitionView,
    ReadAcquisition,
    RecordSpend,
    SpendView,
)
from shared.access import Action
from shared.acquisition import source_of
from shared.aws.http import Answer, Api, Request
from shared.calendar import day_in_turkey
from shared.contracts.customer import CustomerCreated


def open_acquisition(api: Api) -> None:
    """Serve the routes of acquisition."""

    @api.route(
        "POST",
        "/spend",
        action=Action.RECORD_SPEND,
        takes=RecordSpend,
        gives=SpendView,
        creates="spd",
    )
    def record_spend(request: Request[RecordSpend]) -> Answer:
        """Take in what a campaign on a channel cost on a day"""
        made = Spend.record(request.act(), spend_id=request.new_id, **request.body.model_dump())
        spend, replayed = bootstrap.acquisition().add(made, fingerprint=request.fingerprint)
        return Answer(
            body=SpendView.of(spend),
            version=spend.version,
            status=200 if replayed else 201,
            replayed=replayed,
        )

    @api.route(
        "GET",
        "/acquisition",
        action=Action.COUNT_OUTCOMES,
        query=ReadAcquisition,
        gives=AcquisitionView,
    )
    def read_acquisition(request: Request[None]) -> Answer:
        """Read what a new customer cost in a month, by channel and campaign"""
        asked: ReadAcquisition = request.query
        month = asked.month or f"{day_in_turkey(request.now):%Y-%m}"
        found, is_all = bootstrap.acquisition().of(month)
        return Answer(body=AcquisitionView.of(month, found, is_all=is_all))


def count_new(event: CustomerCreated) -> None:
    """Count a new customer by what brought them."""
    channel, campaign = source_of(event.heard_from)
    month = f"{day_in_turkey(event.occurred_at):%Y-%m}"
    bootstrap.acquisition().came(event.customer_id, month, channel, campaign)
