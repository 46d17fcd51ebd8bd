"""The stage that the story is told on, and time that does not pass."""

import random
import time
from collections.abc import Iterator

import pytest
from botocore.retries import quota

from tests.faults.stage import Stage


@pytest.fixture(scope="package")
def pauses() -> Iterator[list[float]]:
    """How long anybody would have waited before trying again; nobody does."""
    waited: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep", waited.append)
        # A client that has failed often gives up sooner. Here each case stands for itself.
        patch.setattr(quota.RetryQuota.__init__, "__defaults__", (10**9, None))
        yield waited


@pytest.fixture(scope="package")
def whole_stage(pauses: list[float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One world for all tests of this folder; each begins where it likes."""
    stage = Stage(tmp_path_factory.mktemp("faults"))
    yield stage
    stage.world.stop()


@pytest.fixture
def stage(whole_stage: Stage) -> Iterator[Stage]:
    """The stage, empty."""
    random.seed(0)  # pauses before another try are drawn from it
    whole_stage.begin()
    yield whole_stage
    whole_stage.begin()
