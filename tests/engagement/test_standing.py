"""What all that was said of an address comes to."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.engagement.domain import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    RecipientType,
    Standing,
    Stands,
    Status,
    standing,
)
from tests.engagement.examples import NOON, a_refusal, a_word, taken, turned_down

SOON = NOON + timedelta(hours=2)
DUE = a_word().due_at
LATER = NOON + timedelta(days=30)


def held(*words: Consent, later: bool = False) -> Stands:
    return standing(words, LATER if later else SOON).stands


def test_where_nothing_was_said_nothing_is_given() -> None:
    assert not standing([], NOON).may_be_written_to


def test_a_consent_holds_until_the_refusal_after_it() -> None:
    assert held(taken(a_word(1))) is Stands.GIVEN
    assert held(taken(a_word(1)), a_refusal(2, minutes=1)) is Stands.REFUSED
    both = taken(a_word(1)), a_refusal(2, minutes=1)
    assert held(*both, taken(a_word(3, minutes=2))) is Stands.GIVEN


def test_of_two_at_one_instant_the_refusal_wins() -> None:
    assert held(taken(a_word(2)), a_refusal(1)) is Stands.REFUSED


def test_a_consent_iys_was_not_told_of_in_three_business_days_is_void() -> None:
    word = a_word()
    assert DUE is not None
    assert standing([word], DUE) == Standing(stands=Stands.GIVEN, since=NOON, until=DUE)
    assert standing([word], DUE + timedelta(seconds=1)).stands is Stands.NOT_TOLD

    late = taken(word, minutes=(DUE - NOON).total_seconds() / 60 + 1)

    assert held(late, later=True) is Stands.NOT_TOLD
    assert held(taken(word), later=True) is Stands.GIVEN


def test_a_consent_that_iys_would_not_have_is_void() -> None:
    assert held(turned_down(a_word())) is Stands.TURNED_DOWN


def test_an_earlier_consent_that_iys_has_still_holds_when_a_later_one_was_not_told() -> None:
    assert held(taken(a_word(1)), a_word(2, minutes=5), later=True) is Stands.GIVEN


def test_a_refusal_is_obeyed_whatever_became_of_it_at_iys() -> None:
    assert held(taken(a_word(1)), a_refusal(2, minutes=1), later=True) is Stands.REFUSED
    assert held(turned_down(a_refusal(2))) is Stands.REFUSED


def test_what_a_letter_or_a_survey_needs_iys_need_not_hear_of() -> None:
    letter = a_word(channel=ConsentChannel.LETTER)
    survey = a_word(purpose=ConsentPurpose.SURVEY)

    assert held(letter, later=True) is held(survey, later=True) is Stands.GIVEN


def test_a_consent_of_another_with_the_same_phone_lifts_no_refusal_until_they_are_one() -> None:
    refused = a_refusal(1, customer_id="cus_2")
    alone = taken(a_word(2, minutes=1, customer_id="cus_1"))
    as_one = taken(a_word(3, minutes=2, customer_id="cus_1", members=("cus_1", "cus_2")))

    assert held(refused, alone) is Stands.REFUSED
    assert held(refused, alone, as_one) is Stands.GIVEN


def test_what_was_told_to_iys_itself_lifts_any_refusal_and_ends_any_consent() -> None:
    refused = a_refusal(1, customer_id="cus_2")
    by_iys = a_word(2, minutes=1, customer_id="nobody", source="IYS")
    ended = a_refusal(3, minutes=2, customer_id="nobody", source="IYS")

    assert held(refused, by_iys, later=True) is Stands.GIVEN
    assert held(refused, by_iys, ended) is Stands.REFUSED
    assert held(ended, taken(a_word(4, minutes=3))) is Stands.GIVEN


def test_a_trader_may_be_written_to_until_they_refuse() -> None:
    trader = a_word(1, recipient_type=RecipientType.TRADER, proof=None, text_version=None)
    void = standing([trader], LATER)

    assert (void.stands, void.may_be_written_to) == (Stands.NOT_TOLD, True)
    no = a_refusal(2, minutes=1, recipient_type=RecipientType.TRADER)
    assert not standing([trader, no], LATER).may_be_written_to


def test_where_more_was_said_than_is_looked_through_nothing_is_given() -> None:
    words = [taken(a_word())]

    assert standing(words, SOON, is_all=False).stands is Stands.UNCLEAR
    assert not standing(words, SOON, is_all=False).may_be_written_to


def test_what_is_said_later_does_not_count_before() -> None:
    words = [taken(a_word(1)), a_refusal(2, minutes=90)]

    assert standing(words, NOON + timedelta(minutes=80)).stands is Stands.GIVEN


WORDS = st.lists(
    st.tuples(
        st.sampled_from([Status.GIVEN, Status.REFUSED]),
        st.integers(0, 3),
        st.sampled_from(["cus_1", "cus_2"]),
        st.sampled_from(["HS_WEB", "IYS"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(WORDS)
def test_nothing_depends_on_the_order_in_which_words_arrive(
    said: list[tuple[Status, int, str, str]],
) -> None:
    words = [
        a_word(number, status=status, minutes=minutes, customer_id=who, source=source)
        for number, (status, minutes, who, source) in enumerate(said)
    ]

    held = {standing(order, SOON) for order in permutations(words)}

    assert len(held) == 1


@settings(max_examples=60)
@given(WORDS)
def test_nobody_is_written_to_whose_own_last_word_is_a_refusal_unless_iys_says_so(
    said: list[tuple[Status, int, str, str]],
) -> None:
    words = [
        a_word(number, status=status, minutes=minutes, customer_id=who, source=source)
        for number, (status, minutes, who, source) in enumerate(said)
    ]
    for who in ("cus_1", "cus_2"):
        by_iys = [one for one in words if one.is_from_iys and one.status is Status.GIVEN]
        heard = [one for one in words if one.customer_id == who] + by_iys
        last = max(heard, key=lambda one: one.comes_after, default=None)
        if last is not None and last.status is Status.REFUSED:
            assert not standing(words, SOON).may_be_written_to


def test_the_address_is_kept_until_iys_has_it_and_no_longer() -> None:
    word = a_word()
    assert word.recipient == "+905321234567"
    assert taken(word).recipient is turned_down(word).recipient is None
    assert a_word(purpose=ConsentPurpose.SURVEY).recipient is None
    assert a_word(taken_at=NOON).recipient is None
    assert a_word(source="IYS").recipient is None
