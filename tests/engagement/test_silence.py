"""How long it has been still, and how that adds up over the ids of one person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engagement.domain.rapport import NEWEST, Offered, Rapport, Said
from services.engagement.domain.silence import (
    NOTHING_KNOWN,
    Silence,
    Word,
    awaits_value,
    silence_of,
)

TODAY = date(2026, 11, 24)

heard = st.lists(
    st.tuples(st.sampled_from(Word), st.integers(-2, 900).map(lambda n: TODAY - timedelta(n))),
    max_size=8,
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def after(*words: tuple[Word, date]) -> Silence:
    silence = NOTHING_KNOWN
    for word, day in words:
        silence = silence.after(word, day)
    return silence


@settings(max_examples=40, deadline=None)
@given(heard, st.randoms())
def test_what_is_told_twice_and_in_any_order_comes_to_the_same(
    words: list[tuple[Word, date]], chance: object
) -> None:
    shuffled = [*words, *words[:3]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert after(*words) == after(*shuffled)


@settings(max_examples=40, deadline=None)
@given(heard, heard)
def test_two_ids_of_one_person_are_as_still_as_if_all_was_said_under_one(
    here: list[tuple[Word, date]], there: list[tuple[Word, date]]
) -> None:
    assert silence_of([after(*here), after(*there)]) == after(*here, *there)


def test_an_offer_ends_no_silence_and_whatever_else_is_said_does() -> None:
    still = after((Word.THEIRS, ago(372)))
    offered = still.after(Word.OFFER, ago(3))

    assert silence_of([still]).days(TODAY) == 372
    assert (silence_of([offered]).days(TODAY), offered.only_offers) == (372, True)
    for word in (Word.OURS, Word.THEIRS):
        spoken = offered.after(word, ago(1))
        assert (silence_of([spoken]).days(TODAY), spoken.only_offers) == (1, False)


def test_who_never_had_a_word_has_been_left_alone_since_we_know_them() -> None:
    assert silence_of([after((Word.NONE, ago(40)))]).days(TODAY) == 40
    assert silence_of([NOTHING_KNOWN]).days(TODAY) is None
    assert after((Word.THEIRS, ago(5)), (Word.NONE, ago(40))).days_without_us(TODAY) == 40


def test_a_word_that_is_dated_ahead_makes_no_silence_below_zero() -> None:
    assert silence_of([after((Word.OURS, TODAY + timedelta(days=2)))]).days(TODAY) == 0


numbers = st.lists(st.integers(0, 9), max_size=12)


def rapport_of(told: list[int]) -> Rapport:
    """After offers and words with these numbers, some of which are of one instant."""
    rapport = Rapport()
    for number in told:
        at = datetime(2026, 11, 24, 9, number // 2, tzinfo=UTC)
        rapport = rapport.offered(Offered(at=at, told_by=f"cnv_{number}", channel="phone"))
        status = "RET" if number % 2 else "ONAY"
        word = Said(at=at, consent_id=f"con_{number}", channel="MESAJ", status=status)
        rapport = rapport.with_word(word)
    return rapport


@settings(max_examples=40, deadline=None)
@given(numbers, st.randoms())
def test_the_newest_offers_and_the_last_words_are_kept_in_whatever_order_they_are_told(
    told: list[int], chance: object
) -> None:
    shuffled = [*told, *told[:4]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    rapport = rapport_of(told)

    assert rapport == rapport_of(shuffled)
    newest = sorted(set(told), reverse=True)[:NEWEST]
    assert [one.told_by for one in rapport.offers] == [f"cnv_{one}" for one in newest]
    if told:  # of a consent and a refusal at one instant the refusal is the last
        last = max(told)
        expected = f"con_{last}"
        assert [one.consent_id for one in rapport.said] == [expected]


@pytest.mark.parametrize(
    ("words", "waits"),
    [
        ([], False),  # of whom nothing is known nothing is said
        ([(Word.NONE, 3)], False),
        ([(Word.NONE, 500)], True),
        ([(Word.NONE, 3), (Word.OURS, 500)], True),  # brought over from elsewhere
        ([(Word.OURS, 365)], True),
        ([(Word.OURS, 364)], False),
        ([(Word.OURS, 400), (Word.OFFER, 20)], True),  # which should not have been
        ([(Word.OURS, 400), (Word.OFFER, 20), (Word.THEIRS, 10)], False),
        ([(Word.OURS, 400), (Word.OURS, 20), (Word.OFFER, 1)], False),
        ([(Word.NONE, 700), (Word.OFFER, 300), (Word.OFFER, 1)], True),  # sold to, and no more
    ],
)
def test_after_twelve_months_of_silence_value_comes_before_an_offer(
    words: list[tuple[Word, int]], *, waits: bool
) -> None:
    silence = after(*((word, ago(days)) for word, days in words))

    assert awaits_value(silence, TODAY) is waits
