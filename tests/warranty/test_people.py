"""Finding or creating the person: the fake as well as the customer service's own function."""

import io
from dataclasses import replace
from typing import Any

import pytest

from infra.local.templates.descriptions import Function
from services.customer import bootstrap as customer
from services.customer.app import app as customer_app
from services.customer.domain import ContactKind as Kind
from services.customer.domain import Customer, contact_points
from services.customer.use_cases.links import link_customers
from services.warranty.adapters import CustomerFunction
from services.warranty.domain import Contact, ContactKind
from services.warranty.ports import People
from shared.errors import Invalid, Unavailable
from tests.warranty.conftest import AwsAccount
from tests.warranty.examples import PHONE, an_act
from tests.warranty.fakes import InMemoryPeople


def find_or_create(aws: AwsAccount) -> Function:
    customer = next(one for one in aws.world.services if one.name == "customer")
    return customer.function("FindOrCreate")


@pytest.fixture
def function(aws: AwsAccount) -> CustomerFunction:
    aws.functions.add(find_or_create(aws), customer_app.handler_map["find_or_create"])
    return CustomerFunction(aws.lambda_client, find_or_create(aws).name)


@pytest.fixture(params=["in memory", "function"])
def people(request: pytest.FixtureRequest) -> People:
    if request.param == "in memory":
        return InMemoryPeople()
    found: CustomerFunction = request.getfixturevalue("function")
    return found


def ask(
    people: People,
    name: str = "Ayşe Işık",
    key: str = "k",
    contact: Contact = PHONE,
    *,
    shared: bool = False,
) -> str:
    customer_id, via = people.find_or_create(name, contact, key, "request-1")
    assert via is not None
    assert (via.kind, via.shared) == (contact.kind.value, shared)
    return customer_id


def test_the_same_name_and_contact_are_the_same_person(people: People) -> None:
    assert ask(people, key="warranty:reg_1") == ask(people, key="warranty:reg_2")


def test_another_name_or_contact_is_another_person(people: People) -> None:
    mail = Contact(kind=ContactKind.EMAIL, value="ayse@example.com")

    found = {
        ask(people, key="warranty:reg_1"),
        ask(people, "Can Işık", key="warranty:reg_2"),
        ask(people, key="warranty:reg_3", contact=mail),
    }

    assert len(found) == 3


def test_a_contact_that_can_be_none_is_told_with_its_field(function: CustomerFunction) -> None:
    with pytest.raises(Invalid, match="phone number") as refused:
        ask(function, contact=Contact(kind=ContactKind.PHONE, value="0532"))

    assert refused.value.field == "contact_point.value"


def fails(event: Any, context: Any) -> Any:
    raise LookupError("the table is away")


@pytest.mark.parametrize(
    "handler",
    [fails, lambda event, context: {}, lambda event, context: {"customer_id": 7}, lambda *_: "?"],
)
def test_a_customer_service_that_fails_or_talks_nonsense_is_unavailable(
    aws: AwsAccount, function: CustomerFunction, handler: Any
) -> None:
    aws.functions.add(find_or_create(aws), handler)

    with pytest.raises(Unavailable, match="nothing was registered") as refused:
        ask(function)

    assert refused.value.retry_after == 5


def test_a_customer_service_that_is_not_there_is_unavailable(aws: AwsAccount) -> None:
    with pytest.raises(Unavailable):
        ask(CustomerFunction(aws.lambda_client, "nobody"))


def test_no_log_line_holds_a_name_or_a_number(
    aws: AwsAccount, function: CustomerFunction, logged: io.StringIO
) -> None:
    mine = Contact(kind=ContactKind.PHONE, value="0532 777 66 55")
    ask(function, "Canary Kanarya", contact=mine)
    with pytest.raises(Invalid):
        ask(function, "Canary Kanarya", contact=replace(mine, value="0532 777 66"))
    aws.functions.add(find_or_create(aws), fails)
    with pytest.raises(Unavailable):
        ask(function, "Canary Kanarya", contact=mine)

    lines = logged.getvalue()
    assert lines.count("\n") == 3
    assert not any(one in lines for one in ("Kanarya", "777 66", "5327776655"))


def in_the_books(number: int, name: str, *points: Contact) -> Customer:
    """Somebody whom the customer service knows already."""
    made = Customer.create(
        an_act(number),
        customer_id=f"cus_{number}",
        name=name,
        contact_points=contact_points((Kind(one.kind), one.value) for one in points),
        external_ids=(),
    )
    customer.customers().add(made, fingerprint="f")
    return made


MAIL = Contact(kind=ContactKind.EMAIL, value="ayse@example.com")


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("AYŞE IŞIK", PHONE),
        ("ayse  isik", replace(PHONE, value="+90 (532) 123-45-67")),
        ("Ayşe Işik", replace(MAIL, value="AYSE@example.com")),
    ],
)
def test_whoever_is_in_the_books_is_found_by_any_spelling(
    function: CustomerFunction, name: str, contact: Contact
) -> None:
    in_the_books(1, "Ayşe Işık", PHONE, MAIL)
    in_the_books(2, "Can Işık", PHONE)

    assert ask(function, name, contact=contact) == "cus_1"


def test_of_two_with_one_name_and_number_neither_is_guessed(function: CustomerFunction) -> None:
    in_the_books(1, "Ayşe Işık", PHONE)
    in_the_books(2, "Ayse Isik", PHONE)

    made = ask(function, key="warranty:reg_1")

    assert made not in ("cus_1", "cus_2")
    assert ask(function, key="warranty:reg_1") == made
    assert len(customer.customers().by_phone("+905321234567")) == 3


def test_two_who_are_known_to_be_one_person_are_found_as_such(function: CustomerFunction) -> None:
    in_the_books(1, "Ayşe Işık", PHONE)
    in_the_books(2, "Ayse Isik", PHONE)
    link_customers(
        customer.customers(),
        an_act(3),
        "cus_2",
        "cus_1",
        link_id="lnk_1",
        fingerprint="f",
        reason="she says so",
    )

    assert ask(function, shared=True) == "cus_1"
