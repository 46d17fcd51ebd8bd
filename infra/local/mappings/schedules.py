"""Calls functions at the times of AWS::Scheduler::Schedule."""

import heapq
import json
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from infra.local.functions import Functions
from infra.local.templates.descriptions import Schedule, World

logger = logging.getLogger(__name__)

_EXPRESSION = re.compile(r"(cron|rate|at)\((.*)\)")
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days"}
_CRON_FIELDS = 6
_LONGEST_WAIT = 60.0  # seconds; so that a clock set anew is noticed


class UnknownExpression(Exception):
    """A schedule expression is wrong, or is not played here."""


class Scheduler:
    """One thread that calls each schedule's function when it is due."""

    def __init__(self, schedules: Sequence[Schedule], world: World, functions: Functions) -> None:
        """Raise UnknownExpression if one of them cannot be played."""
        self.name = "schedules"
        self._world = world
        self._functions = functions
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_time, name=self.name, daemon=True)
        now = datetime.now(UTC)
        self._due: list[tuple[datetime, int, Schedule, Iterator[datetime]]] = []
        for number, schedule in enumerate(schedules):
            times = times_of(schedule.expression, schedule.timezone, now)
            first = next(times, None)
            if first is not None:
                self._due.append((first, number, schedule, times))
        heapq.heapify(self._due)

    def start(self) -> None:
        """Begin to keep time."""
        self._thread.start()

    def stop(self) -> None:
        """Call nothing more."""
        self._stopping.set()

    def join(self, seconds: float) -> None:
        """Wait until it has stopped."""
        self._thread.join(seconds)

    def alive(self) -> bool:
        """Whether it keeps time."""
        return self._thread.is_alive()

    def run(self, schedule: Schedule, due: datetime) -> str:
        """Call a schedule's function as if it were due. Return the request id."""
        arn = (
            f"arn:aws:scheduler:{self._world.region}:{self._world.account}:"
            f"schedule/default/{schedule.name}"
        )
        request_id = str(uuid4())
        at = due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if schedule.input is None:
            payload = json.dumps(
                {
                    "version": "0",
                    "id": request_id,
                    "detail-type": "Scheduled Event",
                    "source": "aws.scheduler",
                    "account": self._world.account,
                    "time": at,
                    "region": self._world.region,
                    "resources": [arn],
                    "detail": "{}",
                }
            )
        else:
            payload = schedule.input
            for name, value in (
                ("scheduled-time", at),
                ("execution-id", request_id),
                ("attempt-number", "1"),
                ("schedule-arn", arn),
            ):
                payload = payload.replace(f"<aws.scheduler.{name}>", value)
        return self._functions.invoke_later(schedule.function, payload.encode())

    def _keep_time(self) -> None:
        while not self._stopping.is_set():
            if not self._due:
                self._stopping.wait()
                return
            due, number, schedule, times = self._due[0]
            wait = (due - datetime.now(UTC)).total_seconds()
            if wait > 0:
                self._stopping.wait(min(wait, _LONGEST_WAIT))
                continue
            try:
                self.run(schedule, due)
            except Exception:
                logger.exception("%s was not called", schedule.name)
            following = _first_after(times, datetime.now(UTC))
            if following is None:
                heapq.heappop(self._due)
            else:
                heapq.heapreplace(self._due, (following, number, schedule, times))


def times_of(expression: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """The times of a schedule expression, all later than `after`, soonest first.

    Raise UnknownExpression.
    """
    found = _EXPRESSION.fullmatch(expression.strip())
    if found is None:
        raise UnknownExpression(expression)
    kind, argument = found.groups()
    if kind == "rate":
        return _at_a_rate(argument, after)
    zone = ZoneInfo(timezone)
    if kind == "at":
        try:
            once = datetime.fromisoformat(argument).replace(tzinfo=zone)
        except ValueError as error:
            raise UnknownExpression(expression) from error
        return iter([once] if once > after else [])
    return _by_the_calendar(argument, zone, after)


def _at_a_rate(argument: str, after: datetime) -> Iterator[datetime]:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)s?", argument)
    if found is None:
        raise UnknownExpression(f"rate({argument})")
    step = timedelta(**{_UNITS[found[2]]: int(found[1])})

    def times() -> Iterator[datetime]:
        due = after
        while True:
            due += step
            yield due

    return times()


def _by_the_calendar(argument: str, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """AWS's six fields: minutes, hours, day of month, month, day of week (1 = Sunday), year."""
    fields = argument.upper().split()
    if len(fields) != _CRON_FIELDS:
        raise UnknownExpression(f"cron({argument}): six fields are needed")
    minutes, hours, day, month, weekday, year = fields
    if [day, weekday].count("?") != 1:
        raise UnknownExpression(f"cron({argument}): one of the two days must be ?")
    if year != "*" or "W" in day or "?" in minutes + hours + month:
        raise UnknownExpression(f"cron({argument}) is not played here")
    plain = " ".join([minutes, hours, day, month, _weekdays(weekday)]).replace("?", "*")
    try:
        times = CronSim(plain, after.astimezone(zone))
    except CronSimError as error:
        raise UnknownExpression(f"cron({argument}): {error}") from error
    return iter(times)


def _weekdays(field: str) -> str:
    """AWS counts Sunday as 1, cron as 0. What follows # or / is a count and stays."""
    if field == "L":
        raise UnknownExpression("L as day of week is not played here")
    return re.sub(r"(?<![#/\d])([1-7])(?!\d)", lambda found: str(int(found[1]) - 1), field)


def _first_after(times: Iterator[datetime], now: datetime) -> datetime | None:
    """The next time that is still to come: what a sleeping machine missed is not made up for."""
    return next((due for due in times if due > now), None)
