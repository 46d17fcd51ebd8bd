"""Customers joined and parted in any order: groups are always what the live links say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customer.domain import (
    AlreadyOnePerson,
    Customer,
    Link,
    LinkEnded,
    LinkWithOneself,
    NotConfirmedYet,
    PartedBefore,
    Parting,
    PreviewStale,
    TooManyMembers,
    join,
    surely,
)
from services.customer.domain.links import MOST_MEMBERS
from services.customer.use_cases import links
from shared.errors import ChangedMeanwhile, KeyReused
from tests.customer.examples import a_customer, an_act
from tests.customer.fakes import InMemoryCustomers

IDS = [f"cus_{letter}" for letter in "abcde"]


class Registry:
    """Customers, the links made between them, and what was told of it."""

    def __init__(self) -> None:
        self.customers = InMemoryCustomers(*(a_customer(one) for one in IDS))
        self.live: dict[str, tuple[str, str]] = {}  # by link: who are one person by it
        self.parted: set[tuple[str, str]] = set()  # whom somebody has told apart
        self._made = 0

    def take(self, step: tuple[str, str] | int) -> None:
        if isinstance(step, tuple):
            self.link(*step)
        elif self.live:
            self.end(sorted(self.live)[step % len(self.live)])

    def link(self, one: str, other: str, *, confirmed: bool = True) -> None:
        before = self.components()
        self._made += 1
        link_id = f"lnk_{self._made}"
        try:
            link, _ = links.link_customers(
                self.customers,
                an_act(self._made),
                one,
                other,
                link_id=link_id,
                fingerprint=link_id,
                reason="they say so",
                confirmed=confirmed,
            )
        except LinkWithOneself:
            assert one == other
        except AlreadyOnePerson:
            assert any({one, other} <= group for group in before)
            assert self.components() == before
        else:
            self.live[link_id] = link.asked

    def end(self, link_id: str) -> None:
        link = self.customers.get_link(link_id)
        links.end_link(self.customers, an_act(99), link.asked[0], link_id, reason="two people")
        self.live.pop(link_id, None)
        groups = self.groups()
        near, far = (groups[one] for one in link.asked)
        self.parted |= {(one, other) for one in near for other in far}

    def components(self) -> set[frozenset[str]]:
        """Who is one person by the live links alone."""
        groups = {one: {one} for one in IDS}
        for one, other in self.live.values():
            united = groups[one] | groups[other]
            groups |= dict.fromkeys(united, united)
        return {frozenset(group) for group in groups.values()}

    def groups(self) -> dict[str, frozenset[str]]:
        """By customer: all who are one person with them."""
        return {one: group for group in self.components() for one in group}

    def newest_link_versions(self) -> dict[str, int]:
        """By customer: the highest link version they were told."""
        return {
            one: max((version for version, _, _ in told), default=0)
            for one, told in self.told().items()
        }

    def leaders(self) -> Iterator[Customer]:
        for one in IDS:
            customer = self.customers.get(one)
            if customer.merged_into is None:
                yield customer

    def told(self) -> dict[str, list[tuple[int, frozenset[str], str]]]:
        """By member: link version, members and person, as they were told, oldest first."""
        entries = [entry for one in IDS for entry in self.customers.get(one).log]
        news: dict[str, list[tuple[int, frozenset[str], str]]] = {one: [] for one in IDS}
        for entry in entries:
            if entry.what == "link_changed":
                facts = entry.facts
                members = frozenset(facts["members"])
                told = (facts["link_version"], members, facts["person_id"])
                news[facts["member"]].append(told)
        return {one: sorted(told, key=lambda each: each[0]) for one, told in news.items()}

    def must_hold(self) -> None:
        by_leader = {one.customer_id: frozenset(one.members) for one in self.leaders()}
        assert set(by_leader.values()) == self.components()
        assert sum(map(len, by_leader.values())) == len(IDS)  # nobody is in two groups
        for one in IDS:
            customer = self.customers.get(one)
            leader = links.leader_of(self.customers, customer)
            assert one in by_leader[leader.customer_id]
            if customer.merged_into is not None:
                assert customer.edges == ()
        for leader_id, members in by_leader.items():
            edges = self.customers.get(leader_id).edges
            assert {edge.link_id for edge in edges} <= self.live.keys()
            joined = [edge.joined for edge in edges]
            assert sorted([leader_id, *joined]) == sorted(members)  # each is joined once: a tree
            for edge in edges:
                assert self.customers.get(edge.joined).merged_into == edge.into
        for one, told in self.told().items():
            versions = [version for version, _, _ in told]
            assert len(set(versions)) == len(versions)
            if told:
                _, members, person = told[-1]
                assert by_leader[person] == members
                assert one in members


# Two to be linked, or an end of the so-manieth of the live links. Deep trees need many joins.
LINK = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS))
END = st.integers(min_value=0, max_value=4)
STEPS = st.tuples(
    st.lists(LINK, min_size=3, max_size=6), st.lists(st.one_of(LINK, END), max_size=8)
).map(lambda halves: [*halves[0], *halves[1]])
Steps = Sequence[tuple[str, str] | int]


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_after_any_sequence_of_joins_and_parts_the_groups_are_what_the_live_links_say(
    steps: Steps,
) -> None:
    registry = Registry()
    for step in steps:
        registry.take(step)
        registry.must_hold()


@settings(max_examples=100, deadline=None)
@given(STEPS, st.sampled_from(IDS), st.sampled_from(IDS))
def test_ending_a_link_gives_back_what_was_there_before_it(
    steps: Steps, one: str, other: str
) -> None:
    registry = Registry()
    for step in steps:
        registry.take(step)
    before = {each: registry.customers.get(each) for each in IDS}
    made = set(registry.live)
    registry.link(one, other)
    for new in registry.live.keys() - made:
        registry.end(new)

    for each in IDS:
        customer = registry.customers.get(each)
        assert customer.merged_into == before[each].merged_into
        assert customer.edges == before[each].edges
        assert customer.link_version >= before[each].link_version


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_everybody_whose_group_changes_is_told_under_a_higher_link_version(
    steps: Steps,
) -> None:
    registry = Registry()
    for step in steps:
        groups, before = registry.groups(), registry.newest_link_versions()
        registry.take(step)
        after = registry.newest_link_versions()
        for member, group in registry.groups().items():
            assert (after[member] > before[member]) == (group != groups[member])


def test_linking_twice_is_refused_and_says_that_they_are_one_person_already() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b")
    a, b = registry.customers.get("cus_a"), registry.customers.get("cus_b")

    assert b.merged_into == "cus_a"
    with pytest.raises(AlreadyOnePerson, match="cus_b and cus_a are one person already"):
        join(
            an_act(),
            a,
            links.leader_of(registry.customers, b),
            link_id="l",
            asked=("cus_b", "cus_a"),
            reason="again",
        )


def test_a_person_has_no_more_members_than_a_view_can_read() -> None:
    customers = InMemoryCustomers(*(a_customer(f"cus_{n}") for n in range(MOST_MEMBERS + 1)))

    def link(n: int) -> None:
        links.link_customers(
            customers,
            an_act(n),
            "cus_0",
            f"cus_{n}",
            link_id=f"lnk_{n}",
            fingerprint="f",
            reason="they say so",
        )

    for n in range(1, MOST_MEMBERS):
        link(n)
    with pytest.raises(TooManyMembers, match="more than 20 customers cannot be one person"):
        link(MOST_MEMBERS)

    assert len(customers.get("cus_0").members) == MOST_MEMBERS


def test_a_group_cannot_be_parted_at_a_link_that_it_no_longer_has() -> None:
    link, leader, _ = join(
        an_act(),
        a_customer("cus_a"),
        a_customer("cus_b"),
        link_id="l",
        asked=("cus_a", "cus_b"),
        reason="she says so",
    )

    with pytest.raises(ChangedMeanwhile):
        Parting.of(replace(leader, edges=()), link)


def test_who_was_said_to_be_somebody_stays_with_them_whichever_link_ends() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b")
    registry.link("cus_b", "cus_c")

    registry.end("lnk_1")

    assert registry.groups()["cus_c"] == {"cus_b", "cus_c"}
    registry.must_hold()


def test_what_the_system_joins_is_confirmed_of_nobody_but_themselves_until_somebody_does() -> None:
    registry = Registry()
    registry.link("cus_b", "cus_c")
    registry.link("cus_a", "cus_b", confirmed=False)
    leader = registry.customers.get("cus_a")

    assert surely(leader, "cus_a") == {"cus_a"}
    assert surely(leader, "cus_c") == {"cus_b", "cus_c"}
    news = {one.facts["member"]: one.facts for one in leader.log if one.what == "link_changed"}
    assert news["cus_a"]["members"] == ["cus_a"]
    assert news["cus_a"]["newly_joined"] == ["cus_b", "cus_c"]
    confirmed = links.confirm_link(registry.customers, an_act(3, by="ada"), "cus_b", "lnk_2")

    assert (confirmed.confirmed, confirmed.confirmed_by) == (True, "ada")
    assert surely(registry.customers.get("cus_a"), "cus_a") == {"cus_a", "cus_b", "cus_c"}
    registry.must_hold()
    again = links.confirm_link(registry.customers, an_act(4), "cus_a", "lnk_2")
    assert again == confirmed


def ask_to_link(
    registry: Registry, one: str, other: str, link_id: str = "lnk_asked", **said: str
) -> tuple[Link, bool]:
    return links.link_customers(
        registry.customers,
        an_act(3, by="ada"),
        one,
        other,
        link_id=link_id,
        fingerprint=said.get("reason", "she says so"),
        reason=said.get("reason", "she says so"),
    )


def test_who_links_two_whom_the_system_has_linked_confirms_that_link() -> None:
    registry = Registry()
    registry.link("cus_b", "cus_c")
    registry.link("cus_a", "cus_b", confirmed=False)
    registry.link("cus_d", "cus_a")

    link, replayed = ask_to_link(registry, "cus_c", "cus_a")

    assert (link.link_id, replayed) == ("lnk_2", False)
    assert (link.confirmed, link.confirmed_by, link.confirm_reason) == (True, "ada", "she says so")
    assert link.confirmed_at == an_act(3).at
    leader = registry.customers.get("cus_d")
    assert surely(leader, "cus_a") == {"cus_a", "cus_b", "cus_c", "cus_d"}
    registry.must_hold()
    with pytest.raises(AlreadyOnePerson):
        ask_to_link(registry, "cus_c", "cus_a", "lnk_other")


def test_the_same_request_to_link_is_known_again_also_once_the_link_has_ended() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b", confirmed=False)
    once, _ = ask_to_link(registry, "cus_b", "cus_a")

    assert ask_to_link(registry, "cus_b", "cus_a") == (once, True)
    with pytest.raises(KeyReused):
        ask_to_link(registry, "cus_b", "cus_a", reason="another")
    registry.end("lnk_1")
    again, replayed = ask_to_link(registry, "cus_b", "cus_a")

    assert (again.link_id, replayed, again.ended_at is None) == ("lnk_1", True, False)
    assert links.read_link(registry.customers, "cus_a", "lnk_asked") == again
    registry.must_hold()


def test_of_several_links_that_nobody_has_confirmed_none_is_guessed_to_be_meant() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b", confirmed=False)
    registry.link("cus_b", "cus_c", confirmed=False)
    registry.link("cus_c", "cus_d", confirmed=False)

    with pytest.raises(NotConfirmedYet, match=r"confirm or end lnk_1, lnk_2$"):
        ask_to_link(registry, "cus_a", "cus_c")


def test_what_is_chosen_while_confirming_holds_and_a_preview_shows_it_before() -> None:
    customers = InMemoryCustomers(a_customer("cus_a"), a_customer("cus_b", name="Fatma Işık"))
    asked: dict[str, Any] = {"fingerprint": "f", "reason": "they say so"}
    links.link_customers(
        customers, an_act(1), "cus_a", "cus_b", link_id="lnk_1", confirmed=False, **asked
    )

    preview = links.preview_link(customers, an_act(2), "cus_b", "cus_a")
    asked |= {"preview": preview.version, "choices": {"name": "cus_b"}}
    link, _ = links.link_customers(
        customers, an_act(3), "cus_b", "cus_a", link_id="lnk_2", **asked
    )

    assert link.link_id == "lnk_1"
    shown = links.person_of(customers, customers.get("cus_a")).shown()
    assert (shown["name"].value, set(preview.entries)) == ("Fatma Işık", {"cus_a", "cus_b"})
    with pytest.raises(PreviewStale):
        links.link_customers(
            InMemoryCustomers(a_customer("cus_a"), a_customer("cus_b")),
            an_act(4),
            "cus_a",
            "cus_b",
            link_id="lnk_3",
            **asked,
        )


def test_a_link_that_has_ended_is_confirmed_no_more() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b", confirmed=False)
    registry.end("lnk_1")

    with pytest.raises(LinkEnded):
        links.confirm_link(registry.customers, an_act(), "cus_a", "lnk_1")


def test_whom_somebody_has_parted_the_system_never_joins_again_and_somebody_may() -> None:
    registry = Registry()
    registry.link("cus_a", "cus_b")
    registry.end("lnk_1")
    registry.link("cus_b", "cus_c")
    registry.link("cus_a", "cus_d")

    assert links.were_parted(registry.customers, "cus_d", "cus_c")
    assert not links.were_parted(registry.customers, "cus_d", "cus_e")
    with pytest.raises(PartedBefore, match="cus_c and cus_d are two persons"):
        registry.link("cus_c", "cus_d", confirmed=False)
    registry.link("cus_c", "cus_d")
    assert registry.groups()["cus_a"] == {"cus_a", "cus_b", "cus_c", "cus_d"}


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_everybody_ever_parted_stays_known_to_be_two_persons(steps: Steps) -> None:
    registry = Registry()
    for step in steps:
        registry.take(step)
    for one, other in registry.parted:
        groups = registry.groups()
        if groups[one] != groups[other]:
            assert links.were_parted(registry.customers, one, other)
