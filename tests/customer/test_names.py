"""Names are one in every spelling that people, keyboards and software give them."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer.domain import folded_name

FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
TURKISH = "abcçdefgğhıijklmnoöprsştuüvyzâîû ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZÂÎÛ"
_SMALL = str.maketrans("Iİ", "ıi")
_CAPITAL = str.maketrans("ıi", "Iİ")


@pytest.mark.parametrize(
    "written",
    [
        "Ayşe Işık",
        "AYŞE IŞIK",
        "ayşe işik",
        "Ayse Isik",
        "AYSE ISIK",
        "  Ayşe \t Işık ",
        "Ays\u0327e Is\u0327\u0131k",
        "AYŞE İŞİK".lower(),  # what software without Turkish makes of it: i and a dot above
        "Ayşe\u00a0Işık",
        "Ayşe\u200b Işık",
    ],
)
def test_a_name_is_one_in_all_its_spellings(written: str) -> None:
    assert folded_name(written) == "ayse isik"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Çağrı Öğütçü", "cagri ogutcu"),
        ("Hâlide Nakîb Sûdi", "halide nakib sudi"),
        ("Zoë Müller-Groß", "zoe muller-gross"),
        ("Łukasz", "łukasz"),
        ("王 芳", "王 芳"),
    ],
)
def test_marks_go_and_letters_stay(written: str, folded: str) -> None:
    assert folded_name(written) == folded


@pytest.mark.parametrize(
    ("letters", "plain"),
    [
        ("İIıi", "i"),
        ("Şş", "s"),
        ("Ğğ", "g"),
        ("Çç", "c"),
        ("Öö", "o"),
        ("Üü", "u"),
        ("Ââ", "a"),
        ("Îî", "i"),
        ("Ûû", "u"),
    ],
)
def test_each_letter_that_only_turkish_has_is_its_plain_one(letters: str, plain: str) -> None:
    for letter in letters:
        spellings = {letter, letter.lower(), *(unicodedata.normalize(f, letter) for f in FORMS)}
        assert {folded_name(f"B{one}r") for one in spellings} == {f"b{plain}r"}


@pytest.mark.parametrize(("one", "other"), [("Can", "Cem"), ("Ali Veli", "Aliveli")])
def test_other_names_stay_others(one: str, other: str) -> None:
    assert folded_name(one) != folded_name(other)


@given(st.text(alphabet=TURKISH, max_size=40))
def test_case_as_turkish_has_it_changes_no_name(name: str) -> None:
    small = name.translate(_SMALL).lower()
    capital = name.translate(_CAPITAL).upper()

    assert folded_name(small) == folded_name(capital) == folded_name(name)


@given(st.text(max_size=40))
def test_a_folded_name_is_folded(name: str) -> None:
    once = folded_name(name)

    assert folded_name(once) == once
    assert folded_name(unicodedata.normalize("NFD", name)) == once
