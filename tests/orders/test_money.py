"""What was paid for an order, given back and is owed, and its one invoice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain import AlreadyInvoiced, Invoice, MoreThanPaid, Order, Status
from services.orders.events import event_of
from shared.contracts.orders import InvoiceIssued, PaymentReceived, PaymentRefunded
from tests.orders.examples import (
    NOON,
    a_past_order,
    a_payment,
    a_refund,
    after,
    an_act,
    an_order,
)

WASHER_COSTS = 1_999_900


def delivered(order: Order) -> Order:
    return order.approve(an_act(1)).ship(an_act(2), tracking=None).deliver(an_act(3))


def test_what_is_not_paid_is_owed_until_it_is() -> None:
    order = an_order()
    half = order.pay(an_act(1), a_payment("pay_1", amount=WASHER_COSTS - 1))
    whole = half.pay(an_act(2), a_payment("pay_2", amount=1))

    assert [(one.paid, one.owed) for one in (order, half, whole)] == [
        (0, WASHER_COSTS),
        (WASHER_COSTS - 1, 1),
        (WASHER_COSTS, 0),
    ]


def test_who_paid_too_much_owes_nothing() -> None:
    order = an_order().pay(an_act(1), a_payment(amount=WASHER_COSTS + 5))

    assert (order.paid, order.owed) == (WASHER_COSTS + 5, 0)


def test_a_voucher_for_all_of_it_is_a_payment_of_nothing() -> None:
    order = an_order().pay(an_act(1), a_payment(method="voucher", amount=0))

    assert (len(order.payments), order.paid) == (1, 0)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.UNAVAILABLE])
def test_for_what_was_given_up_nothing_is_owed_and_what_was_paid_can_go_back(
    status: Status,
) -> None:
    paid = an_order().pay(an_act(1), a_payment(amount=500))
    gone = {
        Status.CANCELLED: paid.cancel(an_act(2), reason="ordered twice"),
        Status.UNAVAILABLE: paid.mark_unavailable(an_act(2)),
    }[status]

    assert (gone.paid, gone.owed) == (500, 0)
    assert gone.refund(an_act(3), a_refund(amount=500)).paid == 0


def test_what_is_given_back_is_owed_again() -> None:
    order = delivered(an_order().pay(an_act(1), a_payment()))

    assert order.refund(an_act(4), a_refund(amount=300)).owed == 300


def test_the_same_payment_again_changes_nothing() -> None:
    paid = an_order().pay(an_act(1), a_payment())

    assert paid.pay(an_act(2), a_payment()) is paid
    assert paid.pay(an_act(2), a_payment("pay_2")).paid == 2 * WASHER_COSTS


def test_the_same_refund_again_changes_nothing_even_if_no_more_could_be_given_back() -> None:
    paid = an_order().pay(an_act(1), a_payment(amount=500))
    refunded = paid.refund(an_act(2), a_refund(amount=500))

    assert refunded.refund(an_act(3), a_refund(amount=500)) is refunded


def test_no_more_is_given_back_than_was_paid_and_it_is_said_how_much_that_is() -> None:
    paid = an_order().pay(an_act(1), a_payment(amount=500))
    some = paid.refund(an_act(2), a_refund("rfd_1", amount=200))

    with pytest.raises(MoreThanPaid, match="300 minor units of TRY are left"):
        some.refund(an_act(3), a_refund("rfd_2", amount=301))
    assert some.refund(an_act(3), a_refund("rfd_2", amount=300)).paid == 0


@given(
    st.lists(
        st.tuples(st.sampled_from(["pay", "refund"]), st.integers(0, 5), st.integers(1, 900)),
        max_size=12,
    )
)
def test_whatever_comes_and_goes_the_books_agree_with_the_payments_and_are_never_short(
    moves: list[tuple[str, int, int]],
) -> None:
    order = an_order()
    for minute, (what, number, amount) in enumerate(moves, start=1):
        try:
            if what == "pay":
                order = order.pay(an_act(minute), a_payment(f"pay_{number}", amount=amount))
            else:
                order = order.refund(an_act(minute), a_refund(f"rfd_{number}", amount=amount))
        except MoreThanPaid:
            continue

    came = sum(one.amount for one in order.payments)
    assert order.paid == came - sum(one.amount for one in order.refunds) >= 0
    assert order.owed == order.amount - order.paid
    assert [entry.version for entry in order.log] == list(range(1, order.version + 1))


def test_money_moves_no_goods_and_goods_move_no_money() -> None:
    order = an_order().pay(an_act(1), a_payment())
    order = order.issue_invoice(an_act(2), number="A1", issued_at=None)

    assert order.status is Status.PLACED
    assert delivered(order).payments == order.payments
    assert delivered(order).invoice == order.invoice
    assert delivered(an_order()).pay(an_act(9), a_payment()).status is Status.DELIVERED


def test_an_invoice_is_of_now_unless_its_day_is_told() -> None:
    now = an_order().issue_invoice(an_act(5), number="A1", issued_at=None)
    then = an_order().issue_invoice(an_act(5), number="A1", issued_at=after(2))

    assert now.invoice == Invoice(number="A1", issued_at=after(5))
    assert then.invoice == Invoice(number="A1", issued_at=after(2))


def test_the_same_invoice_again_changes_nothing_and_another_is_refused() -> None:
    order = an_order().issue_invoice(an_act(1), number="A1", issued_at=None)

    assert order.issue_invoice(an_act(2), number="A1", issued_at=None) is order
    assert order.issue_invoice(an_act(2), number="A1", issued_at=after(1)) is order
    with pytest.raises(AlreadyInvoiced, match="never replaced"):
        order.issue_invoice(an_act(2), number="A2", issued_at=None)
    with pytest.raises(AlreadyInvoiced):
        order.issue_invoice(an_act(2), number="A1", issued_at=after(2))


def test_an_invoice_of_the_past_gets_the_number_it_lacked_and_keeps_its_day() -> None:
    known = a_past_order(invoice=Invoice(issued_at=NOON))
    unknown = a_past_order(invoice=Invoice())

    numbered = known.issue_invoice(an_act(5), number="A1", issued_at=None)

    assert numbered.invoice == Invoice(number="A1", issued_at=NOON)
    assert unknown.issue_invoice(an_act(5), number="A1", issued_at=None).invoice == Invoice(
        number="A1", issued_at=after(5)
    )


def test_money_and_invoice_are_announced_as_facts_without_free_text() -> None:
    order = (
        an_order()
        .pay(an_act(1), a_payment(instalments=6, paid_at=after(-30)))
        .refund(an_act(2), a_refund(reason="reason-canary"))
        .issue_invoice(an_act(3), number="number-canary", issued_at=after(-10))
    )

    paid, refunded, invoiced = (event_of("ord_1", "cus_1", one) for one in order.log[1:])

    assert isinstance(paid, PaymentReceived)
    assert (paid.method, paid.amount, paid.currency) == ("credit_card", WASHER_COSTS, "TRY")
    assert (paid.instalments, paid.occurred_at) == (6, after(-30))
    assert isinstance(refunded, PaymentRefunded)
    assert (refunded.refund_id, refunded.amount) == ("rfd_1", 1000)
    assert isinstance(invoiced, InvoiceIssued)
    assert invoiced.occurred_at == after(-10)
    assert not any("canary" in one.model_dump_json() for one in (paid, refunded, invoiced))


def test_a_payment_that_differs_in_anything_is_another_payment() -> None:
    paid = an_order().pay(an_act(1), a_payment())

    assert len(paid.pay(an_act(2), replace(a_payment(), instalments=2)).payments) == 2
