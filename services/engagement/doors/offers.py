"""Offers, the ballots on which their people's owners decide, and the waves that are sent."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.engagement import bootstrap
from services.engagement.domain.offers.offer import Offer
from services.engagement.schemas.offers import (
    Ballot,
    CastVote,
    ListOffers,
    ListPeople,
    MoveOffer,
    OfferList,
    OfferView,
    OnBallotView,
    OpenOffer,
    PlanOffer,
    ReadBallot,
    RecordedVote,
    VoteList,
    VoteView,
    WordView,
)
from services.engagement.use_cases import offers as use_cases
from services.engagement.use_cases.waves import send_offers as send
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import shown
from shared.entity import Act

FAR = datetime(9999, 1, 1, tzinfo=UTC)  # behind every beginning


def open_offers(api: Api) -> None:
    """Serve the routes of offers."""

    @api.route(
        "POST",
        "/offers",
        action=Action.PLAN_OFFER,
        takes=PlanOffer,
        gives=OfferView,
        creates="off",
    )
    def plan_offer(request: Request[PlanOffer]) -> Answer:
        """Plan an offer to a segment or to a list of people"""
        offer, replayed = use_cases.plan_offer(
            bootstrap.gate(),
            request.act(),
            offer_id=request.new_id,
            fingerprint=request.fingerprint,
            **dict(request.body),
        )
        return _offer(offer, status=200 if replayed else 201, replayed=replayed)

    @api.route("GET", "/offers", action=Action.READ_OFFER, query=ListOffers, gives=OfferList)
    def list_offers(request: Request[None]) -> Answer:
        """List the offers that are before the owners, those first that begin first"""
        asked: ListOffers = request.query
        page = bootstrap.offers().page_of_open(
            FAR,
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
        )
        rows = [OpenOffer.model_validate(shown(row)) for row in page.rows]
        return Answer(body=OfferList(offers=rows, cursor=page.cursor))

    @api.route("GET", "/offers/{offer_id}", action=Action.READ_OFFER, gives=OfferView)
    def read_offer(request: Request[None], offer_id: str) -> Answer:
        """Read an offer"""
        return _offer(bootstrap.offers().get(offer_id))

    @api.route(
        "POST",
        "/offers/{offer_id}/people",
        action=Action.PLAN_OFFER,
        takes=ListPeople,
        gives=OfferView,
    )
    def list_people(request: Request[ListPeople], offer_id: str) -> Answer:
        """Put people on an offer's list, before it is put to their owners"""
        ids = request.body.customer_ids
        return _offer(use_cases.list_people(bootstrap.gate(), request.act(), offer_id, ids))

    @api.route(
        "POST",
        "/offers/{offer_id}/open",
        action=Action.PLAN_OFFER,
        takes=MoveOffer,
        gives=OfferView,
    )
    def open_offer(request: Request[MoveOffer], offer_id: str) -> Answer:
        """Put an offer to the owners of those it is for"""
        return _offer(use_cases.open_offer(bootstrap.gate(), request.act(), offer_id))

    @api.route(
        "POST",
        "/offers/{offer_id}/withdraw",
        action=Action.PLAN_OFFER,
        takes=MoveOffer,
        gives=OfferView,
    )
    def withdraw_offer(request: Request[MoveOffer], offer_id: str) -> Answer:
        """Take an offer back: nobody is written to for it any more"""
        return _offer(use_cases.withdraw_offer(bootstrap.gate(), request.act(), offer_id))

    @api.route(
        "GET",
        "/offers/{offer_id}/ballot",
        action=Action.DECIDE_OFFER,
        query=ReadBallot,
        gives=Ballot,
    )
    def read_ballot(request: Request[None], offer_id: str) -> Answer:
        """Read whom one decides for, and what speaks against an offer to each of them"""
        asked: ReadBallot = request.query
        cursors, query = bootstrap.cursors(request.caller), f"ballot of {offer_id}"
        page = use_cases.read_ballot(
            bootstrap.gate(),
            request.act(),
            bootstrap.offers().get(offer_id),
            after=cursors.read(asked.cursor, query)["after"] if asked.cursor else None,
            size=asked.limit,
        )
        logs.tell("read a ballot", offer=offer_id, by=request.caller.subject)
        return Answer(
            body=Ballot(
                offer_id=offer_id,
                people=[
                    OnBallotView.of(one, request.now, page.rivals[one.person.person_id])
                    for one in page.people
                ],
                cursor=cursors.write({"after": page.after}, query) if page.after else None,
            )
        )

    @api.route(
        "POST",
        "/offers/{offer_id}/votes",
        action=Action.DECIDE_OFFER,
        takes=CastVote,
        gives=VoteView,
        creates="vot",
    )
    def cast_vote(request: Request[CastVote], offer_id: str) -> Answer:
        """Approve or veto an offer for all whom one decides for, or for some of them"""
        body = request.body
        vote, replayed = use_cases.vote(
            bootstrap.gate(),
            request.act(),
            offer_id,
            vote_id=request.new_id,
            fingerprint=request.fingerprint,
            decision=body.decision,
            reason=body.reason,
            names=body.customer_ids or (),
        )
        return Answer(body=VoteView.of(vote), status=200 if replayed else 201, replayed=replayed)

    @api.route(
        "GET",
        "/offers/{offer_id}/votes",
        action=Action.READ_OFFER,
        query=ListOffers,
        gives=VoteList,
    )
    def list_votes(request: Request[None], offer_id: str) -> Answer:
        """List what was said of an offer, by whom, when and why, the newest first"""
        asked: ListOffers = request.query
        bootstrap.offers().get(offer_id)
        votes, cursor = bootstrap.offers().votes(
            offer_id,
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
        )
        rows = [
            RecordedVote(**dict(WordView.of(word)), people=people or None)
            for word, people in votes
        ]
        return Answer(body=VoteList(votes=rows, cursor=cursor))


def send_offers(run: str, has_time: Callable[[], bool]) -> dict[str, Any]:
    """By schedule: go on with the waves that have begun."""
    logs.start()
    act = Act(by="sahip.engagement", at=datetime.now(UTC), correlation_id=run)
    with logs.about(correlation_id=run):
        wave = send(bootstrap.gate(), bootstrap.outbox(), act, has_time=has_time)
        logs.tell("waves went on", **vars(wave))
    return dict(vars(wave))


def _offer(offer: Offer, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(
        body=OfferView.of(offer), version=offer.version, status=status, replayed=replayed
    )
