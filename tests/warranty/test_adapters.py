"""What all collections must do, the fakes as well as DynamoDB; and how units show."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest

from services.warranty.adapters import (
    NEWEST,
    DynamoBuyers,
    DynamoRegistrations,
    DynamoUnits,
    UnitSummaries,
    projections,
)
from services.warranty.domain import (
    MOST_APART,
    Registration,
    RegistrationNotFound,
    State,
    Unit,
    UnitNotFound,
    following,
    product_weeks_told,
)
from services.warranty.ports import MOST_BUYERS, Registrations, Units
from shared.aws.items import from_item
from shared.aws.projection import Projector
from shared.aws.rebuilding import Rebuilding
from shared.aws.rows import Rows
from shared.aws.stream import Write
from shared.aws.writes import write
from shared.contracts.summary import ProductsPart
from shared.errors import ChangedMeanwhile, KeyReused
from tests.warranty.conftest import SECRET, TABLE, AwsAccount
from tests.warranty.examples import (
    BOUGHT,
    INVOICE,
    LONG_AGO,
    NOON,
    a_registration,
    an_act,
    some_units,
)
from tests.warranty.fakes import InMemoryRegistrations, InMemoryUnits


class Books(Protocol):
    """Both collections, and a moment in which lists catch up with them."""

    @property
    def units(self) -> Units: ...
    @property
    def registrations(self) -> Registrations: ...
    def settle(self) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.units = units = InMemoryUnits()
        self.registrations = InMemoryRegistrations(units)

    def settle(self) -> None:
        pass


class InDynamo:
    def __init__(self, aws: AwsAccount) -> None:
        self._aws = aws
        self.rows = rows = Rows(aws.dynamodb, TABLE)
        self.units = DynamoUnits(aws.dynamodb, TABLE, SECRET, rows)
        self.registrations = DynamoRegistrations(aws.dynamodb, TABLE, SECRET)
        self._projector = Projector(aws.dynamodb, TABLE, *projections)
        self._summaries = UnitSummaries(rows)

    def settle(self) -> None:
        for item in self.items():
            if item["pk"].startswith("E#"):
                entity_id = item["pk"].removeprefix("E#")
                self._projector.project(
                    Write(entity_id=entity_id, before=None, after=item, sequence="")
                )

    def items(self) -> list[dict[str, Any]]:
        return [from_item(one) for one in self._aws.dynamodb.scan(TableName=TABLE)["Items"]]

    def part(self, customer_id: str = "cus_1") -> ProductsPart:
        summary = self._summaries.summarise(customer_id)
        return ProductsPart.model_validate(summary.parts["products"])


@pytest.fixture
def dynamo(aws: AwsAccount) -> InDynamo:
    return InDynamo(aws)


@pytest.fixture(params=["in memory", "dynamodb"])
def books(request: pytest.FixtureRequest) -> Books:
    if request.param == "in memory":
        return InMemory()
    found: InDynamo = request.getfixturevalue("dynamo")
    return found


@dataclass(frozen=True)
class Kept:
    """A registration and its unit, as they were added."""

    registration: Registration
    unit: Unit


def keep(books: Books, registration_id: str = "reg_1", **registered: Any) -> Kept:
    registration, unit = a_registration(registration_id, **registered)
    before = registered.get("known")
    books.registrations.add(registration, unit, before=before, fingerprint=registration_id)
    return Kept(registration, unit)


def test_a_registration_and_its_unit_come_back_as_they_went_in(books: Books) -> None:
    kept = keep(books, serial="SN-1234", delivered_on=BOUGHT, invoice_no="INV-9")

    assert books.registrations.get("reg_1") == kept.registration
    assert books.registrations.find("reg_1", fingerprint="reg_1") == kept.registration
    assert books.units.get(kept.unit.unit_id) == kept.unit
    assert books.units.by_serial("SN1234") == [kept.unit]


def test_the_same_request_adds_once(books: Books) -> None:
    first = keep(books)
    registration, unit = a_registration(minutes=1)

    stored = books.registrations.add(registration, unit, before=None, fingerprint="reg_1")

    assert stored == (first.registration, True)
    assert books.units.get(unit.unit_id) == first.unit


def test_an_id_of_another_request_is_refused(books: Books) -> None:
    keep(books)
    registration, unit = a_registration(product="binoculars")

    with pytest.raises(KeyReused):
        books.registrations.add(registration, unit, before=None, fingerprint="other")
    with pytest.raises(KeyReused):
        books.registrations.find("reg_1", fingerprint="other")


def test_a_serial_number_has_one_unit_for_its_own(books: Books) -> None:
    first = keep(books, serial="SN-1234")
    registration, unit = a_registration("reg_2", serial="sn 1234", customer_id="cus_2")

    with pytest.raises(ChangedMeanwhile):
        books.registrations.add(registration, unit, before=None, fingerprint="reg_2")

    assert books.registrations.find("reg_2", fingerprint="reg_2") is None
    with pytest.raises(UnitNotFound):
        books.units.get(unit.unit_id)
    assert books.units.by_serial("SN1234") == [first.unit]


def test_units_in_dispute_stand_behind_the_one_that_came_first(books: Books) -> None:
    first = keep(books, serial="SN-1234")
    others = [
        keep(books, f"reg_{n}", serial="SN-1234", customer_id=f"cus_{n}", is_disputed=True)
        for n in (2, 3)
    ]

    assert books.units.by_serial("SN1234") == [first.unit, *(one.unit for one in others)]


def test_a_registration_of_a_known_unit_saves_both_or_neither(books: Books) -> None:
    [washer] = some_units()
    books.units.add(washer)
    kept = keep(books, known=washer, serial="SN-1234")
    too_late, unit = a_registration("reg_2", known=washer)

    assert books.units.get(washer.unit_id) == kept.unit
    with pytest.raises(ChangedMeanwhile):
        books.registrations.add(too_late, unit, before=washer, fingerprint="reg_2")
    with pytest.raises(RegistrationNotFound, match="registration reg_2 does not exist"):
        books.registrations.get("reg_2")


def test_what_stands_for_many_pieces_is_found_by_the_serial_number_of_one(books: Books) -> None:
    [lot] = some_units("ord_1", ("filter", MOST_APART + 1))
    books.units.add(lot)

    keep(books, known=lot, serial="SN-1234")

    assert books.units.by_serial("SN1234") == [lot]


def test_a_move_saves_registration_and_unit(books: Books) -> None:
    kept = keep(books, bought_on=LONG_AGO)
    given = kept.registration.give_proof(an_act(1), INVOICE)
    unit = following(an_act(1), kept.unit, given)

    books.registrations.save(given, unit, before=kept.unit)
    books.registrations.save(given, unit, before=kept.unit)

    assert books.registrations.get("reg_1") == given
    assert books.units.get(unit.unit_id).state is State.PROOF_GIVEN


def test_of_two_who_decide_the_slower_is_told(books: Books) -> None:
    kept = keep(books, bought_on=LONG_AGO)
    given = kept.registration.give_proof(an_act(1), INVOICE)
    unit = following(an_act(1), kept.unit, given)
    books.registrations.save(given, unit, before=kept.unit)
    accepted = given.accept_proof(an_act(2), "it fits")
    refused = given.refuse_proof(an_act(2), "it does not")

    books.registrations.save(accepted, following(an_act(2), unit, accepted), before=unit)

    with pytest.raises(ChangedMeanwhile):
        books.registrations.save(refused, following(an_act(2), unit, refused), before=unit)
    assert books.registrations.get("reg_1") == accepted
    assert books.units.get(unit.unit_id).state is State.REGISTERED


def test_a_unit_is_added_once(books: Books) -> None:
    [washer] = some_units()

    assert not books.units.add(washer)
    assert books.units.add(replace(washer, product="dryer"))
    assert books.units.get(washer.unit_id) == washer


def test_the_units_of_an_order_are_found_among_the_customers_own(books: Books) -> None:
    ours, others = some_units("ord_1", ("washer", 1), ("filter", 2)), some_units("ord_2")
    theirs = some_units("ord_3", customer_id="cus_2")
    for unit in [*ours, *others, *theirs]:
        books.units.add(unit)
    books.settle()

    found = list(books.units.sold("cus_1", "ord_1"))

    assert sorted(found, key=str) == sorted(ours, key=str)
    assert found[0].product == "washer"
    assert list(books.units.sold("cus_1", "ord_3")) == []


def test_what_nobody_registered_is_not_found(books: Books) -> None:
    with pytest.raises(RegistrationNotFound, match="registration nobody does not exist"):
        books.registrations.get("nobody")
    with pytest.raises(UnitNotFound, match="unit nobody does not exist"):
        books.units.get("nobody")
    assert books.registrations.find("nobody", fingerprint="f") is None
    assert books.units.by_serial("SN1234") == []
    assert list(books.units.members("nobody")) == []


def test_a_serial_number_is_not_to_be_read_from_its_key(dynamo: InDynamo) -> None:
    keep(dynamo, serial="SN-1234")

    keys = [item for item in dynamo.items() if item["pk"].startswith("K#serial")]

    assert len(keys) == 1
    assert "1234" not in str(keys[0])


def test_who_owns_nothing_has_an_empty_part_and_not_a_missing_one(dynamo: InDynamo) -> None:
    assert dynamo.part() == ProductsPart(count=0, units=[])


def test_the_newest_ten_are_listed_and_all_pieces_are_counted(dynamo: InDynamo) -> None:
    for unit in some_units("ord_1", ("filter", NEWEST + 1)):
        dynamo.units.add(unit)
    [lot] = some_units("ord_2", ("bulb", MOST_APART + 1))
    dynamo.units.add(lot)
    kept = keep(dynamo, minutes=5, serial="SN-1234", delivered_on=BOUGHT)
    dynamo.settle()

    part = dynamo.part()

    assert part.count == NEWEST + 1 + MOST_APART + 1 + 1
    assert len(part.units) == NEWEST
    newest = part.units[0]
    assert (newest.unit_id, newest.serial, newest.state) == (
        kept.unit.unit_id,
        "SN-1234",
        "registered",
    )
    assert newest.covered_until == kept.unit.covered_until
    assert newest.delivered_at is not None
    assert newest.delivered_at.isoformat() == "2026-03-06T21:00:00+00:00"
    assert part.units[1].delivered_at == NOON


def test_a_unit_shows_what_became_of_its_proof(dynamo: InDynamo) -> None:
    kept = keep(dynamo, bought_on=LONG_AGO)
    given = kept.registration.give_proof(an_act(1), INVOICE)
    dynamo.registrations.save(given, following(an_act(1), kept.unit, given), before=kept.unit)
    dynamo.settle()

    part = dynamo.part()

    assert part.count == 1
    assert [(one.state, one.covered_until) for one in part.units] == [("proof_given", None)]


KETTLE = product_weeks_told("kettle", "2026-W11")


def buyers(aws: AwsAccount) -> DynamoBuyers:
    return DynamoBuyers(aws.dynamodb, TABLE, SECRET)


def test_who_bought_what_when_is_found_by_the_week_of_either_day_however_it_is_written(
    dynamo: InDynamo, aws: AwsAccount
) -> None:
    keep(dynamo, product="Çelik SU Isıtıcısı BX-200", bought_on=LONG_AGO, delivered_on=BOUGHT)
    for unit in some_units("ord_1", ("kettle", 2), customer_id="cus_2"):
        dynamo.units.add(unit)
        dynamo.units.add(unit)

    for when in ("2026-W01", "2026-W10", "2025-12-30", "2026-03-03", "2026-03-11"):
        meant = product_weeks_told("bx200 su isiticisi CELIK", when)
        assert buyers(aws).of(meant) == (["cus_1"], False), when
    assert buyers(aws).of(KETTLE) == (["cus_2"], False)
    for product, when in [("kettle", "2026-W12"), ("kettle", "2026-03-20"), ("su", "2026-W10")]:
        assert buyers(aws).of(product_weeks_told(product, when)) == ([], False)
    keys = [one["pk"] for one in dynamo.items() if one["pk"].startswith("K#")]
    assert not [one for one in keys if "kettle" in one or "2026" in one]


def test_a_registration_that_says_more_of_a_unit_lets_it_be_found_by_that(
    dynamo: InDynamo, aws: AwsAccount
) -> None:
    [sold] = some_units("ord_1", ("kettle", 1), customer_id="cus_1")
    dynamo.units.add(sold)

    keep(dynamo, known=sold, product="kettle", bought_on=LONG_AGO)

    assert buyers(aws).of(KETTLE) == (["cus_1"], False)
    assert buyers(aws).of(product_weeks_told("kettle", "2026-W01")) == (["cus_1"], False)


def test_whose_unit_it_was_said_to_be_is_found_and_not_who_had_it_before(
    dynamo: InDynamo, aws: AwsAccount
) -> None:
    keeper = buyers(aws)
    one, twin = some_units("ord_1", ("kettle", 2), customer_id="cus_1")
    moved = one.attributed(an_act(1), "cus_2")
    changes = keeper.changes(None, one), keeper.changes(None, twin), keeper.changes(one, moved)
    for some in changes:
        write(aws.dynamodb, some)

    assert keeper.of(KETTLE) == (["cus_1", "cus_2"], False)
    write(aws.dynamodb, keeper.changes(twin, twin.attributed(an_act(1), "cus_2")))
    assert keeper.of(KETTLE) == (["cus_2"], False)


def test_of_more_buyers_than_anybody_could_choose_among_only_those_asked_for_are_told(
    dynamo: InDynamo, aws: AwsAccount
) -> None:
    for n in range(MOST_BUYERS + 1):
        [unit] = some_units(f"ord_{n}", ("kettle", 1), customer_id=f"cus_{n:02}")
        dynamo.units.add(unit)
        if n == MOST_BUYERS - 1:
            found, more = buyers(aws).of(KETTLE, among=["cus_1"])
            assert (len(found), more) == (MOST_BUYERS, False)

    among = ["cus_07", "cus_07", "cus_nobody", "cus_50"]

    assert buyers(aws).of(KETTLE) == ([], True)
    assert buyers(aws).of(KETTLE, among=among) == (["cus_07", "cus_50"], True)


def test_units_that_were_there_before_are_looked_for_by_what_was_bought_when(
    dynamo: InDynamo, aws: AwsAccount
) -> None:
    for unit in some_units("ord_1", ("kettle", 2)):
        dynamo.units.add(unit)
    for item in dynamo.items():
        if not item["pk"].startswith("E#"):
            key = {name: {"S": item[name]} for name in ("pk", "sk")}
            aws.dynamodb.delete_item(TableName=TABLE, Key=key)
    again = {Unit.kind: DynamoUnits(aws.dynamodb, TABLE, SECRET, dynamo.rows).find_again}
    projector = Projector(aws.dynamodb, TABLE, *projections)
    rebuilding = Rebuilding(aws.dynamodb, TABLE, projector, again)

    for _ in range(2):
        told = rebuilding.go_on(begin=True, has_time=lambda: True)
        assert (told["done"], told["entities"]) == (True, 2)
        assert buyers(aws).of(KETTLE) == (["cus_1"], False)
        assert dynamo.part().count == 2
