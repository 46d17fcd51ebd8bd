"""Who was in the books before something was kept of them is found by it all the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from services.customer import bootstrap
from services.customer.app import app
from services.customer.domain import Customer
from services.customer.use_cases.search import search_customers
from shared.aws import rebuilding
from tests.account import AwsAccount, all_items, bootstrapped, contents
from tests.customer.examples import HOME, MOBILE, a_customer, an_act
from tests.customer.test_sessions import a_session


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "customer", bootstrap), Client(app) as client:
        yield client


@pytest.fixture
def old(aws: AwsAccount, functions: Client) -> list[Customer]:
    """Some who were taken into the books when nothing was kept but themselves."""
    people = [
        a_customer(f"cus_{n}", name=f"Ayşe N{n}", addresses=(HOME,), contact_points=(MOBILE,))
        for n in range(3)
    ]
    for one in people:
        bootstrap.customers().add(one, fingerprint="f")
    bootstrap.desk().sessions.add(a_session(customer_id="cus_1"), fingerprint="f")
    table = aws.table("customer")
    for pk, sk in contents(aws.dynamodb, table):
        if not pk.startswith("E#"):
            aws.dynamodb.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    return people


def walk(functions: Client, **asked: Any) -> Any:
    return functions.lambda_.invoke("reconcile", {"rebuild": True, **asked}).payload


def found(name: str) -> list[str]:
    people = bootstrap.customers().by_name_and_district(name, "kadikoy")
    return [one.customer_id for one in people]


@pytest.mark.usefixtures("old")
def test_they_are_found_by_name_and_district_by_phone_and_by_searching(
    functions: Client, aws: AwsAccount
) -> None:
    assert found("ayse n1") == []

    told = walk(functions)

    assert told == {"done": True, "items": 4, "entities": 4, "unreadable": 0}
    assert found("ayse n1") == ["cus_1"]
    assert len(bootstrap.customers().by_phone(MOBILE.value)) == 3
    searched = search_customers(bootstrap.directory(), "n2 kadıköy", most=5)
    assert [one.listed.customer_id for one in searched.fits] == ["cus_2"]
    kept = [one["pk"] for one in all_items(aws.dynamodb, aws.table("customer"))]
    assert "S#cus_1" in str(kept)
    assert "P#cus_1" in str(kept)


def test_broken_off_it_goes_on_where_it_was_and_again_it_changes_nothing(
    old: list[Customer], functions: Client, aws: AwsAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "STEP", 2)
    told = [walk(functions, seconds=0)]
    assert (told[0]["done"], told[0]["items"]) == (False, 2)
    while not told[-1]["done"]:
        told.append(walk(functions, seconds=0))
    assert [one["items"] for one in told] == sorted(one["items"] for one in told)
    before = contents(aws.dynamodb, aws.table("customer"))

    assert walk(functions) == told[-1]
    assert contents(aws.dynamodb, aws.table("customer")) == before
    anew = walk(functions, begin=True)

    assert (anew["done"], anew["entities"]) == (True, 4)
    after = contents(aws.dynamodb, aws.table("customer"))
    assert {key for key in after if key[0] != "X#rebuild"} == {
        key for key in before if key[0] != "X#rebuild"
    }


def test_who_changes_meanwhile_is_found_by_what_they_are_then(
    old: list[Customer], functions: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    customers, [ayse, *_] = bootstrap.customers(), old
    renamed = ayse.change(an_act(1), name="Ayşe Demir")
    look = customers._customers.get

    def get(customer_id: str) -> Customer | None:
        read = look(customer_id)
        if read == ayse:
            customers.save(ayse, renamed)
        return read

    monkeypatch.setattr(customers._customers, "get", get)

    walk(functions)

    assert found("ayse demir") == ["cus_0"]
    assert found("ayse n0") == []


def test_what_cannot_be_read_is_counted_and_in_nobodys_way(
    old: list[Customer], functions: Client, aws: AwsAccount
) -> None:
    aws.dynamodb.update_item(
        TableName=aws.table("customer"),
        Key={"pk": {"S": "E#cus_0"}, "sk": {"S": "A"}},
        UpdateExpression="SET #state = :none",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":none": {"S": "{"}},
    )

    assert walk(functions)["unreadable"] == 1
    assert found("ayse n2") == ["cus_2"]
