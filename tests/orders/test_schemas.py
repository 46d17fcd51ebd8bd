from typing import Any

import pytest
from pydantic import ValidationError

from services.orders.schemas import MOST_MINOR_UNITS, OrderView, PlaceOrder
from tests.orders.examples import FILTER, WASHER, an_order

LINE = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
GOOD: dict[str, Any] = {"customer_id": "cus_1", "lines": [LINE]}


def test_an_order_is_in_liras_unless_it_says_otherwise() -> None:
    assert PlaceOrder.model_validate(GOOD).currency == "TRY"


@pytest.mark.parametrize(
    ("field", "flaw"),
    [
        ("customer_id", {"customer_id": "cus_1#R"}),
        ("customer_id", {"customer_id": ""}),
        ("currency", {"currency": "try"}),
        ("lines", {"lines": []}),
        ("lines", {"lines": [LINE] * 101}),
        ("lines.0.quantity", {"lines": [LINE | {"quantity": 0}]}),
        ("lines.0.quantity", {"lines": [LINE | {"quantity": 10**6 + 1}]}),
        ("lines.0.unit_price", {"lines": [LINE | {"unit_price": -1}]}),
        ("lines.0.kdv_class", {"lines": [LINE | {"kdv_class": "huge"}]}),
        ("lines.0.product", {"lines": [LINE | {"product": " "}]}),
        ("lines.0.amount", {"lines": [LINE | {"amount": 1}]}),
        ("external_id", {"external_id": "with space"}),
        ("status", {"status": "delivered"}),
        ("version", {"version": 7}),
    ],
)
def test_a_malformed_order_names_the_field_at_fault(field: str, flaw: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        PlaceOrder.model_validate(GOOD | flaw)

    assert [".".join(map(str, one["loc"])) for one in refusal.value.errors()] == [field]


def test_lines_that_together_come_to_an_absurd_sum_are_refused() -> None:
    half = LINE | {"unit_price": MOST_MINOR_UNITS // 2}
    PlaceOrder.model_validate(GOOD | {"lines": [half, half]})

    with pytest.raises(ValidationError, match="together they come to more than"):
        PlaceOrder.model_validate(GOOD | {"lines": [half, half, LINE]})


def test_an_order_shows_the_kdv_that_each_line_contains() -> None:
    view = OrderView.of(an_order(lines=(WASHER, FILTER)))

    assert [(line.amount, line.kdv_rate, line.kdv) for line in view.lines] == [
        (1_999_900, 20, 333_317),
        (74_850, 20, 12_475),
    ]
    assert view.amount == 2_074_750
