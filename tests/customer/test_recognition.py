"""Who somebody is taken for: by an id, by a contact point and a name, never by a phone alone."""

from typing import Any

import pytest

from services.customer import use_cases
from services.customer.adapters import DynamoCustomers
from services.customer.domain import (
    CalledByNobody,
    CalledBySeveral,
    ContactPoint,
    Conversation,
    Customer,
    folded_name,
    id_for,
)
from services.customer.events import call_of
from services.customer.ports import Customers
from services.customer.use_cases import links
from services.customer.use_cases.links import end_link, link_customers, person_of
from shared.contracts.external import ExternalCallEnded
from shared.errors import ChangedMeanwhile, KeyReused
from tests.account import SECRET, AwsAccount
from tests.customer.examples import EMAIL, MOBILE, a_customer, an_act
from tests.customer.fakes import InMemoryCustomers


def find(
    customers: Customers,
    name: str | None = "Ayşe Işık",
    *points: ContactPoint,
    external_id: str | None = None,
    key: str = "shop:order:1",
) -> tuple[str, bool]:
    """The id of who is found or created, and whether they were there."""
    found = use_cases.find_or_create(
        customers,
        an_act(by=key),
        customer_id=id_for(key),
        fingerprint=key,
        name=name,
        contact_points=points,
        external_id=external_id,
    )
    return found.customer.customer_id, found.was_there


def known_as(
    customers: InMemoryCustomers, name: str, external_id: str | None = None, key: str = "k"
) -> tuple[str, str, bool]:
    """Who somebody with this name and the home phone is, by what, and whether that is shared."""
    found = use_cases.find_or_create(
        customers,
        an_act(9, by=key),
        customer_id=id_for(key),
        fingerprint=key,
        name=name,
        contact_points=(MOBILE,),
        external_id=external_id,
    )
    return found.customer.customer_id, found.via.kind, found.via.shared


def one_person() -> InMemoryCustomers:
    """Sisters-in-law with one phone, taken for one person who is called by a name of neither."""
    ayse = a_customer("cus_a", contact_points=(MOBILE,), external_ids=("shop:1",))
    fatma = a_customer("cus_b", name="Fatma Işık", contact_points=(MOBILE,))
    customers = InMemoryCustomers(ayse, fatma)
    asked: dict[str, Any] = {"link_id": "lnk_1", "fingerprint": "f", "reason": "one phone"}
    link_customers(customers, an_act(1), "cus_a", "cus_b", **asked)
    person = person_of(customers, customers.get("cus_a"))
    version = person.version
    use_cases.change_customer(customers, an_act(2), person, version=version, name="Nur Işık")
    return customers


def test_of_one_person_it_is_who_is_called_so_or_else_it_came_by_what_is_shared() -> None:
    customers = one_person()

    assert known_as(customers, "fatma ışık") == ("cus_b", "phone", False)
    assert known_as(customers, "Ayşe Işık") == ("cus_a", "phone", False)
    assert known_as(customers, "Nur Işık") == ("cus_a", "phone", True)
    assert known_as(customers, "Ayşe Işık", "shop:1") == ("cus_a", "external_id", False)
    assert known_as(customers, "Can", key="new") == (id_for("new"), "phone", False)


def test_an_external_id_that_any_of_a_person_might_have_got_is_shared_until_they_part() -> None:
    twins = [a_customer(one, contact_points=(MOBILE,)) for one in ("cus_a", "cus_b")]
    customers = InMemoryCustomers(*twins)
    asked: dict[str, Any] = {"link_id": "lnk_1", "fingerprint": "f", "reason": "one name"}
    link_customers(customers, an_act(1), "cus_a", "cus_b", **asked)

    assert known_as(customers, "Ayşe Işık", "shop:7") == ("cus_a", "phone", True)
    assert known_as(customers, "whoever", "shop:7") == ("cus_a", "external_id", True)
    end_link(customers, an_act(3), "cus_a", "lnk_1", reason="two")

    assert known_as(customers, "whoever", "shop:7") == ("cus_a", "external_id", False)


def test_an_external_id_wins_over_all_else() -> None:
    customers = InMemoryCustomers(
        a_customer("cus_a", contact_points=(MOBILE,)),
        a_customer("cus_b", name="Somebody", external_ids=("shop:5",)),
    )

    assert find(customers, "Ayşe Işık", MOBILE, external_id="shop:5") == ("cus_b", True)


@pytest.mark.parametrize(
    "name", ["Ayşe Işık", "AYSE ISIK", " ayşe  ışık ", "Ays\u0327e Is\u0327ik"]
)
def test_a_contact_point_and_the_same_name_are_one_person(name: str) -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE, EMAIL)))

    assert find(customers, name, EMAIL) == ("cus_a", True)
    assert find(customers, name, MOBILE, EMAIL) == ("cus_a", True)


def test_who_is_found_by_name_is_known_by_the_external_id_from_then_on() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))

    find(customers, "Ayşe Işık", MOBILE, external_id="shop:5")

    assert find(customers, None, external_id="shop:5", key="other") == ("cus_a", True)
    assert customers.peek("cus_a").external_ids == ("shop:5",)


def test_who_has_another_id_in_that_system_is_somebody_else() -> None:
    father = a_customer("cus_a", contact_points=(MOBILE,), external_ids=("shop:4",))
    customers = InMemoryCustomers(father)

    son, was_there = find(customers, "Ayşe Işık", MOBILE, external_id="shop:5")

    assert (son, was_there) == (id_for("shop:order:1"), False)


@pytest.mark.parametrize(
    ("name", "points"),
    [("Fatma Işık", (MOBILE,)), (None, (MOBILE,)), ("Ayşe Işık", ()), ("Ayşe Işık", (EMAIL,))],
)
def test_a_phone_alone_or_a_name_alone_is_nobody_known(
    name: str | None, points: tuple[ContactPoint, ...]
) -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))
    assert find(customers, name, *points) == (id_for("shop:order:1"), False)


def test_of_several_who_fit_none_is_chosen_unless_they_are_one_person() -> None:
    customers = InMemoryCustomers(
        a_customer("cus_a", contact_points=(MOBILE,)),
        a_customer("cus_b", contact_points=(MOBILE,)),
    )
    assert find(customers, "Ayşe Işık", MOBILE)[1] is False

    linked = InMemoryCustomers(
        a_customer("cus_a", contact_points=(MOBILE,)),
        a_customer("cus_b", contact_points=(MOBILE,)),
    )
    links.link_customers(
        linked, an_act(), "cus_b", "cus_a", link_id="lnk_1", fingerprint="f", reason="she says so"
    )
    assert find(linked, "Ayşe Işık", MOBILE) == ("cus_a", True)


def test_the_same_key_never_makes_two() -> None:
    customers = InMemoryCustomers()

    first, again = find(customers, "Ayşe"), find(customers, "Ayşe")

    assert first == (id_for("shop:order:1"), False)
    assert again == (first[0], True)
    assert find(customers, "Ayşe", key="shop:order:2")[0] != first[0]


def test_somebody_of_whom_only_the_id_is_known_can_be_read_back(aws: AwsAccount) -> None:
    customers = DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)

    found, _ = find(customers, None, external_id="shop:5")

    assert customers.get(found).name is None
    assert find(customers, None, external_id="shop:5", key="other") == (found, True)


def test_who_takes_the_external_id_meanwhile_is_who_is_meant() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))
    other = a_customer("cus_b", name="Other", external_ids=("shop:5",))
    look, tries = customers.by_phone, iter(range(9))

    def by_phone(phone: str) -> Any:
        if next(tries) == 0:
            customers.add(other, fingerprint="g")
        return look(phone)

    customers.by_phone = by_phone  # type: ignore[method-assign]

    assert find(customers, "Ayşe Işık", MOBILE, external_id="shop:5") == ("cus_b", True)


def test_who_keeps_changing_is_tried_again_later() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))

    def save(before: Customer, after: Customer) -> None:
        raise ChangedMeanwhile("it was changed meanwhile")

    customers.save = save  # type: ignore[method-assign]

    with pytest.raises(ChangedMeanwhile):
        find(customers, "Ayşe Işık", MOBILE, external_id="shop:5")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IŞIK", "ışık"),
        ("İREM", "irem"),
        ("Öztürk", "OZTURK"),
        ("Müge  Anlı", "muge anli"),
        ("Şule", "S\u0327ule"),
        ("José", "jose"),
        ("Ay\u200bşe", "ayse"),
    ],
)
def test_a_name_has_one_spelling_for_comparing(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


def call(call_id: str = "c-1", **changes: object) -> Conversation:
    detail = {
        "event_id": "e-1",
        "occurred_at": "2026-11-20T12:00:00+03:00",
        "call_id": call_id,
        "phone": MOBILE.value,
        "direction": "out",
        "started_at": "2026-11-20T11:55:00+03:00",
        "ended_at": "2026-11-20T12:00:00+03:00",
    }
    return call_of(ExternalCallEnded.read("external.cti", detail | changes), an_act())


def record(customers: Customers, conversation: Conversation) -> Conversation:
    return use_cases.record_call(customers, conversation, MOBILE, fingerprint="f")


def test_a_call_is_told_to_the_one_who_has_the_phone_when_it_began() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))

    recorded = record(customers, call())

    assert recorded.customer_id == "cus_a"
    assert recorded.held_at.isoformat() == "2026-11-20T08:55:00+00:00"
    assert (recorded.channel, recorded.direction, recorded.partner) == ("phone", "out", "")


def test_a_call_of_nobody_or_of_several_is_not_guessed() -> None:
    with pytest.raises(CalledByNobody, match="nobody in the books has the phone"):
        record(InMemoryCustomers(), call())

    shared = [a_customer(one, contact_points=(MOBILE,)) for one in ("cus_a", "cus_b")]
    with pytest.raises(CalledBySeveral, match="2 persons share the phone"):
        record(InMemoryCustomers(*shared), call())


def test_a_call_told_again_is_the_same_whoever_has_the_phone_by_now() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))
    first = record(customers, call())
    customers.add(a_customer("cus_b", contact_points=(MOBILE,)), fingerprint="g")

    assert record(customers, call()) == first
    with pytest.raises(KeyReused):
        use_cases.record_call(customers, call(), MOBILE, fingerprint="told otherwise")


@pytest.mark.parametrize("kind", ["in memory", "dynamodb"])
def test_a_conversation_is_found_by_its_id(kind: str, request: pytest.FixtureRequest) -> None:
    customers: Customers = InMemoryCustomers()
    if kind == "dynamodb":
        aws: AwsAccount = request.getfixturevalue("aws")
        customers = DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)
    talk = call()
    assert customers.find_conversation(talk.conversation_id, fingerprint="f") is None

    customers.add_conversation(talk, fingerprint="f")

    assert customers.find_conversation(talk.conversation_id, fingerprint="f") == talk
    with pytest.raises(KeyReused):
        customers.find_conversation(talk.conversation_id, fingerprint="g")
