"""How a customer stands with money, as a light: by rules that are data, the strictest first.

Change them by adding a rule with the day from which it holds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.customer_view.domain import BANDS, CustomerView, Document, Status, rank_of
from shared.calendar import DatedRules, Rule, day_in_turkey


class Light(StrEnum):
    """From the one to whom nothing is to be said of money to the one to ask about first."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The light, the rule that set it, and how far what it was judged by can be relied on.

    No light where something is not known that might set a stricter one; no rule
    where none applied.
    """

    light: Light | None
    status: Status
    because: str | None = None


Judge = Callable[["LightRule", Mapping[str, Document]], bool]
"""Whether a rule applies, from the parts that it judges."""


def _risk(rule: "LightRule", parts: Mapping[str, Document]) -> bool:
    """The band for selling on account."""
    return rank_of(parts["risk"]["band"]) >= rank_of(rule.band)


def _owed(rule: "LightRule", parts: Mapping[str, Document]) -> bool:
    """So much is owed in some currency, in minor units."""
    return any(
        one["amount"] >= rule.at_least.get(one["currency"], 1) for one in parts["payments"]["owed"]
    )


def _overdue(rule: "LightRule", parts: Mapping[str, Document]) -> bool:
    """So much is owed though we have delivered everything: nothing is waited for but the money."""
    orders = parts["orders"]
    waiting = orders["pending"] or orders.get("pending_count")
    return not waiting and _owed(rule, parts)


@dataclass(frozen=True, kw_only=True)
class LightRule:
    """When a light is set: `of` are the parts that it judges by, the others its bounds."""

    light: Light
    name: str
    judge: Judge
    of: Sequence[str]
    band: str = BANDS[0]
    at_least: Mapping[str, int] = field(default_factory=dict)  # by currency; 1 where it has none


# The strictest first.
LIGHTS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=(
            LightRule(light=Light.RED, name="risk", judge=_risk, of=("risk",), band="high"),
            LightRule(
                light=Light.RED,
                name="overdue",
                judge=_overdue,
                of=("payments", "orders"),
                at_least={"TRY": 100_000, "EUR": 2_000, "USD": 2_000},
            ),
            LightRule(light=Light.AMBER, name="risk", judge=_risk, of=("risk",), band="medium"),
            LightRule(light=Light.AMBER, name="owed", judge=_owed, of=("payments",)),
        ),
        source="the company's own rule for the desk",
    ),
)


def standing_of(view: CustomerView) -> Standing:
    """The strictest light that a rule of the day of the view sets; green where none does."""
    known = {name: part.data for name, part in view.parts.items() if part.data is not None}
    judged: set[str] = set()
    for rule in LIGHTS.on(day_in_turkey(view.as_of)):
        judged |= set(rule.of)
        if known.keys() >= set(rule.of) and rule.judge(rule, known):
            by = rule.of if rule.light is Light.RED else judged
            return _standing(view, by, rule.light, rule.name)
    return _standing(view, judged, Light.GREEN)


def _standing(
    view: CustomerView, judged: Collection[str], light: Light, because: str | None = None
) -> Standing:
    told = [view.parts[name].status if name in view.parts else Status.MISSING for name in judged]
    status = max(told, key=list(Status).index)
    if status is Status.MISSING:
        return Standing(light=None, status=status)
    return Standing(light=light, status=status, because=because)
