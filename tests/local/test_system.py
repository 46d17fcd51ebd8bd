"""One request through everything: gateway, table, stream, bus, queue, and another service."""

from dataclasses import replace
from typing import Any

import boto3
import pytest

from infra.local.environment import ConflictingEnvironment, united
from infra.local.functions import UndeclaredFunction, load_functions
from infra.local.system import LocalSystem, NotQuiet
from tests.local.conftest import Browser
from tests.local.sample.board import app as board
from tests.local.worlds import functions_with

BOARD_DEAD = "sample-local-board-dead"


def posted(agent: Browser, note: str) -> int:
    return int(agent.send("GET", f"/v1/board/{note}").json()["posted"])


def test_what_is_written_in_one_service_is_seen_in_another(
    system: LocalSystem, agent: Browser
) -> None:
    assert agent.send("POST", "/v1/notes", {"id": "first"}).status == 201
    system.settle(10)

    seen = agent.send("GET", "/v1/board/first").json()

    assert seen["posted"] == 1
    assert seen["summary"] == {"id": "first", "changes": 1}


def test_many_writes_all_arrive(system: LocalSystem, agent: Browser) -> None:
    for number in range(12):
        agent.send("POST", "/v1/notes", {"id": f"many-{number}"})
    system.settle(20)

    assert [posted(agent, f"many-{number}") for number in range(12)] == [1] * 12


def test_a_poison_change_ends_with_the_stream_failures_and_the_next_one_arrives(
    system: LocalSystem, agent: Browser
) -> None:
    agent.send("POST", "/v1/notes", {"id": "poison"})
    agent.send("POST", "/v1/notes", {"id": "after-poison"})
    system.settle(10)

    assert posted(agent, "after-poison") == 1
    assert len(system.dead_letters("sample-local-notes-stream-failures")) == 1


def test_dead_letters_go_back_after_a_repair_until_the_queue_is_empty(
    system: LocalSystem, agent: Browser
) -> None:
    notes = [f"bad-{number}" for number in range(12)]
    for note in notes:
        agent.send("POST", "/v1/notes", {"id": note})
    system.settle(20)
    assert len(system.dead_letters(BOARD_DEAD)) == 12
    assert len(system.dead_letters(BOARD_DEAD)) == 12  # looking does not take

    board.healed.update(notes[:11])
    assert system.redrive(BOARD_DEAD) == 12
    system.settle(20)

    assert [posted(agent, note) for note in notes] == [1] * 11 + [0]
    assert len(system.dead_letters(BOARD_DEAD)) == 1
    board.healed.update(notes)
    system.redrive(BOARD_DEAD)
    system.settle(10)
    assert system.dead_letters(BOARD_DEAD) == []


def test_a_system_that_moves_says_what_moves(system: LocalSystem, agent: Browser) -> None:
    agent.send("POST", "/v1/notes", {"id": "busy"})

    with pytest.raises(NotQuiet, match=r"calls were made|tries|reads|looks|holds|sample|sahip"):
        system.settle(0)
    system.settle(10)


def test_a_schedule_can_be_run_by_hand(system: LocalSystem, agent: Browser) -> None:
    agent.send("POST", "/v1/notes", {"id": "again"})
    system.settle(10)
    before = posted(agent, "again")

    system.run_schedule("sahip-local-notes-ReconcileSchedule")
    system.settle(20)

    assert posted(agent, "again") == before + 1


def test_services_that_disagree_about_a_variable_cannot_share_a_process(
    system: LocalSystem,
) -> None:
    notes, other = system.world.services
    with pytest.raises(ConflictingEnvironment, match="BOARD_TABLE"):
        united([other, _with_environment(other, {"BOARD_TABLE": "elsewhere"})])
    assert united([notes, other]).keys() >= {"NOTES_TABLE", "BOARD_TABLE"}


def _with_environment(service: Any, environment: dict[str, str]) -> Any:
    return replace(service, environment=environment)


def test_a_template_that_names_an_undeclared_function_is_an_error(system: LocalSystem) -> None:
    notes = next(one for one in system.world.services if one.name == "notes")
    extra = replace(notes, functions={**notes.functions, "X": notes.function("NobodyWroteThis")})
    world = replace(system.world, services=[extra])

    with pytest.raises(UndeclaredFunction, match="NobodyWroteThis"):
        load_functions(world, "tests.local.sample", functions_with(lambda _e, _c: None))


def test_our_own_clients_reach_the_engine(system: LocalSystem) -> None:
    tables = boto3.client("dynamodb").list_tables()["TableNames"]

    assert set(tables) == {"sample-local-notes", "sample-local-board"}
