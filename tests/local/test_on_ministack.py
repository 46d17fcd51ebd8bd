"""The engine of `./sahip up`: what was acknowledged is said, even if everything is killed."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.carriage import CarriageApart, CarriageEnded
from infra.local.engines.ministack import MinistackEngine
from infra.local.provision import provision
from infra.local.system import LocalSystem, NotQuiet, Settings
from tests.local.conftest import QUICK, TEMPLATES, Browser
from tests.local.worlds import a_world

pytestmark = pytest.mark.ministack
PYTHON = "SAHIP_MINISTACK_PYTHON"


def a_system(state: Path, carriage: CarriageApart | None = None) -> LocalSystem:
    python = Path(os.environ[PYTHON])  # noqa: TID251 - the launcher says where it put ministack
    engine = MinistackEngine(python, state / "engine")
    settings = Settings(infra=TEMPLATES, package="tests.local.sample", pace=QUICK)
    return LocalSystem(
        engine, ("notes", "board"), state_dir=state, settings=settings, carriage=carriage
    )


def a_carriage(log: Callable[[str], object] = lambda _: None) -> CarriageApart:
    return CarriageApart("tests.local.sample", ("notes", "board"), log)


def write(system: LocalSystem, *notes: str) -> None:
    agent = Browser(system.url, system.token("agent"))
    for note in notes:
        assert agent.send("POST", "/v1/notes", {"id": note}).status == 201


def posted(system: LocalSystem, note: str) -> int:
    agent = Browser(system.url, system.token("agent"))
    return int(agent.send("GET", f"/v1/board/{note}").json()["posted"])


def test_what_is_written_in_one_service_is_seen_in_another(tmp_path: Path) -> None:
    with a_system(tmp_path) as system:
        write(system, *[f"n{number}" for number in range(20)])
        system.settle(20)

        assert [posted(system, f"n{number}") for number in range(20)] == [1] * 20


def test_a_process_of_its_own_carries_as_well_and_logs_through_its_parent(tmp_path: Path) -> None:
    logged: list[str] = []
    with a_system(tmp_path, a_carriage(logged.append)) as system:
        write(system, *[f"n{number}" for number in range(20)], "poison")
        system.settle(20)

        assert [posted(system, f"n{number}") for number in range(20)] == [1] * 20
        assert len(system.dead_letters("sample-local-notes-stream-failures")) == 1
        assert all(system.health().values())
    assert any("infra.local.mappings.streams" in lines for lines in logged)


def test_a_carriage_that_is_killed_is_told_of_and_the_next_one_carries_the_rest(
    tmp_path: Path,
) -> None:
    carriage = a_carriage()
    with a_system(tmp_path, carriage) as system:
        os.kill(carriage.pid, signal.SIGKILL)
        carriage.join()
        write(system, "kept")

        assert not carriage.alive()
        assert system.health()["carriage"] is False
        with pytest.raises(NotQuiet):
            system.settle(0.5)
    with a_system(tmp_path, a_carriage()) as again:
        again.settle(20)

        assert posted(again, "kept") == 1


def test_a_carriage_ends_with_its_system_and_where_there_never_was_one(tmp_path: Path) -> None:
    carriage, unused = a_carriage(), a_carriage()
    with a_system(tmp_path, carriage):
        assert carriage.alive()
    unused.stop()

    assert not carriage.alive()
    assert not unused.alive()


def test_what_cannot_be_carried_fails_the_start(tmp_path: Path) -> None:
    other = CarriageApart("tests.local.sample", ("no_such_service",), lambda _: None)
    with pytest.raises(CarriageEnded):
        a_system(tmp_path, other).start()


def test_a_poison_change_and_a_bad_event_end_with_the_dead_letters(tmp_path: Path) -> None:
    with a_system(tmp_path) as system:
        write(system, "poison", "bad-on-ministack", "good")
        system.settle(20)

        assert posted(system, "good") == 1
        assert len(system.dead_letters("sample-local-notes-stream-failures")) == 1
        assert len(system.dead_letters("sample-local-board-dead")) == 1
        assert system.redrive("sample-local-board-dead") == 1
        system.settle(20)
        assert len(system.dead_letters("sample-local-board-dead")) == 1


def test_a_second_start_finds_everything(tmp_path: Path) -> None:
    with a_system(tmp_path) as first:
        write(first, "kept")
        first.settle(20)
    with a_system(tmp_path) as second:
        second.settle(20)

        assert second.recovered == {}
        assert posted(second, "kept") == 1


def test_what_was_sealed_before_a_restart_opens_after_it_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    world = replace(a_world(), keys=["alias/seal"])
    engine = MinistackEngine(Path(os.environ[PYTHON]), tmp_path)  # noqa: TID251 - as above
    engine.start()
    provision(world)
    sealed = boto3.client("kms").encrypt(
        KeyId="alias/seal", Plaintext=b"kept", EncryptionContext={"whose": "cus_1"}
    )
    engine.stop()
    engine.start()
    provision(world)
    kms = boto3.client("kms")

    opened = kms.decrypt(
        CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"whose": "cus_1"}
    )

    assert opened["Plaintext"] == b"kept"
    with pytest.raises(ClientError):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"whose": "cus_2"})
    engine.stop()


def test_a_note_acknowledged_before_a_kill_is_posted_after_it(tmp_path: Path) -> None:
    killed = a_system(tmp_path)
    killed.start()
    write(killed, "acknowledged")
    engine = killed.engine
    assert isinstance(engine, MinistackEngine)
    os.kill(engine.pid, signal.SIGKILL)
    with pytest.raises(Exception, match="did not stop cleanly"):
        killed.stop()

    with a_system(tmp_path) as system:
        system.settle(20)
        assert system.recovered["notes"]["said"] == 1
        assert posted(system, "acknowledged") >= 1
