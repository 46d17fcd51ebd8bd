"""Registering, proving and owning, with people and collections in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import pytest

from services.warranty import use_cases
from services.warranty.domain import (
    CameWithAnOrder,
    DeliveredLine,
    Proof,
    Registration,
    State,
    Unit,
)
from services.warranty.use_cases import Registered
from shared.errors import ChangedMeanwhile, Invalid, KeyReused, Stale, Unavailable
from tests.warranty.examples import INVOICE, LONG_AGO, NOON, PHONE, a_purchase, an_act, some_units
from tests.warranty.fakes import InMemoryPeople, InMemoryRegistrations, InMemoryUnits


@dataclass
class Desk:
    """Where products are registered."""

    units: InMemoryUnits = field(default_factory=InMemoryUnits)
    people: InMemoryPeople = field(default_factory=InMemoryPeople)
    registrations: InMemoryRegistrations = field(init=False)

    def __post_init__(self) -> None:
        self.registrations = InMemoryRegistrations(self.units)

    def register(
        self,
        registration_id: str = "reg_1",
        *,
        name: str = "Ayşe Işık",
        fingerprint: str = "f",
        **said: Any,
    ) -> Registered:
        return use_cases.register_product(
            self.units,
            self.registrations,
            self.people,
            an_act(),
            registration_id=registration_id,
            fingerprint=fingerprint,
            purchase=a_purchase(**said),
            name=name,
            contact=PHONE,
        )

    def late(self) -> Registration:
        return self.register(bought_on=LONG_AGO).registration


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_registration_finds_its_person_and_makes_its_unit_known(desk: Desk) -> None:
    done = desk.register(serial="SN-1234")

    assert done.is_new
    assert done.registration.customer_id == "cus_1"
    assert desk.registrations.get("reg_1") == done.registration
    assert desk.units.get(done.unit.unit_id).customer_id == "cus_1"
    assert use_cases.find_owners(desk.units, "SN1234") == ["cus_1"]


def test_the_same_request_registers_once_and_asks_for_nobody_again(desk: Desk) -> None:
    first = desk.register()
    desk.people.is_down = True

    again = desk.register()

    assert again == replace(first, is_new=False, replayed=True)


def test_the_same_key_with_another_request_is_refused(desk: Desk) -> None:
    desk.register()

    with pytest.raises(KeyReused):
        desk.register(fingerprint="g", product="binoculars")


def test_without_the_customer_service_nothing_is_registered(desk: Desk) -> None:
    desk.people.is_down = True

    with pytest.raises(Unavailable) as refused:
        desk.register(serial="SN-1234")

    assert refused.value.retry_after > 0
    assert desk.registrations.find("reg_1", fingerprint="f") is None
    assert use_cases.find_owners(desk.units, "SN1234") == []


def test_what_cannot_have_been_is_refused_before_anybody_is_looked_for(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.register(bought_on=NOON.date().replace(year=2027))

    assert desk.people.known == {}


def test_a_serial_number_of_somebody_else_goes_to_review(desk: Desk) -> None:
    desk.register("reg_1", serial="SN-1234")

    second = desk.register("reg_2", serial="sn 1234", name="Can Öz")

    assert second.registration.state is State.UNDER_REVIEW
    assert use_cases.find_owners(desk.units, "SN1234") == ["cus_1", "cus_2"]
    assert desk.units.get("unt_1").state is State.REGISTERED


@pytest.mark.parametrize("name", ["Ayşe Işık", "Can Öz"])
def test_who_registers_the_same_serial_number_again_gets_what_is_there(
    desk: Desk, name: str
) -> None:
    desk.register("reg_1", serial="SN-1234")
    before = desk.register("reg_2", serial="SN-1234", name=name)

    again = desk.register("reg_3", serial="SN-1234", name=name)

    assert not again.is_new
    assert again.registration == before.registration


def test_a_serial_number_of_the_same_person_under_another_id_is_no_dispute() -> None:
    desk = Desk(units=InMemoryUnits(members={"cus_2": ["cus_1", "cus_2"]}))
    first = desk.register("reg_1", serial="SN-1234")

    again = desk.register("reg_2", serial="SN-1234", name="A. Isik")

    assert again.registration == first.registration


def sold(desk: Desk, *lines: tuple[str, int], customer_id: str = "cus_1") -> list[Unit]:
    units = some_units("ord_1", *lines, customer_id=customer_id)
    for unit in units:
        desk.units.add(unit)
    return units


def test_our_own_sale_is_found_by_its_order_and_needs_no_proof(desk: Desk) -> None:
    _, washer = sold(desk, ("filter", 1), ("washer", 1))

    done = desk.register(order_id="ord_1", product="Washer", serial="SN-1234", bought_on=LONG_AGO)

    assert done.unit.unit_id == washer.unit_id
    assert done.unit.serial == "SN-1234"
    assert done.registration.proof is Proof.NOT_NEEDED


def test_each_piece_of_an_order_is_registered_in_its_turn(desk: Desk) -> None:
    pieces = sold(desk, ("washer", 2))
    done = [
        desk.register(f"reg_{n}", order_id="ord_1", product="washer", serial=f"SN-100{n}")
        for n in (1, 2, 3)
    ]

    registered = {one.unit.unit_id for one in done}
    assert {unit.unit_id for unit in pieces} < registered
    assert [one.registration.proof for one in done] == [
        Proof.NOT_NEEDED,
        Proof.NOT_NEEDED,
        Proof.WAIVED,
    ]


def test_without_a_serial_number_the_only_piece_is_not_registered_twice(desk: Desk) -> None:
    sold(desk, ("washer", 1))
    first = desk.register("reg_1", order_id="ord_1", product="washer")

    again = desk.register("reg_2", order_id="ord_1", product="washer")

    assert again.registration == first.registration


def test_an_order_of_somebody_else_is_no_order_of_ones_own(desk: Desk) -> None:
    [theirs] = sold(desk, ("washer", 1), customer_id="cus_other")

    done = desk.register(order_id="ord_1", product="washer", bought_on=LONG_AGO)

    assert done.unit.unit_id != theirs.unit_id
    assert done.registration.proof is Proof.ASKED


class Meddled(InMemoryRegistrations):
    """Somebody else registers the same serial number just before us, so many times."""

    def __init__(self, units: InMemoryUnits, times: int) -> None:
        super().__init__(units)
        self.times = times

    def add(
        self, registration: Registration, unit: Unit, *, before: Unit | None, fingerprint: str
    ) -> tuple[Registration, bool]:
        if self.times:
            self.times -= 1
            raise ChangedMeanwhile("it was changed meanwhile")
        return super().add(registration, unit, before=before, fingerprint=fingerprint)


def test_who_is_overtaken_looks_again_and_gives_up_after_three_times(desk: Desk) -> None:
    desk.registrations = Meddled(desk.units, times=2)
    assert desk.register("reg_1").is_new

    desk.registrations = Meddled(desk.units, times=3)
    with pytest.raises(ChangedMeanwhile):
        desk.register("reg_2")


def test_a_proof_moves_registration_and_unit_together(desk: Desk) -> None:
    asked = desk.late()

    given = use_cases.give_proof(
        desk.units, desk.registrations, an_act(1), asked, document=INVOICE
    ).registration
    done = use_cases.accept_proof(
        desk.units, desk.registrations, an_act(2), given, version=given.version, reason="it fits"
    )

    assert desk.registrations.get("reg_1") == done.registration
    assert done.registration.state is State.REGISTERED
    assert desk.units.get(asked.unit_id).state is State.REGISTERED


def test_a_decision_about_another_version_is_refused(desk: Desk) -> None:
    asked = desk.late()
    given = use_cases.give_proof(
        desk.units, desk.registrations, an_act(1), asked, document=INVOICE
    ).registration

    with pytest.raises(Stale):
        use_cases.refuse_proof(
            desk.units, desk.registrations, an_act(2), given, version=1, reason="no"
        )

    assert desk.registrations.get("reg_1") == given


def test_the_same_decision_again_is_not_saved_again(desk: Desk) -> None:
    given = use_cases.give_proof(
        desk.units, desk.registrations, an_act(1), desk.late(), document=INVOICE
    ).registration
    refused = use_cases.refuse_proof(
        desk.units, desk.registrations, an_act(2), given, version=None, reason="no"
    ).registration

    again = use_cases.refuse_proof(
        desk.units, desk.registrations, an_act(3), refused, version=1, reason="no"
    )

    assert again.registration is refused


def deliver(desk: Desk, lines: Sequence[DeliveredLine]) -> int:
    return use_cases.own_delivered_units(
        desk.units,
        desk.registrations,
        an_act(by="ord_1:4:0"),
        order_id="ord_1",
        customer_id="cus_1",
        delivered_at=NOON,
        lines=lines,
    )


def test_a_delivery_heard_twice_makes_its_units_once(desk: Desk) -> None:
    lines = [DeliveredLine(line=0, product="washer", quantity=2)]

    assert deliver(desk, lines) == 2
    assert deliver(desk, lines) == 0
    assert len(list(desk.units.sold("cus_1", "ord_1"))) == 2


def test_a_delivery_heard_again_does_not_undo_a_registration(desk: Desk) -> None:
    lines = [DeliveredLine(line=0, product="washer", quantity=1)]
    deliver(desk, lines)
    done = desk.register(order_id="ord_1", product="washer", serial="SN-1234")

    deliver(desk, lines)

    assert desk.units.get(done.unit.unit_id) == done.unit


NEWS: dict[str, dict[str, Any]] = {
    "delivered": {"holder": None, "order_version": 3},
    "said to be another's": {"holder": "cus_2", "order_version": 4},
    "said to be theirs after all": {"holder": "cus_1", "order_version": 5},
    "said to be a third's": {"holder": "cus_3", "order_version": 6},
}


@pytest.mark.parametrize("order", permutations(NEWS), ids="; ".join)
def test_units_are_whose_their_order_was_said_to_be_last_in_whatever_order_that_is_heard(
    desk: Desk, order: Sequence[str]
) -> None:
    lines = [DeliveredLine(line=0, product="washer", quantity=2)]

    for what in (*order, order[0]):
        use_cases.own_delivered_units(
            desk.units,
            desk.registrations,
            an_act(by=what),
            order_id="ord_1",
            customer_id="cus_1",
            delivered_at=NOON,
            lines=lines,
            **NEWS[what],
        )

    assert len(list(desk.units.sold("cus_3", "ord_1"))) == 2
    assert not list(desk.units.sold("cus_1", "ord_1"))


def test_whose_a_unit_is_so_is_its_registration_and_both_know_by_what_they_came(
    desk: Desk,
) -> None:
    desk.people.is_shared = True
    done = desk.register(serial="SN-1234")
    assert done.unit.awaits_review
    assert done.registration.awaits_review

    said = use_cases.attribute_unit(
        desk.registrations, an_act(1), done.unit, "cus_2", version=done.unit.version
    )

    kept = desk.registrations.get("reg_1")
    assert (said.holder, kept.holder, said.customer_id) == ("cus_2", "cus_2", "cus_1")
    assert not said.awaits_review
    assert use_cases.find_owners(desk.units, "SN1234") == ["cus_2"]
    again = use_cases.attribute_unit(desk.registrations, an_act(2), said, "cus_2", version=1)
    assert again is said
    with pytest.raises(Stale):
        use_cases.attribute_unit(desk.registrations, an_act(2), said, "cus_1", version=1)


def test_a_registration_of_what_we_sold_is_whose_that_is_and_moves_with_its_order(
    desk: Desk,
) -> None:
    desk.people.is_shared = True
    deliver(desk, [DeliveredLine(line=0, product="washer", quantity=1)])
    done = desk.register(product="washer", order_id="ord_1")
    assert not done.registration.awaits_review
    with pytest.raises(CameWithAnOrder, match="say whose the order is"):
        use_cases.attribute_unit(desk.registrations, an_act(1), done.unit, "cus_2", version=None)

    use_cases.own_delivered_units(
        desk.units,
        desk.registrations,
        an_act(2),
        order_id="ord_1",
        customer_id="cus_1",
        delivered_at=NOON,
        lines=[DeliveredLine(line=0, product="washer", quantity=1)],
        holder="cus_2",
        order_version=9,
    )

    assert desk.units.get(done.unit.unit_id).holder == "cus_2"
    assert desk.registrations.get("reg_1").holder == "cus_2"
