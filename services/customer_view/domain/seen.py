"""A customer as a department's view shows them: fewer details, and every fact."""

from collections.abc import Mapping
from dataclasses import replace

from services.customer_view.domain import CustomerView, Part
from services.customer_view.domain.departments import DepartmentView, MoneyShown
from services.customer_view.domain.facts import Fact
from services.customer_view.domain.light import Standing

ALL_OF_IT = ("data",)


def parts_seen(view: CustomerView) -> Mapping[str, Part]:
    """The parts of a look in the order of its department's view, without what that keeps back."""
    by = view.seen_by
    return {name: _part(name, view.parts[name], by) for name in by.order(list(view.parts))}


def fact_seen(fact: Fact, by: DepartmentView, standing: Standing | None) -> Fact:
    """A fact with a light in the place of amounts, where that is how a view shows money."""
    if fact.value is None or by.money is MoneyShown.AMOUNTS:
        return fact
    value, kept_back = by.shown(fact.value)
    if fact.name == "pays":
        value = {**value, "light": standing.light if standing else None}
    return replace(fact, value=value, kept_back=kept_back)


def _part(name: str, part: Part, by: DepartmentView) -> Part:
    if part.data is None:
        return part
    if name in by.left_out:
        reason = f"the view {by.name} tells the facts of it alone"
        return replace(part, data=None, reason=part.reason or reason, kept_back=ALL_OF_IT)
    data, kept_back = by.shown(part.data)
    return replace(part, data=data, kept_back=kept_back)
