"""The gate: who decides, what vetoes by itself, and that nobody else is written to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.engagement.adapters.offers import DynamoHistory, DynamoHolds, DynamoOffers
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.adapters.votes import DynamoNamedVotes
from services.engagement.domain import Channel
from services.engagement.domain.offers.clashes import Hold, clash
from services.engagement.domain.offers.offer import (
    MOVES,
    IllegalMove,
    NobodyToDecide,
    NotTheirOwner,
    Offer,
    OfferIsPast,
    OfferStatus,
    OwnOffer,
)
from services.engagement.domain.offers.people import Addressee, Keeper
from services.engagement.domain.offers.votes import Authority, Decision, Said, Word, word_on
from services.engagement.domain.rapport import Heard
from services.engagement.domain.silence import Word as Turn
from services.engagement.ports.offers import Members, SegmentState, Walk
from services.engagement.use_cases.offers import (
    Gate,
    list_people,
    open_offer,
    plan_offer,
    read_ballot,
    vote,
    withdraw_offer,
)
from services.engagement.use_cases.silences import hear
from services.engagement.use_cases.waves import send_offers
from shared.aws.clocks import Clocks
from shared.aws.cursors import Cursors
from shared.errors import ChangedMeanwhile, Conflict, Invalid, KeyReused, Unavailable
from tests.account import SECRET, AwsAccount, all_items
from tests.engagement.examples import NOON, an_act
from tests.engagement.fakes import InMemoryContacts, InMemoryOutbox

DAY = 24 * 60  # minutes
SELIN, CEM = Keeper(staff_id="stf_s", subject="selin"), Keeper(staff_id="stf_c", subject="cem")
TEXT = {"offer": "Yılbaşına özel", "until": "31 Aralık", "link": "https://example.com/y"}
FIELDS: dict[str, Any] = {
    "what": "a quarter off",
    "why": "year-end",
    "product": "glasses",
    "channel": Channel.SMS,
    "wave": "year-end",
    "purpose": "offer",
    "template": "offer_made",
    "values": TEXT,
    "starts_at": NOON,
    "ends_at": NOON + timedelta(days=20),
}


def person(number: int, owner: Keeper | None = SELIN, **known: Any) -> Addressee:
    defaults = {"known_since": NOON - timedelta(days=90)}
    return Addressee(ids=(f"cus_{number}",), owner=owner, **defaults | known)


class World:
    """Offers in their table, and what other services know. Implements ports.offers.People."""

    def __init__(self, account: AwsAccount) -> None:
        client, table = account.dynamodb, account.table("engagement")
        self.clocks = Clocks(client, table, kind="offer")
        self.offers = DynamoOffers(client, table, SECRET, self.clocks)
        self.gate = Gate(
            offers=self.offers,
            holds=DynamoHolds(client, table),
            people=self,
            history=DynamoHistory(client, table),
            silences=DynamoRapports(client, table),
        )
        self.outbox = InMemoryOutbox(InMemoryContacts())
        self.persons: list[Addressee] = []
        self.troubles: dict[str, list[str | None]] | None = {}
        self.authorities = {
            "selin": Authority(owners=("stf_s",)),
            "cem": Authority(owners=("stf_c",), segments=("seg_1",)),
        }
        self.decided: dict[str, bool] = {"seg_1": True, "seg_2": False}
        self._number = 0

    def those(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Addressee] | None:
        return {each: one for one in self.persons for each in one.ids if each in set(customer_ids)}

    def complaints(
        self, customer_ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]] | None:
        if self.troubles is None:
            return None
        return {one: self.troubles.get(one, []) for one in customer_ids}

    def authority(self, subject: str, correlation_id: str) -> Authority:
        return self.authorities.get(subject, Authority())

    def segment(self, segment_id: str, correlation_id: str) -> SegmentState | None:
        is_decided = self.decided.get(segment_id)
        if is_decided is None:
            return None
        return SegmentState(is_decided=is_decided)

    def members(
        self, segment_id: str, *, after: str | None, size: int, correlation_id: str
    ) -> Members:
        ids = [one.person_id for one in self.persons if one.segment_id == segment_id]
        start = int(after or 0)
        more = start + size < len(ids)
        return Members(
            customer_ids=ids[start : start + size], after=str(start + size) if more else None
        )

    def know(self, *people: Addressee) -> None:
        self.persons = list(people)

    def planned(self, *people: Addressee, **fields: Any) -> str:
        """A draft of the seller's, with these people on its list."""
        self._number += 1
        offer, _ = plan_offer(
            self.gate,
            an_act(by="seller"),
            offer_id=f"off_{self._number}",
            fingerprint="f",
            **FIELDS | fields,
        )
        ids = [one.person_id for one in people]
        for start in range(0, len(ids), 90):
            some = ids[start : start + 90]
            list_people(self.gate, an_act(by="seller"), offer.offer_id, some)
        return offer.offer_id

    def opened(self, *people: Addressee, **fields: Any) -> str:
        """An offer that is before the owners."""
        self.know(*self.persons, *(one for one in people if one not in self.persons))
        offer_id = self.planned(*people, **fields)
        self.keep(open_offer(self.gate, an_act(by="seller"), offer_id))
        return offer_id

    def keep(self, offer: Offer) -> None:
        """As the stream would have it."""
        due_at = offer.starts_at if offer.status is OfferStatus.OPEN else None
        self.clocks.keep(offer.offer_id, offer.version, due_at, {})

    def say(
        self, who: str, offer_id: str, decision: str, *names: str, minutes: float = 1, **said: Any
    ) -> None:
        self._number += 1
        vote(
            self.gate,
            an_act(minutes, by=who),
            offer_id,
            vote_id=f"vot_{self._number}",
            fingerprint="f",
            decision=Decision(decision),
            names=names,
            **{"reason": "enough"} | said,
        )

    def send(self, minutes: float = 10) -> set[str]:
        """Let waves go on; return whom somebody is asked to tell of any offer by now."""
        send_offers(self.gate, self.outbox, an_act(minutes, by="sahip.engagement"))
        return {one.customer_id for one in self.outbox.due(NOON + timedelta(days=99), 999)}


@pytest.fixture
def world(account: AwsAccount) -> World:
    return World(account)


def test_of_240_exactly_those_are_written_to_whom_their_owners_let_by(world: World) -> None:
    people = [person(number, CEM if number < 20 else SELIN) for number in range(240)]
    offer_id = world.opened(*people)
    world.troubles = {"cus_30": ["serious"], "cus_31": ["normal"], "cus_32": [None]}
    by_hand = [f"cus_{number}" for number in range(40, 87)]

    assert world.send() == set()
    world.say("selin", offer_id, "approve")
    world.say("selin", offer_id, "veto", *by_hand)

    mine = {one.person_id for one in people[20:]}
    approved = mine - {"cus_30", "cus_32", *by_hand}
    assert len(approved) == 220 - 2 - 47
    assert world.send() == approved
    assert world.send(20) == approved
    assert all(world.gate.allows(offer_id, [one], NOON) for one in ("cus_31", "cus_239"))
    assert not any(world.gate.allows(offer_id, [one], NOON) for one in ("cus_5", "cus_30"))
    world.say("selin", offer_id, "veto", minutes=30)
    assert not world.gate.allows(offer_id, ["cus_31"], NOON)


def test_who_asks_for_an_offer_neither_reads_nor_decides_its_ballot(world: World) -> None:
    offer_id = world.opened(person(1, Keeper(staff_id="stf_x", subject="seller")))

    with pytest.raises(OwnOffer):
        world.say("seller", offer_id, "approve")
    with pytest.raises(OwnOffer):
        read_ballot(world.gate, an_act(by="seller"), world.offers.get(offer_id), after=None)
    with pytest.raises(NotTheirOwner):
        world.say("somebody", offer_id, "approve")
    with pytest.raises(NotTheirOwner, match="cus_1 is not yours"):
        world.say("selin", offer_id, "approve", "cus_1")
    with pytest.raises(Invalid, match="not on this ballot"):
        world.say("selin", offer_id, "approve", "cus_9")
    assert world.send() == set()


def test_a_word_stands_though_somebody_else_owns_them_since(world: World) -> None:
    moved, named, later = person(1), person(2), person(3, CEM)
    offer_id = world.opened(moved, named, later)
    world.say("selin", offer_id, "approve")
    world.say("selin", offer_id, "veto", "cus_2")

    world.know(replace(moved, owner=CEM), replace(named, owner=CEM), replace(later, owner=SELIN))

    assert world.send() == {"cus_1", "cus_3"}  # whom she owned then, and whom she owns now
    world.say("cem", offer_id, "approve", "cus_2", minutes=20)
    assert world.send(30) == {"cus_1", "cus_2", "cus_3"}


def test_who_takes_an_owners_place_decides_and_who_has_left_does_not(world: World) -> None:
    gone = replace(SELIN, has_left=True)
    offer_id = world.opened(person(1, gone, acting=CEM), person(2, gone))
    world.authorities = {"cem": Authority(owners=("stf_c", "stf_s"))}

    with pytest.raises(NotTheirOwner):
        world.say("selin", offer_id, "approve", "cus_1")
    world.say("cem", offer_id, "approve", "cus_1")
    assert world.send() == {"cus_1"}
    world.say("cem", offer_id, "approve", minutes=20)  # for all of Selin's, as her successor
    assert world.send(30) == {"cus_1", "cus_2"}


def test_a_vote_is_recorded_once_and_only_while_the_offer_stands_as_it_was_read(
    world: World,
) -> None:
    offer_id = world.opened(person(1))
    said: dict[str, Any] = {"decision": Decision.APPROVE, "reason": "", "vote_id": "vot_x"}

    first, _ = vote(world.gate, an_act(1, by="selin"), offer_id, fingerprint="f", **said)
    again = vote(world.gate, an_act(2, by="selin"), offer_id, fingerprint="f", **said)
    with pytest.raises(KeyReused):
        vote(world.gate, an_act(by="selin"), offer_id, fingerprint="g", **said)
    with pytest.raises(Invalid, match="say why not"):
        world.say("selin", offer_id, "veto", reason="")

    assert again == (first, True)
    read_before = world.offers.get(offer_id)
    withdraw_offer(world.gate, an_act(by="seller"), offer_id)
    with pytest.raises(ChangedMeanwhile):
        world.offers.vote(read_before, replace(first, vote_id="vot_y"), fingerprint="f")
    with pytest.raises(IllegalMove):
        world.say("selin", offer_id, "veto")
    assert world.send() == set()


def test_why_somebody_was_vetoed_is_forgotten_with_them_and_that_they_were_is_not(
    world: World, account: AwsAccount
) -> None:
    offer_id = world.opened(person(1), person(2))
    world.say("selin", offer_id, "veto", "cus_1", reason="he has lost his job")
    world.say("selin", offer_id, "veto", "cus_1", minutes=2, reason="and drinks")
    world.say("selin", offer_id, "approve", "cus_1", "cus_2", minutes=3, reason="both are well")
    world.say("selin", offer_id, "veto", "cus_2", minutes=4, reason="she asked for it")
    votes = DynamoNamedVotes(account.dynamodb, account.table("engagement"), SECRET)

    for _ in range(2):
        votes.forget(an_act(9, by="erased"), "cus_1")

    listed, _ = world.offers.votes(offer_id, size=9, cursor=None, cursors=Cursors(SECRET, "s"))
    assert [(one.decision, one.reason) for one, _ in reversed(listed)] == [
        (Decision.VETO, ""),
        (Decision.VETO, ""),
        (Decision.APPROVE, "both are well"),
        (Decision.VETO, "she asked for it"),
    ]
    kept = repr(all_items(account.dynamodb, account.table("engagement")))
    assert "lost his job" not in kept
    assert "drinks" not in kept
    assert world.send() == {"cus_1"}  # as was said last of all


def test_nothing_of_an_offer_is_sent_before_its_beginning_or_from_its_end_on(
    world: World,
) -> None:
    offer_id = world.opened(person(1), starts_at=NOON + timedelta(days=1))
    world.say("selin", offer_id, "approve")

    assert world.send(DAY - 1) == set()
    end = an_act(20 * DAY, by="selin")
    with pytest.raises(OfferIsPast):
        world.say("selin", offer_id, "approve", minutes=20 * DAY)
    assert not world.gate.allows(offer_id, ["cus_1"], end.at)
    assert world.send(20 * DAY) == set()
    assert world.offers.get(offer_id).status is OfferStatus.ENDED
    with pytest.raises(IllegalMove) as refused:
        withdraw_offer(world.gate, end, offer_id)
    assert refused.value.legal_moves == ()


def test_of_two_offers_that_clash_the_first_that_comes_to_somebody_holds_the_place(
    world: World,
) -> None:
    both, one = person(1), person(2)
    first = world.opened(both)
    second = world.opened(both, one, channel=Channel.EMAIL)
    other = world.opened(both, channel=Channel.LETTER, product="frames")
    world.say("selin", first, "approve")
    assert world.send() == {"cus_1"}
    world.say("selin", second, "approve")
    world.say("selin", other, "approve")

    world.send(20)

    page = read_ballot(world.gate, an_act(by="selin"), world.offers.get(second), after=None)
    assert page.rivals == {"cus_1": [first], "cus_2": []}
    against = {p.person.person_id: [v.offer_id for v in p.vetoes(NOON)] for p in page.people}
    assert against == {"cus_1": [first], "cus_2": []}
    assert not world.gate.allows(second, ["cus_1"], NOON)
    told = {(m.customer_id, m.offer_id) for m in world.outbox.due(NOON + timedelta(days=9), 99)}
    assert told == {("cus_1", first), ("cus_2", second), ("cus_1", other)}


def test_two_waves_that_come_to_one_person_at_once_do_not_both_pass(world: World) -> None:
    holds = world.gate.holds
    mine = Hold(offer_id="off_a", product="x", channel=Channel.SMS, starts_at=NOON, ends_at=NOON)
    mine = replace(mine, ends_at=NOON + timedelta(days=3))
    theirs = replace(mine, offer_id="off_b")
    one, joined = person(1), replace(person(1), ids=("cus_1", "cus_2"))
    read = holds._held  # type: ignore[attr-defined]

    def outrun(ids: Collection[str]) -> Any:
        found = read(ids)
        holds._held = read  # type: ignore[attr-defined]
        assert holds.take(one, theirs, NOON) == ()
        return found

    holds._held = outrun  # type: ignore[attr-defined]

    assert list(holds.take(joined, mine, NOON)) == ["off_b"]
    assert holds.take(one, theirs, NOON) == ()
    assert holds.holding([joined], mine, NOON) == {"cus_1": ["off_b"]}


def test_a_wave_that_breaks_down_goes_on_where_it_was(world: World) -> None:
    people = [person(number) for number in range(60)]
    offer_id = world.opened(*people)
    world.say("selin", offer_id, "approve")
    steps = iter([True, False])

    send_offers(world.gate, world.outbox, an_act(5), has_time=lambda: next(steps))

    first = {one.customer_id for one in world.outbox.due(NOON + timedelta(days=9), 99)}
    assert len(first) == 50
    place = world.offers.walk(offer_id)
    with pytest.raises(ChangedMeanwhile):
        world.offers.move(offer_id, Walk(begun_at=NOON, after="cus_0"), Walk())
    world.offers.move(offer_id, replace(place, after=""), place)  # its own answer, lost
    assert len(world.send()) == 60


def test_a_list_takes_each_once_nobody_unknown_and_not_more_than_a_list_may(
    world: World,
) -> None:
    world.know(person(1), person(2))
    offer_id = world.planned(person(1))

    with pytest.raises(Conflict, match="nobody is on its list"):
        open_offer(world.gate, an_act(by="seller"), world.planned())
    with pytest.raises(Invalid, match="no such customer") as refused:
        list_people(world.gate, an_act(), offer_id, ["cus_2", "cus_9"])
    assert refused.value.field == "customer_ids.1"
    longer = list_people(world.gate, an_act(), offer_id, ["cus_1", "cus_2", "cus_2"])
    assert longer.people == 2
    with pytest.raises(Invalid, match="make a segment"):
        replace(longer, people=99_999).list_people(an_act(), more=2)
    for _ in range(3):  # however many parts a list comes in, the offer stays as small
        longer = longer.list_people(an_act(), more=90)
    assert longer.people == 272
    assert [one.what for one in longer.log] == ["planned", "people_listed", "people_listed"]
    with pytest.raises(Invalid, match="for a segment"):
        list_people(world.gate, an_act(), world.planned(segment="seg_1"), ["cus_1"])


@pytest.mark.parametrize(
    ("fields", "flaw"),
    [
        ({"ends_at": NOON}, "ends_at"),
        ({"starts_at": NOON - timedelta(days=9), "ends_at": NOON}, "ends_at"),
        ({"purpose": "delivery"}, "purpose"),
        ({"channel": Channel.CALL}, "channel"),
        ({"values": {}}, "values.link"),
        ({"segment": "seg_9"}, "segment"),
    ],
)
def test_what_could_not_be_sent_is_refused_at_once(
    world: World, fields: dict[str, Any], flaw: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.planned(**fields)

    assert refused.value.field == flaw


def test_an_offer_to_a_segment_that_nobody_decides_for_is_not_opened(world: World) -> None:
    offer_id = world.planned(segment="seg_2")

    with pytest.raises(NobodyToDecide):
        open_offer(world.gate, an_act(by="seller"), offer_id)


def test_a_segment_is_decided_by_one_word_with_exceptions_and_each_ones_own_owner(
    world: World,
) -> None:
    many = [person(number, CEM, segment_id="seg_1") for number in range(120)]
    own = person(200, SELIN, segment_id="seg_1", is_owned_by_segment=False)
    world.know(*many, own, person(300, CEM, segment_id="seg_2"))
    offer_id = world.opened(segment="seg_1")
    assert world.offers.page(offer_id, after=None, size=9) == []  # nobody is copied

    world.say("cem", offer_id, "approve")
    with pytest.raises(Invalid, match="not on this ballot"):
        world.say("cem", offer_id, "veto", "cus_300")
    world.say("cem", offer_id, "veto", "cus_7", "cus_8")
    page = read_ballot(world.gate, an_act(by="cem"), world.offers.get(offer_id), after=None)
    sent = world.send()

    assert len(page.people) == 25
    assert sent == {one.person_id for one in many} - {"cus_7", "cus_8"}
    world.know(*many[:3], replace(many[9], segment_id="seg_2"), own)
    assert not world.gate.allows(offer_id, ["cus_9"], NOON)  # who is in another one since
    world.say("selin", offer_id, "approve", minutes=20)
    assert "cus_200" in world.send(30)


def test_what_cannot_be_asked_holds_an_offer_back(world: World) -> None:
    offer_id = world.opened(person(1))
    world.say("selin", offer_id, "approve")
    world.troubles = None

    assert world.send() == set()
    with pytest.raises(Unavailable):
        world.gate.allows(offer_id, ["cus_1"], NOON)


def turned(word: Turn, days: int) -> Heard:
    """Somebody turned to somebody so many days ago."""
    return Heard(customer_id="cus_1", word=word, at=NOON - timedelta(days=days))


def test_the_forgotten_are_first_given_something_of_value(
    world: World, account: AwsAccount
) -> None:
    rapports = DynamoRapports(account.dynamodb, account.table("engagement"))
    hear(rapports, [turned(Turn.OURS, 372)])
    hear(rapports, [turned(Turn.OFFER, 20)])  # which should not have been
    offer_id = world.opened(person(1, known_since=NOON - timedelta(days=900)))
    world.say("selin", offer_id, "approve")
    [before] = read_ballot(
        world.gate, an_act(by="selin"), world.offers.get(offer_id), after=None
    ).people

    assert world.send() == set()
    hear(rapports, [turned(Turn.OURS, 0)])
    assert world.send(2 * DAY) == {"cus_1"}
    assert [one.code for one in before.vetoes(NOON)] == ["silence"]
    assert before.pressure(NOON).days_of_silence == 372


def test_an_owner_pages_through_theirs_alone(world: World) -> None:
    people = [person(number, SELIN if number % 5 else CEM) for number in range(130)]
    offer_id = world.opened(*people)
    found: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = read_ballot(
            world.gate, an_act(by="cem"), world.offers.get(offer_id), after=after, size=10
        )
        found += [one.person.person_id for one in page.people]
        after, pages = page.after, pages + 1

    assert sorted(found) == sorted(one.person_id for one in people[::5])
    assert pages == 3


def test_every_status_says_what_can_be_done() -> None:
    assert MOVES.keys() == set(OfferStatus)
    draft = Offer.plan(an_act(by="seller"), offer_id="off_1", **FIELDS)
    with pytest.raises(IllegalMove, match="possible now: open, people, withdraw") as refused:
        draft.must_let_decide("selin", NOON)
    assert refused.value.legal_moves == MOVES[OfferStatus.DRAFT]


def a_word(decision: Decision, minutes: int, *owners: str, named: bool = False) -> Word:
    at = NOON + timedelta(minutes=minutes)
    return Word(
        vote_id=f"vot_{minutes}", decision=decision, by="x", at=at, owners=owners, is_named=named
    )


WORDS = st.lists(
    st.builds(
        a_word,
        st.sampled_from(Decision),
        st.integers(0, 5),
        st.sampled_from(["stf_s", "stf_c"]),
        named=st.booleans(),
    ),
    max_size=5,
)


@given(WORDS)
def test_the_latest_word_of_an_owner_holds_and_one_that_names_somebody_before_all_others(
    words: list[Word],
) -> None:
    named = tuple(one for one in words if one.is_named)
    general = tuple(one for one in words if not one.is_named)
    entitled = [one for one in general if "stf_s" in one.owners]

    held = word_on(person(1), Said(general=general, named=named))

    of_a_kind = list(named) or entitled
    assert (held is None) == (not of_a_kind)
    if held is not None:
        latest = [one for one in of_a_kind if one.at == max(each.at for each in of_a_kind)]
        assert held in latest
        if held.decision is Decision.APPROVE:
            assert all(one.decision is Decision.APPROVE for one in latest)


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        ({}, True),
        ({"product": "GLASSES", "channel": Channel.EMAIL}, True),
        ({"product": "frames"}, True),  # by the same channel in the same week
        ({"product": "frames", "channel": Channel.EMAIL}, False),
        ({"product": "frames", "starts_at": NOON + timedelta(days=7)}, False),
        ({"starts_at": NOON + timedelta(days=9)}, False),  # when the first is over
    ],
)
def test_offers_clash_over_a_product_or_over_a_channel_in_a_week(
    other: dict[str, Any], *, clashes: bool
) -> None:
    one = Hold(
        offer_id="off_1",
        product="glasses",
        channel=Channel.SMS,
        starts_at=NOON,
        ends_at=NOON + timedelta(days=9),
    )
    changed: dict[str, Any] = {"offer_id": "off_2", "ends_at": NOON + timedelta(days=20)}
    two = replace(one, **changed | other)

    assert clash(one, two, NOON) is clash(two, one, NOON) is clashes
    assert not clash(one, one, NOON)
