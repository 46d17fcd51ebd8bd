"""How careful to be with a customer who wants to buy on account.

A band for the desk, never a reason to be slow with a warranty or a complaint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """From the one to sell to on account to the one to ask about first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class RiskRule:
    """Puts a customer into a band when one of their counts is large enough."""

    reason: str
    count: str
    at_least: int
    band: Band


RULES: Sequence[RiskRule] = (
    RiskRule(
        reason="a delivered order is not fully paid",
        count="unpaid_delivered",
        at_least=1,
        band=Band.MEDIUM,
    ),
    RiskRule(
        reason="three or more delivered orders are not fully paid",
        count="unpaid_delivered",
        at_least=3,
        band=Band.HIGH,
    ),
    RiskRule(
        reason="three or more orders were given up",
        count="given_up",
        at_least=3,
        band=Band.MEDIUM,
    ),
    RiskRule(
        reason="money was given back three times or more",
        count="refunds",
        at_least=3,
        band=Band.MEDIUM,
    ),
)


def risk_of(counts: Mapping[str, int]) -> tuple[Band, list[str]]:
    """The band that the rules put these counts into, and which of them applied."""
    applied = [rule for rule in RULES if counts.get(rule.count, 0) >= rule.at_least]
    order = list(Band)
    band = max((rule.band for rule in applied), key=order.index, default=Band.LOW)
    return band, [rule.reason for rule in applied]
