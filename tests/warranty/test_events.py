import pytest

from services.warranty.domain import Registration, Unit
from services.warranty.events import event_of
from shared.contracts.event import Event
from shared.contracts.warranty import (
    ProductRegistered,
    ProofAccepted,
    ProofAsked,
    ProofRefused,
    UnitOwned,
)
from tests.warranty.examples import (
    BOUGHT,
    INVOICE,
    LONG_AGO,
    NOON,
    a_registration,
    an_act,
    some_units,
)


def events_of(entity: Unit | Registration) -> list[Event]:
    told = [event_of(entity.entity_id, entity.customer_id, entry) for entry in entity.log]
    return [event for event in told if event is not None]


def test_a_unit_of_an_order_is_announced_as_owned() -> None:
    [unit] = some_units("ord_1", ("washer", 1))

    [event] = events_of(unit)

    assert isinstance(event, UnitOwned)
    assert event == UnitOwned(
        event_id=f"{unit.unit_id}:1:0",
        entity_id=unit.unit_id,
        customer_id="cus_1",
        version=1,
        occurred_at=NOON,
        correlation_id="request-0",
        unit_id=unit.unit_id,
        order_id="ord_1",
        line=0,
        product="washer",
        pieces=1,
        delivered_on=unit.delivered_on,
    )


def test_a_registration_is_announced_once_though_it_changes_two_things() -> None:
    registration, unit = a_registration(delivered_on=BOUGHT)

    [event] = events_of(registration) + events_of(unit)

    assert isinstance(event, ProductRegistered)
    assert (event.registration_id, event.unit_id) == ("reg_1", unit.unit_id)
    assert (event.bought_on, event.delivered_on) == (BOUGHT, BOUGHT)
    assert (event.state, event.proof) == ("registered", "waived")


def test_of_our_own_sale_the_product_is_told_as_we_call_it() -> None:
    [washer] = some_units("ord_1", ("washer", 1))

    registration, _ = a_registration(known=washer, product="bizim çamaşır makinesi")

    [event] = events_of(registration)
    assert isinstance(event, ProductRegistered)
    assert (event.product, event.order_id) == ("washer", "ord_1")
    assert event.delivered_on == washer.delivered_on


def test_every_step_of_a_proof_that_concerns_others_is_announced() -> None:
    asked, _ = a_registration(bought_on=LONG_AGO)
    given = asked.give_proof(an_act(1), INVOICE)
    refused = given.refuse_proof(an_act(2), "another shop's")
    accepted = given.accept_proof(an_act(2), "it fits")

    assert [type(one) for one in events_of(refused)] == [
        ProductRegistered,
        ProofAsked,
        ProofRefused,
    ]
    assert isinstance(events_of(accepted)[-1], ProofAccepted)


@pytest.mark.parametrize(
    "canary", ["sunglasses", "Göz", "SN-1234", "GIB2026", "drawer", "reason-canary", "INV-9"]
)
def test_no_event_carries_what_people_wrote(canary: str) -> None:
    asked, unit = a_registration(bought_on=LONG_AGO, serial="SN-1234", invoice_no="INV-9")
    refused = asked.give_proof(an_act(1), INVOICE).refuse_proof(an_act(2), "reason-canary")

    told = [event.model_dump_json() for event in events_of(refused) + events_of(unit)]

    assert told
    assert not any(canary in one for one in told)
