"""Each department sees a customer by its view: fewer details, and every fact and the owner."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from services.customer_view.adapters import SCHEMAS
from services.customer_view.domain import CustomerView, Document, Part, Status
from services.customer_view.domain.bounds import MOST_BYTES
from services.customer_view.domain.brief import Language
from services.customer_view.domain.departments import VIEWS, DepartmentView, MoneyShown, Views
from services.customer_view.domain.facts import FACTS, facts_of
from services.customer_view.domain.light import Light, standing_of
from services.customer_view.domain.seen import fact_seen
from services.customer_view.schemas import CustomerInOneLook
from shared.calendar import day_in_turkey
from tests.customer_view.examples import NOON, an_order, care, orders, payments, risk
from tests.customer_view.test_bounds import legal, view_of
from tests.customer_view.test_facts import a_view

HELD: Views = VIEWS.on(day_in_turkey(NOON))
ALL: Sequence[DepartmentView] = [HELD.whole, HELD.others, *HELD.by_department.values()]
LIGHTS = [one for one in ALL if one.money is MoneyShown.LIGHT]
AMOUNT = 918_273_645_00  # an amount that nothing else is
TOLD = ("name", "state", "status", "as_of", "source", "reason")


def look_of(view: CustomerView, by: DepartmentView, *, ours: bool = True) -> CustomerInOneLook:
    seen = replace(view, seen_by=by)
    return CustomerInOneLook.of(seen, language=Language.TURKISH, advised=ours)


def valued(document: Any) -> Any:
    """The document with AMOUNT for each amount."""
    if isinstance(document, Mapping):
        told = {name: valued(value) for name, value in document.items()}
        amounts = (
            {"amount", "found", "bound"} & told.keys() if told.get("currency") is not None else ()
        )
        return told | dict.fromkeys(amounts, AMOUNT)
    return [valued(one) for one in document] if isinstance(document, list) else document


def anybody(random: Random) -> CustomerView:
    """A customer of whom services tell anything that they may, or nothing, or told it long ago."""
    longest, most = random.randint(1, 60), random.randint(0, 6)
    told = {
        name: valued(
            legal(one, lambda: "ş" * random.randint(0, longest), lambda: random.randint(0, most))
        )
        for name, one in SCHEMAS.items()
        if random.random() > 0.2
    }
    view = view_of(told, ids=random.randint(1, 3))
    old: dict[str, Part] = {
        name: replace(part, status=Status.LAST_KNOWN, reason="it failed")
        for name, part in view.parts.items()
        if part.data is not None and random.random() > 0.8
    }
    return replace(view, parts={**view.parts, **old})


@settings(max_examples=40, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_no_view_hides_a_fact_or_the_owner_of_any_customer(seed: int) -> None:
    view = anybody(Random(seed))  # noqa: S311 - thousands of choices, which nobody would shrink
    facts, standing = facts_of(view), standing_of(view)
    assert {one.name for one in facts} == set(FACTS)

    for by in ALL:
        seen = {one.name: fact_seen(one, by, standing) for one in facts}
        shown = {one.fact: one for one in look_of(view, by).facts}

        assert list(shown) == list(FACTS)
        for fact in facts:
            assert [getattr(fact, one) for one in TOLD] == [
                getattr(seen[fact.name], one) for one in TOLD
            ]
            assert (shown[fact.name].state, shown[fact.name].status) == (fact.state, fact.status)
            assert (shown[fact.name].value is None) == (not fact.value)
            assert without_money(seen[fact.name].value) == without_money(fact.value)
        assert seen["owner"].value == next(one.value for one in facts if one.name == "owner")


def without_money(value: Document | None) -> Document:
    return {
        name: one for name, one in (value or {}).items() if name not in ("totals", "owed", "light")
    }


@settings(max_examples=25, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_where_money_is_a_light_no_amount_is_told_and_what_is_kept_back_is_named(
    seed: int,
) -> None:
    view = anybody(Random(seed))  # noqa: S311
    whole = look_of(view, HELD.whole)

    for by in LIGHTS:
        look = look_of(view, by)

        text = look.model_dump_json(by_alias=True)
        assert str(AMOUNT) not in text
        assert str(AMOUNT)[:9] not in re.sub(r"\D", "", look.brief or "")
        assert look.size <= MOST_BYTES
        assert look.payment_light == whole.payment_light
        for name in view.parts:
            part, before = getattr(look, name), view.parts[name].data
            assert (part.data is None) == (before is None or name in by.left_out)
            assert part.kept_back or part.data is None or AMOUNT not in numbers(before)
            assert part.status is view.parts[name].status
    assert whole.seen_by is not None
    assert whole.seen_by.facts_alone == []


def numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from numbers(one)
    else:
        yield value


def models(kind: Any, listed: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """Each model that a part is made of, and whether it stands in a list."""
    if get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from models(one, listed) if one is not NoneType else ()
    elif get_origin(kind) is list:
        yield from models(get_args(kind)[0], listed=True)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind, listed
        for field in kind.model_fields.values():
            yield from models(field.annotation)


def test_all_that_is_an_amount_stands_in_a_list_with_its_currency() -> None:
    found = [one for part in SCHEMAS.values() for one in models(part)]

    of_money = [one for one in found if {"amount", "currency"} & one[0].model_fields.keys()]
    assert {"Money", "PaymentMethod", "GroupReason"} <= {one.__name__ for one, _ in of_money}
    assert all(listed and "currency" in one.model_fields for one, listed in of_money)


def test_each_view_is_named_told_with_its_order_and_has_a_tag_of_its_own() -> None:
    view = a_view(payments=payments(("card", "TRY", 1, 5), paid=5, owed=7))
    looks = {by.name: look_of(view, by) for by in ALL}

    for by in ALL:
        told = looks[by.name].seen_by
        assert told is not None
        assert told.view == by.name
        first = [one for one in by.first if one in view.parts]
        assert told.order[: len(first)] == first
        assert sorted(told.order) == sorted(view.parts)
    assert len({look.tag() for look in looks.values()}) == len(looks)
    field = looks["field_service"]
    assert field.payments is not None
    assert (field.payments.data, field.payments.kept_back) == (None, ["data"])
    assert field.payments.reason == "the view field_service tells the facts of it alone"
    assert field.brief is not None
    assert "ödeme: sarı" in field.brief


def test_customers_are_shown_themselves_without_a_view_or_a_light() -> None:
    look = look_of(a_view(), HELD.whole, ours=False)

    assert (look.seen_by, look.payment_light) == (None, None)
    assert look.payments is not None
    assert look.payments.data is not None


def test_a_department_that_nobody_thought_of_is_shown_little_and_none_as_ever() -> None:
    assert HELD.of("the-moon") is HELD.others
    assert HELD.others.money is MoneyShown.LIGHT
    assert HELD.of(None) is HELD.whole
    assert HELD.of("finance").money is MoneyShown.AMOUNTS
    parts = set(SCHEMAS) | {"timeline"}
    assert all({*one.first, *one.without} <= parts for one in ALL)


DOWN = Part(status=Status.MISSING, reason="down")
OLD = Part(status=Status.LAST_KNOWN, as_of=NOON, reason="down", data=risk())
WAITING = orders(an_order("o1"))


@pytest.mark.parametrize(
    ("parts", "light", "because", "status"),
    [
        ({}, Light.GREEN, None, Status.FRESH),
        ({"payments": payments(owed=1), "orders": WAITING}, Light.AMBER, "owed", Status.FRESH),
        ({"payments": payments(owed=99_999)}, Light.AMBER, "owed", Status.FRESH),
        ({"payments": payments(owed=100_000)}, Light.RED, "overdue", Status.FRESH),
        (
            {"payments": payments(owed=100_000), "orders": WAITING},
            Light.AMBER, "owed", Status.FRESH,
        ),
        ({"risk": risk("medium")}, Light.AMBER, "risk", Status.FRESH),
        ({"risk": risk("high")}, Light.RED, "risk", Status.FRESH),
        ({"risk": risk("high"), "payments": DOWN}, Light.RED, "risk", Status.FRESH),
        ({"risk": OLD}, Light.GREEN, None, Status.LAST_KNOWN),
        ({"risk": DOWN}, None, None, Status.MISSING),
        ({"risk": DOWN, "payments": payments(owed=1)}, None, None, Status.MISSING),
        ({"payments": DOWN}, None, None, Status.MISSING),
    ],
)  # fmt: skip
def test_the_light_is_the_strictest_that_a_rule_sets_and_none_where_one_cannot_be_judged(
    parts: dict[str, Any], light: Light | None, because: str | None, status: Status
) -> None:
    standing = standing_of(a_view(**parts))

    assert (standing.light, standing.because, standing.status) == (light, because, status)


def test_a_tier_is_told_without_what_somebody_is_worth() -> None:
    group = {
        "group": "profitable",
        "reasons": [
            {"rule": "value", "found": AMOUNT, "bound": 5, "currency": "TRY"},
            {"rule": "orders", "found": 7, "bound": 5, "currency": None},
        ],
    }
    look = look_of(a_view(care={**care(), "groups": [group]}), HELD.of("service"))

    assert look.care is not None
    assert look.care.data is not None
    assert look.care.kept_back == ["groups.reasons", "value"]
    assert [one.rule for one in look.care.data.groups[0].reasons] == ["orders"]
    assert look.care.data.value == []
    assert look.care.data.tier == "Standard"
