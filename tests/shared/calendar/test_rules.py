from datetime import date

import pytest

from shared.calendar import DatedRules, NoRuleYet, Rule


def a_rule(since: date, holds: int) -> Rule[int]:
    return Rule(since=since, holds=holds, source="the test")


RATES = DatedRules(a_rule(date(2023, 7, 10), 20), a_rule(date(2007, 12, 30), 18))


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2007, 12, 30), 18),
        (date(2023, 7, 9), 18),
        (date(2023, 7, 10), 20),
        (date(2099, 1, 1), 20),
    ],
)
def test_a_rule_holds_from_its_day_until_the_next_one_does(day: date, rate: int) -> None:
    assert RATES.on(day) == rate


def test_before_the_oldest_rule_there_is_none() -> None:
    assert RATES.oldest == date(2007, 12, 30)
    with pytest.raises(NoRuleYet, match="2007-12-29"):
        RATES.on(date(2007, 12, 29))


def test_there_is_one_rule_a_day_and_one_at_all() -> None:
    with pytest.raises(ValueError, match="at least one"):
        DatedRules[int]()
    with pytest.raises(ValueError, match="one alone"):
        DatedRules(a_rule(date(2020, 1, 1), 1), a_rule(date(2020, 1, 1), 2))
