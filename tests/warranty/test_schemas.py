"""What the API takes and says."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from services.warranty import schemas
from services.warranty.domain import Proof
from services.warranty.schemas import RegisterProduct, RegistrationReceipt, UnitView
from tests.warranty.examples import LONG_AGO, a_registration, some_units

GOOD: dict[str, Any] = {
    "product": "sunglasses",
    "bought_on": "2026-03-07",
    "bought_from": "Optik Göz",
    "name": "Ayşe Işık",
    "contact_point": {"kind": "phone", "value": "0532 123 45 67"},
}


@pytest.mark.parametrize(
    ("field", "flaw"),
    [
        ("bought_on", {"bought_on": "2026-02-30"}),
        ("bought_on", {"bought_on": None}),
        ("name", {"name": "  "}),
        ("contact_point.kind", {"contact_point": {"kind": "fax", "value": "1"}}),
        ("price.amount", {"price": {"amount": 12.5}}),
        ("price.currency", {"price": {"amount": 12, "currency": "lira"}}),
        ("order_id", {"order_id": "ord/../1"}),
        ("product", {"product": "x" * 101}),
        ("customer_id", {"customer_id": "cus_1"}),
    ],
)
def test_a_flawed_registration_names_the_field_at_fault(field: str, flaw: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        RegisterProduct.model_validate(GOOD | flaw)

    assert [".".join(map(str, one["loc"])) for one in refused.value.errors()] == [field]


def test_a_product_or_a_serial_number_is_enough_and_neither_is_not() -> None:
    by_serial = {**GOOD, "product": None, "serial": "SN-1234"}

    assert RegisterProduct.model_validate(by_serial).purchase().serial == "SN-1234"
    with pytest.raises(ValidationError, match="name the product, its serial number, or both"):
        RegisterProduct.model_validate({**GOOD, "product": None})


def test_what_whoever_registers_is_told_holds_nothing_of_anybody() -> None:
    told = RegistrationReceipt.of(*a_registration()).model_dump_json()

    assert "cus_1" not in told
    assert set(RegistrationReceipt.model_fields) == {
        "registration_id",
        "state",
        "proof",
        "next",
        "cover",
        "version",
    }


def test_where_the_delivery_is_unknown_the_end_of_the_cover_is_and_it_is_said_so() -> None:
    [unit] = some_units(delivered_at=None)

    cover = UnitView.of(unit).cover

    assert cover.runs_from is None
    assert cover.until is None
    assert "not known" in cover.note
    assert "lawyer" in cover.basis


TEXTS = [*schemas.NEXT.values(), schemas.UNDER_REVIEW, schemas.FROM_DELIVERY]


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_for_customers_makes_a_document_the_condition_of_a_right(text: str) -> None:
    conditions = r"\b(must|only|unless|required|need|needed|invalid|expire|void|start|if)\b"

    assert not re.search(conditions, text, re.IGNORECASE)


def test_every_state_of_a_proof_has_words_for_customers() -> None:
    assert schemas.NEXT.keys() == set(Proof)


def test_who_is_asked_for_a_document_reads_first_that_the_warranty_runs() -> None:
    asked = RegistrationReceipt.of(*a_registration(bought_on=LONG_AGO))

    assert asked.next.index("statutory warranty runs") < asked.next.index("document")
