"""The ballots that are about one person, for whoever decides for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.engagement.domain.offers.clashes import clash
from services.engagement.domain.offers.gate import OnBallot
from services.engagement.domain.offers.offer import Offer
from services.engagement.use_cases.offers import Gate, asked, hold_of
from shared.entity import Act

MOST_BALLOTS = 5  # of one person: of each it is asked what stands against it
FAR = datetime(9999, 1, 1, tzinfo=UTC)  # behind every beginning


@dataclass(frozen=True, kw_only=True)
class BallotOf:
    """An open offer to somebody, and what there is to know before one decides.

    Nothing of it is told to who asks for the offer, and so decides nothing.
    """

    offer: Offer
    found: OnBallot | None
    rivals: Sequence[str]  # open offers to them that clash with it


@dataclass(frozen=True, kw_only=True)
class BallotsOf:
    """The open offers to somebody that begin first, and whether there are more."""

    ballots: Sequence[BallotOf] = ()
    more: bool = False


def ballots_of(gate: Gate, act: Act, customer_id: str) -> BallotsOf:
    """What is offered to one person and waits for, or has, the caller's word.

    None where the caller does not decide for them today. Of the open offers the first hundred are
    looked through. Raise Unavailable where it cannot be asked who decides.
    """
    known = asked(gate.people.those([customer_id], act.correlation_id))
    person = known.get(customer_id)
    if person is None or not person.is_decided_by(act.by):
        return BallotsOf()
    waiting = [one for one in gate.offers.open_ones(FAR) if act.at < one.ends_at]
    lists = [one.offer_id for one in waiting if one.segment is None]
    naming = gate.offers.naming(lists, person.ids)
    theirs = [
        one
        for one in waiting
        if one.offer_id in naming or (one.segment and one.segment == person.segment_id)
    ]
    ballots = []
    for offer in theirs[:MOST_BALLOTS]:
        if offer.requester == act.by:
            ballots.append(BallotOf(offer=offer, found=None, rivals=()))
            continue
        [found] = gate.looked_at(offer, [person], act.at, act.correlation_id)
        rivals = [one.offer_id for one in theirs if clash(hold_of(offer), hold_of(one), act.at)]
        ballots.append(BallotOf(offer=offer, found=found, rivals=rivals))
    return BallotsOf(ballots=ballots, more=len(theirs) > MOST_BALLOTS)
