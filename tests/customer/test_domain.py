import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain import (
    ContactKind,
    ContactPoint,
    Direction,
    NothingPromised,
    Promise,
    Unrecognisable,
    contact_points,
    id_for,
)
from shared.errors import Invalid
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_conversation, a_customer, an_act

PHONE, MAIL = ContactKind.PHONE, ContactKind.EMAIL

SPELLINGS = [
    "0532 123 45 67",
    "05321234567",
    "532 123 45 67",
    "5321234567",
    "(532) 123 45 67",
    "0 (532) 123 45 67",
    "0(532)123-45-67",
    "0532.123.45.67",
    "0532/123 45 67",
    "90 532 123 45 67",
    "+90 532 123 45 67",
    "+90 (532) 123 45 67",
    "+90 (0532) 123 45 67",
    "+905321234567",
    "0090 532 123 45 67",
    "00905321234567",
    "\u202a+90\u00a0532 123 45 67\u202c",
    "٠٥٣٢ ١٢٣ ٤٥ ٦٧",
    "0532\u2013123\u201345\u201367",
]


def phone(written: str) -> str:
    return ContactPoint.of(PHONE, written).value


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_mobile_phone_is_one_phone_in_every_turkish_spelling(written: str) -> None:
    assert phone(written) == "+905321234567"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0212 555 12 34", "+902125551234"),
        ("444 0 123", "+904440123"),
        ("4440123", "+904440123"),
        ("444-01-23", "+904440123"),
        ("+90 444 0 123", "+904440123"),
        ("0090 444 01 23", "+904440123"),
        ("(0212) 555 12 34", "+902125551234"),
        ("212 555 12 34", "+902125551234"),
        ("90 212 555 12 34", "+902125551234"),
        ("850 222 0 222", "+908502220222"),
        ("+90 850 222 02 22", "+908502220222"),
        ("+49 (0)30 901820", "+4930901820"),
        ("0049 30 901820", "+4930901820"),
        ("+1 212-736-5000", "+12127365000"),
        ("+90 548 868 12 34", "+905488681234"),  # of Northern Cyprus, in Turkey's plan
        ("0850 222 0 222", "+908502220222"),
        ("0800 211 20 20", "+908002112020"),
        ("+44 20 7946 0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
    ],
)
def test_land_lines_short_numbers_and_foreign_ones_are_phones_too(
    written: str, meant: str
) -> None:
    assert phone(written) == meant


@pytest.mark.parametrize("written", [*SPELLINGS, "444 0 123", "0850 222 0 222", "+442079460018"])
def test_a_phone_in_the_spelling_that_is_kept_is_kept_so(written: str) -> None:
    assert phone(phone(written)) == phone(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yok",
        "-",
        "0532 123 45 6",
        "0532 123 45 678",
        "112",
        "9" * 254,
        "5\u0000321234567",
        "0532 123 4#5 67",
    ],
)
def test_what_is_no_phone_is_refused_and_not_guessed(written: str) -> None:
    with pytest.raises(Invalid, match="phone number"):
        phone(written)


@pytest.mark.parametrize("written", ["5,32E+09", "5.32E+09", "5,321234567E+09", "9E+11", "5e+9"])
def test_a_phone_that_a_spreadsheet_has_rounded_is_not_guessed(written: str) -> None:
    with pytest.raises(Invalid, match="its last digits are lost; take it from where it came"):
        phone(written)


@pytest.mark.parametrize("between", [" / ", "/", ", ", "; ", " - ", " ", "\n", " ve ", "-"])
def test_two_phones_in_one_cell_are_not_made_one(between: str) -> None:
    with pytest.raises(Invalid, match=r"write one alone|no such phone number can exist"):
        phone(f"0532 123 45 67{between}0533 123 45 67")


@pytest.mark.parametrize(
    "written",
    [
        "eşi 0532 123 45 67",
        "0532 123 45 67 eşi",
        "0212 555 12 34 dahili 12",
        "0212 555 12 34 ext 5",
        "0212 555 12 34x5",
        "0532 ABC 45 67",
    ],
)
def test_a_phone_with_something_beside_it_is_not_shortened_in_silence(written: str) -> None:
    with pytest.raises(Invalid, match="write one alone"):
        phone(written)


@given(
    st.sampled_from(["", "0", "90", "+90", "0090"]),
    st.integers(5_300_000_000, 5_399_999_999).map(str),
    st.lists(st.sampled_from(["", " ", "  ", "-", ".", "\u00a0"]), min_size=10, max_size=10),
)
def test_separators_and_prefixes_never_make_another_phone(
    prefix: str, digits: str, between: list[str]
) -> None:
    written = prefix + "".join(f"{gap}{digit}" for gap, digit in zip(between, digits, strict=True))

    assert phone(written) == f"+90{digits}"


@given(st.integers(2_000_000_000, 5_999_999_999).map(str))
def test_reading_a_canonical_phone_gives_it_back(digits: str) -> None:
    try:
        canonical = phone(f"0{digits}")
    except Invalid:
        return
    assert phone(canonical) == canonical


@given(st.text(max_size=40))
def test_any_text_is_either_a_phone_in_canonical_form_or_refused(written: str) -> None:
    try:
        read = phone(written)
    except Invalid:
        return
    assert read.startswith("+")
    assert read[1:].isdecimal()


def test_a_refusal_does_not_quote_what_was_written() -> None:
    with pytest.raises(Invalid) as refusal:
        phone("Ayşe 0532 123 45 67")

    assert "Ayşe" not in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ayse@Example.COM", "ayse@example.com"),
        (" ayse@example.com ", "ayse@example.com"),
        ("ALİ@EXAMPLE.COM", "ali@example.com"),
        ("ALI@EXAMPLE.COM", "ali@example.com"),
        ("ayse.isik+shop@mail.example.com.tr", "ayse.isik+shop@mail.example.com.tr"),
        ("\u200eayse@example.com", "ayse@example.com"),
    ],
)
def test_an_email_is_one_address_however_it_is_typed(written: str, meant: str) -> None:
    assert ContactPoint.of(MAIL, written).value == meant


@pytest.mark.parametrize(
    "written",
    [
        "ayse",
        "ayse@example",
        "ay se@example.com",
        "ayse@example..com",
        "ayse@example.com.",
        ".ayse@example.com",
        "ayse@example.com, can@example.com",
        "<ayse@example.com>",
        "ayse@@example.com",
        "ay\u0007se@example.com",
        "mailto:ayse@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 250}.com",
    ],
)
def test_what_is_no_email_is_refused_with_how_to_write_one(written: str) -> None:
    with pytest.raises(Invalid, match=r"name@example\.com"):
        ContactPoint.of(MAIL, written)


def test_contact_points_keep_their_order_and_stand_once_each() -> None:
    pairs = [(MAIL, "ayse@example.com"), (PHONE, "0532 123 45 67"), (PHONE, "+905321234567")]

    assert contact_points(pairs) == (EMAIL, MOBILE)


def test_a_contact_point_at_fault_is_named_by_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        contact_points([(MAIL, "ayse@example.com"), (PHONE, "yok")])

    assert refusal.value.field == "contact_points.1.value"


def test_a_new_customer_stands_for_themselves_and_tells_nothing_of_who_they_are() -> None:
    customer = a_customer(contact_points=(MOBILE,), external_ids=("logo:17",))

    assert customer.members == ("cus_1",)
    assert customer.since == NOON
    assert [(entry.what, entry.facts) for entry in customer.log] == [("created", {})]


def test_a_change_tells_which_fields_changed_and_not_to_what() -> None:
    changed = a_customer().change(an_act(1), name="Ayşe Demir", contact_points=(EMAIL,))

    assert changed.version == 2
    assert changed.log[-1].facts == {"fields": ["contact_points", "name"]}


def test_what_is_already_so_is_no_change() -> None:
    customer = a_customer()

    assert customer.change(an_act(1), name="Ayşe Işık") is customer
    assert customer.change(an_act(1), name="Ayşe Işık", external_ids=("logo:17",)).log[
        -1
    ].facts == {"fields": ["external_ids"]}


@pytest.mark.parametrize(
    "known_by", [{"name": "Ayşe"}, {"contact_points": (MOBILE,)}, {"external_ids": ("logo:17",)}]
)
def test_a_customer_needs_one_thing_to_be_known_by_be_it_what_it_may(
    known_by: dict[str, Any],
) -> None:
    customer = a_customer(**({"name": None} | known_by))

    assert customer.version == 1


@pytest.mark.parametrize("name", [None, ""])
def test_somebody_whom_nobody_could_recognise_is_not_taken_in(name: str | None) -> None:
    with pytest.raises(Unrecognisable, match="a name, a contact point or an external id"):
        a_customer(name=name, addresses=(HOME,), heard_from="a friend")


def test_a_customer_of_long_standing_is_one_since_then_and_recorded_now() -> None:
    long_ago = NOON - timedelta(days=900)

    customer = a_customer(since=long_ago)

    assert customer.since == long_ago
    [created] = customer.log
    assert (created.happened_at, created.at) == (long_ago, NOON)


def test_what_becomes_of_a_customer_is_a_change_like_any_other() -> None:
    changed = a_customer().change(an_act(1), addresses=(HOME,), lost_to="a rival")

    assert (changed.addresses, changed.lost_to) == ((HOME,), "a rival")
    assert changed.log[-1].facts == {"fields": ["addresses", "lost_to"]}
    assert changed.change(an_act(2), addresses=(HOME,), lost_to="a rival") is changed


def test_the_same_key_always_leads_to_the_same_customer_and_another_to_another() -> None:
    assert id_for("reg_1") == id_for("reg_1") != id_for("reg_2")
    assert re.fullmatch(r"cus_[a-z2-7]{26}", id_for("reg_1"))


PROMISE = Promise(what="the technician calls", by="Technicians", due=NOON + timedelta(days=1))


def test_a_promise_is_open_until_it_was_kept_however_late() -> None:
    promised = a_conversation(promise=PROMISE)
    late = NOON + timedelta(days=3)

    kept = promised.keep_promise(an_act(9 * 24 * 60), late)

    assert promised.open_promise == PROMISE
    assert kept.open_promise is None
    assert kept.promise == replace(PROMISE, kept_at=late)
    assert kept.keep_promise(an_act(10 * 24 * 60), late + timedelta(hours=1)) is kept
    for never in (NOON - timedelta(minutes=1), NOON + timedelta(days=10)):
        with pytest.raises(Invalid):
            promised.keep_promise(an_act(9 * 24 * 60), never)


def test_what_was_due_before_it_was_given_or_never_promised_is_refused() -> None:
    with pytest.raises(Invalid):
        a_conversation(promise=replace(PROMISE, due=NOON - timedelta(seconds=1)))
    with pytest.raises(NothingPromised):
        a_conversation().keep_promise(an_act(60), NOON)


def test_who_is_forgotten_was_promised_nothing() -> None:
    survey = a_conversation(partner="", summary="", promise=PROMISE)

    assert survey.forgotten(an_act(70)).promise is None


def test_a_conversation_without_words_or_names_is_one_too() -> None:
    survey = a_conversation(channel="survey", partner="", summary="", direction=Direction.OUT)

    assert survey.entity_id == "cnv_1"
    assert (survey.version, survey.log[-1].facts["direction"]) == (1, "out")
