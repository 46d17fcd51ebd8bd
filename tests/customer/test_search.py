"""People are found at the desk by whatever comes to mind of them, in any spelling."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from services.customer.domain import Address, ContactKind, ContactPoint, Customer
from services.customer.domain.spelling import is_one_mistake, neighbourhood
from services.customer.use_cases.search import PAGE, search_customers
from shared.errors import Invalid
from tests.account import AwsAccount
from tests.customer.crowd import calls_to, directory_of, ids_found, list_all, people
from tests.customer.examples import EMAIL, HOME, MOBILE, a_customer

LETTERS = "abcçdefgğhıijklmnoöprsştuüvyz"
_CAPITAL = str.maketrans("ıi", "Iİ")
_PLAIN = str.maketrans("çğıöşü", "cgiosu")
IN_IZMIR = Address(district="Karşıyaka", city="İzmir")

AYSE = a_customer("cus_ayse", contact_points=(MOBILE, EMAIL), addresses=(HOME,))
CAGRI = a_customer("cus_cagri", name="Çağrı Öğütçü Demir", addresses=(IN_IZMIR,))
ZEHRA = a_customer(
    "cus_zehra",
    name="Zehra Yılmaz",
    contact_points=(ContactPoint(kind=ContactKind.PHONE, value="+442079460018"),),
)


@pytest.fixture
def few(aws: AwsAccount) -> AwsAccount:
    """Ayşe, Çağrı and Zehra are listed."""
    for one in (AYSE, CAGRI, ZEHRA):
        directory_of(aws).keep(one)
    return aws


TYPED: tuple[tuple[str, str | None], ...] = (
    # every Turkish letter that others write otherwise
    ("Işık", "ayse"),
    ("ISIK", "ayse"),
    ("isik", "ayse"),
    ("IŞIK", "ayse"),
    ("İŞİK", "ayse"),
    ("ışık", "ayse"),
    ("Is\u0327ik", "ayse"),
    ("ÇAĞRI ÖĞÜTÇÜ", "cagri"),
    ("cagri ogutcu", "cagri"),
    ("Cağri Öğutçu", "cagri"),
    ("çâğrî", "cagri"),
    ("YILMAZ", "zehra"),
    ("YİLMAZ", "zehra"),
    # places
    ("istanbul", "ayse"),
    ("İSTANBUL", "ayse"),
    ("ISTANBUL", "ayse"),
    ("KADIKOY", "ayse"),
    ("kadıköy", "ayse"),
    ("Karsiyaka", "cagri"),
    # beginnings, any order, any words
    ("ays", "ayse"),
    ("ayş ış", "ayse"),
    ("isik ayse", "ayse"),
    ("ayse kad", "ayse"),
    ("demir cag", "cagri"),
    ("izmir ogut demir", "cagri"),
    ("a isik", "ayse"),
    # phones, e-mails
    ("4567", "ayse"),
    ("23 45 67", "ayse"),
    ("0532 123 45 67", "ayse"),
    ("+90 (532) 123-4567", "ayse"),
    ("905321234567", "ayse"),
    ("0532 123", "ayse"),
    ("+90 532 123", "ayse"),
    ("0532 \u2010 1234", "ayse"),
    ("ayşe 4567", "ayse"),
    ("zehra 0018", "zehra"),
    ("+44 20 7946 0018", "zehra"),
    ("0044 20 7946", "zehra"),
    ("ayse@example.com", "ayse"),
    ("AYSE@EXA", "ayse"),
    # mistakes
    ("Yilmza", "zehra"),
    ("yimaz", "zehra"),
    ("yillmaz zehra", "zehra"),
    ("zahra yilmz", "zehra"),
    ("zahra yil", "zehra"),
    ("ıyşk ayse", None),
    ("kadikoi isik", "ayse"),
    ("ögütcü camri", "cagri"),
    # nobody's
    ("ayse demir", None),
    ("4568", None),
    ("zehra 4567", None),
    ("ayse@other", None),
    ("@example.com", None),
)


def test_people_are_found_by_what_is_theirs(few: AwsAccount) -> None:
    found = {typed: ids_found(few, typed) for typed, _ in TYPED}

    assert found == {typed: [f"cus_{one}"] if one else [] for typed, one in TYPED}


@pytest.mark.parametrize("text", ["a", "İ", " ş ", "a.", "12", "1 2 3", "-", "?", "a a", "@"])
def test_what_says_too_little_is_refused_with_what_to_write(few: AwsAccount, text: str) -> None:
    with calls_to(few) as calls, pytest.raises(Invalid, match="at least two letters") as refused:
        search_customers(directory_of(few), text, most=20)

    assert refused.value.field == "text"
    assert calls == []


def test_what_says_too_much_is_refused(few: AwsAccount) -> None:
    with pytest.raises(Invalid, match="at most 8 words"):
        search_customers(directory_of(few), "a bc de fg hi jk lm no pq", most=20)


def test_the_best_come_first_and_it_is_said_why(aws: AwsAccount) -> None:
    for name in ("Selim Kaya", "Selin Kayalı", "Selin Kaya", "Ayla Selin"):
        directory_of(aws).keep(a_customer(f"cus_{name}", name=name))

    found = search_customers(directory_of(aws), "selin kaya", most=20)

    assert [
        (one.listed.name, [(why.field.value, why.how.value) for why in one.why])
        for one in found.fits
    ] == [
        ("Selin Kaya", [("name", "whole")]),
        ("Selin Kayalı", [("name", "whole"), ("name", "beginning")]),
        ("Selim Kaya", [("name", "alike"), ("name", "whole")]),
    ]
    assert (found.more, found.advice) == (False, None)


def test_no_more_are_shown_than_were_asked_for_and_it_is_said_that_there_are(
    aws: AwsAccount,
) -> None:
    list_all(aws, people(4, "Ayşe Işık"))

    found = search_customers(directory_of(aws), "isik", most=3)

    assert len(found.fits) == 3
    assert found.more
    assert "add another word" in str(found.advice)


MANY = [
    *people(105, "Mehmet Yılmaz", addresses=(HOME,)),
    *people(10, "Mehmet Yıldız", addresses=(HOME,)),
    *people(40, "Fatma Yılmaz", addresses=(HOME,)),
]
ONE = a_customer(
    "cus_one", name="Mehmet Yılmaz", addresses=(IN_IZMIR,), contact_points=(MOBILE,)
)  # fmt: skip
OTHER = a_customer("cus_other", name="Mehmet Yörükoğlu", addresses=(HOME,))


def test_it_takes_as_much_to_find_one_of_a_hundred_as_one_of_ten_and_never_a_scan(
    aws: AwsAccount,
) -> None:
    asked = (
        "mehmet", "istanbul", "mehmet yilmaz", "mehmet yilmaz izmir", "mehmet yorukoglu",
        "yorukoglu istanbul", "mehmt yorukogl", "4567", "mehmet yilmaz istanbul",
    )  # fmt: skip

    def taken() -> dict[str, tuple[list[str], list[int]]]:
        told = {}
        for text in asked:
            with calls_to(aws) as calls:
                ids_found(aws, text)
            limits = [given["Limit"] for name, given in calls if name == "Query"]
            told[text] = [name for name, _ in calls], limits
        return told

    list_all(aws, [ONE, OTHER, *MANY[:8]])
    few = taken()
    aws.empty()
    list_all(aws, [ONE, OTHER, *MANY])
    many = taken()

    for told in (few, many):
        for names, limits in told.values():
            assert len(names) <= 4
            assert set(names) <= {"BatchGetItem", "Query"}
            assert set(limits) == {PAGE}
    assert [len(names) for names, _ in many.values()] <= [4] * len(asked)
    for found_by in ("mehmet yilmaz izmir", "yilmza mehmet karsiyaka", "4567"):
        assert ids_found(aws, found_by) == ["cus_one"], found_by
    for found_by in ("yorukoglu", "mehmet yorukoglu", "kadikoy yorukogul", "yörükoglu mehmt"):
        assert ids_found(aws, found_by) == ["cus_other"], found_by
    assert search_customers(directory_of(aws), "mehmet", most=20).more
    assert search_customers(directory_of(aws), "istanbul", most=20).more
    precise = search_customers(directory_of(aws), "mehmet yilmaz izmir", most=20)
    assert not precise.more


words = st.text(alphabet=LETTERS, min_size=5, max_size=10)


@st.composite
def mistyped(draw: st.DrawFn, word: str) -> str:
    """The word with one letter too many, too few or wrong, or with two swapped."""
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from(LETTERS))
    how = draw(st.sampled_from(("many", "few", "wrong", "swapped")))
    return {
        "many": word[:at] + letter + word[at:],
        "few": word[:at] + word[at + 1 :],
        "wrong": word[:at] + letter + word[at + 1 :],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[how]


def spelled(word: str, how: str) -> str:
    """The word as somebody else, or another keyboard, writes it."""
    return {
        "so": word,
        "large": word.translate(_CAPITAL).upper(),
        "plain": word.translate(_PLAIN),
        "plain and large": word.translate(_PLAIN).upper(),
    }[how]


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), first=words, last=words)
def test_anybody_is_found_in_any_spelling_and_with_a_mistake_in_a_word(
    aws: AwsAccount, data: st.DataObject, first: str, last: str
) -> None:
    aws.empty()
    person = a_customer("cus_one", name=f"{first.title()} {last.title()}", addresses=(HOME,))
    others: list[Customer] = [AYSE, CAGRI, a_customer("cus_2", name=f"Ali {last.title()}")]
    for one in (person, *others):
        directory_of(aws).keep(one)
    how = data.draw(st.sampled_from(("so", "large", "plain", "plain and large")))
    wrong = data.draw(st.sampled_from((first, last)).flatmap(mistyped))
    other = last if is_alike(wrong, first) else first
    assume(len({one.translate(_PLAIN) for one in (first, last, wrong)}) == 3)

    for typed in (first, last, f"{last} {first}", f"{first} kadıköy"):
        assert "cus_one" in ids_found(aws, spelled(typed, how)), spelled(typed, how)
    for typed in (wrong, f"{other} {wrong}", f"{wrong} {other}", f"istanbul {wrong}"):
        assert "cus_one" in ids_found(aws, spelled(typed, how)), spelled(typed, how)


def is_alike(one: str, other: str) -> bool:
    return is_one_mistake(one.translate(_PLAIN), other.translate(_PLAIN))


@given(data=st.data(), word=words)
def test_words_that_are_one_mistake_apart_share_a_place(data: Any, word: str) -> None:
    wrong = data.draw(mistyped(word))

    assert wrong == word or is_one_mistake(word, wrong)
    assert neighbourhood(word) & neighbourhood(wrong)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("yilmaz", "yilmza", True),
        ("yilmaz", "yilmazz", True),
        ("yilmaz", "ilmaz", True),
        ("yilmaz", "yilmas", True),
        ("yilmaz", "yilmaz", False),
        ("yilmaz", "yimlza", False),
        ("yilmaz", "yilm", False),
        ("yilmaz", "yilmsa", False),
        ("abc", "cba", False),
    ],
)
def test_one_mistake_is_one(one: str, other: str, is_one: bool) -> None:
    assert is_one_mistake(one, other) == is_one_mistake(other, one) == is_one
