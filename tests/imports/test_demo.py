"""The made-up company: the same for the same day, and taken by the system whole."""

from datetime import UTC, date, datetime, timedelta

import pytest

from imports.api import Api, Tokens
from imports.demo.company import DUPLICATES, ISTANBUL, PERSONS, stories
from imports.demo.feed import Callers, feed
from infra.local.system import LocalSystem
from tests.client import Client

DAY = date(2026, 11, 23)


def test_it_is_the_same_for_the_same_day_and_nobody_is_left_without_a_name() -> None:
    first, second = list(stories(DAY)), list(stories(DAY))

    assert first == second
    assert len(first) == PERSONS + DUPLICATES
    assert all(story.customer["name"] for story in first)


def test_nothing_in_it_has_not_happened_yet() -> None:
    midnight = datetime.combine(DAY, datetime.min.time(), ISTANBUL)

    for story in stories(DAY):
        told = [talk["at"] for talk in story.conversations]
        told += [one["opened_at"] for one in story.complaints]
        for order in story.orders:
            past = order["past"]
            told += [value for name, value in past.items() if name.endswith("_at")]
        assert all(datetime.fromisoformat(at) < midnight for at in told)


def test_of_some_something_was_promised_that_is_due_and_of_some_that_is_not_yet() -> None:
    talks = [talk for story in stories(DAY) for talk in story.conversations if "promise" in talk]

    due = {datetime.fromisoformat(one["promise"]["due"]).date() < DAY for one in talks}

    assert due == {True, False}
    assert len(talks) < PERSONS / 4


@pytest.mark.ministack
def test_the_system_takes_all_of_it_and_again_changes_nothing(
    system: LocalSystem, agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.demo.feed.stories", lambda today: stories(today, persons=6))
    port = int(system.url.rpartition(":")[2])
    callers = Callers(
        shop=Api(port, Tokens(lambda: system.token("integration"))),
        desk=Api(port, Tokens(lambda: system.token("agent"))),
        manager=Api(port, Tokens(lambda: system.token("manager"))),
    )
    today = (datetime.now(UTC) - timedelta(days=1)).date()

    entries = feed(callers, today, tell=lambda _: None)
    system.settle(60)
    before = agent.post("/v1/view/lookup", {"external_id": "demo:0001"}).body
    assert feed(callers, today, tell=lambda _: None) == entries
    system.settle(60)
    after = agent.post("/v1/view/lookup", {"external_id": "demo:0001"}).body

    assert before["complete"]
    assert before["orders"]["data"]["count"] > 0
    assert before["care"]["data"]["owner"]["through"] == "customer"
    for part in (
        "customer",
        "care",
        "orders",
        "payments",
        "complaints",
        "products",
        "conversations",
    ):
        assert after[part]["data"] == before[part]["data"]
