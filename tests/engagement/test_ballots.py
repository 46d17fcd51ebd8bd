"""What is offered to one person, for whoever decides for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.engagement.domain import Channel
from services.engagement.domain.offers.people import Keeper
from services.engagement.domain.offers.votes import Decision
from services.engagement.use_cases.ballots import MOST_BALLOTS, BallotsOf, ballots_of
from services.engagement.use_cases.offers import withdraw_offer
from shared.errors import Unavailable
from tests.account import AwsAccount
from tests.engagement.examples import NOON, an_act
from tests.engagement.test_offers import CEM, World, person


@pytest.fixture
def world(account: AwsAccount) -> World:
    return World(account)


def listed(world: World, who: str = "selin", customer: str = "cus_1") -> BallotsOf:
    return ballots_of(world.gate, an_act(by=who), customer)


def ids(found: BallotsOf) -> list[str]:
    return [one.offer.offer_id for one in found.ballots]


def test_an_owner_sees_what_is_offered_to_one_of_theirs_and_nobody_else_does(
    world: World,
) -> None:
    one, other = person(1), person(2, CEM)
    world.troubles = {"cus_1": ["normal"]}
    mine = world.opened(one, other)
    world.opened(person(3))  # offered to somebody else
    draft = world.planned(one, product="frames")

    [ballot] = listed(world).ballots

    assert ballot.offer.offer_id == mine != draft
    assert ballot.found is not None
    assert ballot.found.person == one
    assert ballot.found.word is None
    assert ballot.found.found.complaints == ["normal"]
    assert ids(listed(world, "cem", "cus_2")) == [mine]
    for who, customer in (("cem", "cus_1"), ("seller", "cus_1"), ("selin", "cus_nobody")):
        assert listed(world, who, customer) == BallotsOf()


def test_an_offer_to_a_segment_is_before_the_owners_of_who_is_in_it_by_any_of_their_ids(
    world: World,
) -> None:
    joined = replace(person(1, segment_id="seg_1"), ids=("cus_1", "cus_7"))
    world.know(joined, person(2, segment_id="seg_2"))
    of_segment = world.opened(segment="seg_1")
    on_list = world.opened(person(7), product="frames", channel=Channel.LETTER)
    world.know(joined, person(2, segment_id="seg_2"))

    assert ids(listed(world)) == ids(listed(world, customer="cus_7")) == [of_segment, on_list]
    assert ids(listed(world, customer="cus_2")) == []


def test_the_word_that_holds_and_what_clashes_stand_beside_each_offer(world: World) -> None:
    one = person(1)
    first = world.opened(one)
    second = world.opened(one, channel=Channel.EMAIL)
    apart = world.opened(one, channel=Channel.LETTER, product="frames")
    world.say("selin", first, "veto", "cus_1", reason="not now")

    said = {one.offer.offer_id: one for one in listed(world).ballots}

    words = [ballot.found.word for ballot in said.values() if ballot.found]
    told = [(one.decision, one.reason) if one else None for one in words]
    assert told == [(Decision.VETO, "not now"), None, None]
    assert {name: list(ballot.rivals) for name, ballot in said.items()} == {
        first: [second],
        second: [first],
        apart: [],
    }


def test_who_asks_for_an_offer_is_told_of_it_and_nothing_of_the_ballot(world: World) -> None:
    seller = Keeper(staff_id="stf_x", subject="seller")
    offer_id = world.opened(person(1, seller))

    [ballot] = listed(world, "seller").ballots

    assert (ballot.offer.offer_id, ballot.found, ballot.rivals) == (offer_id, None, ())


def test_what_is_over_waits_for_nobody_and_of_many_the_first_five_are_told(world: World) -> None:
    one = person(1)
    offers = [
        world.opened(one, product=f"p{n}", starts_at=NOON + timedelta(days=n))
        for n in range(MOST_BALLOTS + 2)
    ]
    gone = withdraw_offer(world.gate, an_act(by="seller"), offers[0])
    world.keep(gone)

    found = listed(world)

    assert (ids(found), found.more) == (offers[1:-1], True)
    late = an_act(30 * 24 * 60, by="selin")
    assert ids(ballots_of(world.gate, late, "cus_1")) == []


def test_where_nobody_says_whose_they_are_nothing_is_told(world: World) -> None:
    world.opened(person(1))
    world.gate.people.those = lambda *_: None  # type: ignore[method-assign]

    with pytest.raises(Unavailable):
        listed(world)
