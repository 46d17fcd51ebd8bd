"""The whole system with the desk, and a real Chromium that looks at it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.local.engines import Engine
from infra.local.mailbox import PARAMETER, SENDER
from infra.local.system import LocalSystem, Settings
from tests.browser.people import engage_the_company
from tests.browser.screen import Screen
from tests.client import Client
from tests.conftest import SERVICES

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", help="a folder to keep the pictures of each state in")


@pytest.fixture(scope="session")
def system(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """One for all: each test brings its own people."""
    settings = Settings(
        parameters={PARAMETER: SENDER},
        desk=Path(os.environ["SAHIP_DESK"]),
        reference=Path(os.environ["SAHIP_REFERENCE"]),
        schedules=False,
    )
    state = tmp_path_factory.mktemp("state")
    with LocalSystem(engine, SERVICES, state_dir=state, settings=settings) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ["SAHIP_CHROMIUM"], args=[*QUIET]
        )
        yield browser
        browser.close()


@pytest.fixture
def agent(system: LocalSystem) -> Client:
    """Somebody who writes into the books beside the screen."""
    return Client(system, "agent")


@pytest.fixture(scope="session")
def manager(system: LocalSystem) -> Client:
    return Client(system, "manager")


@pytest.fixture(scope="session")
def platinum(manager: Client) -> str:
    """The id of the first tier; with it the company has owners."""
    return engage_the_company(manager)


@pytest.fixture
def screen(system: LocalSystem, chromium: Browser) -> Iterator[Screen]:
    """The desk of somebody who has signed in, in Turkish, on a wide screen."""
    with Screen.opened(chromium, system) as one:
        one.sign_in()
        yield one
        one.must_be_sound()
