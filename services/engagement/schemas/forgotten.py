"""Bodies of silence and of the lists of the forgotten."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from pydantic import Field

from services.engagement.domain.ceilings import Ceiling
from services.engagement.domain.forgotten import Call, CallList, Run
from services.engagement.domain.neglect import Band, Neglect, NeglectReason
from services.engagement.domain.silence import Silence
from services.engagement.schemas import CeilingBody, Id
from shared.contracts.model import Body

IN_WORDS = {
    Neglect.SILENCE: "{found} days without a word; at least one in {bound} is right for them",
    Neglect.NO_CONTACT_BY_US: "we have not turned to them for {found} days, but with offers",
    Neglect.ONLY_OFFERS: "all they heard from us in {found} days of silence was offers",
    Neglect.OPEN_CASES: "{found} complaints of theirs are open",
    Neglect.SERIOUS_CASES: "{found} serious complaints of theirs are open",
}


class NeglectBody(Body):
    """What makes them feel neglected, and how many points of a hundred it gives."""

    code: Neglect
    found: int = Field(description="days, or complaints")
    bound: int = Field(description="by which it is judged; 0 where there is none")
    points: int
    detail: str

    @classmethod
    def all_of(cls, reasons: Iterable[NeglectReason]) -> "list[NeglectBody]":
        return [
            cls(
                code=one.code,
                found=one.found,
                bound=one.bound,
                points=one.points,
                detail=IN_WORDS[one.code].format(found=one.found, bound=one.bound),
            )
            for one in reasons
        ]


class SilenceView(Body):
    """How long it has been still between a person and us, and how neglected that makes them."""

    customer_id: str
    members: list[str]
    days: int | None = Field(
        description="since the last word that was no offer of ours; null where nothing is known"
    )
    floor: int = Field(description="within so many days they are to have a word with us")
    ceilings: list[CeilingBody] = Field(description="of offers: how often is too often for them")
    tier: str | None
    since: date | None = Field(description="the first day that we know them from")
    theirs: date | None = Field(description="when they last turned to us")
    ours: date | None = Field(description="when we last turned to them but with an offer")
    offered: date | None = Field(description="when we last made them an offer")
    points: int = Field(description="0 to 100")
    band: Band
    reasons: list[NeglectBody]

    @classmethod
    def of(cls, call: Call, silence: Silence, ceiling: Ceiling, today: date) -> "SilenceView":
        return cls(
            customer_id=call.customer_id,
            members=list(call.members),
            days=silence.days(today),
            floor=call.floor,
            ceilings=[CeilingBody.of(one, ceiling.segment) for one in ceiling.cadences],
            tier=call.tier,
            since=silence.since,
            theirs=silence.theirs,
            ours=silence.ours,
            offered=silence.offered,
            points=call.points,
            band=Band(call.band),
            reasons=NeglectBody.all_of(call.reasons),
        )


class ListForgotten(Body):
    """Whose list it is."""

    owner: Id | None = Field(
        default=None,
        description="a staff id, or nobody for those without an owner; your own if left out",
    )


class CallBody(Body):
    """Somebody to call, and why."""

    customer_id: str
    members: list[str] = Field(description="all customer ids of the person")
    days: int = Field(description="of silence, when the list was made")
    floor: int
    points: int = Field(description="0 to 100, the most neglected first")
    band: Band
    reasons: list[NeglectBody]
    tier: str | None
    owner: str | None = Field(description="staff id of the owner, who may be away or have left")
    acting_as: str | None = Field(
        description="as what the list's owner takes the owner's place; null where it is themselves"
    )

    @classmethod
    def of(cls, call: Call) -> "CallBody":
        return cls(
            customer_id=call.customer_id,
            members=list(call.members),
            days=call.days,
            floor=call.floor,
            points=call.points,
            band=Band(call.band),
            reasons=NeglectBody.all_of(call.reasons),
            tier=call.tier,
            owner=call.owner,
            acting_as=call.acting_as,
        )


class ForgottenView(Body):
    """Whom an owner is to call today, without those with whom there was a word since."""

    owner: str | None = Field(description="staff id; null where nothing was ever listed for you")
    day: date = Field(description="that the list is of, in Turkey")
    made_at: datetime | None = Field(description="when it was begun; null before the first")
    is_complete: bool = Field(description="false while the list of the day is still being made")
    count: int = Field(description="how many were forgotten in all when it was made")
    calls: list[CallBody] = Field(description="at most fifty")

    @classmethod
    def of(
        cls, owner: str | None, run: Run | None, listed: CallList, calls: Sequence[Call]
    ) -> "ForgottenView":
        return cls(
            owner=owner,
            day=listed.day,
            made_at=run.began_at if run else None,
            is_complete=run is not None and run.is_done,
            count=listed.count,
            calls=[CallBody.of(one) for one in calls],
        )
