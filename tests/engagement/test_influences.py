"""Who brought whom: no circle ever stands, also where two would close one together."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from services.engagement.adapters.influences import DynamoInfluences
from services.engagement.domain.forgotten import Keeper
from services.engagement.domain.influence import (
    MOST_ABOVE,
    MOST_BELOW,
    Circle,
    Influence,
    InfluenceEnded,
    InfluenceKind,
    InfluenceNotFound,
    SaidBefore,
    TooLongALine,
    TooManySources,
)
from services.engagement.use_cases.influences import line_of
from shared.errors import Invalid, KeyReused
from tests.account import SECRET, AwsAccount
from tests.engagement.examples import an_act

REFERRED, INFLUENCES = InfluenceKind.REFERRED, InfluenceKind.INFLUENCES


def a_word(one: str, other: str, of: InfluenceKind = REFERRED, **said: Any) -> Influence:
    fields: dict[str, Any] = {"influence_id": f"inf_{of}_{one}_{other}", "reason": "she told us"}
    return Influence.make(an_act(), of=of, customer_id=one, other_id=other, **{**fields, **said})


class Interrupted(DynamoInfluences):
    """Lets something happen once, between looking above somebody and writing."""

    meanwhile: Callable[[], None] | None = None

    def _linking(self, influence: Influence, sources: set[str]) -> list[dict[str, Any]]:
        writes = super()._linking(influence, sources)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return writes


@pytest.fixture
def influences(account: AwsAccount) -> Interrupted:
    return Interrupted(account.dynamodb, account.table("engagement"), SECRET)


def say(influences: DynamoInfluences, *pairs: str, of: InfluenceKind = REFERRED) -> None:
    """Pairs such as `ab`: a brought b."""
    for one, other in map(tuple, pairs):
        influences.add(a_word(one, other, of), fingerprint="f", sources=[one])


def test_a_circle_of_any_length_is_refused_and_changes_nothing(influences: Interrupted) -> None:
    say(influences, "ab", "bc", "cd")

    for pair in ("ba", "ca", "da", "db"):
        with pytest.raises(Circle):
            say(influences, pair)
    assert influences.above(REFERRED, "a") == {}
    say(influences, "ba", of=INFLUENCES)  # which is another matter
    with pytest.raises(Circle):
        influences.add(a_word("z", "a"), fingerprint="f", sources=["z", "d"])  # z is d as well


@pytest.mark.parametrize("of", InfluenceKind)
def test_of_two_who_would_close_a_circle_together_one_is_refused(
    influences: Interrupted, of: InfluenceKind
) -> None:
    say(influences, "ab", "cd", of=of)
    influences.meanwhile = lambda: say(influences, "bc", of=of)

    with pytest.raises(Circle):
        say(influences, "da", of=of)

    assert influences.above(of, "a") == {}
    assert list(influences.above(of, "c")) == ["b"]


def test_what_happens_elsewhere_meanwhile_is_no_hindrance(influences: Interrupted) -> None:
    influences.meanwhile = lambda: say(influences, "xa")
    say(influences, "ab")

    below, is_all = influences.below(REFERRED, "x")
    assert [(one.customer_id, one.generation) for one in below] == [("a", 1), ("b", 2)]
    assert is_all


def test_one_is_brought_by_one_and_influenced_by_some(influences: Interrupted) -> None:
    say(influences, "ax")
    with pytest.raises(TooManySources):
        say(influences, "bx")
    with pytest.raises(SaidBefore):
        influences.add(a_word("a", "x", influence_id="inf_2"), fingerprint="f", sources=[])
    for one in "abcde":
        say(influences, f"{one}x", of=INFLUENCES)
    with pytest.raises(TooManySources):
        say(influences, "fx", of=INFLUENCES)


def test_what_is_ended_stands_no_more_and_what_it_forbade_may_be_said(
    influences: Interrupted,
) -> None:
    say(influences, "ab", "bc")
    ended = influences.get("inf_referred_a_b").end(an_act(1), "it was her sister")
    influences.end(ended)
    influences.end(ended)  # the answer was lost

    assert influences.get("inf_referred_a_b") == ended
    assert influences.above(REFERRED, "b") == {}
    say(influences, "ca")
    with pytest.raises(InfluenceEnded):
        ended.end(an_act(2), "again")
    with pytest.raises(InfluenceNotFound):
        influences.get("inf_nothing")


def test_of_who_is_erased_the_words_go_also_of_what_has_ended(influences: Interrupted) -> None:
    say(influences, "ab", "bc")
    influences.end(influences.get("inf_referred_a_b").end(an_act(1), "her sister told us"))

    for _ in range(2):
        influences.forget(an_act(2), "b")

    for name in ("inf_referred_a_b", "inf_referred_b_c"):
        said = influences.get(name)
        assert (said.reason, said.end_reason) == ("", None)
    assert list(influences.above(REFERRED, "c")) == ["b"]


def test_the_same_request_again_says_nothing_new(influences: Interrupted) -> None:
    say(influences, "ab")

    assert influences.add(a_word("a", "b"), fingerprint="f", sources=[])[1]
    with pytest.raises(KeyReused):
        influences.add(a_word("a", "b"), fingerprint="g", sources=[])


def test_lines_are_looked_through_and_shown_so_far_and_no_further(
    influences: Interrupted,
) -> None:
    names = [f"cus_{number:02}" for number in range(MOST_ABOVE + 1)]
    for one, other in pairwise(names):
        influences.add(a_word(one, other), fingerprint="f", sources=[])
    with pytest.raises(TooLongALine):
        influences.add(a_word(names[-1], "cus_next"), fingerprint="f", sources=[])
    below, is_all = influences.below(REFERRED, names[0])
    assert ([one.customer_id for one in below], is_all) == (names[1:4], False)

    for number in range(MOST_BELOW + 1):
        influences.add(a_word("star", f"fan_{number:02}"), fingerprint="f", sources=[])
    below, is_all = influences.below(REFERRED, "star")
    assert (len(below), is_all) == (MOST_BELOW, False)


def test_what_those_below_are_worth_is_added_up_each_person_once(
    influences: Interrupted,
) -> None:
    class Worth:
        """Stands for the customer service: c and d are one person."""

        def care(self, ids: Collection[str], correlation_id: str) -> Mapping[str, Keeper]:
            both = Keeper(members=("c", "d"), value={"TRY": 500, "EUR": 7})
            one = Keeper(members=("b",), value={"TRY": 100})
            return {each: both if each in ("c", "d") else one for each in ids}

        def cases(
            self, ids: Collection[str], correlation_id: str
        ) -> Mapping[str, Sequence[str | None]]:
            return {}

    say(influences, "ab", "bc", "bd")

    line = line_of(influences, Worth(), REFERRED, "a", correlation_id="r")
    nothing = line_of(influences, Worth(), REFERRED, "d", correlation_id="r")

    assert (line.value, line.is_all) == ({"EUR": 7, "TRY": 600}, True)
    assert (nothing.value, list(nothing.above)) == ({}, ["b"])


def test_nobody_brings_themselves_under_any_of_their_ids() -> None:
    for other, members in (("a", ()), ("b", ("a", "b"))):
        with pytest.raises(Invalid):
            a_word("a", other, members=members)
