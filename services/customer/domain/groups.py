"""What kind of customer somebody is, by what happened between them and us. Plain rules.

No margin is known here. What somebody has been worth so far is what they paid less what was given
back to them, in each currency by itself; so `profitable` means that much money stayed, and
`loss_making` that much of it went back. Whoever must know margins asks somewhere else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import reduce
from typing import TypeVar

from shared.calendar import DatedRules, Rule


class Group(StrEnum):
    """A kind of customer. One may be of several."""

    PROFITABLE = "profitable"
    LOYAL = "loyal"
    CAN_BE_LOYAL = "can_be_loyal"
    LOSS_MAKING = "loss_making"


# What is counted of a customer. What has a currency or a year has it behind a colon.
PLACED, DELIVERED, CANCELLED = "placed", "delivered", "cancelled"
PAID, REFUNDED, COMPLAINTS = "paid", "refunded", "complaints"


def brings_into_groups(name: str) -> bool:
    """Whether somebody can come into a group by more of what is counted under a name.

    More orders placed make the share of those cancelled smaller only, and complaints of theirs
    make nobody good or bad.
    """
    return name.partition(":")[0] not in (PLACED, COMPLAINTS)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What happened to a customer, summed up. Amounts are minor units by currency."""

    paid: Mapping[str, int] = field(default_factory=dict)
    refunded: Mapping[str, int] = field(default_factory=dict)
    delivered: Mapping[int, int] = field(default_factory=dict)  # orders, by the year in Turkey
    placed: int = 0
    cancelled: int = 0  # at their wish; what could not be had was our fault
    complaints: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Ledger":
        """What counts come to, by the names that are made below."""
        by_name: dict[str, dict[str, int]] = {}
        for name, count in counts.items():
            what, _, which = name.partition(":")
            by_name.setdefault(what, {})[which] = count
        years = by_name.get(DELIVERED, {})
        return cls(
            paid=by_name.get(PAID, {}),
            refunded=by_name.get(REFUNDED, {}),
            delivered={int(year): count for year, count in years.items()},
            placed=counts.get(PLACED, 0),
            cancelled=counts.get(CANCELLED, 0),
            complaints=counts.get(COMPLAINTS, 0),
        )

    @property
    def value(self) -> dict[str, int]:
        """What they paid less what was given back, by currency."""
        currencies = sorted({*self.paid, *self.refunded})
        return {one: self.paid.get(one, 0) - self.refunded.get(one, 0) for one in currencies}

    def and_also(self, other: "Ledger") -> "Ledger":
        """Both, as of one person."""
        return Ledger(
            paid=_sums(self.paid, other.paid),
            refunded=_sums(self.refunded, other.refunded),
            delivered=_sums(self.delivered, other.delivered),
            placed=self.placed + other.placed,
            cancelled=self.cancelled + other.cancelled,
            complaints=self.complaints + other.complaints,
        )


def ledger_of(ledgers: Iterable["Ledger"]) -> "Ledger":
    """All of them, as of one person."""
    return reduce(Ledger.and_also, ledgers, Ledger())


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A rule that applied: what was found, and the bound that it reached."""

    rule: str
    found: int
    bound: int
    currency: str | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """From which figures on somebody is of a group. Amounts are minor units by currency."""

    profitable_value: Mapping[str, int]
    loyal_orders: int  # delivered
    loyal_years: int  # in so many different ones, of which the newest is this one or the last
    hopeful_orders: int  # delivered in this year and the last
    refunded_percent: int  # of what was paid, in any currency
    refunded_least: Mapping[str, int]  # below which nothing follows from a share
    cancelled_orders: int
    cancelled_percent: int  # of those placed


OWN_WORD = "the company's own rule"
POLICIES = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Policy(
            profitable_value={"TRY": 10_000_000, "EUR": 250_000, "USD": 250_000, "BRL": 1_000_000},
            loyal_orders=4,
            loyal_years=2,
            hopeful_orders=2,
            refunded_percent=50,
            refunded_least={"TRY": 100_000, "EUR": 2_500, "USD": 2_500, "BRL": 10_000},
            cancelled_orders=4,
            cancelled_percent=50,
        ),
        source=OWN_WORD,
    ),
)


def groups_of(ledger: Ledger, day: date) -> dict[Group, tuple[Reason, ...]]:
    """The groups that somebody is of on a day, each with the rules that applied."""
    policy = POLICIES.on(day)
    found = {
        Group.PROFITABLE: tuple(_worth_much(ledger, policy)),
        Group.LOYAL: tuple(_comes_again(ledger, policy, day)),
        Group.CAN_BE_LOYAL: tuple(_may_come_again(ledger, policy, day)),
        Group.LOSS_MAKING: tuple(_costs(ledger, policy)),
    }
    if found[Group.LOYAL]:
        del found[Group.CAN_BE_LOYAL]
    return {group: reasons for group, reasons in found.items() if reasons}


def _worth_much(ledger: Ledger, policy: Policy) -> Iterator[Reason]:
    for currency, value in ledger.value.items():
        bound = policy.profitable_value.get(currency)
        if bound is not None and value >= bound:
            yield Reason(rule="paid less refunded", found=value, bound=bound, currency=currency)


def _comes_again(ledger: Ledger, policy: Policy, day: date) -> Iterator[Reason]:
    years = [year for year, count in ledger.delivered.items() if count > 0]
    orders = sum(ledger.delivered.values())
    is_recent = any(year >= day.year - 1 for year in years)
    if orders >= policy.loyal_orders and len(years) >= policy.loyal_years and is_recent:
        yield Reason(rule="orders delivered", found=orders, bound=policy.loyal_orders)
        yield Reason(rule="years with orders", found=len(years), bound=policy.loyal_years)


def _may_come_again(ledger: Ledger, policy: Policy, day: date) -> Iterator[Reason]:
    lately = sum(count for year, count in ledger.delivered.items() if year >= day.year - 1)
    if lately >= policy.hopeful_orders:
        yield Reason(
            rule="orders delivered this year and last", found=lately, bound=policy.hopeful_orders
        )


def _costs(ledger: Ledger, policy: Policy) -> Iterator[Reason]:
    for currency, back in sorted(ledger.refunded.items()):
        share = _percent(back, ledger.paid.get(currency, 0))
        least = policy.refunded_least.get(currency)
        if least is not None and back >= least and share >= policy.refunded_percent:
            yield Reason(
                rule="percent refunded",
                found=share,
                bound=policy.refunded_percent,
                currency=currency,
            )
    share = _percent(ledger.cancelled, ledger.placed)
    if ledger.cancelled >= policy.cancelled_orders and share >= policy.cancelled_percent:
        yield Reason(rule="percent cancelled", found=share, bound=policy.cancelled_percent)


def _percent(part: int, whole: int) -> int:
    """Rounded down; of nothing it is everything, since events come in any order."""
    return part * 100 // whole if whole > 0 else 100


K = TypeVar("K")


def _sums(one: Mapping[K, int], other: Mapping[K, int]) -> dict[K, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}
