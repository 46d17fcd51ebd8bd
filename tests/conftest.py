"""The worlds that tests run in: an AWS account without a life of its own, or the whole system."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from infra.local.engines import Engine
from infra.local.engines.moto import MotoEngine
from infra.local.mailbox import PARAMETER, SENDER, by_files
from infra.local.system import LocalSystem, Settings
from tests.client import Client
from tests.pace import BRISK

# They need a browser, and what drives one: `./sahip test --browser` has both.
collect_ignore = [] if "SAHIP_CHROMIUM" in os.environ else ["browser"]

SERVICES = (
    "customer",
    "orders",
    "complaints",
    "warranty",
    "engagement",
    "customer_view",
)


# How long something takes is for `./sahip bench` to show; a busy machine breaks no rule.
settings.register_profile("sahip", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sahip")

# Tests make much that is forgotten at once; looking through all else for it took an eighth of the
# time. What has been imported and collected stays to the end, and is not looked through at all.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=["moto", "ministack"],
        default="moto",
        help="what plays AWS in the journeys",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ministack run what is meant for it; without it, all the rest."""
    on_ministack = config.getoption("--engine") == "ministack"
    wanted: list[pytest.Item] = []
    unwanted: list[pytest.Item] = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        fits = marks & {"journey", "ministack"} if on_ministack else "ministack" not in marks
        (wanted if fits else unwanted).append(item)
    config.hook.pytest_deselected(items=unwanted)
    items[:] = wanted


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """What plays AWS, not started yet."""
    if request.config.getoption("--engine") == "moto":
        return MotoEngine()
    from infra.local.engines.ministack import MinistackEngine

    return MinistackEngine(
        python=Path(os.environ["SAHIP_MINISTACK_PYTHON"]),
        state_dir=tmp_path_factory.mktemp("ministack"),
    )


@pytest.fixture(scope="module")
def system(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system, running, for the stories of one module."""
    with a_system(engine, tmp_path_factory.mktemp("state")) as running:
        yield running


def a_system(engine: Engine, state: Path, *, schedules: bool = True) -> LocalSystem:
    """The whole system, not started yet; what it sends to people goes into files."""
    settings = Settings(
        parameters={PARAMETER: SENDER, **by_files(state)}, pace=BRISK, schedules=schedules
    )
    return LocalSystem(engine, SERVICES, state_dir=state, settings=settings)


@pytest.fixture
def agent(system: LocalSystem) -> Client:
    """Somebody at the desk."""
    return Client(system, "agent")


@pytest.fixture
def warehouse(system: LocalSystem) -> Client:
    """Somebody who ships and delivers."""
    return Client(system, "operations")
