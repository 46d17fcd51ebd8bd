from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from services.customer_view.domain import (
    MOST_OPEN,
    MOST_PENDING,
    NEWEST,
    Document,
    LastKnown,
    Part,
    Status,
    is_worth_remembering,
    part_of,
    unite_cares,
    unite_complaints,
    unite_conversations,
    unite_customers,
    unite_engagements,
    unite_happenings,
    unite_orders,
    unite_payments,
    unite_products,
    unite_risks,
    without_links,
)
from tests.customer_view.examples import (
    NOON,
    a_complaint,
    a_conversation,
    a_customer,
    a_happening,
    a_promise,
    a_unit,
    an_order,
    at,
    care,
    complaints,
    conversations,
    engagement,
    orders,
    payments,
    products,
    risk,
)

KNOWN = LastKnown(as_of=NOON - timedelta(minutes=5), data=orders(), ids=["ayse"])

LATER = KNOWN.as_of + timedelta(days=365)
STILL = LastKnown(as_of=KNOWN.as_of, data=engagement(3, band="cared_for"), ids=["ayse"])


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
    ("name", "part", "last_known", "worth"),
    [
        ("orders", Part.fresh(orders(), NOON, ["ayse"]), None, True),
        ("orders", Part.fresh(orders(), NOON, ["ayse"]), KNOWN, False),
        ("orders", Part.fresh(orders(), NOON, ["ayse", "isik"]), KNOWN, True),
        ("orders", Part.fresh(orders(an_order("o")), NOON, ["ayse"]), KNOWN, True),
        ("orders", Part.fresh(orders(), LATER, ["ayse"]), KNOWN, False),
        ("orders", Part(status=Status.MISSING, reason="down"), None, False),
        ("orders", Part(status=Status.LAST_KNOWN, data=orders(), as_of=NOON), None, False),
        (
            "engagement",
            Part.fresh(engagement(99, band="neglected"), LATER, ["ayse"]),
            STILL,
            False,
        ),
        ("engagement", Part.fresh(engagement(4, frictions=1), NOON, ["ayse"]), STILL, True),
    ],
)
def test_only_what_is_fresh_and_new_is_remembered_and_a_day_that_passes_is_nothing_new(
    name: str, part: Part, last_known: LastKnown | None, worth: bool
) -> None:
    assert is_worth_remembering(name, part, last_known) is worth


def test_a_person_of_several_profiles_has_the_first_ones_name_and_everything_of_each() -> None:
    phone = {"kind": "phone", "value": "+905321234567"}
    email = {"kind": "email", "value": "ayse@example.com"}

    home, office = {"city": "Ankara"}, {"city": "İzmir"}

    united = unite_customers(
        [
            a_customer(
                "Ayşe",
                contact_points=[phone],
                addresses=[home],
                external_ids=["logo:1"],
                since=at(5),
                lost_to="a rival",
                language="ku",
            ),
            a_customer(
                "A. Isik",
                contact_points=[email, phone],
                addresses=[office, home],
                external_ids=["shop:1"],
                heard_from="a friend",
            ),
        ]
    )

    assert united == {
        "name": "Ayşe",
        "contact_points": [phone, email],
        "addresses": [home, office],
        "external_ids": ["logo:1", "shop:1"],
        "relations": [],
        "since": at(0),
        "heard_from": "a friend",
        "lost_to": "a rival",
        "language": "ku",
        "customer_id": None,
        "links": [],
        "overrides": [],
    }


def test_the_one_profile_is_the_same_from_whichever_id_it_is_looked_at() -> None:
    link = {
        "link_id": "lnk_1",
        "customer_ids": ["isik", "ayse"],
        "joined": "ayse",
        "newly_joined": False,
    }
    decided = {
        "field": "language",
        "value": "ku",
        "of": ["ayse", "isik"],
        "by": "ada",
        "at": at(1),
    }
    isik = a_customer("Isik", customer_id="isik", links=[link], overrides=[decided])
    ayse = a_customer("Ayşe", customer_id="ayse", language="tr")

    united = unite_customers([ayse, isik])

    assert united == unite_customers([isik, ayse])
    assert (united["name"], united["language"], united["customer_id"]) == ("Isik", "ku", "isik")
    assert unite_customers([ayse])["language"] == "tr"
    assert unite_customers([isik])["language"] is None


def test_customers_are_not_told_who_decided_what_of_them() -> None:
    part = Part.fresh(a_customer("Ayşe", customer_id="ayse"), NOON)

    shown = without_links(part).data

    assert shown is not None
    assert not shown.keys() & {"customer_id", "links", "overrides"}
    assert shown["name"] == "Ayşe"
    assert without_links(Part(status=Status.MISSING)).data is None


def test_what_is_lost_under_one_of_a_persons_ids_is_lost() -> None:
    phone = {"kind": "phone", "value": "+905321234567", "state": "in_use", "state_since": None}
    lost = phone | {"state": "lost", "state_since": at(3)}

    for told in ([phone, lost], [lost, phone]):
        united = unite_customers([a_customer(contact_points=[one]) for one in told])
        assert united["contact_points"] == [lost]


def test_a_person_has_the_first_name_that_anybody_has_told_and_none_if_nobody_did() -> None:
    nameless = a_customer(None)

    assert unite_customers([nameless, a_customer("Ayşe"), a_customer("Isik")])["name"] == "Ayşe"
    assert unite_customers([nameless, nameless])["name"] is None


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


def test_payments_of_several_ids_add_up_by_method_and_currency_whatever_their_sequence() -> None:
    parts = [
        payments(("card", "TRY", 2, 500), ("cash", "TRY", 1, 10), instalments=3, paid=510),
        payments(("card", "TRY", 1, 7), ("card", "EUR", 1, 9), instalments=12, paid=7, owed=40),
        payments(owed=2),
    ]

    united = [unite_payments(some) for some in permutations(parts)]

    assert all(one == united[0] for one in united)
    assert united[0] == payments(
        ("card", "EUR", 1, 9),
        ("card", "TRY", 3, 507),
        ("cash", "TRY", 1, 10),
        instalments=12,
        paid=517,
        owed=42,
    )
    assert parts[0]["methods"][0]["count"] == 2  # nothing that was told is changed


def test_who_never_paid_has_no_instalments_rather_than_none_at_all_in_one() -> None:
    assert unite_payments([payments(), payments()]) == payments()
    assert unite_payments([payments(), payments(instalments=0)])["max_instalments"] == 0


@pytest.mark.parametrize(
    ("bands", "highest"),
    [
        (["low", "low"], "low"),
        (["low", "medium"], "medium"),
        (["high", "medium", "low"], "high"),
        (["medium", "high"], "high"),
    ],
)
def test_a_person_is_as_risky_as_the_riskiest_of_their_ids(bands: list[str], highest: str) -> None:
    assert unite_risks([risk(one) for one in bands])["band"] == highest


def test_a_band_that_is_not_known_yet_is_stricter_than_all_that_are() -> None:
    assert unite_risks([risk("high"), risk("purple"), risk("low")])["band"] == "purple"


def test_all_reasons_are_told_once() -> None:
    united = unite_risks([risk("low"), risk("medium", "a", "b"), risk("high", "b", "c")])

    assert united == risk("high", "a", "b", "c")


def test_the_complaints_of_several_ids_are_counted_together_and_the_newest_come_first() -> None:
    parts = [
        complaints(a_complaint("c4", minutes=4), a_complaint("c1", minutes=1)),
        complaints(a_complaint("c3", minutes=3, status="resolved")),
        complaints(a_complaint("c2", minutes=2)),
        complaints(),
    ]

    united = [unite_complaints(some) for some in permutations(parts)]

    assert all(one == united[0] for one in united)
    assert (united[0]["count"], united[0]["open_count"]) == (4, 3)
    assert [one["complaint_id"] for one in united[0]["recent"]] == ["c4", "c3", "c2", "c1"]
    assert [one["complaint_id"] for one in united[0]["open"]] == ["c4", "c2", "c1"]


def test_united_complaints_are_as_many_as_promised_and_all_are_counted() -> None:
    many = complaints(*(a_complaint(f"c{n:02}", minutes=-n) for n in range(MOST_OPEN)))

    united = unite_complaints([many, many])

    assert (len(united["open"]), len(united["recent"])) == (MOST_OPEN, NEWEST)
    assert (united["count"], united["open_count"]) == (2 * MOST_OPEN, 2 * MOST_OPEN)


def test_units_of_several_ids_are_the_newest_first_and_those_without_a_day_last() -> None:
    parts = [
        products(a_unit("u3", minutes=3), a_unit("u0", minutes=None)),
        products(a_unit("u5", minutes=5), *(a_unit(f"v{n}", minutes=-n) for n in range(8))),
    ]

    united = [unite_products(some) for some in permutations(parts)]

    assert united[0] == united[1]
    assert united[0]["count"] == 11
    assert [one["unit_id"] for one in united[0]["units"]] == [
        "u5",
        "u3",
        *(f"v{n}" for n in range(8)),
    ]
    assert unite_products([parts[0]]) == parts[0]


def test_conversations_of_several_ids_are_counted_together_and_the_newest_come_first() -> None:
    parts = [
        conversations(*(a_conversation(f"a{n}", minutes=2 * n) for n in range(9, -1, -1))),
        conversations(*(a_conversation(f"b{n}", minutes=2 * n + 1) for n in range(9, -1, -1))),
    ]

    united = [unite_conversations(some) for some in permutations(parts)]

    assert united[0] == united[1]
    assert united[0]["count"] == 20
    assert [one["summary"] for one in united[0]["recent"]] == [
        f"{whose}{n}" for n in range(9, 4, -1) for whose in "ba"
    ]


def test_promises_of_several_ids_are_counted_together_and_the_first_due_come_first() -> None:
    theirs = [a_promise(f"a{n}", minutes=2 * n) for n in range(20)]
    others = [a_promise(f"b{n}", minutes=2 * n + 1) for n in range(9)]
    parts = [conversations(promises=theirs, more=7), conversations(promises=others)]
    parts.append({"count": 0, "recent": []})  # as it was remembered before there were promises

    united = [unite_conversations(some) for some in permutations(parts)]

    assert all(one == united[0] for one in united)
    assert united[0]["open_promises"] == 36
    assert [one["conversation_id"] for one in united[0]["promises"]] == [
        f"{whose}{n}" for n in range(9) for whose in "ab"
    ] + ["a9", "a10"]


@pytest.mark.parametrize(
    ("unite", "part"),
    [
        (unite_customers, a_customer()),
        (unite_orders, orders(an_order("o1"))),
        (unite_payments, payments(("card", "TRY", 1, 5), instalments=1, paid=5)),
        (unite_risks, risk("medium", "a")),
        (unite_complaints, complaints(a_complaint("c1"))),
        (unite_products, products(a_unit("u1"))),
        (unite_conversations, conversations(a_conversation("hello"))),
    ],
)
def test_what_is_known_under_one_id_alone_stays_what_it_was(
    unite: Callable[[Sequence[Document]], Document], part: Document
) -> None:
    assert unite([part]) == part
    assert unite([part]) == unite([unite([part])])


@pytest.mark.parametrize(
    ("unite", "nothing"),
    [
        (unite_orders, orders()),
        (unite_payments, payments()),
        (unite_risks, risk()),
        (unite_complaints, complaints()),
        (unite_products, products()),
        (unite_conversations, conversations()),
    ],
)
def test_of_whom_a_service_knows_nothing_the_part_is_empty(
    unite: Callable[[Sequence[Document]], Document], nothing: Document
) -> None:
    assert unite([]) == nothing


def test_whoever_is_not_confirmed_yet_is_cared_for_in_the_higher_tier_of_the_two() -> None:
    known, higher, never = care("Standard", 2), care("Platinum", 1), care("none", None)

    assert unite_cares([known, higher]) == unite_cares([higher, known]) == higher
    assert unite_cares([never, known]) == known
    assert unite_cares([never]) == never


def test_a_person_is_as_still_as_under_the_id_of_the_last_word_and_refused_what_any_refused() -> (
    None
):
    offers = [
        {"at": at(n), "channel": "phone", "offer_id": None, "about": f"o{n}"} for n in (3, 1)
    ]
    refused = {"at": at(2), "channel": "MESAJ", "status": "RET"}
    given = {"at": at(1), "channel": "MESAJ", "status": "ONAY"}
    parts = [
        engagement(372, band="forgotten", theirs="2025-02-22", offers=offers[:1], said=[refused]),
        engagement(5, band="cared_for", ours="2026-02-24", offers=offers[1:], said=[given]),
        engagement(900, band="forgotten", since="2023-09-13", frictions=2),
    ]

    one = unite_engagements(parts)

    assert (one["silence_days"], one["band"]) == (5, "cared_for")
    assert (one["since"], one["theirs"], one["ours"]) == ("2023-09-13", "2025-02-22", "2026-02-24")
    assert [each["about"] for each in one["offers"]] == ["o3", "o1"]
    assert (one["said"], one["frictions"]) == ([refused], 2)
    assert unite_engagements(parts[2:])["silence_days"] == 900
    assert unite_engagements([engagement()])["silence_days"] is None
    fond = engagement(9, praised="2026-02-20", advocate=True)
    fonder = unite_engagements([fond, engagement(9, praised="2024-01-05"), engagement(9)])
    assert (fonder["praised"], fonder["advocate"]) == ("2026-02-20", True)
    never = [engagement(10, band="cared_for"), engagement(400, band="forgotten")]
    assert unite_engagements(never)["silence_days"] == 400
