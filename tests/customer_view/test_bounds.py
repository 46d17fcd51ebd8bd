"""A view is at most 16 KB, whatever services legally tell; and what is left out is counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

from services.customer_view.adapters import SCHEMAS
from services.customer_view.domain import NEWEST, CustomerView, Document, Part, Status
from services.customer_view.domain.bounds import LISTS, MOST_BYTES, NEXT, OMITTED, allot
from services.customer_view.domain.brief import Language
from services.customer_view.schemas import CustomerInOneLook
from tests.customer_view.examples import (
    NOON,
    a_conversation,
    a_customer,
    a_happening,
    a_unit,
    an_order,
    complaints,
    conversations,
    orders,
    products,
)

Text = Callable[[], str]
Count = Callable[[], int]
MOST_IDS = 40  # a person's own, and as many that somebody takes for the same


def legal(model: type[BaseModel], text: Text, count: Count) -> dict[str, Any]:
    """A document that the contract allows: with such texts, and so many entries in each list."""
    told = {
        field.alias or name: _value(name, field.annotation, text, count)
        for name, field in model.model_fields.items()
    }
    sums = {"count", "open_count", "pending_count"} & told.keys()
    return told | dict.fromkeys(sums, 10**6)


def _value(name: str, kind: Any, text: Text, count: Count) -> Any:
    if get_origin(kind) in (Union, UnionType):
        [kind] = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is list:
        return [_value(name, get_args(kind)[0], text, count) for _ in range(count())]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return legal(kind, text, count)
    if kind is str:
        return text()
    plain = {int: 10**12, bool: True, AwareDatetime: NOON.isoformat(), date: "2026-03-01"}
    return plain[kind]


def view_of(parts: Mapping[str, Document], ids: int = 1) -> CustomerView:
    others = [f"cus_{n:026}" for n in range(1, ids)]
    told = {
        name: Part.fresh(
            SCHEMAS[name].model_validate(data).model_dump(mode="json", by_alias=True), NOON
        )
        for name, data in parts.items()
    }
    happenings = [
        {
            name: value
            for name, value in a_happening(f"ord_{n:026}:1").items()
            if name != "event_id"
        }
        for n in range(NEWEST)
    ]
    told["timeline"] = Part.fresh({"recent": happenings}, NOON)
    missing = {name: Part(status=Status.MISSING, reason="down") for name in SCHEMAS}
    return CustomerView(
        customer_id="cus_" + "0" * 26,
        as_of=NOON,
        parts=missing | told,
        others=others,
        newly_joined=others[len(others) // 2 :],
    )


def shown(view: CustomerView, language: Language = Language.TURKISH) -> CustomerInOneLook:
    return CustomerInOneLook.of(view, language=language, advised=True)


def lists_of(document: Any, above: str = "") -> Iterator[tuple[str, Sequence[Any]]]:
    for name, value in document.items():
        if isinstance(value, list):
            yield above + name, value
        elif isinstance(value, dict):
            yield from lists_of(value, f"{above}{name}.")


def must_be_bounded_and_counted(view: CustomerView) -> None:
    look = shown(view)
    answer = look.model_dump(mode="json", by_alias=True)

    assert look.size <= MOST_BYTES
    for name, part in view.parts.items():
        told = dict(lists_of(part.data or {}))
        here = dict(lists_of(answer[name]["data"] or {}))
        assert here.keys() == told.keys()
        for path, entries in told.items():
            more = answer[name]["more"].get(path, {"left_out": 0})
            lost = len(entries) - len(here[path])
            assert more["left_out"] is None or more["left_out"] >= lost
            assert not lost or more["next"].startswith("/v1/")


TEXTS = {
    "plain": "a",
    "Turkish": "ş",
    "beyond the plane": "😀",
    "escaped": "\x01",
    "quoted": '"\\',
}


@pytest.mark.parametrize("letter", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("entries", [1, 12])
def test_the_largest_of_everything_has_room(letter: str, entries: int) -> None:
    told = {
        name: legal(one, lambda: letter * 500, lambda: entries) for name, one in SCHEMAS.items()
    }

    must_be_bounded_and_counted(view_of(told, MOST_IDS))


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32), st.integers(0, 1000), st.integers(0, 20))
def test_whatever_services_legally_tell_is_bounded_and_nothing_lost_uncounted(
    seed: int, longest: int, most: int
) -> None:
    random = Random(seed)  # noqa: S311 - thousands of choices, which nobody would shrink

    def text() -> str:
        return str(random.choice(list(TEXTS.values())) * random.randint(0, longest))

    told = {
        name: legal(one, text, lambda: random.randint(0, most))
        for name, one in SCHEMAS.items()
        if random.random() < 0.8
    }

    must_be_bounded_and_counted(view_of(told, random.randint(1, MOST_IDS)))


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 20)), max_size=12),
    st.integers(0, 20_000),
)
def test_room_is_shared_by_weight_and_none_is_wasted(
    lists: list[tuple[int, int]], room: int
) -> None:
    needs, weights = [need for need, _ in lists], [weight for _, weight in lists]

    given_ = allot(needs, weights, room)

    assert all(0 <= got <= need for got, need in zip(given_, needs, strict=True))
    assert sum(given_) <= room
    assert sum(given_) >= min(room, sum(needs)) - len(needs)


def test_a_view_that_fits_is_given_whole_and_says_what_its_services_left_out() -> None:
    placed = [an_order(f"ord_{n}", minutes=n) for n in range(50, 0, -1)]
    part = {**orders(*placed), "count": 10_000, "pending_count": 60, "recent": placed[:10]}

    told = shown(view_of({"customer": a_customer(), "orders": part})).model_dump(mode="json")

    assert len(told["orders"]["data"]["pending"]) == 50
    assert told["orders"]["shortened"] == 0
    path = f"/v1/orders?customer_id=cus_{'0' * 26}"
    assert told["orders"]["more"] == {
        "pending": {"left_out": 10, "next": path},
        "recent": {"left_out": 9_990, "next": path},
    }
    assert told["customer"]["more"] == {}
    pending = next(one for one in told["facts"] if one["fact"] == "pending")
    assert pending["value"]["orders"] == 60


def test_long_words_cost_no_list_its_place_and_keep_their_end() -> None:
    talks = [
        a_conversation("word " * 900 + f"\nSöz 2026-12-0{n}: we call", minutes=n)
        for n in range(1, 10)
    ]
    units = [a_unit(f"unt_{n}") | {"pieces": 3} for n in range(NEWEST)]
    told = {
        "customer": a_customer(),
        "conversations": conversations(*reversed(talks)),
        "complaints": complaints(),
        "orders": orders(an_order("ord_1")),
        "products": {**products(*units), "count": 40},
    }

    look = shown(view_of(told)).model_dump(mode="json", by_alias=True)

    summaries = [one["summary"] for one in look["conversations"]["data"]["recent"]]
    assert len(summaries) == look["conversations"]["shortened"] == 9
    assert summaries[0].startswith("word word")
    assert OMITTED in summaries[0]
    assert summaries[0].endswith("Söz 2026-12-09: we call")
    assert look["products"]["more"]["units"]["left_out"] == 40 - 30


def test_what_the_facts_name_is_shown_before_what_is_newer() -> None:
    placed = [
        {**an_order(f"ord_{n:026}", minutes=-n), "external_id": "x" * 390} for n in range(50)
    ]
    placed[-1] = {**placed[-1], "promised_at": "2026-01-01T12:00:00+00:00"}

    look = shown(view_of({"customer": a_customer(), "orders": orders(*placed)}))

    assert look.orders
    assert look.orders.data
    ids = [one.order_id for one in look.orders.data.pending]
    assert len(ids) < 50
    assert ids == sorted(ids)
    assert placed[-1]["order_id"] in ids
    assert look.orders.more["pending"].left_out == 50 - len(ids)


def test_a_source_that_answers_far_too_much_costs_the_others_nothing() -> None:
    placed = [an_order(f"ord_{n:026}", minutes=-n) for n in range(2_000)]
    units = [a_unit(f"unt_{n:026}") for n in range(3)]
    points = [{"kind": "email", "value": f"a{n}@example.com"} for n in range(2_000)]
    view = view_of(
        {
            "customer": a_customer(contact_points=points),
            "orders": orders(*placed),
            "products": products(*units),
        }
    )

    must_be_bounded_and_counted(view)
    told = shown(view).products
    assert told
    assert told.data
    assert [one.unit_id for one in told.data.units] == [one["unit_id"] for one in units]


def test_where_not_all_has_room_the_room_is_used_and_what_is_pending_not_told_twice() -> None:
    placed = [
        {**an_order(f"ord_{n:026}", minutes=-n), "external_id": f"TR-{n:012}"} for n in range(40)
    ]
    done = [{**one, "status": "delivered"} for one in placed[5:10]]
    talks = [a_conversation("word " * 60, minutes=n) for n in range(NEWEST)]
    units = [a_unit(f"unt_{n:026}") for n in range(NEWEST)]
    told = {
        "customer": a_customer(),
        "conversations": conversations(*talks),
        "orders": {**orders(*placed[:5], *placed[10:], *done), "recent": placed[:5] + done},
        "products": products(*units),
    }

    look = shown(view_of(told))

    entry = len('{"order_id":"","external_id":"","status":"","ordered_at":"","promised_at":null},')
    assert MOST_BYTES - look.size < entry + 100
    assert look.orders
    assert look.orders.data
    pending = {one.order_id for one in look.orders.data.pending}
    recent = [one.order_id for one in look.orders.data.recent]
    assert recent == [one["order_id"] for one in done][: len(recent)]
    assert len(recent) >= 3
    assert {one["order_id"] for one in placed[:5]} <= pending


def test_of_several_ids_the_rest_of_a_list_is_named_for_each_of_them() -> None:
    part = {**orders(an_order("ord_1")), "count": 30}

    look = shown(view_of({"customer": a_customer(), "orders": part}, ids=2))

    assert look.customer_ids == ["cus_" + "0" * 26, f"cus_{1:026}"]
    assert look.orders
    assert look.orders.more["recent"].next == "/v1/orders?customer_id={customer_id}"


def test_every_part_says_where_its_lists_go_on() -> None:
    assert NEXT.keys() == {*SCHEMAS, "timeline"}
    there = {
        f"{part}.{path}"
        for part, model in SCHEMAS.items()
        for path, _ in lists_of(legal(model, str, lambda: 1))
    }
    assert LISTS.keys() <= there | {"timeline.recent"}
