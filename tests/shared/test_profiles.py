"""Several profiles as one: which value wins, and what a decision by hand is worth."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.profiles import Override, Profile, settled, united

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_profile(name: str | None = None, *, days: int = 0, **fields: Any) -> Profile:
    """Somebody who has been a customer since so many days after the first of March."""
    since = (NOON + timedelta(days=days)).isoformat()
    return {"name": name, "since": since, **fields}


def a_decision(
    field: str, value: str | None, *of: str, minutes: int = 0, by: str = "ada"
) -> Override:
    at = NOON + timedelta(minutes=minutes)
    return Override(field=field, value=value, of=of, by=by, at=at)


@pytest.mark.parametrize(
    ("leader", "other", "won", "why"),
    [
        ("AYSE ISIK", "Ayşe Işık", "Ayşe Işık", "spelt with its own letters"),
        ("Ayşe Işık", "Ayse Isik", "Ayşe Işık", "of whom the others joined"),
        ("AYŞE YILMAZ", "ayşe yılmaz", "ayşe yılmaz", "spelt with its own letters"),
        ("Ayşe Işık", "Ayse Nur Isik", "Ayse Nur Isik", "the fuller name"),
        ("Ayşe Nur Işık", "Ayşe Işık", "Ayşe Nur Işık", "of whom the others joined"),
        ("Ayşe Işık", "Fatma Demir", "Ayşe Işık", "of whom the others joined"),
        ("Ayşe Işık", "Ayşe Işık", "Ayşe Işık", "all have the same"),
        (None, "Ayşe Işık", "Ayşe Işık", "only one has it"),
    ],
)
def test_of_two_names_the_fuller_or_better_spelt_wins_else_the_leaders(
    leader: str | None, other: str, won: str, why: str
) -> None:
    name = settled({"a": a_profile(leader), "b": a_profile(other)})["name"]

    assert (name.value, name.why) == (won, why)


def test_somebody_is_a_customer_since_the_earliest_day_and_by_what_brought_them_then() -> None:
    later = a_profile("A", days=3, heard_from="an advertisement", language="tr")
    earlier = a_profile("B", heard_from="a friend", language="ku")

    person = united({"a": later, "b": earlier})

    assert person["since"] == earlier["since"]
    assert person["heard_from"] == "a friend"
    assert person["language"] == "tr"


def test_a_phone_that_one_says_is_lost_is_lost_in_whatever_order_they_are_read() -> None:
    phone = {"kind": "phone", "value": "+905321234567", "state": "in_use", "state_since": None}
    lost = phone | {"state": "lost"}
    profiles = [("a", a_profile(contact_points=[phone])), ("b", a_profile(contact_points=[lost]))]

    for order in permutations(profiles):
        assert united(dict(order))["contact_points"] == [lost]


def test_a_decision_holds_for_as_long_as_all_whom_it_was_made_of_are_one_person() -> None:
    decided = [a_decision("name", "Ayşe Demir", "a", "b"), a_decision("lost_to", None, "a", "b")]
    one, other = a_profile("Ayşe", lost_to="a rival"), a_profile("Ayşe Işık")

    both, three = {"a": one, "b": other}, {"c": a_profile("Can"), "a": one, "b": other}

    for person in (united(both, decided), united(three, decided)):
        assert (person["name"], person["lost_to"]) == ("Ayşe Demir", None)
    assert united({"a": one, "c": three["c"]}, decided)["name"] == "Ayşe"


def test_of_several_decisions_the_last_holds_and_the_one_before_when_its_people_part() -> None:
    decided = [
        a_decision("name", "Three", "a", "b", "c", minutes=5),
        a_decision("name", "Two", "a", "b", minutes=1),
    ]
    everybody = {one: a_profile(one) for one in "abc"}

    assert united(everybody, decided)["name"] == "Three"
    assert united({one: everybody[one] for one in "ab"}, decided)["name"] == "Two"
    assert united({"a": everybody["a"]}, decided)["name"] == "a"


def test_whose_list_stands_first_can_be_decided() -> None:
    profiles = {"a": a_profile(external_ids=["x:1"]), "b": a_profile(external_ids=["y:1", "x:1"])}

    assert united(profiles)["external_ids"] == ["x:1", "y:1"]
    decided = [a_decision("external_ids", "b", "a", "b")]
    assert united(profiles, decided)["external_ids"] == ["y:1", "x:1"]


def test_the_profile_of_one_is_their_own() -> None:
    alone = a_profile("Ayşe", heard_from="a friend", contact_points=[], external_ids=["x:1"])

    assert united({"a": alone}).items() >= alone.items()
