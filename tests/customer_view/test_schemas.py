from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.customer_view.domain import CustomerView, Part, Status
from services.customer_view.domain.bounds import MOST_BYTES
from services.customer_view.domain.brief import Language
from services.customer_view.schemas import CustomerInOneLook, ViewCustomer
from services.customer_view.schemas.looking_up import Candidates, LookUpView
from tests.customer_view.examples import (
    NOON,
    a_candidate,
    a_complaint,
    a_conversation,
    a_customer,
    a_happening,
    a_unit,
    an_order,
    complaints,
    conversations,
    orders,
    payments,
    products,
    risk,
)

SHOWN_TO_ALL = ("customer", "orders", "payments", "complaints", "products", "timeline")


def test_a_view_says_of_each_part_how_far_it_can_be_relied_on() -> None:
    happening = {name: value for name, value in a_happening("o:1:0").items() if name != "event_id"}
    view = CustomerView(
        customer_id="ayse",
        as_of=NOON,
        parts={
            "customer": Part(
                status=Status.LAST_KNOWN, as_of=NOON, reason="it failed", data=a_customer()
            ),
            "orders": Part(status=Status.MISSING, reason="it did not answer"),
            "payments": Part.fresh(payments(("card", "TRY", 1, 5), paid=5), NOON),
            "complaints": Part.fresh(complaints(a_complaint("c1")), NOON),
            "products": Part.fresh(products(a_unit("u1")), NOON),
            "timeline": Part.fresh({"recent": [happening]}, NOON),
        },
    )

    look = CustomerInOneLook.of(view, language=Language.ENGLISH, advised=False)

    assert not look.complete
    assert look.customer
    assert look.customer.data is not None
    assert look.orders
    assert look.payments
    assert look.timeline
    assert (look.orders.data, look.orders.reason) == (None, "it did not answer")
    assert look.payments.data is not None
    assert look.payments.data.methods[0].count == 1
    assert (look.risk, look.conversations) == (None, None)
    assert look.timeline.status is Status.FRESH
    assert {one.fact: one.state for one in look.facts} == {
        "buys": "unknown",
        "uses": "known",
        "complained_of": "known",
        "pending": "unknown",
        "last_bought": "unknown",
        "pays": "known",
    }
    assert look.completeness == 50
    assert (look.brief, look.next_step) == (None, None)


def test_the_tag_of_a_view_changes_with_what_is_told_and_not_with_the_time() -> None:
    def tag(at: datetime, **other: Part) -> str:
        parts = {name: Part.fresh({"recent": []}, at) for name in ("timeline",)} | {
            "customer": Part.fresh(a_customer(), at),
            "orders": Part(status=Status.MISSING, reason="it did not answer"),
            "payments": Part.fresh(payments(("card", "TRY", 1, 5), paid=5), at),
            "complaints": Part.fresh(complaints(), at),
            "products": Part.fresh(products(), at),
        }
        view = CustomerView(customer_id="ayse", as_of=at, parts=parts | other)
        return CustomerInOneLook.of(view, language=Language.ENGLISH, advised=True).tag()

    later = NOON + timedelta(seconds=15)
    old = Part(status=Status.LAST_KNOWN, as_of=NOON, reason="it failed", data=a_customer())

    assert tag(NOON) == tag(later)
    others = [
        tag(NOON, complaints=Part.fresh(complaints(a_complaint("c1")), NOON)),
        tag(NOON, orders=Part(status=Status.MISSING, reason="it failed")),
        tag(NOON, customer=old),
        tag(NOON, customer=replace(old, as_of=later)),
    ]
    assert len({tag(NOON), *others}) == 5


def test_staff_are_shown_risk_and_conversations_in_the_words_of_the_api() -> None:
    talk = a_conversation("asked for a technician")
    parts = {name: Part(status=Status.MISSING, reason="down") for name in SHOWN_TO_ALL}
    view = CustomerView(
        customer_id="ayse",
        as_of=NOON,
        parts=parts
        | {
            "risk": Part.fresh(risk("high", "a reason"), NOON),
            "conversations": Part.fresh(conversations(talk), NOON),
        },
    )

    look = CustomerInOneLook.of(view, language=Language.ENGLISH, advised=True).model_dump(
        mode="json", by_alias=True
    )

    assert look["risk"]["data"] == {"band": "high", "reasons": ["a reason"]}
    assert look["conversations"]["data"]["recent"][0]["with"] == "Deniz"
    assert look["brief"].startswith("Orders are not known at the moment; ")
    assert look["next_step"]["step"] == "ask_again"


def test_of_some_parts_nothing_is_said_that_another_may_belie() -> None:
    def shown(*parts: str, **data: Any) -> CustomerInOneLook:
        told = {name: Part.fresh(data.get(name, {"recent": []}), NOON) for name in parts}
        view = CustomerView(customer_id="ayse", as_of=NOON, parts=told, asked=frozenset(parts))
        return CustomerInOneLook.of(view, language=Language.ENGLISH, advised=True)

    unsafe = {**a_complaint("c1"), "seriousness": "safety"}
    told = shown("complaints", complaints=complaints(unsafe))
    late = {**an_order("o1"), "promised_at": "2026-01-01T12:00:00+00:00"}

    assert (told.parts, told.orders, told.complete) == (["complaints"], None, True)
    assert [one.fact for one in told.facts] == ["complained_of"]
    assert told.brief
    assert "complaint" in told.brief
    assert told.next_step
    assert told.next_step.step == "secure"
    assert shown("complaints", complaints=complaints()).next_step is None
    assert shown("orders", orders=orders(late)).next_step is None  # there may be danger
    alone = shown("timeline")
    assert (alone.facts, alone.completeness, alone.brief) == ([], None, None)


@pytest.mark.parametrize("parts", ["", ",", "orders,canary", "Orders"])
def test_parts_that_there_are_not_are_refused_by_naming_those_there_are(parts: str) -> None:
    with pytest.raises(ValidationError, match="customer, conversations, care, orders"):
        ViewCustomer(parts=parts)


@pytest.mark.parametrize(
    "body", [{}, {"phone": None}, {"phone": "1", "order_id": "2"}, {"email": " "}, {"name": "A"}]
)
def test_one_looks_up_by_exactly_one_thing(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LookUpView.model_validate(body)


@pytest.mark.parametrize("kind", LookUpView.model_fields)
def test_what_is_looked_up_is_told_by_its_kind_and_value(kind: str) -> None:
    assert LookUpView.model_validate({kind: " 17 "}).given() == (kind, "17")


def test_candidates_say_why_they_may_be_meant_and_not_by_what_value() -> None:
    shown = Candidates.of([a_candidate("ayse", "ayse", district="Kadıköy")], "order_id")

    assert shown.model_dump() == {
        "candidates": [
            {
                "customer_id": "ayse",
                "display_name": None,
                "district": "Kadıköy",
                "why": "known by this order id",
            }
        ],
        "left_out": 0,
    }


def test_candidates_without_room_are_counted() -> None:
    many = [a_candidate(f"cus_{n}", display_name="Ş" * 200) for n in range(100)]

    shown = Candidates.of(many, "phone")

    assert len(shown.model_dump_json().encode()) <= MOST_BYTES
    assert len(shown.candidates) + shown.left_out == 100
    assert shown.candidates[0].customer_id == "cus_0"
