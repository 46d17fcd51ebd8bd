import itertools
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.mappings.schedules import Scheduler, UnknownExpression, times_of
from infra.local.templates.descriptions import Schedule
from tests.local.worlds import a_world, functions_with

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def due(expression: str, timezone: str = "UTC", count: int = 2) -> list[str]:
    times = itertools.islice(times_of(expression, timezone, FRIDAY), count)
    return [one.astimezone(UTC).strftime("%a %d.%m.%Y %H:%M") for one in times]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(30 3 * * ? *)", ["Sat 21.11.2026 03:30", "Sun 22.11.2026 03:30"]),
        ("cron(0 12 ? * 1 *)", ["Sun 22.11.2026 12:00", "Sun 29.11.2026 12:00"]),
        ("cron(0 12 ? * 2-6 *)", ["Mon 23.11.2026 12:00", "Tue 24.11.2026 12:00"]),
        ("cron(0 12 ? * MON-FRI *)", ["Mon 23.11.2026 12:00", "Tue 24.11.2026 12:00"]),
        ("cron(0 12 ? * 7 *)", ["Sat 21.11.2026 12:00", "Sat 28.11.2026 12:00"]),
        ("cron(0 12 ? * 2#1 *)", ["Mon 07.12.2026 12:00", "Mon 04.01.2027 12:00"]),
        ("cron(0 0 L * ? *)", ["Mon 30.11.2026 00:00", "Thu 31.12.2026 00:00"]),
        ("cron(0/20 * * * ? *)", ["Fri 20.11.2026 12:20", "Fri 20.11.2026 12:40"]),
        ("rate(1 minute)", ["Fri 20.11.2026 12:01", "Fri 20.11.2026 12:02"]),
        ("rate(2 hours)", ["Fri 20.11.2026 14:00", "Fri 20.11.2026 16:00"]),
        ("at(2026-11-21T08:00:00)", ["Sat 21.11.2026 08:00"]),
        ("at(2026-11-19T08:00:00)", []),
    ],
)
def test_a_schedule_is_due_when_aws_says_so(expression: str, expected: list[str]) -> None:
    assert due(expression) == expected


def test_a_schedule_keeps_its_own_timezone() -> None:
    assert due("cron(30 3 * * ? *)", "Europe/Istanbul", 1) == ["Sat 21.11.2026 00:30"]


@pytest.mark.parametrize(
    "expression",
    [
        "cron(30 3 * * *)",
        "cron(30 3 * * * *)",
        "cron(30 3 ? * ? *)",
        "cron(30 3 15W * ? *)",
        "cron(30 3 ? * L *)",
        "cron(30 3 * * ? 2027)",
        "cron(61 3 * * ? *)",
        "rate(0 minutes)",
        "rate(5 fortnights)",
        "at(tomorrow)",
        "every day",
    ],
)
def test_an_expression_that_is_not_played_is_refused(expression: str) -> None:
    with pytest.raises(UnknownExpression):
        times_of(expression, "UTC", FRIDAY)


def test_a_function_is_called_when_its_schedule_is_due() -> None:
    events: list[Any] = []
    functions = functions_with(lambda event, _: events.append(event))
    soon = datetime.fromtimestamp(time.time() + 1, UTC)
    schedule = Schedule(
        name="soon",
        expression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        timezone="UTC",
        function="read",
        input='{"at": "<aws.scheduler.scheduled-time>"}',
    )
    scheduler = Scheduler([schedule], a_world(), functions)
    scheduler.start()
    deadline = time.monotonic() + 5
    while not events and time.monotonic() < deadline:
        time.sleep(0.01)
    scheduler.stop()
    scheduler.join(2)

    assert events == [{"at": f"{soon:%Y-%m-%dT%H:%M:%SZ}"}]


def test_a_schedule_without_input_sends_an_event_of_its_own() -> None:
    events: list[Any] = []
    functions = functions_with(lambda event, _: events.append(event))
    schedule = Schedule(
        name="tick", expression="rate(1 day)", timezone="UTC", function="read", input=None
    )

    Scheduler([schedule], a_world(), functions).run(schedule, FRIDAY)
    while functions.moving():
        time.sleep(0.002)

    assert events[0]["detail-type"] == "Scheduled Event"
    assert events[0]["time"] == "2026-11-20T12:00:00Z"
