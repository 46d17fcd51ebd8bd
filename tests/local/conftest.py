from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from infra.local.engines.moto import MotoEngine
from infra.local.mappings.settings import Pace
from infra.local.system import LocalSystem, Settings

TEMPLATES = Path(__file__).parent / "sample" / "infra"
QUICK = Pace(poll=0.5, gather=0.005, retry=0.001, redelivery=0, async_retry=0.001)


@dataclass
class Browser:
    """Speaks to the gateway of a running system."""

    url: str
    token: str | None = None

    def send(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is None or isinstance(body, bytes):
            return urllib3.request(method, self.url + path, body=body, headers=sent, retries=False)
        return urllib3.request(method, self.url + path, json=body, headers=sent, retries=False)


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    """An account; boto3 learns its services once for all tests of a module."""
    engine = MotoEngine()
    engine.start()
    yield
    engine.stop()


@pytest.fixture
def aws(account: None) -> None:
    """An empty account."""
    requests.post("http://motoapi.amazonaws.com/moto-api/reset", timeout=5)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The sample services, running."""
    settings = Settings(
        infra=TEMPLATES, package="tests.local.sample", pace=QUICK, patience=0.5, schedules=False
    )
    state = tmp_path_factory.mktemp("state")
    with LocalSystem(MotoEngine(), ("notes", "board"), state_dir=state, settings=settings) as up:
        yield up


@pytest.fixture
def agent(system: LocalSystem) -> Browser:
    return Browser(system.url, system.token("agent"))


@pytest.fixture
def stranger(system: LocalSystem) -> Browser:
    return Browser(system.url)
