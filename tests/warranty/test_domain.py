"""Units, registrations and their proof."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.warranty.domain import (
    MOST_APART,
    IllegalMove,
    Proof,
    Registration,
    State,
    canonical_serial,
    following,
    is_same_product,
)
from shared.errors import Invalid
from tests.warranty.examples import (
    BOUGHT,
    INVOICE,
    LONG_AGO,
    NOON,
    a_purchase,
    a_registration,
    an_act,
    some_units,
)


def test_each_piece_of_a_delivered_order_is_a_unit_covered_from_its_delivery() -> None:
    units = some_units("ord_1", ("washer", 1), ("filter", 3))

    assert [(unit.product, unit.pieces) for unit in units] == [("washer", 1)] + [("filter", 1)] * 3
    assert len({unit.unit_id for unit in units}) == 4
    assert {unit.state for unit in units} == {State.OWNED}
    assert {unit.covered_until for unit in units} == {date(2028, 3, 10)}


def test_the_same_delivery_always_makes_the_same_units() -> None:
    assert some_units("ord_1", ("washer", 2)) == some_units("ord_1", ("washer", 2))


def test_units_of_another_order_are_others() -> None:
    first, second = some_units("ord_1") + some_units("ord_2")

    assert first.unit_id != second.unit_id


def test_of_a_large_order_each_line_is_one_unit_and_no_piece_is_lost() -> None:
    apart = some_units("ord_1", ("filter", MOST_APART - 1), ("washer", 1))
    together = some_units("ord_2", ("filter", MOST_APART), ("washer", 1))

    assert len(apart) == MOST_APART
    assert [(unit.product, unit.pieces) for unit in together] == [("filter", 200), ("washer", 1)]


def test_a_delivery_whose_day_is_unknown_makes_units_without_an_end_of_cover() -> None:
    [unit] = some_units(delivered_at=None)

    assert unit.delivered_on is None
    assert unit.covered_until is None
    assert unit.since == NOON


def test_a_registration_makes_its_unit_known() -> None:
    registration, unit = a_registration(serial="SN-1234", delivered_on=BOUGHT)

    assert registration.unit_id == unit.unit_id
    assert (unit.product, unit.serial, unit.bought_on, unit.bought_from) == (
        "sunglasses",
        "SN-1234",
        BOUGHT,
        "Optik Göz",
    )
    assert unit.delivered_on == BOUGHT
    assert unit.registration_id == "reg_1"


def test_our_own_sale_needs_no_proof_however_late_it_is_registered() -> None:
    [washer] = some_units()

    registration, unit = a_registration(known=washer, bought_on=LONG_AGO, product="WASHER X")

    assert registration.proof is Proof.NOT_NEEDED
    assert unit.state is State.REGISTERED
    assert unit.product == "washer"
    assert unit.delivered_on == washer.delivered_on


def test_what_stands_for_many_pieces_does_not_become_the_one_that_was_registered() -> None:
    [lot] = some_units("ord_1", ("filter", MOST_APART + 1))

    registration, unit = a_registration(known=lot, serial="SN-1234")

    assert unit is lot
    assert registration.unit_id == lot.unit_id
    assert registration.proof is Proof.NOT_NEEDED
    assert following(an_act(1), lot, registration) is lot


def test_a_serial_number_in_dispute_is_reviewed_and_the_week_counts_all_the_same() -> None:
    registration, unit = a_registration(serial="SN-1234", is_disputed=True)

    assert registration.state is State.UNDER_REVIEW
    assert unit.state is State.UNDER_REVIEW
    assert registration.proof is Proof.WAIVED


MOVES: Sequence[Callable[[Registration], Registration]] = (
    lambda one: one.give_proof(an_act(3), replace(INVOICE, number="another")),
    lambda one: one.accept_proof(an_act(3), "another reason"),
    lambda one: one.refuse_proof(an_act(3), "another reason"),
)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("is_late", [False, True])
def test_what_was_registered_in_its_week_or_accepted_is_never_asked_again(
    is_late: bool, move: Callable[[Registration], Registration]
) -> None:
    registration, _ = a_registration(bought_on=LONG_AGO if is_late else BOUGHT)
    if is_late:
        registration = registration.give_proof(an_act(1), INVOICE).accept_proof(an_act(2), "fits")

    with pytest.raises(IllegalMove) as refused:
        move(registration)

    assert refused.value.legal_moves == []


def test_a_proof_is_given_refused_given_again_and_accepted() -> None:
    asked, _ = a_registration(bought_on=LONG_AGO)
    given = asked.give_proof(an_act(1), INVOICE)
    refused = given.refuse_proof(an_act(2, by="agent-1"), "another shop's")
    again = refused.give_proof(an_act(3), replace(INVOICE, number="GIB2026-2"))
    accepted = again.accept_proof(an_act(4, by="agent-1"), "it fits")

    states = [one.state for one in (asked, given, refused, again, accepted)]
    assert states == [
        State.PROOF_ASKED,
        State.PROOF_GIVEN,
        State.PROOF_REFUSED,
        State.PROOF_GIVEN,
        State.REGISTERED,
    ]
    assert refused.decision is not None
    assert (refused.decision.by, refused.decision.reason) == ("agent-1", "another shop's")
    assert again.decision is None


def test_doing_the_same_again_changes_nothing() -> None:
    asked, _ = a_registration(bought_on=LONG_AGO)
    given = asked.give_proof(an_act(1), INVOICE)
    refused = given.refuse_proof(an_act(2), "another shop's")

    assert given.give_proof(an_act(5), INVOICE) is given
    assert refused.refuse_proof(an_act(5), "another shop's") is refused


def test_nothing_can_be_decided_before_a_document_is_named() -> None:
    asked, _ = a_registration(bought_on=LONG_AGO)

    with pytest.raises(IllegalMove, match="one cannot accept a proof that is asked") as refused:
        asked.accept_proof(an_act(1), "it fits")

    assert refused.value.legal_moves == ["give"]


def test_a_document_of_tomorrow_is_refused() -> None:
    asked, _ = a_registration(bought_on=LONG_AGO)

    with pytest.raises(Invalid, match="still to come"):
        asked.give_proof(an_act(1), replace(INVOICE, dated=date(2026, 3, 11)))


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("bought_on", {"bought_on": date(2026, 3, 11)}),
        ("bought_on", {"bought_on": date(202, 3, 1)}),
        ("delivered_on", {"delivered_on": date(2026, 3, 11)}),
        ("delivered_on", {"delivered_on": date(2026, 3, 6)}),
        ("serial", {"serial": "bilmiyorum"}),
    ],
)
def test_what_cannot_have_been_is_told_with_its_field(field: str, said: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        a_purchase(**said).must_be_possible(date(2026, 3, 10))

    assert refused.value.field == field


def test_a_purchase_of_today_is_possible() -> None:
    today = date(2026, 3, 10)

    a_purchase(bought_on=today, delivered_on=today).must_be_possible(today)


@pytest.mark.parametrize("written", ["sn-12ı3 i", " SN 12I3İ", "sn.12i3/I", "ｓｎ12i3ı"])  # noqa: RUF001
def test_a_serial_number_is_the_same_in_every_spelling(written: str) -> None:
    assert canonical_serial(written) == "SN12I3I"


@pytest.mark.parametrize("written", ["yok", "-", "0", "bilmiyorum", "???", "١٢٣٤"])
def test_words_for_none_are_no_serial_numbers(written: str) -> None:
    with pytest.raises(Invalid, match="copy it from the label"):
        canonical_serial(written)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Çamaşır  Makinesi", "CAMASIR MAKİNESİ", True),
        ("washer", None, True),
        ("washer", "dryer", False),
    ],
)
def test_products_are_compared_as_people_write_them(
    one: str, other: str | None, same: bool
) -> None:
    assert is_same_product(one, other) is same
