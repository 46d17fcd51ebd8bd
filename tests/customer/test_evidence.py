"""Whom evidence points to: what callers say outranks the line, and nobody is guessed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain import (
    Address,
    Customer,
    Evidence,
    Facts,
    Lead,
    Outcome,
    Recognition,
    Strength,
    names_and_districts,
    recognise,
)
from services.customer.domain.evidence import MOST_CANDIDATES
from tests.customer.examples import HOME, a_customer

PURCHASE = Evidence.PURCHASE
PHONE, EMAIL, ORDER = Evidence.PHONE, Evidence.EMAIL, Evidence.ORDER_ID
PAIR = (Evidence.NAME, Evidence.DISTRICT)


def lead(by: Evidence | tuple[Evidence, ...], *person_ids: str, is_cut: bool = False) -> Lead:
    kinds = by if isinstance(by, tuple) else (by,)
    return Lead(by=kinds, person_ids=frozenset(person_ids), is_cut=is_cut)


def people(**names: str | None) -> dict[str, list[Customer]]:
    """People by their ids and names, each with an address in Kadıköy."""
    return {
        one: [a_customer(one, name=name, addresses=(HOME,), external_ids=(f"shop:{one}",))]
        for one, name in names.items()
    }


def outcome(
    leads: Sequence[Lead], who: Mapping[str, Sequence[Customer]], **facts: str
) -> tuple[str, list[str]]:
    found = recognise(leads, who, Facts(**facts))
    return found.outcome, [one.person_id for one in found.persons]


def the_one(found: Recognition) -> Any:
    assert found.outcome is Outcome.RECOGNISED
    [person] = found.persons
    return person


@pytest.mark.parametrize(
    "by", [PHONE, EMAIL, Evidence.EXTERNAL_ID, Evidence.ORDER_ID, Evidence.SERIAL]
)
def test_one_thing_that_is_theirs_alone_is_enough(by: Evidence) -> None:
    person = the_one(recognise([lead(by, "a")], people(a="Ayşe"), Facts()))

    assert (person.person_id, person.evidence, person.strength) == ("a", {by}, Strength.STRONG)


def test_two_weak_facts_are_enough_and_are_told_as_such() -> None:
    person = the_one(
        recognise([lead(PAIR, "a")], people(a="Ayşe"), Facts(name="Ayşe", district="Kadıköy"))
    )

    assert (person.evidence, person.strength) == (set(PAIR), Strength.SUFFICIENT)


def test_nobody_is_nobody() -> None:
    assert outcome([lead(PHONE), lead(PAIR)], {}, name="Ayşe", district="Moda") == ("unknown", [])


def test_a_number_of_several_people_makes_them_candidates() -> None:
    household = people(a="Ayşe", b="Fatma")

    assert outcome([lead(PHONE, "a", "b")], household) == ("candidates", ["a", "b"])
    found = recognise([lead(PHONE, "a", "b")], household, Facts())
    assert {one.strength for one in found.persons} == {Strength.WEAK}


@pytest.mark.parametrize("name", ["Ayşe", "AYSE", "  ayşe "])
def test_a_name_tells_one_of_a_household_from_the_others(name: str) -> None:
    shared = [lead(PHONE, "a", "b")]

    assert outcome(shared, people(a="Ayşe", b="Fatma"), name=name) == ("recognised", ["a"])


def test_a_district_tells_who_of_a_number_has_moved_out() -> None:
    household = people(a="Ayşe", b="Fatma")
    household["b"] = [a_customer("b", name="Fatma", addresses=(Address(district="Üsküdar"),))]

    found = outcome([lead(PHONE, "a", "b")], household, district="ÜSKÜDAR")

    assert found == ("recognised", ["b"])


def test_who_has_another_name_is_not_taken_for_whose_number_it_is() -> None:
    assert outcome([lead(PHONE, "a")], people(a="Ayşe"), name="Fatma") == ("candidates", ["a"])


def test_of_a_number_nobody_is_taken_because_the_others_are_not_meant() -> None:
    household = people(a="Ayşe", b=None)

    found = outcome([lead(PHONE, "a", "b")], household, name="Fatma")

    assert found == ("candidates", ["b", "a"])


def test_what_callers_say_outranks_whose_line_it_is() -> None:
    office = people(boss=None, a="Ayşe")
    line = lead(PHONE, "boss")

    assert outcome([line, lead(PAIR, "a")], office, name="Ayşe", district="Kadıköy") == (
        "recognised",
        ["a"],
    )
    assert outcome([line, lead(EMAIL, "a")], office) == ("recognised", ["a"])
    assert outcome([line, lead(ORDER, "a")], office) == ("recognised", ["a"])


def test_two_identifiers_that_disagree_make_candidates() -> None:
    found = outcome([lead(EMAIL, "a"), lead(ORDER, "b")], people(a="Ayşe", b="Can"))

    assert found == ("candidates", ["a", "b"])


def test_another_ones_identifier_with_ones_own_name_is_not_passed_over() -> None:
    leads = [lead(EMAIL, "b"), lead(PAIR, "a")]

    found = outcome(leads, people(a="Ayşe", b="Can"), name="Ayşe", district="Kadıköy")

    assert found[0] == "candidates"


def test_two_of_one_name_in_one_district_are_told_apart_by_the_line() -> None:
    twins = people(a="Ayşe", b="Ayşe")
    told = {"name": "Ayşe", "district": "Kadıköy"}

    assert outcome([lead(PAIR, "a", "b")], twins, **told) == ("candidates", ["a", "b"])
    assert outcome([lead(PAIR, "a", "b"), lead(PHONE, "b")], twins, **told) == (
        "recognised",
        ["b"],
    )


def test_of_more_than_can_be_looked_at_nobody_is_the_only_one() -> None:
    firm = lead(PHONE, "a", "b", is_cut=True)
    found = recognise([firm], people(a="Ayşe", b="Can"), Facts(name="Ayşe"))

    assert (found.outcome, found.is_cut) == (Outcome.CANDIDATES, True)


def test_candidates_are_few_enough_to_ask_further_among_and_the_rest_is_told() -> None:
    many = people(**{f"p{n:02}": "Ayşe" for n in range(MOST_CANDIDATES + 1)})

    found = recognise([lead(PHONE, *many)], many, Facts())

    assert (len(found.persons), found.is_cut) == (MOST_CANDIDATES, True)


def test_a_person_of_several_entries_is_known_by_what_any_of_them_says() -> None:
    entries = {
        "a": [
            a_customer("a", name="Ayşe Işık"),
            a_customer("b", name="A. Demir", addresses=(HOME,), language="de"),
        ]
    }
    facts = Facts(name="A. Demir", district="kadikoy")

    person = the_one(recognise([lead(PHONE, "a")], entries, facts))

    assert person.evidence == {PHONE, *PAIR}
    assert (person.customer_id, person.language) == ("a", "de")


def test_a_name_and_a_district_are_looked_for_folded_and_once_each() -> None:
    moved = Address(lines="elsewhere", district="KADIKOY")
    customer = a_customer(
        addresses=(HOME, moved, Address(city="Ankara"), Address(district="Şişli"))
    )

    assert names_and_districts(customer) == [("ayse isik", "kadikoy"), ("ayse isik", "sisli")]
    assert names_and_districts(people(a=None)["a"][0]) == []


def test_a_product_and_its_week_are_one_weak_fact_even_of_the_only_one_who_has_both() -> None:
    bought = lead(PURCHASE, "a")

    found = recognise([bought], people(a="Ayşe"), Facts())

    assert (found.outcome, found.persons[0].strength) == (Outcome.CANDIDATES, Strength.WEAK)
    assert outcome([bought], people(a="Ayşe"), name="ayse") == ("recognised", ["a"])
    assert outcome([bought], people(a="Ayşe"), district="kadikoy") == ("recognised", ["a"])
    assert outcome([bought], people(a="Ayşe"), name="Fatma") == ("candidates", ["a"])


def test_a_line_of_ones_own_and_what_somebody_else_bought_make_candidates() -> None:
    leads = [lead(PHONE, "a"), lead(PURCHASE, "b")]

    assert outcome(leads, people(a="Ayşe", b="Can")) == ("candidates", ["a", "b"])
    assert outcome([lead(PHONE, "a"), lead(PURCHASE, "a", "b")], people(a="Ayşe", b="Can")) == (
        "recognised",
        ["a"],
    )


@pytest.mark.parametrize(
    ("leads", "facts", "whom"),
    [
        ([lead(PHONE, "a", "b")], {}, ["a"]),
        ([lead(PHONE, "a", "b")], {"name": "Ayşe"}, ["a"]),
        ([lead(PHONE, "a", "b")], {"district": "Kadıköy"}, ["a"]),
        ([lead(PHONE, "a", "b")], {"district": "Moda"}, None),
        ([lead(PAIR, "a")], {"name": "Ayşe", "district": "Kadıköy"}, ["a"]),
        ([], {"name": "Ayşe"}, None),
        ([], {}, None),
    ],
)
def test_where_too_many_bought_the_same_nobody_unseen_may_fit_as_well(
    leads: list[Lead], facts: dict[str, str], whom: list[str] | None
) -> None:
    cut = lead(PURCHASE, "a", is_cut=True)

    found = recognise(
        [*leads, cut], people(a="Ayşe", b="Can") if leads else people(a="Ayşe"), Facts(**facts)
    )

    if whom is None:
        assert (found.outcome, found.is_cut) == (Outcome.CANDIDATES, True)
    else:
        assert [one.person_id for one in found.persons] == whom
        assert found.outcome is Outcome.RECOGNISED


PERSONS = ("a", "b", "c")
names = st.sampled_from([None, "Ayşe", "Fatma"])
someone = st.fixed_dictionaries(dict.fromkeys(PERSONS, names)).map(lambda told: people(**told))
led = st.sets(st.sampled_from(PERSONS), max_size=3)
said = st.lists(
    st.tuples(
        st.sampled_from([EMAIL, Evidence.EXTERNAL_ID, ORDER, Evidence.SERIAL, PAIR, PURCHASE]),
        led,
    ),
    max_size=3,
    unique_by=lambda one: one[0],
)


def leads_of(told: Any, line: set[str]) -> list[Lead]:
    leads = [lead(by, *ids) for by, ids in told]
    return [*leads, lead(PHONE, *line)]


def among(who: Mapping[str, list[Customer]], leads: Sequence[Lead]) -> dict[str, list[Customer]]:
    """Only those are looked at whom something leads to."""
    found = {one for lead in leads for one in lead.person_ids}
    return {one: entries for one, entries in who.items() if one in found}


@given(someone, said, led, names)
def test_nobody_of_another_name_is_ever_recognised(
    who: dict[str, list[Customer]], told: Any, line: set[str], name: str | None
) -> None:
    leads = leads_of(told, line)

    found = recognise(leads, among(who, leads), Facts(name=name))

    if found.outcome is Outcome.RECOGNISED and name is not None:
        assert who[found.persons[0].person_id][0].name in (None, name)


@given(someone, said, led, names)
def test_the_line_never_makes_another_the_one_whom_they_say_they_are(
    who: dict[str, list[Customer]], told: Any, line: set[str], name: str | None
) -> None:
    without, with_line = leads_of(told, set()), leads_of(told, line)

    first = recognise(without, among(who, without), Facts(name=name))
    second = recognise(with_line, among(who, with_line), Facts(name=name))

    if first.outcome is Outcome.RECOGNISED and second.outcome is Outcome.RECOGNISED:
        assert first.persons[0].person_id == second.persons[0].person_id


@given(someone, said, led, names, st.randoms())
def test_in_which_order_things_are_known_decides_nothing(
    who: dict[str, list[Customer]], told: Any, line: set[str], name: str | None, by: Any
) -> None:
    leads = leads_of(told, line)
    shuffled = by.sample(leads, len(leads))
    found = among(who, leads)
    other = dict(by.sample(sorted(found.items()), len(found)))

    assert recognise(leads, found, Facts(name=name)) == recognise(
        shuffled, other, Facts(name=name)
    )


@given(someone, said, led, names)
def test_everybody_found_is_told_and_weak_evidence_recognises_nobody(
    who: dict[str, list[Customer]], told: Any, line: set[str], name: str | None
) -> None:
    leads = leads_of(told, line)
    found = among(who, leads)

    recognition = recognise(leads, found, Facts(name=name))

    told_ids = {one.person_id for one in recognition.persons}
    if recognition.outcome is Outcome.RECOGNISED:
        assert recognition.persons[0].strength is not Strength.WEAK
    else:
        assert told_ids == found.keys()
