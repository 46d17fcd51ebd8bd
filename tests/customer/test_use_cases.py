from datetime import timedelta

import pytest

from services.customer import use_cases
from services.customer.domain import (
    ContactPoint,
    Conversation,
    Customer,
    CustomerNotFound,
    Link,
    LinkEnded,
    LinkNotFound,
    Person,
    Unrecognisable,
)
from services.customer.use_cases import links
from shared.errors import ChangedMeanwhile, Conflict, Invalid, KeyReused, Stale
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_conversation, a_customer, an_act
from tests.customer.fakes import InMemoryCustomers


def create(
    customers: InMemoryCustomers, *, name: str = "Ayşe", fingerprint: str = "f"
) -> tuple[Customer, bool]:
    return use_cases.create_customer(
        customers,
        an_act(),
        customer_id="cus_1",
        fingerprint=fingerprint,
        name=name,
        contact_points=[MOBILE],
        external_ids=["logo:17"],
    )


def link(
    customers: InMemoryCustomers, one: str, other: str, link_id: str = "lnk_1"
) -> tuple[Link, bool]:
    return links.link_customers(
        customers,
        an_act(1),
        one,
        other,
        link_id=link_id,
        fingerprint=f"{one}-{other}",
        reason="she says so",
    )


def end(
    customers: InMemoryCustomers, customer_id: str, link_id: str = "lnk_1", reason: str = "no"
) -> Link:
    return links.end_link(customers, an_act(2), customer_id, link_id, reason=reason)


def the_person(customers: InMemoryCustomers, customer_id: str) -> Person:
    return links.person_of(customers, customers.get(customer_id))


@pytest.fixture
def customers() -> InMemoryCustomers:
    return InMemoryCustomers(*(a_customer(f"cus_{letter}") for letter in "abcd"))


def test_a_customer_asked_for_twice_is_in_the_books_once() -> None:
    customers = InMemoryCustomers()

    first, replayed = create(customers)
    again, replayed_again = create(customers)

    assert (replayed, replayed_again) == (False, True)
    assert again == first
    with pytest.raises(KeyReused):
        create(customers, name="Can", fingerprint="g")


def test_an_external_id_belongs_to_one_customer_alone() -> None:
    customers = InMemoryCustomers(a_customer("cus_0", external_ids=("logo:17",)))

    with pytest.raises(Conflict, match="cus_0"):
        create(customers)


def test_everything_that_is_told_of_a_newcomer_is_kept() -> None:
    customers = InMemoryCustomers()

    customer, _ = use_cases.create_customer(
        customers,
        an_act(),
        customer_id="cus_1",
        fingerprint="f",
        name=None,
        contact_points=[MOBILE],
        addresses=[HOME],
        heard_from="a friend",
        since=NOON - timedelta(days=900),
    )

    assert customers.get("cus_1") == customer
    assert (customer.name, customer.addresses, customer.heard_from) == (None, (HOME,), "a friend")
    assert customer.since == NOON - timedelta(days=900)


def test_somebody_without_anything_to_be_known_by_is_not_taken_in() -> None:
    customers = InMemoryCustomers()

    with pytest.raises(Unrecognisable):
        use_cases.create_customer(
            customers, an_act(), customer_id="cus_1", fingerprint="f", name=None
        )
    with pytest.raises(CustomerNotFound):
        customers.get("cus_1")


def test_a_conversation_is_recorded_once_and_only_with_somebody() -> None:
    customers = InMemoryCustomers(a_customer())

    def record(customer_id: str = "cus_1", fingerprint: str = "f") -> tuple[Conversation, bool]:
        talk = a_conversation(customer_id=customer_id)
        return use_cases.record_conversation(customers, talk, fingerprint=fingerprint)

    assert record() == (a_conversation(), False)
    assert record() == (a_conversation(), True)
    with pytest.raises(KeyReused):
        record(fingerprint="g")
    with pytest.raises(CustomerNotFound, match="cus_9"):
        record("cus_9")


def find_or_create(
    customers: InMemoryCustomers, name: str, point: ContactPoint = MOBILE
) -> tuple[Customer, bool]:
    found = use_cases.find_or_create(
        customers,
        an_act(5),
        customer_id="cus_new",
        fingerprint="reg_1",
        name=name,
        contact_points=(point,),
    )
    return found.customer, found.was_there


def test_who_is_known_by_name_and_contact_is_found_in_any_spelling_of_the_name() -> None:
    ayse = a_customer(contact_points=(MOBILE, EMAIL))
    can = a_customer("cus_2", name="Can", contact_points=(MOBILE,))
    customers = InMemoryCustomers(ayse, can)

    assert find_or_create(customers, "AYSE ISIK") == (ayse, True)
    assert find_or_create(customers, "ayşe ışık", EMAIL) == (ayse, True)
    assert find_or_create(customers, "Can") == (can, True)


def test_who_is_not_known_by_both_is_a_new_customer_and_only_once() -> None:
    nameless = a_customer("cus_2", name=None, contact_points=(MOBILE,))
    customers = InMemoryCustomers(a_customer(contact_points=(EMAIL,)), nameless)

    made, was_there = find_or_create(customers, "Ayşe Işık")
    again, was_there_again = find_or_create(customers, "Ayşe Işık")

    assert (was_there, was_there_again) == (False, True)
    assert again == made == customers.get("cus_new")
    assert (made.name, made.contact_points) == ("Ayşe Işık", (MOBILE,))


def test_of_two_of_the_same_name_and_phone_neither_is_guessed_unless_they_are_one_person() -> None:
    first = a_customer("cus_a", contact_points=(MOBILE,), since=NOON - timedelta(days=9))
    second = a_customer("cus_b", contact_points=(MOBILE,))
    unlinked, linked = InMemoryCustomers(first, second), InMemoryCustomers(first, second)
    link(linked, "cus_b", "cus_a")

    made, _ = find_or_create(unlinked, "Ayşe Işık")
    found, was_there = find_or_create(linked, "Ayşe Işık")

    assert made.customer_id == "cus_new"
    assert (found.customer_id, was_there) == ("cus_a", True)
    assert find_or_create(unlinked, "Ayşe Işık") == (made, True)


def test_a_change_of_an_older_version_is_stale() -> None:
    customers = InMemoryCustomers(a_customer())
    use_cases.change_customer(
        customers, an_act(1), the_person(customers, "cus_1"), version=1, name="Ayşe Demir"
    )

    with pytest.raises(Stale, match="at version 2 by now, not 1"):
        use_cases.change_customer(
            customers, an_act(2), the_person(customers, "cus_1"), version=1, name="Ayşe Kaya"
        )

    assert customers.get("cus_1").name == "Ayşe Demir"


def test_a_change_that_changes_nothing_makes_no_version() -> None:
    customers = InMemoryCustomers(a_customer())

    same = use_cases.change_customer(
        customers, an_act(1), the_person(customers, "cus_1"), version=1, name="Ayşe Işık"
    )

    assert same.version == customers.get("cus_1").version == 1


def test_linking_makes_the_first_one_stand_for_both(customers: InMemoryCustomers) -> None:
    made, replayed = link(customers, "cus_a", "cus_b")

    assert not replayed
    assert (made.customer_id, made.joined_id) == ("cus_a", "cus_b")
    assert customers.get("cus_a").members == ("cus_a", "cus_b")
    assert links.leader_of(customers, customers.get("cus_b")).customer_id == "cus_a"


def test_the_same_link_asked_for_again_is_answered_and_not_made_again(
    customers: InMemoryCustomers,
) -> None:
    made, _ = link(customers, "cus_a", "cus_b")
    version = customers.get("cus_a").version

    assert link(customers, "cus_a", "cus_b") == (made, True)
    assert customers.get("cus_a").version == version
    with pytest.raises(KeyReused):
        link(customers, "cus_c", "cus_d")


def test_nobody_is_linked_with_themselves_or_with_nobody(customers: InMemoryCustomers) -> None:
    with pytest.raises(Invalid, match="name another customer"):
        link(customers, "cus_a", "cus_a")
    with pytest.raises(CustomerNotFound, match="cus_zz"):
        link(customers, "cus_a", "cus_zz")

    assert customers.get("cus_a").version == 1


def test_a_link_ended_twice_for_the_same_reason_is_ended_once(
    customers: InMemoryCustomers,
) -> None:
    link(customers, "cus_a", "cus_b")
    ended = end(customers, "cus_a")
    version = customers.get("cus_a").version

    assert end(customers, "cus_b") == ended
    assert customers.get("cus_a").version == version
    with pytest.raises(LinkEnded):
        end(customers, "cus_a", reason="another reason")


def test_a_link_is_ended_through_the_customers_it_was_asked_for_alone(
    customers: InMemoryCustomers,
) -> None:
    link(customers, "cus_a", "cus_b")

    with pytest.raises(LinkNotFound):
        end(customers, "cus_c")
    with pytest.raises(LinkNotFound):
        end(customers, "cus_a", "lnk_9")


def test_groups_that_others_change_meanwhile_are_read_again(customers: InMemoryCustomers) -> None:
    others_turn = iter([True])

    def others_join(customer_id: str) -> None:
        if customer_id == "cus_b" and next(others_turn, False):
            link(customers, "cus_a", "cus_c", "lnk_others")

    customers.after_get = others_join
    link(customers, "cus_a", "cus_b")

    assert set(customers.get("cus_a").members) == {"cus_a", "cus_b", "cus_c"}


def test_two_who_link_the_other_way_round_at_once_make_no_cycle(
    customers: InMemoryCustomers,
) -> None:
    others_turn = iter([True])

    def others_link(customer_id: str) -> None:
        if customer_id == "cus_b" and next(others_turn, False):
            link(customers, "cus_b", "cus_a", "lnk_others")

    customers.after_get = others_link
    with pytest.raises(Conflict, match="one person already"):
        link(customers, "cus_a", "cus_b")

    assert customers.get("cus_b").members == ("cus_b", "cus_a")
    assert customers.get("cus_a").merged_into == "cus_b"


def test_one_who_gives_up_after_three_changes_is_told_and_nothing_is_half_done(
    customers: InMemoryCustomers,
) -> None:
    def others_rename(customer_id: str) -> None:
        before = customers.peek("cus_a")
        if customer_id == "cus_b":
            after = before.change(an_act(before.version), name=f"Ayşe {before.version}")
            customers.save(before, after)

    customers.after_get = others_rename
    with pytest.raises(ChangedMeanwhile):
        link(customers, "cus_a", "cus_b")

    assert customers.find_link("lnk_1", fingerprint="cus_a-cus_b") is None


def test_a_leader_that_one_has_just_been_parted_from_is_not_taken_for_ones_own(
    customers: InMemoryCustomers,
) -> None:
    link(customers, "cus_a", "cus_b", "lnk_below")
    link(customers, "cus_c", "cus_a", "lnk_above")
    others_turn = iter([True])

    def others_part(customer_id: str) -> None:
        if customer_id == "cus_a" and next(others_turn, False):
            end(customers, "cus_a", "lnk_above")

    customers.after_get = others_part
    link(customers, "cus_d", "cus_b", "lnk_mine")

    assert set(customers.get("cus_d").members) == {"cus_a", "cus_b", "cus_d"}
    assert customers.get("cus_c").members == ("cus_c",)


def test_a_link_is_ended_in_the_group_it_is_in_even_if_that_has_just_been_parted(
    customers: InMemoryCustomers,
) -> None:
    link(customers, "cus_a", "cus_b", "lnk_below")
    link(customers, "cus_c", "cus_a", "lnk_above")
    others_turn = iter([True])

    def others_part(customer_id: str) -> None:
        if customer_id == "cus_a" and next(others_turn, False):
            end(customers, "cus_a", "lnk_above")

    customers.after_get = others_part
    end(customers, "cus_b", "lnk_below")

    assert all(customers.get(f"cus_{letter}").edges == () for letter in "abc")
    assert all(customers.get(f"cus_{letter}").merged_into is None for letter in "abc")


def test_of_two_who_end_a_link_at_once_both_are_answered_with_its_one_end(
    customers: InMemoryCustomers,
) -> None:
    link(customers, "cus_a", "cus_b")
    others_turn = iter([True])

    def others_end(customer_id: str) -> None:
        if customer_id == "cus_b" and next(others_turn, False):
            end(customers, "cus_a")

    customers.after_get = others_end
    ended = end(customers, "cus_a")

    assert customers.get_link("lnk_1") == ended
    assert customers.get("cus_a").members == ("cus_a",)
