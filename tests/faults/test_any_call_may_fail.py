"""Any AWS call of any handler may fail in any way, and nothing is lost, doubled or told twice.

A crash before and after each call is tried, and its lost answer. Of the other ways, each call of
the first story (story.py) fails in every one; the many of the package service take turns.
"""

import pytest

from tests.faults.kinds import CRASHES, KINDS, Everywhere, Kind
from tests.faults.stage import Stage
from tests.faults.story import STEPS


def test_the_story_calls_every_handler_there_is(stage: Stage) -> None:
    told = {call.handler for _, call in stage.calls()}

    assert stage.handlers() - told == set(), "tell of these in tests/faults/story.py"


def test_kms_is_asked_where_a_number_comes_new_or_is_seen_and_nowhere_else(stage: Stage) -> None:
    asked = [
        (name, call.operation)
        for name, scene in stage.scenes().items()
        for call in scene.calls
        if call.operation.startswith("kms.")
    ]

    assert asked == [
        ("tell_tax_numbers", "kms.Encrypt"),
        ("tell_tax_numbers", "kms.Encrypt"),
        ("create_a_firm", "kms.Encrypt"),
        ("see_a_tax_number", "kms.Decrypt"),
    ]


@pytest.mark.parametrize("kind", [each for each in KINDS if not each.harmless], ids=str)
def test_a_call_that_fails_leaves_everything_as_it_should_be(stage: Stage, kind: Kind) -> None:
    turn = KINDS.index(kind)
    befallen = [
        (scene, call)
        for place, (scene, call) in enumerate(stage.calls())
        if kind.befalls(call.operation)
        and (kind in CRASHES or scene.step in STEPS or place % len(KINDS) == turn)
    ]

    broken = [flaw for scene, call in befallen for flaw in stage.with_fault(scene, call, kind)]

    assert befallen
    assert broken == []


@pytest.mark.parametrize("kind", [each for each in KINDS if each.harmless], ids=str)
def test_nobody_hears_of_calls_that_succeed_within_three_tries(stage: Stage, kind: Kind) -> None:
    scenes = stage.scenes().values()

    broken = [flaw for scene in scenes for flaw in stage.with_faults(scene, Everywhere(kind))]

    assert broken == []
