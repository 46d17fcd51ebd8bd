from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.orders.domain import Invoice, Past, Status
from services.orders.schemas import (
    MOST_MINOR_UNITS,
    IssueInvoice,
    MarkOrderUnavailable,
    OrderView,
    PlaceOrder,
    ProcessOrder,
    RecordPayment,
    RefundPayment,
)
from tests.orders.examples import (
    FILTER,
    NOON,
    WASHER,
    a_past_order,
    a_payment,
    a_refund,
    an_act,
    an_order,
)

LINE = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
PAST: dict[str, Any] = {"status": "delivered", "ordered_at": "2025-01-02T09:00:00+03:00"}
PAID = {"method": "boleto", "amount": 100}
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
        ("lines", {"lines": [LINE, LINE | {"kdv_class": None}]}),
        ("lines.0.freight", {"lines": [LINE | {"freight": -1}]}),
        ("lines.0.quantity", {"lines": [LINE | {"quantity": 0}]}),
        ("lines.0.quantity", {"lines": [LINE | {"quantity": 10**6 + 1}]}),
        ("lines.0.unit_price", {"lines": [LINE | {"unit_price": -1}]}),
        ("lines.0.kdv_class", {"lines": [LINE | {"kdv_class": "huge"}]}),
        ("lines.0.product", {"lines": [LINE | {"product": " "}]}),
        ("lines.0.amount", {"lines": [LINE | {"amount": 1}]}),
        ("promised_at", {"promised_at": "2026-03-01T12:00:00"}),
        ("past.status", {"past": PAST | {"status": "lost"}}),
        ("past.ordered_at", {"past": {"status": "placed"}}),
        ("past.placed_at", {"past": PAST | {"placed_at": "2025-01-05T12:00:00Z"}}),
        ("past.shipped_at", {"past": PAST | {"shipped_at": "2025-01-05"}}),
        ("past.payments.0.amount", {"past": PAST | {"payments": [PAID | {"amount": -1}]}}),
        ("past.payments.0.method", {"past": PAST | {"payments": [PAID | {"method": " "}]}}),
        ("past.payments", {"past": PAST | {"payments": [PAID] * 101}}),
        ("past.invoice.number", {"past": PAST | {"invoice": {"number": ""}}}),
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
    with pytest.raises(ValidationError, match="together they come to more than"):
        PlaceOrder.model_validate(GOOD | {"lines": [half, half | {"freight": 1}]})


@pytest.mark.parametrize("lines", [[], [{"product": "?", "quantity": 1, "unit_price": 0}]])
def test_what_a_new_order_must_say_a_past_one_may_leave_out(lines: list[Any]) -> None:
    past = PlaceOrder.model_validate(GOOD | {"lines": lines, "past": PAST})

    assert len(past.lines) == len(lines)
    with pytest.raises(ValidationError, match="a new order needs"):
        PlaceOrder.model_validate(GOOD | {"lines": lines})


def test_a_past_tells_only_what_was_reached_and_all_times_are_utc() -> None:
    told = PAST | {"shipped_at": "2025-01-05T12:00:00+03:00", "approved_at": None}

    past = PlaceOrder.model_validate(GOOD | {"past": told}).past

    assert past is not None
    assert past.past() == Past(
        status=Status.DELIVERED,
        ordered_at=datetime(2025, 1, 2, 6, tzinfo=UTC),
        reached={Status.SHIPPED: datetime(2025, 1, 5, 9, tzinfo=UTC)},
    )


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.PLACED])
def test_a_past_has_a_date_for_every_status(status: Status) -> None:
    told = PAST | {f"{status.value}_at": "2025-01-05T12:00:00Z"}

    past = PlaceOrder.model_validate(GOOD | {"past": told}).past

    assert past is not None
    assert set(past.past().reached) == {status}


@pytest.mark.parametrize(
    ("model", "flaw"),
    [
        (RecordPayment, {"method": "card", "amount": -1}),
        (RecordPayment, {"method": "card", "amount": 1, "instalments": -1}),
        (RecordPayment, {"method": "", "amount": 1}),
        (RecordPayment, {"method": "card", "amount": 1, "paid_at": "2026-03-01T12:00:00"}),
        (RecordPayment, {"amount": 1}),
        (RefundPayment, {"amount": 0, "reason": "none"}),
        (RefundPayment, {"amount": 1, "reason": " "}),
        (IssueInvoice, {"number": " "}),
        (IssueInvoice, {}),
        (MarkOrderUnavailable, {"reason": "none"}),
        (ProcessOrder, {"by": "me"}),
    ],
)
def test_a_malformed_move_is_refused(model: type[BaseModel], flaw: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(flaw)


def test_an_order_shows_the_kdv_that_each_line_contains() -> None:
    view = OrderView.of(an_order(lines=(WASHER, FILTER)))

    assert [(line.amount, line.kdv_rate, line.kdv) for line in view.lines] == [
        (1_999_900, 20, 333_317),
        (74_850, 20, 12_475),
    ]
    assert view.amount == 2_074_750


def test_kdv_is_shown_where_its_rate_is_known_and_left_open_where_it_is_not() -> None:
    unclassed = OrderView.of(a_past_order(lines=(replace(WASHER, kdv_class=None),)))
    too_old = OrderView.of(a_past_order(ordered_at=datetime(2005, 1, 1, tzinfo=UTC)))

    for [line] in (unclassed.lines, too_old.lines):
        assert (line.amount, line.kdv_rate, line.kdv) == (1_999_900, None, None)


def test_an_order_shows_its_money_and_how_far_it_has_come() -> None:
    order = a_past_order(
        lines=(replace(WASHER, freight=100, partner="bayi-7"),),
        payments=(a_payment(amount=2_000_000, paid_at=None),),
        invoice=Invoice(),
        promised_at=NOON,
    ).refund(an_act(1), a_refund(amount=50))

    view = OrderView.of(order)

    assert (view.amount, view.paid, view.owed) == (2_000_000, 1_999_950, 50)
    assert (view.lines[0].freight, view.lines[0].partner) == (100, "bayi-7")
    assert (view.payments[0].payment_id, view.payments[0].paid_at) == ("pay_1", None)
    assert (view.refunds[0].refund_id, view.refunds[0].amount) == ("rfd_1", 50)
    assert view.invoice is not None
    assert (view.invoice.number, view.invoice.issued_at) == (None, None)
    assert view.promised_at == NOON
    assert view.reached == {Status.PLACED: order.ordered_at}
