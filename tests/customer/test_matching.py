"""Who may be one person: what agrees speaks for it, what a home or a filler shares never links."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain import Address, ContactKind, ContactPoint, ContactState
from services.customer.domain.matching import (
    Level,
    Matcher,
    Score,
    Traits,
    Verdict,
    Weights,
    blocking_keys,
    email_key,
    is_filler_tax_id,
    phone_key,
    traits_of,
)
from services.customer.domain.matching.likeness import Likeness, jaro_winkler, likeness
from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.matching.weights import shipped
from tests.customer.examples import EMAIL, HOME, MOBILE, a_customer

BORN = date(1980, 3, 17)
MATCHER = Matcher()

WORDS = "ayse,mehmet,ali,fatma,isik,yilmaz,kaya,demir,celik,nur,can,su,m"
names = st.sampled_from(WORDS.split(","))
words = st.lists(names, max_size=3).map(tuple)
dates = st.none() | st.sampled_from(
    ["1980-03-17", "1980-03-18", "1980-01-01", "1955-12-02", "1980-17-03", "2001-05-09"]
)
phones = st.lists(
    st.sampled_from(["+905321112233", "+905321112234", "+902161234567"]), max_size=2, unique=True
).map(tuple)
emails = st.lists(
    st.sampled_from(["ayse@firma.com.tr", "ayse@posta.com", "can@firma.com.tr"]),
    max_size=2,
    unique=True,
).map(tuple)
people = st.builds(
    Traits,
    given=words,
    family=st.lists(names, max_size=1).map(tuple),
    birth_date=dates,
    phones=phones,
    emails=emails,
    tax_id=st.none() | st.sampled_from(["hash-1", "hash-2"]),
    quarter=words,
    street=words,
    numbers=st.lists(st.sampled_from(["1", "3", "12", "3a"]), max_size=2).map(tuple),
    district=st.none() | st.sampled_from(["kadikoy", "kadikoi", "cankaya"]),
    city=st.none() | st.sampled_from(["istanbul", "ankara"]),
    external_ids=st.lists(st.sampled_from(["shop:1", "shop:2", "erp:1"]), max_size=1).map(tuple),
    is_firm=st.booleans(),
)


def someone(
    name: str | None = "Ayşe Işık", *, birth: date | None = None, **changes: Any
) -> Traits:
    """Traits of a customer of whom only this is known."""
    return traits_of(a_customer(name=name, **changes), birth_date=birth)


def compared(one: Traits, other: Traits) -> Score:
    return MATCHER.compare(one, other)


@given(people, people)
def test_a_score_is_the_same_whichever_stands_first(one: Traits, other: Traits) -> None:
    assert compared(one, other) == compared(other, one)


@given(people, people)
def test_what_the_fields_say_adds_up_to_the_score(one: Traits, other: Traits) -> None:
    score = compared(one, other)
    assert sum(each.weight for each in score.fields) == pytest.approx(score.weight)
    assert 0 <= score.probability <= 1


@given(people)
def test_traits_are_read_from_their_document(one: Traits) -> None:
    assert Traits.from_document(one.document()) == one


@given(people)
def test_whoever_is_as_alike_as_can_be_shares_all_blocks(one: Traits) -> None:
    assert blocking_keys(one) == blocking_keys(Traits.from_document(one.document()))


@given(people, people)
def test_a_firm_is_nobody_in_person(one: Traits, other: Traits) -> None:
    if one.is_firm is not other.is_firm:
        assert compared(one, other).verdict is Verdict.APART


@given(people, people)
def test_what_contradicts_never_links_by_itself(one: Traits, other: Traits) -> None:
    score = compared(one, other)
    differ = {each.field for each in score.fields if each.level == Level.DIFFERENT}
    if differ & {"birth_date", "tax_id", "given", "external_id"}:
        assert score.verdict is not Verdict.LINK


@given(people, people)
def test_what_a_home_shares_never_links_alone(one: Traits, other: Traits) -> None:
    score = compared(one, other)
    agree = {each.field for each in score.fields if each.level not in ("different", "")}
    if not agree & {"given", "birth_date", "tax_id"}:
        assert score.verdict is not Verdict.LINK


@pytest.mark.parametrize(
    "written", ["Işık Ayşe", "AYSE ISIK", "ayşe  ışık", "Ays\u0327e Is\u0327ık"]
)
def test_spellings_of_a_name_meet(written: str) -> None:
    one, other = (
        someone("Ayşe Işık", contact_points=(MOBILE,), addresses=(HOME,)),
        someone(written, contact_points=(MOBILE,), addresses=(HOME,)),
    )
    assert any("name_district" in key for key in blocking_keys(one) & blocking_keys(other))
    assert compared(one, other).verdict is not Verdict.APART


@given(people, people)
def test_a_shared_phone_alone_never_links(one: Traits, other: Traits) -> None:
    pair = [replace(each, phones=("+905321112233",)) for each in (one, other)]
    score = compared(*pair)
    agree = {each.field for each in score.fields if each.level not in ("different", "")}
    if agree <= {"phone", "email", "order", "quarter", "street", "numbers", "district", "city"}:
        assert score.verdict is not Verdict.LINK


def test_father_and_son_of_one_home_are_two() -> None:
    shared: dict[str, Any] = {"contact_points": (MOBILE,), "addresses": (HOME,)}
    father = someone("Mehmet Işık", birth=date(1955, 4, 2), **shared)
    son = someone("Ali Işık", birth=date(1982, 9, 30), **shared)
    assert compared(father, son).verdict is Verdict.APART


def test_whoever_took_another_family_name_is_known_by_the_rest() -> None:
    before = someone("Ayşe Işık", birth=BORN, contact_points=(MOBILE, EMAIL))
    after = someone("Ayşe Yılmaz", birth=BORN, contact_points=(MOBILE, EMAIL))
    assert compared(before, after).verdict is not Verdict.APART
    assert blocking_keys(before) & blocking_keys(after)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ContactKind.PHONE, "+905555555555"),
        (ContactKind.PHONE, "+905550000000"),
        (ContactKind.EMAIL, "yok@yok.com"),
        (ContactKind.EMAIL, "info@firma.com.tr"),
    ],
)
def test_what_fills_a_field_is_no_trait(kind: ContactKind, value: str) -> None:
    point = ContactPoint(kind=kind, value=value)
    assert someone(contact_points=(point,)) == someone()


@pytest.mark.parametrize("name", ["Nihai Tüketici", "PERAKENDE MÜŞTERİ", "Yok", "Test Müşterisi"])
def test_what_stands_for_a_name_is_no_name(name: str) -> None:
    assert someone(name, contact_points=(MOBILE,)) == someone(None, contact_points=(MOBILE,))


@pytest.mark.parametrize("digits", ["11111111111", "11111111110", "2222222222", "10000000146"])
def test_tax_ids_that_many_write_are_told(digits: str) -> None:
    assert is_filler_tax_id(digits)
    assert not is_filler_tax_id("4540536920")


def test_what_was_lost_is_no_trait() -> None:
    lost = ContactPoint(kind=ContactKind.PHONE, value=MOBILE.value, state=ContactState.LOST)
    assert someone(contact_points=(lost,)) == someone()


@given(people, people)
def test_what_too_many_share_is_as_if_it_were_not_there(one: Traits, other: Traits) -> None:
    common = {*map(phone_key, one.phones), *map(email_key, one.emails)}
    bare = compared(one.without(common), other.without(common))
    assert MATCHER.compare(one, other, common) == bare


def test_a_firms_name_is_known_by_its_tail() -> None:
    firm = someone("Yıldız Elektrik San. ve Tic. Ltd. Şti.")
    assert firm.is_firm
    assert firm.family == ("yildiz", "elektrik")
    assert someone("Yıldız Elektrik A.Ş.").family == firm.family
    assert not someone("Ali As").is_firm


def test_an_address_is_taken_apart() -> None:
    address = Address(lines="Caferağa Mah. Moda Cad. No: 1/3", district="Kadıköy", city="İstanbul")
    found = someone(addresses=(address,))
    assert (found.quarter, found.street, found.numbers) == (("caferaga",), ("moda",), ("1", "3"))
    assert (found.district, found.city) == ("kadikoy", "istanbul")


@pytest.mark.parametrize(
    ("one", "other"),
    [("dogan", "doan"), ("mehmet", "memet"), ("ahmet", "ahmed"), ("recep", "receb")],
)
def test_names_that_sound_alike_meet(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)
    assert likeness(one, other) is not Likeness.DIFFERENT


@given(st.text("abcdefgiz", min_size=1, max_size=9), st.text("abcdefgiz", min_size=1, max_size=9))
def test_words_are_as_alike_one_way_as_the_other(one: str, other: str) -> None:
    assert likeness(one, other) is likeness(other, one)
    assert 0 <= jaro_winkler(one, other) <= 1
    assert (likeness(one, other) is Likeness.SAME) == (one == other)


def test_twins_of_one_home_are_two() -> None:
    shared: dict[str, Any] = {"contact_points": (MOBILE, EMAIL), "addresses": (HOME,)}
    one, other = (
        someone("Can Işık", birth=BORN, **shared),
        someone("Ece Işık", birth=BORN, **shared),
    )
    assert compared(one, other).verdict is not Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other"), [("Emre Işık", "Emir Işık"), ("Hasan Işık", "Hakan Işık")]
)
def test_twins_whose_names_are_a_letter_apart_are_two(one: str, other: str) -> None:
    shared: dict[str, Any] = {"contact_points": (MOBILE, EMAIL), "addresses": (HOME,)}
    pair = [someone(name, birth=BORN, **shared) for name in (one, other)]
    assert compared(*pair).verdict is Verdict.REVIEW


def test_a_name_and_a_mistake_in_it_are_one() -> None:
    shared: dict[str, Any] = {"contact_points": (MOBILE, EMAIL), "addresses": (HOME,)}
    pair = [someone(name, birth=BORN, **shared) for name in ("Mehmet Işık", "Mehmt Işık")]
    assert compared(*pair).verdict is Verdict.LINK


def test_an_initial_is_no_other_name() -> None:
    shared: dict[str, Any] = {"contact_points": (MOBILE, EMAIL), "addresses": (HOME,)}
    pair = [someone(name, birth=BORN, **shared) for name in ("Ali Işık", "A. Işık")]
    assert compared(*pair).verdict is Verdict.LINK


ELSEWHERE = Address(lines="Emek Mah. Gül Sok. No: 40/2", district="Çankaya", city="Ankara")


def test_who_has_moved_is_held_against_them_once_and_not_for_each_part_of_the_address() -> None:
    before = someone(contact_points=(MOBILE,), addresses=(HOME,))
    after = someone(contact_points=(MOBILE,), addresses=(ELSEWHERE,))
    score = compared(before, after)
    weights = {each.field: each.weight for each in score.fields}
    assert weights["moved"] > 3
    assert score.verdict is Verdict.LINK


def test_a_homes_fixed_line_says_less_than_ones_own_mobile() -> None:
    line = ContactPoint(kind=ContactKind.PHONE, value="+902163334455")
    fixed, mobile = (someone(contact_points=(point,)) for point in (line, MOBILE))
    assert compared(fixed, fixed).weight < compared(mobile, mobile).weight


def test_a_family_name_changed_by_marriage_needs_two_ways_to_reach_them() -> None:
    reached: dict[str, Any] = {"contact_points": (MOBILE,), "addresses": (HOME,)}
    before, after = (someone(name, **reached) for name in ("Nevra Işık", "Nevra Yılmaz"))
    assert compared(before, after).verdict is Verdict.LINK
    once = replace(after, street=(), numbers=(), quarter=())
    assert compared(before, once).verdict is not Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1955-04-02", "1955-01-01", Level.PART),
        ("1955-04-02", "1955-02-04", Level.CLOSE),
        ("1955-04-02", "1967-12-31", Level.NEAR),
        ("1955-04-02", "1998-12-31", Level.DIFFERENT),
    ],
)
def test_dates_of_birth_a_generation_apart_contradict(one: str, other: str, level: Level) -> None:
    elder, younger = (
        someone("Zorlu Işık", birth=date.fromisoformat(day), contact_points=(MOBILE,))
        for day in (one, other)
    )
    [found] = [each for each in compared(elder, younger).fields if each.field == "birth_date"]
    assert found.level == level


@given(people, people)
def test_dates_of_one_generation_link_only_with_the_whole_name(one: Traits, other: Traits) -> None:
    score = compared(one, other)
    levels = {each.field: each.level for each in score.fields}
    if levels.get("birth_date") == "near" and score.verdict is Verdict.LINK:
        assert {levels["given"], levels["family"]} <= {"same", "close"}


@pytest.mark.parametrize("written", ["Işık Ayşenur", "Isk Ayşenur"])
def test_names_are_swapped_also_where_one_has_a_mistake(written: str) -> None:
    score = compared(someone("Ayşenur Işık"), someone(written))
    assert ("order", "swapped") in {(each.field, each.level) for each in score.fields}


def test_a_rare_family_name_says_more_than_a_common_one() -> None:
    def weight(family: str) -> float:
        pair = [someone(f"Ayşe {family}", contact_points=(MOBILE,)) for _ in range(2)]
        return compared(*pair).weight

    assert weight("Zorlutuna") > weight("Yılmaz")


def test_among_more_people_the_same_agreement_says_less() -> None:
    one = someone("Ayşe Işık", contact_points=(MOBILE,))
    few, many = Matcher(people=1_000), Matcher(people=1_000_000)
    assert few.compare(one, one).weight > many.compare(one, one).weight


def test_two_ids_of_one_system_speak_against() -> None:
    one = someone(contact_points=(MOBILE,), external_ids=("shop:1",))
    same = someone(contact_points=(MOBILE,), external_ids=("erp:1",))
    other = someone(contact_points=(MOBILE,), external_ids=("shop:2",))
    assert compared(one, other).weight < compared(one, same).weight
    assert compared(one, other).verdict is not Verdict.LINK


def test_a_dealers_own_number_links_nobody() -> None:
    dealers = someone("Ayşe Işık", contact_points=(MOBILE,))
    found = MATCHER.compare(dealers, dealers, {phone_key(MOBILE.value)})
    assert found.verdict is not Verdict.LINK
    assert "phone" not in {each.field for each in found.fields}


def test_weights_are_read_from_their_document() -> None:
    weights = shipped()
    assert Weights.from_document(weights.document()) == weights
