"""The ballots that are about one person, for whoever talks with them and decides for them."""

from services.engagement import bootstrap
from services.engagement.domain import CustomerUnknown
from services.engagement.schemas.offers import BallotList, BallotOfView, ListBallots
from services.engagement.use_cases.ballots import ballots_of
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request


def open_ballots(api: Api) -> None:
    """Serve the route of one person's ballots."""

    @api.route("GET", "/ballots", action=Action.LIST_BALLOTS, query=ListBallots, gives=BallotList)
    def list_ballots(request: Request[None]) -> Answer:
        """List what is offered to one person that the caller decides for"""
        asked: ListBallots = request.query
        if not request.reaches(asked.customer_id, bootstrap.rows().members):
            raise CustomerUnknown(asked.customer_id)
        found = ballots_of(bootstrap.gate(), request.act(), asked.customer_id)
        logs.tell("listed ballots", of=asked.customer_id, by=request.caller.subject)
        return Answer(
            body=BallotList(
                ballots=[
                    BallotOfView.of(one.offer, one.found, request.now, one.rivals)
                    for one in found.ballots
                ],
                more=found.more,
            )
        )
