"""What is lost or stolen stays in the books and speaks for nobody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from services.customer import use_cases
from services.customer.adapters import card_of
from services.customer.domain import (
    CalledByNobody,
    ContactKind,
    ContactPoint,
    ContactState,
    Mark,
    contact_points,
    id_for,
)
from services.customer.events import call_of
from services.customer.ports import Customers
from shared.contracts.external import ExternalCallEnded
from shared.errors import Invalid
from tests.customer.examples import EMAIL, MOBILE, NOON, a_customer, an_act

LOST, STOLEN, IN_USE = ContactState.LOST, ContactState.STOLEN, ContactState.IN_USE
PAIRS = [(ContactKind.PHONE, "0532 123 45 67"), (ContactKind.EMAIL, "ayse@example.com")]


def a_point(state: ContactState, since: datetime | None) -> ContactPoint:
    return ContactPoint(kind=MOBILE.kind, value=MOBILE.value, state=state, state_since=since)


def marked(*marks: Mark, known: Sequence[ContactPoint] = ()) -> tuple[ContactPoint, ...]:
    return contact_points(PAIRS, marks=marks, known=known, now=NOON)


def test_a_number_is_lost_since_the_time_that_is_told_or_else_now() -> None:
    before = NOON - timedelta(days=3)

    assert marked(Mark(state=LOST, since=before)) == (a_point(LOST, before), EMAIL)
    assert marked(Mark(state=STOLEN)) == (a_point(STOLEN, NOON), EMAIL)
    assert marked(Mark(state=IN_USE)) == marked() == (MOBILE, EMAIL)


def test_what_nobody_says_of_a_state_leaves_it_as_it_was() -> None:
    since = NOON - timedelta(days=3)
    known = [a_point(LOST, since)]

    assert marked(known=known)[0] == known[0]
    assert marked(Mark(state=LOST), known=known)[0] == known[0]
    assert marked(Mark(state=STOLEN), known=known)[0] == a_point(STOLEN, NOON)
    assert marked(Mark(state=IN_USE), known=known)[0] == MOBILE


@pytest.mark.parametrize(
    ("mark", "known", "field"),
    [
        (Mark(state=LOST, since=NOON + timedelta(minutes=1)), (), "state_since"),
        (Mark(state=IN_USE, since=NOON), (), "state_since"),
        (Mark(since=NOON), (), "state_since"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_place(
    mark: Mark, known: Sequence[ContactPoint], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        marked(mark, known=known)

    assert refusal.value.field == f"contact_points.0.{field}"


def test_one_number_cannot_be_in_two_states() -> None:
    pairs = [PAIRS[0], (ContactKind.PHONE, "+905321234567")]

    with pytest.raises(Invalid, match="two states") as refusal:
        contact_points(pairs, marks=[Mark(), Mark(state=LOST)], now=NOON)

    assert refusal.value.field == "contact_points.1.state"


@pytest.mark.parametrize("state", [LOST, STOLEN])
def test_who_has_lost_a_number_is_found_by_it_no_more_until_it_is_theirs_again(
    customers: Customers, state: ContactState
) -> None:
    before = a_customer(contact_points=(MOBILE, EMAIL))
    customers.add(before, fingerprint="f")
    lost = before.change(an_act(1), contact_points=(a_point(state, NOON), EMAIL))

    customers.save(before, lost)

    assert customers.by_phone(MOBILE.value) == []
    assert customers.by_email(EMAIL.value) == [customers.get("cus_1")] == [lost]
    found = lost.change(an_act(2), contact_points=(MOBILE, EMAIL))
    customers.save(lost, found)
    assert customers.by_phone(MOBILE.value) == [found]


def test_a_lost_number_still_shows_on_the_card_as_lost() -> None:
    customer = a_customer(contact_points=(a_point(LOST, NOON),))

    [point] = card_of(customer)["contact_points"]

    assert (point["state"], point["state_since"]) == ("lost", "2026-03-01T12:00:00Z")


def test_who_comes_with_anothers_stolen_number_and_name_is_somebody_new(
    customers: Customers,
) -> None:
    customers.add(a_customer(contact_points=(a_point(STOLEN, NOON),)), fingerprint="f")

    found = use_cases.find_or_create(
        customers,
        an_act(by="shop:1"),
        customer_id=id_for("shop:1"),
        fingerprint="shop:1",
        name="Ayşe Işık",
        contact_points=(MOBILE,),
    )

    assert (found.customer.customer_id, found.was_there) == (id_for("shop:1"), False)
    assert customers.by_phone(MOBILE.value) == [found.customer]


def test_a_call_from_a_lost_number_is_nobodys_talk_and_no_call_gives_anybody_its_line(
    customers: Customers,
) -> None:
    ayse = a_customer(contact_points=(a_point(LOST, NOON),), external_ids=("shop:1",))
    customers.add(ayse, fingerprint="f")
    detail = {
        "event_id": "e-1",
        "occurred_at": "2026-11-20T12:00:00+03:00",
        "call_id": "c-1",
        "phone": MOBILE.value,
        "direction": "in",
        "started_at": "2026-11-20T11:55:00+03:00",
        "ended_at": "2026-11-20T12:00:00+03:00",
    }
    call = call_of(ExternalCallEnded.read("external.cti", detail), an_act())

    with pytest.raises(CalledByNobody):
        use_cases.record_call(customers, call, MOBILE, fingerprint="f")
    assert customers.get("cus_1") == ayse
