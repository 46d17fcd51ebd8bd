"""What is known of a customer in facts, in two sentences, and what is best done next."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customer_view.domain import CustomerView, Document, Part, Status
from services.customer_view.domain.brief import WORDS, Language, brief, reason_of
from services.customer_view.domain.facts import (
    FACTS,
    Fact,
    State,
    completeness,
    days_late,
    facts_of,
)
from services.customer_view.domain.steps import NextStep, Step, next_step
from tests.customer_view.examples import (
    NOON,
    a_complaint,
    a_conversation,
    a_customer,
    a_promise,
    a_unit,
    an_order,
    at,
    care,
    complaints,
    conversations,
    orders,
    payments,
    products,
    risk,
)

DAY = 24 * 60
DOWN = Part(status=Status.MISSING, reason="it did not answer in time")
NOTHING: dict[str, Document] = {
    "customer": a_customer(),
    "orders": orders(),
    "payments": payments(),
    "risk": risk(),
    "complaints": complaints(),
    "products": products(),
    "conversations": conversations(),
    "care": care(),
}


def a_view(**changes: Any) -> CustomerView:
    """The view of somebody of whom nothing is in the books but these parts."""
    parts = {name: changes.pop(name) for name in NOTHING if name in changes}
    return CustomerView(
        customer_id="ayse",
        as_of=NOON,
        **changes,
        parts={
            name: part if isinstance(part, Part) else Part.fresh(part, NOON)
            for name, part in {**NOTHING, **parts}.items()
        },
    )


def fact(view: CustomerView, name: str) -> Fact:
    return next(one for one in facts_of(view) if one.name == name)


def promised(order_id: str, *, days: int, **changes: Any) -> dict[str, Any]:
    """A pending order that was promised for so many days after today."""
    return an_order(order_id, **changes) | {"promised_at": at(days * DAY)}


def test_each_fact_of_somebody_who_did_nothing_is_none_and_not_unknown() -> None:
    facts = facts_of(a_view())
    assert [one.name for one in facts] == list(FACTS)
    assert {one.name: one.state for one in facts} == {
        name: State.KNOWN if name == "risk" else State.NONE for name in FACTS
    }
    assert completeness(facts) == 100


@given(down=st.sets(st.sampled_from(sorted(NOTHING))))
@settings(max_examples=40)
def test_a_fact_is_unknown_just_where_its_source_did_not_answer(down: set[str]) -> None:
    facts = facts_of(a_view(**dict.fromkeys(down, DOWN)))
    for one in facts:
        unknown = FACTS[one.name][0] in down
        assert (one.state is State.UNKNOWN) is unknown
        assert one.reason == ("it did not answer in time" if unknown else None)
        assert one.value is None or not unknown
    known = sum(FACTS[one.name][0] not in down for one in facts)
    assert completeness(facts) == 100 * known // len(facts)


def test_what_was_last_known_is_known_with_its_time_and_makes_the_look_less_complete() -> None:
    earlier = NOON - timedelta(hours=2)
    old = Part(
        status=Status.LAST_KNOWN, as_of=earlier, reason="it failed", data=orders(an_order("o"))
    )
    view = a_view(orders=old)
    buys = fact(view, "buys")
    assert (buys.state, buys.status, buys.as_of) == (State.KNOWN, Status.LAST_KNOWN, earlier)
    assert completeness(facts_of(view)) in range(100)


def test_a_part_that_the_caller_may_not_see_gives_no_fact() -> None:
    view = a_view()
    parts = {name: part for name, part in view.parts.items() if name != "risk"}
    shown = facts_of(CustomerView(customer_id="ayse", as_of=NOON, parts=parts))
    assert "risk" not in {one.name for one in shown}


def test_of_pending_orders_the_one_that_is_most_overdue_is_told() -> None:
    waiting = orders(promised("soon", days=2), promised("late", days=-3), an_order("open"))
    value = fact(a_view(orders=waiting), "pending").value
    assert value is not None
    assert (value["orders"], value["order_id"], value["days_late"]) == (3, "late", 3)


def test_the_owner_is_told_with_who_takes_their_place() -> None:
    away = {"name": "Deniz", "presence": "away"}
    cared_for = {**care("Platinum"), "owner": away, "acting": {"name": "Ece"}}
    assert fact(a_view(care=cared_for), "owner").value == {
        "name": "Deniz",
        "presence": "away",
        "acting": "Ece",
        "tier": "Platinum",
        "queue": "standard-tr",
    }


def test_days_late_are_days_of_the_calendar_in_turkey() -> None:
    # 23:30 and 00:30 in Istanbul, an hour apart.
    evening = NOON.replace(hour=20, minute=30)
    assert days_late(evening.isoformat(), evening + timedelta(hours=1)) == 1
    assert days_late(evening.isoformat(), evening) == 0
    assert days_late(None, NOON) == 0


BROKEN = conversations(
    a_conversation("hello"), promises=[a_promise("cnv_1", minutes=-4 * DAY)], more=2
)
FULL = {
    "conversations": BROKEN,
    "orders": orders(promised("o2", days=-3), an_order("o1"), total=1999900),
    "payments": payments(("credit_card", "TRY", 2, 5), owed=123450),
    "complaints": complaints(a_complaint("c1")),
    "products": products(a_unit("u1"), a_unit("u2")),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            Language.TURKISH,
            "2 sipariş, toplam ₺39.998,00; son aldığı washer (01.03.2026); 2 ürün kullanıyor. "
            "2 sipariş bekliyor, söz verilen tarih 3 gün geçti; verdiğimiz 3 söz açık, 4 gün "
            "gecikti; 1 açık şikâyet var; borcu ₺1.234,50.",
        ),
        (
            Language.ENGLISH,
            "2 orders, ₺39,998.00 in all; last bought washer on 2026-03-01; owns 2 products. "
            "2 orders are pending, 3 days behind our promise; 3 promises of ours are open, 4 days "
            "overdue; 1 complaint is open; owes ₺1,234.50.",
        ),
    ],
)
def test_the_brief_says_in_two_sentences_who_they_are_and_what_goes_on(
    language: Language, text: str
) -> None:
    assert brief(facts_of(a_view(**FULL)), language) == text


def test_a_promise_that_is_not_due_yet_is_told_with_its_day_and_calls_for_nothing() -> None:
    waits = conversations(a_conversation("hi"), promises=[a_promise("cnv_1", minutes=DAY)])
    view = a_view(conversations=waits)

    told = [brief(facts_of(view), one) for one in Language]

    assert "verdiğimiz 1 söz açık, son gün 02.03.2026" in told[0]
    assert "1 promise of ours is open, due 2026-03-02" in told[1]
    assert next_step(view) == NextStep(step=Step.NOTHING)
    value = fact(view, "talked_about").value
    assert value is not None
    assert (value["promises"], value["days_late"]) == (1, 0)


def test_what_was_remembered_before_there_were_promises_promises_nothing() -> None:
    older = {"count": 1, "recent": [a_conversation("hello")]}
    view = a_view(conversations=older)

    assert "promise" not in brief(facts_of(view), Language.ENGLISH)
    assert next_step(view) == NextStep(step=Step.NOTHING)


def test_the_brief_never_says_that_there_is_nothing_where_nobody_answered() -> None:
    view = a_view(orders=DOWN, complaints=DOWN)
    text = brief(facts_of(view), Language.ENGLISH)
    assert text == (
        "Orders are not known at the moment; the last purchase is not known; no product is "
        "registered. Whether an order is pending is not known; complaints are not known; "
        "nothing is owed."
    )


def test_a_turkish_sentence_begins_with_the_capital_of_its_letter() -> None:
    assert brief(facts_of(a_view()), Language.TURKISH).startswith("Henüz")


@pytest.mark.parametrize(
    ("amount", "currency", "turkish", "english"),
    [
        (123456750, "TRY", "₺1.234.567,50", "₺1,234,567.50"),
        (-5, "EUR", "-€0,05", "-€0.05"),
        (1500, "JPY", "JPY 1.500", "JPY 1,500"),
        (1500, "KWD", "KWD 1,500", "KWD 1.500"),
    ],
)
def test_money_is_written_as_the_language_has_it(
    amount: int, currency: str, turkish: str, english: str
) -> None:
    sums = [{"amount": amount, "currency": currency}]
    assert WORDS[Language.TURKISH].money(sums) == turkish
    assert WORDS[Language.ENGLISH].money(sums) == english


UNSAFE = a_complaint("smoke") | {"seriousness": "safety"}
OVERDUE = a_complaint("slow") | {"due_at": at(-2 * DAY)}
LATE = orders(promised("o1", days=-3))
LONG_AGO = conversations(a_conversation("hello", minutes=-400 * DAY))
# All that calls for a step, the most urgent first, and the step.
URGENT: list[tuple[dict[str, Any], NextStep]] = [
    ({"complaints": complaints(UNSAFE)}, NextStep(step=Step.SECURE, about="smoke")),
    (
        {"orders": LATE},
        NextStep(step=Step.TELL_OF_DELAY, about="o1", because={"days": 3}),
    ),
    (
        {"conversations": BROKEN},
        NextStep(
            step=Step.KEEP_PROMISE,
            about="cnv_1",
            because={"days": 4, "what": "call about cnv_1", "by": "Technicians"},
        ),
    ),
    (
        {"complaints": complaints(OVERDUE)},
        NextStep(step=Step.ANSWER_COMPLAINT, about="slow", because={"days": 2}),
    ),
    ({"products": DOWN}, NextStep(step=Step.ASK_AGAIN, because={"parts": ["products"]})),
    (
        {"newly_joined": ("fatma",)},
        NextStep(step=Step.CONFIRM_PERSON, because={"ids": 2}),
    ),
    (
        {"complaints": complaints(a_complaint("c1"))},
        NextStep(step=Step.FOLLOW_COMPLAINT, about="c1", because={"complaints": 1}),
    ),
    ({"conversations": LONG_AGO}, NextStep(step=Step.GIVE_VALUE, because={"days": 400})),
    ({}, NextStep(step=Step.NOTHING)),
]


@pytest.mark.parametrize("place", range(len(URGENT)), ids=[one.step for _, one in URGENT])
def test_the_most_urgent_step_is_suggested_whatever_else_waits(place: int) -> None:
    parts: dict[str, Any] = {}
    for less_urgent, _ in reversed(URGENT[place:]):
        parts |= less_urgent
    assert next_step(a_view(**parts)) == URGENT[place][1]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("step", [one for _, one in URGENT], ids=lambda one: one.step)
def test_each_step_has_its_reason_in_words(step: NextStep, language: Language) -> None:
    text = reason_of(step, language)
    assert text.endswith(".")
    assert all(str(one) in text for one in step.because.values() if isinstance(one, int)) or (
        step.step in (Step.ANSWER_COMPLAINT, Step.FOLLOW_COMPLAINT)
    )


def test_a_promise_for_today_is_not_late_and_a_year_less_a_day_is_no_silence() -> None:
    recent = conversations(a_conversation("hello", minutes=-364 * DAY))
    view = a_view(orders=orders(promised("o1", days=0)), conversations=recent)
    step = next_step(view)
    assert step
    assert step.step is Step.NOTHING
