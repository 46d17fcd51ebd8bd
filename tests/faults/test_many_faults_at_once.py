"""Many faults in one telling of the story: whatever they hit, nothing is lost or doubled."""

import random

import pytest

from tests.faults.calls import Call
from tests.faults.kinds import KINDS, Kind
from tests.faults.stage import Stage
from tests.faults.story import STEPS, name_of

SEEDS = range(10)
FAULTS = 100  # of each seed
CHANCE = 0.2  # of each try to go wrong

LEFT_OUT = ("look_up_by_phone", "look_up_by_email", "read_order", "list_orders", "send_nonsense")


class AtRandom:
    """Lets so many tries go wrong, in any way that fits."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 dice
        self.left = FAULTS

    def __call__(self, call: Call) -> Kind | None:
        if not self.left or self._dice.random() > CHANCE:
            return None
        self.left -= 1
        return self._dice.choice([each for each in KINDS if each.befalls(call.operation)])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_story_full_of_faults_ends_as_if_there_had_been_none(stage: Stage, seed: int) -> None:
    faults = AtRandom(seed)
    steps = [step for step in STEPS if name_of(step) not in LEFT_OUT]
    while faults.left:
        told = stage.begin()
        stage.world.calls.meddler = faults
        for step in steps:
            while (reply := stage.tell(told, step)) is not None and reply.status >= 300:
                assert reply.status in (502, 503), reply.text

        stage.repair(told)

        assert stage.invariants.broken() == [], f"seed {seed}, {faults.left} faults left"
