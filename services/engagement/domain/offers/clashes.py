"""Which offers stand in each other's way. Two that clash do not both reach one person."""

from dataclasses import dataclass
from datetime import date, datetime

from services.engagement.domain.address import Channel, lowered
from shared.calendar import DatedRules, Rule, day_in_turkey


@dataclass(frozen=True, kw_only=True)
class Hold:
    """The place that an offer takes with a person, for as long as it is on."""

    offer_id: str
    product: str
    channel: Channel
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Policy:
    """When two offers that overlap in time clash."""

    of_one_product: bool
    on_one_channel_in_one_week: bool  # by the weeks in which they begin, Monday to Sunday


POLICIES: DatedRules[Policy] = DatedRules(
    Rule(
        since=date(2015, 5, 1),
        holds=Policy(of_one_product=True, on_one_channel_in_one_week=True),
        source="the company's own word",
    ),
)


def clash(one: Hold, other: Hold, at: datetime) -> bool:
    """Whether two offers stand in each other's way, by the rule that holds at a time."""
    if one.offer_id == other.offer_id:
        return False
    if one.ends_at <= other.starts_at or other.ends_at <= one.starts_at:
        return False
    policy = POLICIES.on(day_in_turkey(at))
    if policy.of_one_product and lowered(one.product) == lowered(other.product):
        return True
    return (
        policy.on_one_channel_in_one_week
        and one.channel is other.channel
        and _week(one.starts_at) == _week(other.starts_at)
    )


def _week(instant: datetime) -> tuple[int, int]:
    year, week, _ = day_in_turkey(instant).isocalendar()
    return year, week
