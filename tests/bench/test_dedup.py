"""What the bench of duplicates learns and counts: the same each time, and right."""

import pytest

from bench.dedup.judging import joined, judge
from bench.dedup.learning import Learnt, decided_of, learn
from bench.dedup.sets import Records, together
from bench.dedup.turkish.books import books
from services.customer.domain.matching import Field, Level, Traits, Verdict
from services.customer.domain.matching.matcher import Matcher


@pytest.fixture(scope="module")
def small() -> Records:
    return books("small", size=600, seed=5)


@pytest.fixture(scope="module")
def learnt(small: Records) -> Learnt:
    return learn(small, decided_of(small, one_in=2), source="small", random_pairs=2_000)


def test_the_same_seed_makes_the_same_books(small: Records) -> None:
    again = books("small", size=600, seed=5)
    assert (again.traits, again.persons) == (small.traits, small.persons)
    assert books("small", size=600, seed=6).traits != small.traits


def test_the_same_books_teach_the_same(small: Records, learnt: Learnt) -> None:
    again = learn(small, decided_of(small, one_in=2), source="small", random_pairs=2_000)
    assert again.weights == learnt.weights


def test_what_agrees_is_learnt_to_speak_for_one_person(learnt: Learnt) -> None:
    for field in (Field.GIVEN, Field.FAMILY, Field.PHONE, Field.BIRTH_DATE):
        same, different = (
            learnt.weights.chances[field][level] for level in (Level.SAME, Level.DIFFERENT)
        )
        assert same.same > same.others
        assert different.same < different.others


def test_who_has_moved_is_learnt_to_agree_less_in_the_address_alone(learnt: Learnt) -> None:
    assert 0.02 < learnt.weights.moves < 0.5
    numbers = learnt.weights.chances[Field.NUMBERS][Level.SAME]
    assert numbers.moved is not None
    assert numbers.moved < numbers.same < numbers.stayed(learnt.weights.moves)
    assert learnt.weights.chances[Field.PHONE][Level.SAME].moved is None


def test_what_was_learnt_on_some_books_links_people_in_others(learnt: Learnt) -> None:
    other = books("other", size=600, seed=9)
    matcher = Matcher(learnt.weights)
    links = [
        (one, two)
        for one, two in other.candidates()
        if matcher.compare(other.traits[one], other.traits[two]).verdict is Verdict.LINK
    ]
    judged = judge(links, other.true_pairs())
    assert judged.precision > 0.9
    assert judged.recall > 0.3


def test_pairs_are_held_against_the_truth() -> None:
    judged = judge([(1, 2), (3, 4)], [(1, 2), (5, 6), (7, 8)])
    assert (judged.precision, judged.recall, judged.f1) == (0.5, 1 / 3, 0.4)


def test_who_is_joined_through_another_is_one_person() -> None:
    assert joined([(1, 2), (2, 5), (3, 4)]) == {(1, 2), (1, 5), (2, 5), (3, 4)}


def test_nobody_of_one_set_is_somebody_of_another() -> None:
    one = Records(name="one", traits=[Traits(), Traits()], persons=[1, 1])
    assert together("both", one, one).true_pairs() == {(0, 1), (2, 3)}
