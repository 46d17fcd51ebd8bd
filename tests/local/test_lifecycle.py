"""Starting, stopping, and starting again."""

import os
import socket
from pathlib import Path
from typing import ClassVar

import boto3
import pytest

from infra.local.engines.moto import MotoEngine
from infra.local.system import LocalSystem, Settings
from tests.local.conftest import QUICK, TEMPLATES, Browser

SETTINGS = Settings(infra=TEMPLATES, package="tests.local.sample", pace=QUICK)


def a_system(state: Path, engine: MotoEngine | None = None, port: int = 0) -> LocalSystem:
    return LocalSystem(
        engine or MotoEngine(), ("notes", "board"), state_dir=state, port=port, settings=SETTINGS
    )


def environment() -> dict[str, str]:
    """What stands in the environment, but for what Chalice writes there when it is imported."""
    found = dict(os.environ)  # noqa: TID251 - what is looked at is the environment
    found.pop("AWS_EXECUTION_ENV", None)
    return found


class Crashed(MotoEngine):
    """An engine that was killed the last time."""

    recovery: ClassVar = {"clean": False, "since": "2026-11-22T10:00:00+00:00"}


def test_after_an_unclean_stop_every_service_says_again_what_it_stored(tmp_path: Path) -> None:
    with a_system(tmp_path, Crashed()) as up:
        assert up.recovered == {"notes": {"said": 0, "since": "2026-11-22T10:00:00+00:00"}}


def test_a_stopped_system_leaves_nothing_behind_but_its_keys(tmp_path: Path) -> None:
    before = environment()

    with a_system(tmp_path) as up:
        assert environment()["NOTES_TABLE"] == "sample-local-notes"
        assert environment()["AWS_ENDPOINT_URL_LAMBDA"] == up.lambda_url
        secret, token = environment()["SAMPLE_KEY"], up.token("agent")

    assert environment() == before
    assert boto3.DEFAULT_SESSION is None
    with a_system(tmp_path) as again:
        assert environment()["SAMPLE_KEY"] == secret
        assert Browser(again.url, token).send("GET", "/v1/notes").status == 200
        assert Browser(again.url, token).send("POST", "/v1/notes", {"id": "n"}).status == 201
        again.settle(10)
        assert Browser(again.url, token).send("GET", "/v1/board/n").json()["posted"] == 1


def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    before = environment()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            a_system(tmp_path, port=taken.getsockname()[1]).start()

    assert environment() == before
