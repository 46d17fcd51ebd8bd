"""What every People must do, the fake as well as the customer service."""

import pytest

from infra.local.system import LocalSystem
from services.orders import bootstrap
from services.orders.adapters import CustomerFunction
from services.orders.domain import Person
from services.orders.ports import People
from shared.aws import clients
from shared.errors import Invalid, Unavailable
from tests.orders.fakes import InMemoryPeople


@pytest.fixture(params=["in memory", "the customer service"])
def people(request: pytest.FixtureRequest) -> People:
    if request.param == "in memory":
        return InMemoryPeople()
    system: LocalSystem = request.getfixturevalue("system")
    assert system.url
    bootstrap.people.cache_clear()
    return bootstrap.people()


def ask(people: People, key: str, **person: str) -> str:
    customer_id, via = people.find_or_create(Person(**person), key=key, correlation_id="request-1")
    assert via is not None
    assert (via.kind, via.shared) == ("external_id" if "external_id" in person else "name", False)
    return customer_id


def test_one_key_is_one_customer(people: People) -> None:
    once, again = (ask(people, "shop:order:1", name="Ayşe") for _ in range(2))

    assert once == again
    assert ask(people, "shop:order:2", name="Ayşe") != once


def test_one_external_id_is_one_customer_whatever_the_key(people: People) -> None:
    once = ask(people, "shop:customer:5", external_id="shop:5")

    assert ask(people, "shop:order:3", external_id="shop:5", name="Ayşe") == once
    assert ask(people, "shop:customer:6", external_id="shop:6") != once


def test_who_cannot_be_reached_like_that_is_refused(people: People) -> None:
    with pytest.raises(Invalid, match="this is no phone number"):
        ask(people, "shop:order:4", name="Ayşe", phone="withheld")


def test_a_customer_service_that_is_not_there_is_told_as_busy(system: LocalSystem) -> None:
    assert system.url
    nowhere = CustomerFunction(clients.functions(deadline=5, concurrency=1), "not-there")

    with pytest.raises(Unavailable, match="did not answer"):
        ask(nowhere, "shop:order:5", name="Ayşe")
