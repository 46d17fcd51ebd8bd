"""What to do next for a customer, and why: by rules that are kept in the order of their urgency.

Change them by adding a rule with the day from which it holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.customer_view.domain import CustomerView, Document
from services.customer_view.domain.facts import days_late
from shared.calendar import DatedRules, Rule, day_in_turkey

SAFETY = "safety"


class Step(StrEnum):
    """What is to be done."""

    SECURE = "secure"  # somebody may be in danger
    TELL_OF_DELAY = "tell_of_delay"
    KEEP_PROMISE = "keep_promise"
    ANSWER_COMPLAINT = "answer_complaint"
    ASK_AGAIN = "ask_again"
    CONFIRM_PERSON = "confirm_person"
    FOLLOW_COMPLAINT = "follow_complaint"
    GIVE_VALUE = "give_value"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What to do, about what (an id), and the figures that say why."""

    step: Step
    about: str | None = None
    because: Mapping[str, Any] = field(default_factory=dict)


Judge = Callable[[CustomerView, int], NextStep | None]
"""A step that is called for, from a bound on; None where it is not."""


def _data(view: CustomerView, part: str) -> Document | None:
    return view.parts[part].data if part in view.parts else None


def _complaints(view: CustomerView) -> Sequence[Document]:
    data = _data(view, "complaints")
    return data["open"] if data else ()


def _secure(view: CustomerView, _: int) -> NextStep | None:
    unsafe = [one for one in _complaints(view) if one.get("seriousness") == SAFETY]
    if not unsafe:
        return None
    return NextStep(step=Step.SECURE, about=unsafe[0]["complaint_id"])


def _ask_again(view: CustomerView, _: int) -> NextStep | None:
    missing = [name for name, part in view.parts.items() if part.data is None]
    return NextStep(step=Step.ASK_AGAIN, because={"parts": missing}) if missing else None


def _tell_of_delay(view: CustomerView, least: int) -> NextStep | None:
    data = _data(view, "orders")
    late = [
        (days, one["order_id"])
        for one in (data["pending"] if data else ())
        if (days := days_late(one["promised_at"], view.as_of)) >= least
    ]
    if not late:
        return None
    days, order_id = max(late)
    return NextStep(step=Step.TELL_OF_DELAY, about=order_id, because={"days": days})


def _keep_promise(view: CustomerView, _: int) -> NextStep | None:
    """Of the promises that we broke, the one that was due first."""
    data = _data(view, "conversations")
    first = next(iter(data.get("promises", ()) if data else ()), None)
    if first is None or datetime.fromisoformat(first["due"]) >= view.as_of:
        return None
    days = days_late(first["due"], view.as_of)
    because = {"days": days, "what": first["what"], "by": first["by"]}
    return NextStep(step=Step.KEEP_PROMISE, about=first["conversation_id"], because=because)


def _answer_complaint(view: CustomerView, _: int) -> NextStep | None:
    late = [
        one
        for one in _complaints(view)
        if one.get("due_at") and datetime.fromisoformat(one["due_at"]) < view.as_of
    ]
    if not late:
        return None
    first = min(late, key=lambda one: datetime.fromisoformat(one["due_at"]))
    days = (view.as_of - datetime.fromisoformat(first["due_at"])) // timedelta(days=1)
    return NextStep(
        step=Step.ANSWER_COMPLAINT, about=first["complaint_id"], because={"days": days}
    )


def _confirm_person(view: CustomerView, _: int) -> NextStep | None:
    if not view.newly_joined:
        return None
    return NextStep(step=Step.CONFIRM_PERSON, because={"ids": len(view.newly_joined) + 1})


def _follow_complaint(view: CustomerView, _: int) -> NextStep | None:
    complaints = _complaints(view)
    if not complaints:
        return None
    return NextStep(
        step=Step.FOLLOW_COMPLAINT,
        about=complaints[0]["complaint_id"],
        because={"complaints": len(complaints)},
    )


def _give_value(view: CustomerView, least: int) -> NextStep | None:
    """After a long silence the first word is something of use to them, and no offer."""
    data = _data(view, "conversations")
    if not data or not data["recent"]:
        return None
    last = datetime.fromisoformat(data["recent"][0]["at"])
    days = (day_in_turkey(view.as_of) - day_in_turkey(last)).days
    return NextStep(step=Step.GIVE_VALUE, because={"days": days}) if days >= least else None


@dataclass(frozen=True, kw_only=True)
class StepRule:
    """When a step is called for; `bound` is in what the step counts, `of` the part it judges."""

    judge: Judge
    of: str | None = None
    bound: int = 0


# The most urgent first: what endangers, our broken word, what we do not know, then the rest.
STEPS = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds=(
            StepRule(judge=_secure, of="complaints"),
            StepRule(judge=_tell_of_delay, of="orders", bound=1),
            StepRule(judge=_keep_promise, of="conversations"),
            StepRule(judge=_answer_complaint, of="complaints"),
            StepRule(judge=_ask_again),
            StepRule(judge=_confirm_person),
            StepRule(judge=_follow_complaint, of="complaints"),
            StepRule(judge=_give_value, of="conversations", bound=365),
        ),
        source="the company's own order of service",
    ),
)


def next_step(view: CustomerView) -> NextStep | None:
    """The most urgent step that a rule calls for on the day of the view.

    None where a part was not asked for: something more urgent may be in it.
    """
    for rule in STEPS.on(day_in_turkey(view.as_of)):
        if view.asked is not None and rule.of is not None and rule.of not in view.asked:
            return None
        step: NextStep | None = rule.judge(view, rule.bound)
        if step is not None:
            return step
    return NextStep(step=Step.NOTHING)
