from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.customer.schemas import (
    ChangeCustomer,
    CreateCustomer,
    CustomerView,
    EndLink,
    LinkCustomers,
    LookUpCustomers,
)
from tests.customer.examples import MOBILE, a_customer

POINT = {"kind": "phone", "value": "0532 123 45 67"}


@pytest.mark.parametrize(
    ("model", "body", "at_fault"),
    [
        (CreateCustomer, {}, "name"),
        (CreateCustomer, {"name": "  "}, "name"),
        (CreateCustomer, {"name": "x" * 201}, "name"),
        (CreateCustomer, {"name": "\u200b"}, "name"),
        (CreateCustomer, {"name": "Ay\u0007şe"}, "name"),
        (CreateCustomer, {"name": "A", "customer_id": "cus_1"}, "customer_id"),
        (CreateCustomer, {"name": "A", "contact_points": [POINT] * 21}, "contact_points"),
        (CreateCustomer, {"name": "A", "contact_points": [{"kind": "fax", "value": "1"}]}, "kind"),
        (
            CreateCustomer,
            {"name": "A", "contact_points": [POINT | {"verified": True}]},
            "verified",
        ),
        (CreateCustomer, {"name": "A", "external_ids": ["17"]}, "external_ids"),
        (CreateCustomer, {"name": "A", "external_ids": ["LOGO:17"]}, "external_ids"),
        (CreateCustomer, {"name": "A", "external_ids": ["logo:1 7"]}, "external_ids"),
        (ChangeCustomer, {"version": 3}, "version"),
        (ChangeCustomer, {"merged_into": "cus_2"}, "merged_into"),
        (ChangeCustomer, {"contact_points": [POINT] * 21}, "contact_points"),
        (LinkCustomers, {"other_id": "cus_2"}, "reason"),
        (LinkCustomers, {"other_id": "cus 2", "reason": "x"}, "other_id"),
        (EndLink, {"reason": "\t"}, "reason"),
        (EndLink, {"reason": "x" * 501}, "reason"),
        (LookUpCustomers, {"name": "Ayşe"}, "name"),
    ],
)
def test_a_malformed_body_names_the_field_at_fault(
    model: type[BaseModel], body: dict[str, Any], at_fault: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(body)

    assert any(at_fault in map(str, one["loc"]) for one in refusal.value.errors())


@pytest.mark.parametrize("body", [{}, {"name": None}, {"name": None, "external_ids": None}])
def test_a_change_that_says_nothing_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="name at least one field to change"):
        ChangeCustomer.model_validate(body)


@pytest.mark.parametrize("body", [{}, {"phone": "1", "email": "a@b.c"}, {"phone": None}])
def test_one_looks_up_by_exactly_one_thing(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="give exactly one of"):
        LookUpCustomers.model_validate(body)


@pytest.mark.parametrize("name", ["Ayşe Işık", "Ö", "李雷", "O'Neill-Öz", "5 Yıldız A.Ş."])
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    assert CreateCustomer.model_validate({"name": f"  {name} "}).name == name


def test_a_customer_is_shown_with_the_one_who_stands_for_them() -> None:
    view = CustomerView.of(a_customer(contact_points=(MOBILE,)), a_customer("cus_9"))

    assert view.person_id == "cus_9"
    assert view.contact_points[0].value == "+905321234567"
