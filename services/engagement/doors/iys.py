"""What runs by schedule between İYS and us."""

from datetime import UTC, datetime
from typing import Any

from services.engagement import bootstrap
from services.engagement.use_cases import iys as use_cases
from shared.aws import logs
from shared.calendar import turkish_holidays
from shared.entity import Act


class UnreadableChanges(Exception):
    """İYS told something that cannot be understood."""


def tell_iys(run: str) -> dict[str, Any]:
    """Tell İYS what was said, and hear what became of what it was told."""
    logs.start()
    with logs.about(correlation_id=run):
        told = use_cases.tell_iys(bootstrap.consents(), bootstrap.iys(), _by_schedule(run))
        logs.tell("İYS was told", **vars(told))
    return dict(vars(told))


def fetch_iys(run: str) -> dict[str, Any]:
    """Take in what people told İYS itself. Raise UnreadableChanges for what is no change."""
    logs.start()
    with logs.about(correlation_id=run):
        fetched = use_cases.fetch_iys(
            bootstrap.consents(),
            bootstrap.places(),
            bootstrap.iys(),
            turkish_holidays(),
            _by_schedule(run),
        )
        logs.tell("İYS was heard", **vars(fetched))
    if fetched.unreadable:  # the place is noted, so that they hold up nothing; somebody must look
        raise UnreadableChanges(f"{len(fetched.unreadable)} changes; their ids are in the log")
    return {"new": fetched.new, "known": fetched.known}


def _by_schedule(run: str) -> Act:
    return Act(by="sahip.engagement", at=datetime.now(UTC), correlation_id=run)
