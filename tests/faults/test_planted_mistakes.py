"""What watches the system is watched itself: mistakes planted in our code do not go unnoticed."""

import pytest

from tests.faults.mutations import PLANTED, Mistake
from tests.faults.stage import Stage


def test_nothing_is_noticed_where_nothing_is_planted(stage: Stage) -> None:
    assert list(stage.flaws()) == []


@pytest.mark.parametrize("mistake", PLANTED, ids=str)
def test_a_planted_mistake_is_noticed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, mistake: Mistake
) -> None:
    stage.scenes()  # as it should be
    stage.invariants.forget()
    mistake.plant(monkeypatch)

    assert any(mistake.broken in flaw for flaw in mistake.flaws(stage))
