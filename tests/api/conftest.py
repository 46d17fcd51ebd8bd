from collections.abc import Callable, Iterator

import pytest

from infra.local.engines import Engine
from infra.local.system import LocalSystem, Settings
from tests.api.asking import Tables
from tests.api.scene import Scene
from tests.pace import BRISK


@pytest.fixture(scope="package")
def system(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system, started once for all of these tests."""
    state, settings = tmp_path_factory.mktemp("state"), Settings(pace=BRISK)
    with LocalSystem(engine, state_dir=state, settings=settings) as running:
        yield running


@pytest.fixture(scope="package")
def scene(system: LocalSystem) -> Scene:
    """Who and what there is; no test changes it."""
    made = Scene(system)
    system.settle()
    return made


@pytest.fixture(scope="module")
def nothing_changed(system: LocalSystem, scene: Scene) -> Callable[[], None]:
    """Call it to be sure that every table stands as it stood before the module's first test."""
    assert scene.ids
    system.settle()
    tables = Tables(system)
    before = tables.contents()

    def check() -> None:
        assert tables.contents() == before

    return check
