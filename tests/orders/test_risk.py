import pytest

from services.orders.domain import Band, risk_of
from services.orders.domain.risk import RULES


@pytest.mark.parametrize(
    ("counts", "band", "reasons"),
    [
        ({}, Band.LOW, 0),
        ({"unpaid_delivered": 0, "given_up": 2, "refunds": 2}, Band.LOW, 0),
        ({"unpaid_delivered": 1}, Band.MEDIUM, 1),
        ({"unpaid_delivered": 2, "given_up": 3}, Band.MEDIUM, 2),
        ({"unpaid_delivered": 3}, Band.HIGH, 2),
        ({"given_up": 3}, Band.MEDIUM, 1),
        ({"refunds": 3}, Band.MEDIUM, 1),
        ({"unpaid_delivered": 9, "given_up": 9, "refunds": 9}, Band.HIGH, 4),
    ],
)
def test_the_band_is_that_of_the_worst_rule_that_applies(
    counts: dict[str, int], band: Band, reasons: int
) -> None:
    said, why = risk_of(counts)

    assert said is band
    assert len(why) == reasons


def test_every_rule_begins_to_apply_at_its_count_and_says_why() -> None:
    for rule in RULES:
        _, before = risk_of({rule.count: rule.at_least - 1})
        _, after = risk_of({rule.count: rule.at_least})

        assert rule.reason not in before
        assert rule.reason in after


def test_reasons_name_nobody_and_are_all_different() -> None:
    assert len({rule.reason for rule in RULES}) == len(RULES)
