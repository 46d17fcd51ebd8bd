"""What each department sees of a customer: its view, data with the day from which it holds.

A view orders the parts, tells of some the facts alone, and may show money as a light. It takes no
fact and no owner away. Change one by adding a rule with the day from which it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from shared.calendar import DatedRules, Rule

OF_MONEY = "payments"  # the part of which nothing is left without amounts


class MoneyShown(StrEnum):
    """How a view shows money."""

    AMOUNTS = "amounts"
    LIGHT = "light"  # green, amber or red in the place of all amounts


@dataclass(frozen=True, kw_only=True)
class DepartmentView:
    """How one department sees a customer.

    `first` are the parts that it needs first, the others follow as ever; of those in `without` it
    is told the facts, and no details.
    """

    name: str
    money: MoneyShown = MoneyShown.AMOUNTS
    first: Sequence[str] = ()
    without: frozenset[str] = frozenset()

    @property
    def left_out(self) -> frozenset[str]:
        """The parts of which no details are told."""
        return self.without | {OF_MONEY} if self.money is MoneyShown.LIGHT else self.without

    def order(self, parts: Sequence[str]) -> list[str]:
        """These parts as the department needs them, the first first."""
        first = [one for one in self.first if one in parts]
        return [*first, *(one for one in parts if one not in first)]

    def shown(self, document: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
        """A document as this view shows it, and the paths of what is kept back."""
        kept_back: list[str] = []
        if self.money is MoneyShown.AMOUNTS:
            return document, kept_back
        return _without_money(document, "", kept_back), list(dict.fromkeys(kept_back))


@dataclass(frozen=True, kw_only=True)
class Views:
    """The views of one time: by department, for `others`, and `whole` for those who name none."""

    whole: DepartmentView
    others: DepartmentView
    by_department: Mapping[str, DepartmentView] = field(default_factory=dict)

    def of(self, department: str | None) -> DepartmentView:
        """The view of whoever is of this department, None where their token says none."""
        if department is None:
            return self.whole
        return self.by_department.get(department, self.others)


WHOLE = DepartmentView(name="whole")
VIEWS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=Views(
            whole=WHOLE,
            # A department that nobody thought of is shown little rather than too much.
            others=DepartmentView(
                name="essentials",
                money=MoneyShown.LIGHT,
                without=frozenset({"risk", "conversations", "engagement"}),
            ),
            by_department={
                "customers": WHOLE,  # those who own customers
                "service": DepartmentView(
                    name="service",
                    money=MoneyShown.LIGHT,
                    first=(
                        "customer",
                        "care",
                        "complaints",
                        "orders",
                        "products",
                        "conversations",
                    ),
                ),
                "sales": DepartmentView(
                    name="sales",
                    first=("customer", "care", "orders", "engagement", "payments", "risk"),
                ),
                "marketing": DepartmentView(
                    name="marketing",
                    money=MoneyShown.LIGHT,
                    first=("customer", "engagement", "complaints", "orders"),
                    without=frozenset({"risk", "conversations"}),
                ),
                "finance": DepartmentView(
                    name="finance",
                    first=("customer", "payments", "risk", "orders"),
                    without=frozenset({"conversations", "engagement", "products"}),
                ),
                "field_service": DepartmentView(
                    name="field_service",
                    money=MoneyShown.LIGHT,
                    first=("customer", "products", "complaints", "orders", "conversations"),
                    without=frozenset({"risk", "engagement"}),
                ),
                "logistics": DepartmentView(
                    name="logistics",
                    money=MoneyShown.LIGHT,
                    first=("customer", "orders", "complaints"),
                    without=frozenset({"risk", "conversations", "engagement"}),
                ),
            },
        ),
        source="the company's own map of who shares what",
    ),
)


def _without_money(
    document: Mapping[str, Any], above: str, kept_back: list[str]
) -> dict[str, Any]:
    """The document without the entries of its lists that are in a currency."""
    shown: dict[str, Any] = {}
    for name, value in document.items():
        path = f"{above}{name}"
        if isinstance(value, Mapping):
            shown[name] = _without_money(value, f"{path}.", kept_back)
        elif isinstance(value, list | tuple):
            others = [one for one in value if not _is_money(one)]
            kept_back += [path] * (len(others) < len(value))
            shown[name] = [
                _without_money(one, f"{path}.", kept_back) if isinstance(one, Mapping) else one
                for one in others
            ]
        else:
            shown[name] = value
    return shown


def _is_money(entry: Any) -> bool:
    return isinstance(entry, Mapping) and entry.get("currency") is not None
