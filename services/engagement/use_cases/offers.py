"""What one can do with an offer: plan it, put it to the owners, decide, and hold it back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.engagement.domain.offers.clashes import Hold, clash
from services.engagement.domain.offers.gate import BALLOT, OnBallot
from services.engagement.domain.offers.offer import (
    NobodyToDecide,
    NotTheirOwner,
    Offer,
)
from services.engagement.domain.offers.people import Addressee, Circumstances
from services.engagement.domain.offers.votes import Decision, Vote, Word, is_approval, word_on
from services.engagement.domain.silence import Silence, silence_of
from services.engagement.domain.silence import Word as Turn
from services.engagement.ports.offers import History, Holds, Members, Offers, People
from services.engagement.ports.silences import Silences
from shared.calendar import day_in_turkey
from shared.entity import Act
from shared.errors import Invalid, Unavailable

MOST_RIVALS = 10  # offers that clash with one of which it is asked whom they are for
LOOKED_THROUGH = 100  # of a list, for those of one owner


@dataclass(frozen=True, kw_only=True)
class Gate:
    """All that an offer has to do with on its way to somebody. Implements ports.Approvals."""

    offers: Offers
    holds: Holds
    people: People
    history: History
    silences: Silences

    def allows(self, offer_id: str, ids: Collection[str], at: datetime) -> bool:
        """Whether an offer may be sent to a person now: asked at the moment of sending.

        The place with them is taken by it, so that none that clashes is let by after it. Raise
        Unavailable where it cannot be found out what stands against it.
        """
        offer = self.offers.get(offer_id)
        if not offer.is_on(at):
            return False
        people = each_once(asked(self.people.those(ids, offer_id)))
        looked = self.looked_at(offer, people, at, offer_id)
        if any(one.found.complaints is None for one in looked):
            raise Unavailable("the complaints service does not answer; ask again shortly")
        # Where ids that were one person are several by now, it goes if all of them may be reached.
        return bool(looked) and all(self.lets_by(offer, one, at) for one in looked)

    def page(self, offer: Offer, *, after: str | None, size: int, correlation_id: str) -> Members:
        """The next of those whom an offer is for. Raise Unavailable where nobody says."""
        if offer.segment is not None:
            return self.people.members(
                offer.segment, after=after, size=size, correlation_id=correlation_id
            )
        ids = self.offers.page(offer.offer_id, after=after, size=size)
        return Members(customer_ids=ids, after=ids[-1] if len(ids) == size else None)

    def lets_by(self, offer: Offer, one: OnBallot, at: datetime) -> bool:
        """Whether somebody may be written to for an offer, who has the place with them then."""
        if not offer.is_on(at) or not one.may_be_reached(at):
            return False
        return not self.holds.take(one.person, hold_of(offer), at)

    def looked_at(
        self, offer: Offer, people: Sequence[Addressee], at: datetime, correlation_id: str
    ) -> list[OnBallot]:
        """What is known of each of these for an offer, and what was said of them."""
        words = self._words(offer, people)
        return self._found_out(offer, people, words, at, correlation_id)

    def approved(
        self, offer: Offer, people: Sequence[Addressee], at: datetime, correlation_id: str
    ) -> list[OnBallot]:
        """As `looked_at`, of those who are approved; of nobody else anything is asked."""
        words = self._words(offer, people)
        some = [one for one in people if is_approval(words[one.person_id])]
        return self._found_out(offer, some, words, at, correlation_id) if some else []

    def _words(self, offer: Offer, people: Sequence[Addressee]) -> Mapping[str, Word | None]:
        """The word that holds of each who is meant by an offer, by person id; of others None."""
        said = self.offers.said(offer.offer_id, people)
        ids = [each for one in people for each in one.ids]
        listed = {} if offer.segment else self.offers.listed(offer.offer_id, ids)
        found: dict[str, Word | None] = {}
        for one in people:
            on_list = [each for each in one.ids if each in listed]
            is_meant = one.segment_id == offer.segment if offer.segment else bool(on_list)
            before = frozenset(listed[each] for each in on_list if listed[each])
            words = replace(said[one.person_id], owners_before=before)
            found[one.person_id] = word_on(one, words) if is_meant else None
        return found

    def _found_out(
        self,
        offer: Offer,
        people: Sequence[Addressee],
        words: Mapping[str, Word | None],
        at: datetime,
        correlation_id: str,
    ) -> list[OnBallot]:
        ids = sorted({each for one in people for each in one.ids})
        complaints = self.people.complaints(ids, correlation_id)
        holding = self.holds.holding(people, hold_of(offer), at)
        silences = self.silences.of(ids)
        return [
            OnBallot(
                person=one,
                word=words[one.person_id],
                found=Circumstances(
                    complaints=_complaints(one, complaints),
                    contacts=self.history.of(one, at),
                    silence=_silence(one, silences),
                    holding=holding.get(one.person_id, ()),
                ),
            )
            for one in people
        ]


def _silence(person: Addressee, silences: Mapping[str, Silence]) -> Silence:
    """Of a person; the customer service may know them from before anything was heard of here."""
    theirs = silence_of(silences[one] for one in person.ids if one in silences)
    if person.known_since is None:
        return theirs
    return theirs.after(Turn.NONE, day_in_turkey(person.known_since))


def hold_of(offer: Offer) -> Hold:
    """The place that an offer takes."""
    return Hold(
        offer_id=offer.offer_id,
        product=offer.product,
        channel=offer.channel,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
    )


def plan_offer(
    gate: Gate, act: Act, *, offer_id: str, fingerprint: str, **fields: Any
) -> tuple[Offer, bool]:
    """Make an offer, which is nobody's matter but the requester's yet.

    Raise Invalid where there is no such segment.
    """
    segment = fields.get("segment")
    if segment and gate.people.segment(segment, act.correlation_id) is None:
        raise Invalid("there is no such segment; see the list of them", field="segment")
    offer = Offer.plan(act, offer_id=offer_id, **fields)
    return gate.offers.add(offer, fingerprint=fingerprint)


def list_people(gate: Gate, act: Act, offer_id: str, customer_ids: Sequence[str]) -> Offer:
    """Put further people on an offer's list. Who is on it already stays.

    Raise Invalid for who is no customer, naming their place.
    """
    offer = gate.offers.get(offer_id)
    offer.must_allow("people", act.at)
    wanted = list(dict.fromkeys(customer_ids))
    known = asked(gate.people.those(wanted, act.correlation_id))
    for place, one in enumerate(customer_ids):
        if one not in known:
            raise Invalid(
                "there is no such customer; leave them out", field=f"customer_ids.{place}"
            )
    there = gate.offers.listed(offer_id, wanted)
    people = {one: _owner_of(known[one]) for one in wanted if one not in there}
    if not people:
        return offer
    longer = offer.list_people(act, more=len(people))
    gate.offers.list_people(longer, people)
    return longer


def open_offer(gate: Gate, act: Act, offer_id: str) -> Offer:
    """Put an offer to the owners of those it is for. Raise NobodyToDecide where none is here."""
    offer = gate.offers.get(offer_id)
    opened = offer.open(act)
    if opened is not offer:
        if offer.segment:
            state = gate.people.segment(offer.segment, act.correlation_id)
            if state is None or not state.is_decided:
                raise NobodyToDecide(offer.segment)
        gate.offers.save(opened)
    return opened


def withdraw_offer(gate: Gate, act: Act, offer_id: str) -> Offer:
    """Take an offer back: nothing of it is sent from now on."""
    offer = gate.offers.get(offer_id)
    withdrawn = offer.withdraw(act)
    if withdrawn is not offer:
        gate.offers.save(withdrawn)
    return withdrawn


@dataclass(frozen=True, kw_only=True)
class BallotPage:
    """Some of those whom somebody decides for, and behind whom the next ones come."""

    people: Sequence[OnBallot]
    after: str | None
    rivals: Mapping[str, Sequence[str]]  # open offers that clash with it, by person id


def read_ballot(
    gate: Gate, act: Act, offer: Offer, *, after: str | None, size: int = BALLOT
) -> BallotPage:
    """Those an offer is for whom the caller decides for today, with what speaks against it.

    At most so many, of a hundred on a list that are looked through, or of as many members of a
    segment. Raise OwnOffer for its requester.
    """
    offer.must_let_decide(act.by, act.at)
    many = LOOKED_THROUGH if offer.segment is None else size
    page = gate.page(offer, after=after, size=many, correlation_id=act.correlation_id)
    ids, last = page.customer_ids, page.after
    known = asked(gate.people.those(ids, act.correlation_id)) if ids else {}
    mine: dict[str, Addressee] = {}
    for one in ids:
        person = known.get(one)
        if person is not None and person.is_decided_by(act.by):
            mine.setdefault(person.person_id, person)
        if len(mine) == size and one != ids[-1]:
            last = one
            break
    looked = gate.looked_at(offer, list(mine.values()), act.at, act.correlation_id)
    rivals = _rivals(gate, offer, list(mine.values()), act.at)
    return BallotPage(people=looked, after=last, rivals=rivals)


def _rivals(
    gate: Gate, offer: Offer, people: Sequence[Addressee], at: datetime
) -> Mapping[str, Sequence[str]]:
    """The open offers for each of these that clash with one: the first that comes to them holds.

    The first ten of those that clash are looked at.
    """
    found: dict[str, list[str]] = {one.person_id: [] for one in people}
    ids = [each for one in people for each in one.ids]
    others = gate.offers.open_ones(offer.ends_at) if people else ()
    clashing = [one for one in others if clash(hold_of(offer), hold_of(one), at)]
    for other in clashing[:MOST_RIVALS]:
        listed = {} if other.segment else gate.offers.listed(other.offer_id, ids)
        for one in people:
            is_meant = (
                one.segment_id == other.segment
                if other.segment
                else any(each in listed for each in one.ids)
            )
            if is_meant:
                found[one.person_id].append(other.offer_id)
    return found


def vote(
    gate: Gate,
    act: Act,
    offer_id: str,
    *,
    vote_id: str,
    fingerprint: str,
    decision: Decision,
    reason: str,
    names: Sequence[str] = (),
) -> tuple[Vote, bool]:
    """Approve or veto an offer for all whom one decides for, or for those named.

    Raise OwnOffer for its requester, NotTheirOwner for who decides for none of them, and Invalid
    where somebody named is not on the ballot.
    """
    before = gate.offers.cast(vote_id, fingerprint=fingerprint)
    if before is not None:
        return before, True
    offer = gate.offers.get(offer_id)
    offer.must_let_decide(act.by, act.at)
    said: dict[str, Any] = {"names": tuple(dict.fromkeys(names))}
    if names:
        _must_be_theirs(gate, act, offer, names)
    else:
        authority = gate.people.authority(act.by, act.correlation_id)
        said["owners"] = authority.owners
        said["of_segment"] = offer.segment in authority.segments
        if not authority.owners:
            raise NotTheirOwner("these are")
    word = Vote.cast(
        act, vote_id=vote_id, offer_id=offer_id, decision=decision, reason=reason, **said
    )
    return gate.offers.vote(offer, word, fingerprint=fingerprint)


def _must_be_theirs(gate: Gate, act: Act, offer: Offer, names: Sequence[str]) -> None:
    known = asked(gate.people.those(names, act.correlation_id))
    ids = {each for person in known.values() for each in person.ids}
    listed = {} if offer.segment else gate.offers.listed(offer.offer_id, ids)
    for place, one in enumerate(names):
        person = known.get(one)
        on_it = person is not None and (
            person.segment_id == offer.segment
            if offer.segment
            else any(each in listed for each in person.ids)
        )
        if person is None or not on_it:
            raise Invalid("they are not on this ballot", field=f"customer_ids.{place}")
        if not person.is_decided_by(act.by):
            raise NotTheirOwner(f"{one} is")


def _complaints(
    person: Addressee, told: Mapping[str, Sequence[str | None]] | None
) -> Sequence[str | None] | None:
    if told is None or not all(one in told for one in person.ids):
        return None
    return [seriousness for one in person.ids for seriousness in told[one]]


def each_once(known: Mapping[str, Addressee]) -> list[Addressee]:
    """The persons of some customer ids."""
    return list({one.person_id: one for one in known.values()}.values())


def _owner_of(person: Addressee) -> str:
    return person.owner.staff_id if person.owner else ""


def asked(told: Mapping[str, Addressee] | None) -> Mapping[str, Addressee]:
    """What the customer service told. Raise Unavailable where it did not answer."""
    if told is None:
        raise Unavailable("the customer service does not answer; repeat the request shortly")
    return told
