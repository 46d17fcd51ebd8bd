"""Profiles of those who are one person: shown as one, changed as one, and parted unharmed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customer import use_cases
from services.customer.domain import (
    Address,
    ContactKind,
    ContactPoint,
    ContactState,
    Conversation,
    ConversationNotFound,
    Customer,
    CustomerNotFound,
    Direction,
    KeptUnderAnother,
    Person,
    PreviewStale,
    Purpose,
    surely,
)
from services.customer.ports import Customers
from services.customer.use_cases import links
from shared.entity import Via
from shared.errors import Conflict, Invalid, Stale
from shared.profiles import LISTS
from tests.customer.examples import EMAIL, HOME, MOBILE, a_customer, an_act
from tests.customer.fakes import InMemoryCustomers

IDS = ("cus_a", "cus_b", "cus_c")
OFFICE = Address(district="Çankaya", city="Ankara")
OTHER_PHONE = ContactPoint(kind=ContactKind.PHONE, value="+905337654321")


@pytest.fixture
def two(customers: Customers) -> Customers:
    """Ayşe, and Ayse who is called so elsewhere, in the books and linked."""
    for one in (
        a_customer("cus_a", name="AYSE ISIK", contact_points=(MOBILE,), external_ids=("x:1",)),
        a_customer("cus_b", name="Ayşe Işık", contact_points=(EMAIL,), addresses=(HOME,)),
    ):
        customers.add(one, fingerprint="f")
    link(customers, "cus_a", "cus_b")
    return customers


def link(customers: Customers, one: str, other: str, minutes: int = 1, **how: Any) -> str:
    link_id = f"lnk_{one}_{other}_{minutes}"
    made, _ = links.link_customers(
        customers,
        an_act(minutes),
        one,
        other,
        link_id=link_id,
        fingerprint="f",
        reason="so",
        **how,
    )
    return made.link_id


def person(customers: Customers, customer_id: str) -> Person:
    return links.person_of(customers, customers.get(customer_id))


def shown(customers: Customers, customer_id: str) -> dict[str, Any]:
    return {name: won.value for name, won in person(customers, customer_id).shown().items()}


def change(customers: Customers, customer_id: str, minutes: int = 2, **fields: Any) -> Person:
    before = person(customers, customer_id)
    return use_cases.change_customer(
        customers, an_act(minutes), before, version=before.version, **fields
    )


def own(customer: Customer) -> tuple[Any, ...]:
    """What a customer has by themselves, whoever they are linked with."""
    names = ("name", "since", "heard_from", "lost_to", "language", *LISTS)
    return tuple(getattr(customer, name) for name in names)


def test_either_id_shows_the_one_profile(two: Customers) -> None:
    for one in ("cus_a", "cus_b"):
        profile = shown(two, one)
        assert profile["name"] == "Ayşe Işık"
        assert [point["value"] for point in profile["contact_points"]] == [
            MOBILE.value,
            EMAIL.value,
        ]
        assert person(two, one).person_id == "cus_a"


@pytest.mark.parametrize("under", ["cus_a", "cus_b"])
def test_a_change_of_the_one_profile_holds_under_either_id_and_ends_with_the_link(
    two: Customers, under: str
) -> None:
    before = {one: own(two.get(one)) for one in ("cus_a", "cus_b")}

    answered = change(two, under, name="Ayşe Demir", language="ku")

    assert answered.shown()["name"].value == "Ayşe Demir"
    assert shown(two, "cus_a") == shown(two, "cus_b")
    assert shown(two, "cus_a")["language"] == "ku"
    assert {one: own(two.get(one)) for one in before} == before
    [live] = links.list_links(two, "cus_a")
    ended = links.end_link(two, an_act(3), "cus_a", live.link_id, reason="two people")
    assert {(one.field, one.value, one.by) for one in ended.set_aside} == {
        ("name", "Ayşe Demir", "agent-1"),
        ("language", "ku", "agent-1"),
    }
    assert shown(two, "cus_a")["name"] == "AYSE ISIK"
    assert shown(two, "cus_b")["name"] == "Ayşe Işık"


def test_somebody_is_found_by_the_name_that_was_decided_for_as_long_as_it_holds(
    customers: Customers,
) -> None:
    for one in ("cus_a", "cus_b"):
        customers.add(a_customer(one, addresses=(HOME,)), fingerprint="f")
    link_id = link(customers, "cus_a", "cus_b")

    change(customers, "cus_b", name="Ayşe Demir")

    found = customers.by_name_and_district("ayse demir", "kadikoy")
    assert [one.customer_id for one in found] == ["cus_a"]
    links.end_link(customers, an_act(3), "cus_a", link_id, reason="two people")
    assert customers.by_name_and_district("ayse demir", "kadikoy") == []
    assert len(customers.by_name_and_district("ayse isik", "kadikoy")) == 2


def test_nobody_is_called_by_a_name_that_was_decided_of_others(customers: Customers) -> None:
    for one in IDS:
        customers.add(a_customer(one, addresses=(HOME,)), fingerprint="f")
    link(customers, "cus_b", "cus_c")
    change(customers, "cus_b", name="Ayşe Demir")
    link(customers, "cus_a", "cus_b", confirmed=False)

    assert customers.get("cus_a").names == ("Ayşe Işık",)
    assert shown(customers, "cus_a")["name"] == "Ayşe Işık"
    assert shown(customers, "cus_c")["name"] == "Ayşe Demir"


def test_what_is_added_under_an_id_is_its_own_and_stays_so(two: Customers) -> None:
    points = person(two, "cus_b").contact_points()

    change(two, "cus_b", contact_points=(*points, OTHER_PHONE))

    assert two.get("cus_a").contact_points == (MOBILE,)
    assert two.get("cus_b").contact_points == (EMAIL, OTHER_PHONE)
    assert [one.customer_id for one in two.by_phone(OTHER_PHONE.value)] == ["cus_b"]


def test_what_another_has_is_not_taken_away_or_altered_under_this_id(two: Customers) -> None:
    lost = replace(EMAIL, state=ContactState.LOST)
    for points in ((MOBILE,), ()):
        with pytest.raises(KeptUnderAnother, match=r"under cus_b.*change it under that id"):
            change(two, "cus_a", contact_points=points)
    with pytest.raises(KeptUnderAnother, match=r"addresses.*under cus_b"):
        change(two, "cus_a", addresses=())

    change(two, "cus_a", contact_points=(MOBILE, lost))  # what is lost is so at once, for all

    assert two.get("cus_b").contact_points == (EMAIL,)
    assert shown(two, "cus_b")["contact_points"][1]["state"] == "lost"
    with pytest.raises(KeptUnderAnother, match="under cus_a"):
        change(two, "cus_b", contact_points=(MOBILE, EMAIL))


def test_what_is_preferred_is_put_first_under_its_own_id(two: Customers) -> None:
    change(two, "cus_b", contact_points=(EMAIL, MOBILE))

    assert [one["value"] for one in shown(two, "cus_a")["contact_points"]] == [
        EMAIL.value,
        MOBILE.value,
    ]
    assert two.get("cus_b").contact_points == (EMAIL,)


def test_what_is_as_it_is_shown_changes_nothing(two: Customers) -> None:
    for one in ("cus_a", "cus_b"):
        before = person(two, one)
        same = use_cases.change_customer(
            two,
            an_act(5),
            before,
            version=before.version,
            name="Ayşe Işık",
            contact_points=before.contact_points(),
            addresses=(HOME,),
            external_ids=("x:1",),
        )
        assert same == before == person(two, one)


def test_who_changes_under_one_id_what_was_changed_under_the_other_is_told(
    two: Customers,
) -> None:
    stale = person(two, "cus_b")
    change(two, "cus_a", name="Ayşe Demir")

    with pytest.raises(Stale):
        use_cases.change_customer(
            two, an_act(3), person(two, "cus_b"), version=stale.version, name="Ayşe Kaya"
        )
    with pytest.raises(Conflict):
        use_cases.change_customer(two, an_act(3), stale, version=stale.version, name="Kaya")


def test_a_preview_says_what_wins_and_why_and_a_choice_by_hand_holds(
    customers: Customers,
) -> None:
    for one in (
        a_customer("cus_a", name="Ayşe Işık", language="tr", contact_points=(MOBILE,)),
        a_customer("cus_b", name="Ayşe Nur Işık", language="ku", contact_points=(EMAIL,)),
    ):
        customers.add(one, fingerprint="f")

    merged = links.preview_link(customers, an_act(), "cus_a", "cus_b")

    won = merged.shown()
    assert (won["name"].customer_id, won["name"].why) == ("cus_b", "the fuller name")
    assert (won["language"].value, won["language"].why) == ("tr", "of whom the others joined")
    link(
        customers,
        "cus_a",
        "cus_b",
        preview=merged.version,
        choices={"language": "cus_b", "contact_points": "cus_b"},
    )
    profile = shown(customers, "cus_a")
    assert (profile["name"], profile["language"]) == ("Ayşe Nur Işık", "ku")
    assert profile["contact_points"][0]["value"] == EMAIL.value


def test_a_preview_that_something_has_changed_since_is_refused(two: Customers) -> None:
    two.add(a_customer("cus_c"), fingerprint="f")
    merged = links.preview_link(two, an_act(), "cus_c", "cus_a")
    change(two, "cus_b", addresses=(HOME, OFFICE))

    with pytest.raises(PreviewStale, match="preview again"):
        link(two, "cus_c", "cus_a", preview=merged.version)
    with pytest.raises(Invalid, match="choose among the customers"):
        link(two, "cus_c", "cus_a", choices={"name": "cus_x"})

    again = links.preview_link(two, an_act(), "cus_c", "cus_a")
    link(two, "cus_c", "cus_a", preview=again.version)
    assert person(two, "cus_b").entries.keys() == set(IDS)


def test_what_only_the_system_has_joined_is_not_shown_as_one(two: Customers) -> None:
    two.add(a_customer("cus_c", name="Ayse Nur Isik"), fingerprint="f")
    link_id = link(two, "cus_c", "cus_b", confirmed=False)

    assert shown(two, "cus_c")["name"] == "Ayse Nur Isik"
    assert shown(two, "cus_a")["name"] == shown(two, "cus_b")["name"] == "Ayşe Işık"
    change(two, "cus_c", name="Ayse N. Isik")
    assert two.get("cus_c").name == "Ayse N. Isik"

    links.confirm_link(two, an_act(4), "cus_c", link_id)
    assert person(two, "cus_b").entries.keys() == set(IDS)


def call(customers: Customers, call_id: str, phone: ContactPoint, minutes: int) -> Conversation:
    """A call that has ended, told by a call centre that knows the phone alone."""
    told = Conversation.record(
        an_act(minutes),
        conversation_id=call_id,
        customer_id="",
        held_at=an_act(minutes).at,
        channel="phone",
        direction=Direction.IN,
        purpose=Purpose.SERVICE,
        partner="Deniz",
        summary="",
    )
    return use_cases.record_call(customers, told, phone, fingerprint="f")


def test_a_call_says_whether_others_had_its_phone_and_not_which_phone_it_was(
    customers: Customers,
) -> None:
    for one in ("cus_a", "cus_b"):
        customers.add(a_customer(one, contact_points=(MOBILE,)), fingerprint="f")
    customers.add(a_customer("cus_c", contact_points=(OTHER_PHONE,)), fingerprint="f")
    link(customers, "cus_a", "cus_b")

    ours = call(customers, "cnv_1", MOBILE, 5)
    hers = call(customers, "cnv_2", OTHER_PHONE, 6)

    assert ours.via == Via(kind="phone", shared=True, at=an_act(5).at)
    assert hers.via == Via(kind="phone", shared=False, at=an_act(6).at)
    assert (ours.awaits_review, hers.awaits_review) == (True, False)


def test_whose_a_conversation_was_is_said_under_whom_it_shows(customers: Customers) -> None:
    for one in ("cus_a", "cus_b"):
        customers.add(a_customer(one, contact_points=(MOBILE,)), fingerprint="f")
    link(customers, "cus_a", "cus_b")
    call(customers, "cnv_1", MOBILE, 5)

    def say(whose: str, *, told_of: str = "cus_a") -> Conversation:
        return links.attribute_conversation(customers, an_act(6), "cnv_1", whose, told_of=told_of)

    with pytest.raises(ConversationNotFound):
        say("cus_b", told_of="cus_b")
    with pytest.raises(CustomerNotFound):
        say("cus_x")

    said = say("cus_b")

    assert (said.customer_id, said.holder) == ("cus_a", "cus_b")
    assert say("cus_b") == customers.get_conversation("cnv_1") == said
    assert say("cus_a", told_of="cus_b").holder == "cus_a"


class Story:
    """Three people, of whom some are said to be one, while their profiles change."""

    def __init__(self) -> None:
        names = ("Ayşe Işık", "AYSE ISIK", "Ayşe Nur Işık")
        people = [
            a_customer(one, name=name, external_ids=(f"x:{one}",))
            for one, name in zip(IDS, names, strict=True)
        ]
        self.customers = InMemoryCustomers(*people)
        self.theirs = {one: list(self.customers.get(one).external_ids) for one in IDS}
        self.minutes = 0

    def take(self, step: tuple[str, int, int]) -> None:
        self.minutes += 1
        what, one, other = step
        if what in ("link", "guess"):
            with suppress(Conflict, Invalid):
                sure = what == "link"
                link(self.customers, IDS[one], IDS[other], self.minutes, confirmed=sure)
        elif what == "end":
            live = links.list_links(self.customers, IDS[one])
            if live:
                end = live[other % len(live)]
                links.end_link(
                    self.customers, an_act(self.minutes), end.asked[0], end.link_id, reason="two"
                )
        elif what == "confirm":
            for each in links.list_links(self.customers, IDS[one])[:1]:
                links.confirm_link(
                    self.customers, an_act(self.minutes), each.asked[0], each.link_id
                )
        elif what == "name":
            before = {each: own(self.customers.get(each)) for each in IDS}
            alone = len(person(self.customers, IDS[one]).entries) == 1
            change(self.customers, IDS[one], self.minutes, name=f"Name {self.minutes}")
            if not alone:
                assert {each: own(self.customers.get(each)) for each in IDS} == before
        else:
            new = f"y:{self.minutes}"
            known = shown(self.customers, IDS[one])["external_ids"]
            change(self.customers, IDS[one], self.minutes, external_ids=(*known, new))
            self.theirs[IDS[one]].append(new)

    def must_hold(self) -> None:
        for one in IDS:
            theirs = person(self.customers, one)
            leader = links.leader_of(self.customers, self.customers.get(one))
            assert theirs.entries.keys() == surely(leader, one)
            profiles = [shown(self.customers, each) for each in theirs.entries]
            assert all(profile == profiles[0] for profile in profiles)
            assert list(self.customers.get(one).external_ids) == self.theirs[one]
            assert set(profiles[0]["external_ids"]) == {
                each for entry in theirs.entries for each in self.theirs[entry]
            }
            if len(theirs.entries) == 1:
                assert profiles[0]["name"] == self.customers.get(one).name
            assert all(set(each.of) <= set(leader.members) for each in leader.overrides)


STEP = st.tuples(
    st.sampled_from(["link", "guess", "end", "confirm", "name", "add"]),
    st.integers(0, 2),
    st.integers(0, 2),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(STEP, min_size=3, max_size=12))
def test_whatever_is_linked_changed_and_parted_each_keeps_exactly_their_own(
    steps: Sequence[tuple[str, int, int]],
) -> None:
    story = Story()
    for step in steps:
        story.take(step)
        story.must_hold()
    for one in IDS:
        for each in links.list_links(story.customers, one):
            links.end_link(
                story.customers, an_act(99), each.asked[0], each.link_id, reason="all are two"
            )
    story.must_hold()
    for one in IDS:
        alone = story.customers.get(one)
        assert (alone.merged_into, alone.edges, alone.overrides) == (None, (), ())
