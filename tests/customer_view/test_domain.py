from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from services.customer_view.domain import (
    MOST_PENDING,
    NEWEST,
    REMEMBERED_FOR,
    LastKnown,
    Part,
    Status,
    is_worth_remembering,
    part_of,
    unite_customers,
    unite_happenings,
    unite_orders,
)
from tests.customer_view.examples import NOON, a_customer, a_happening, an_order, at, orders

KNOWN = LastKnown(as_of=NOON - timedelta(minutes=5), data=orders(), ids=["ayse"])

LATER = KNOWN.as_of + REMEMBERED_FOR + timedelta(seconds=1)


def unanswered(last_known: LastKnown | None, ids: Sequence[str]) -> Part:
    return part_of(
        [], "it did not answer", last_known=last_known, unite=unite_orders, now=NOON, ids=ids
    )


def test_a_part_that_was_asked_for_in_vain_is_the_last_known_with_its_time_and_the_reason() -> (
    None
):
    part = unanswered(KNOWN, ["ayse"])

    assert part.status is Status.LAST_KNOWN
    assert part.as_of == KNOWN.as_of
    assert part.reason == "it did not answer"
    assert part.data == KNOWN.data


def test_a_part_of_which_nothing_is_known_is_missing_and_never_an_empty_list() -> None:
    part = unanswered(None, ["ayse"])

    assert part.status is Status.MISSING
    assert part.data is None
    assert part.reason == "it did not answer"


@pytest.mark.parametrize("ids", [["ayse", "isik"], ["isik"]])
def test_what_is_known_of_more_or_fewer_ids_is_not_shown_for_these(ids: list[str]) -> None:
    part = unanswered(KNOWN, ids)

    assert part.status is Status.MISSING
    assert part.data is None


@pytest.mark.parametrize(
    ("part", "last_known", "worth"),
    [
        (Part.fresh(orders(), NOON, ["ayse"]), None, True),
        (Part.fresh(orders(), NOON, ["ayse"]), KNOWN, False),
        (Part.fresh(orders(), NOON, ["ayse", "isik"]), KNOWN, True),
        (Part.fresh(orders(an_order("o")), NOON, ["ayse"]), KNOWN, True),
        (Part.fresh(orders(), LATER, ["ayse"]), KNOWN, True),
        (Part(status=Status.MISSING, reason="down"), None, False),
        (Part(status=Status.LAST_KNOWN, data=orders(), as_of=NOON), None, False),
    ],
)
def test_only_what_is_fresh_and_new_or_long_unchanged_is_remembered(
    part: Part, last_known: LastKnown | None, worth: bool
) -> None:
    assert is_worth_remembering(part, last_known, part.as_of or NOON) is worth


def test_a_person_of_several_profiles_has_the_first_ones_name_and_everything_of_each() -> None:
    phone = {"kind": "phone", "value": "+905321234567"}
    email = {"kind": "email", "value": "ayse@example.com"}

    united = unite_customers(
        [
            a_customer("Ayşe", contact_points=[phone], external_ids=["logo:1"], since=at(5)),
            a_customer("A. Isik", contact_points=[email, phone], external_ids=["shop:1"]),
        ]
    )

    assert united == {
        "name": "Ayşe",
        "contact_points": [phone, email],
        "external_ids": ["logo:1", "shop:1"],
        "since": at(0),
    }


def test_the_orders_of_several_ids_add_up_whatever_their_sequence() -> None:
    parts = [
        orders(an_order("o1", minutes=1)),
        orders(an_order("o3", minutes=3, status="shipped"), total=50, currency="EUR"),
        orders(an_order("o2", minutes=2), an_order("o0")),
        orders(),
    ]

    united = [unite_orders(some) for some in permutations(parts)]

    assert all(one == united[0] for one in united)
    assert united[0]["count"] == 4
    assert united[0]["totals"] == [
        {"amount": 50, "currency": "EUR"},
        {"amount": 300, "currency": "TRY"},
    ]
    assert united[0]["last_order"]["order_id"] == "o3"
    assert [one["order_id"] for one in united[0]["recent"]] == ["o3", "o2", "o1", "o0"]
    assert [one["order_id"] for one in united[0]["pending"]] == ["o2", "o1", "o0"]


def test_the_orders_of_one_id_stay_what_they_were() -> None:
    part = orders(an_order("o2", minutes=2), an_order("o1"))

    assert unite_orders([part]) == part


def test_united_lists_are_as_long_as_they_promise_and_no_longer() -> None:
    many = orders(*(an_order(f"o{n:02}", minutes=-n) for n in range(MOST_PENDING)))

    united = unite_orders([many, many])

    assert len(united["pending"]) == MOST_PENDING
    assert len(united["recent"]) == NEWEST
    assert united["count"] == 2 * MOST_PENDING


def test_happenings_are_the_newest_of_all_and_do_not_show_their_event_ids() -> None:
    first = [a_happening(f"o{n}:1:0", minutes=n) for n in range(20, 0, -2)]
    second = [a_happening(f"o{n}:1:0", minutes=n) for n in range(19, 0, -2)]

    recent = unite_happenings([first, second])["recent"]

    assert [one["about"] for one in recent] == [f"o{n}" for n in range(20, 10, -1)]
    assert recent[0].keys() == {"at", "what", "about"}
