"""What everybody who answers a customer must know at once, fact by fact, and how sure it is.

The facts are those that the company promised itself to know of each customer. One that nobody
could be asked for is `unknown`, with the reason; `none` is said only where somebody was asked and
there is nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.customer_view.domain import CustomerView, Document, Part, Status
from shared.calendar import day_in_turkey


class State(StrEnum):
    """What is known of a fact."""

    KNOWN = "known"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact, with its origin: `value` where it is known, `reason` where it is not fresh."""

    name: str
    state: State
    source: str  # the service that it is from
    status: Status
    as_of: datetime | None = None
    reason: str | None = None
    value: Document | None = None
    kept_back: Sequence[str] = ()  # paths that the view of the caller's department does not show


Reading = Callable[[Document, datetime], Document | None]
"""A fact out of its part's data, as of an instant; None where there is nothing."""


def _buys(data: Document, _: datetime) -> Document | None:
    return {"orders": data["count"], "totals": data["totals"]} if data["count"] else None


def _uses(data: Document, _: datetime) -> Document | None:
    if not data["count"]:
        return None
    newest: Document = data["units"][0] if data["units"] else {}
    return {
        "units": data["count"],
        "newest": newest.get("product"),
        "covered_until": newest.get("covered_until"),
    }


def _complained_of(data: Document, _: datetime) -> Document | None:
    if not data["count"]:
        return None
    opened = [one["opened_at"] for one in data["recent"]]
    return {
        "complaints": data["count"],
        "open": data["open_count"],
        "newest_at": max(opened, key=datetime.fromisoformat, default=None),
    }


def _pending(data: Document, now: datetime) -> Document | None:
    """How many orders wait, and of the one that is most overdue, or due next, where it stands."""
    pending: Sequence[Document] = data["pending"]
    if not pending:
        return None
    promised = [one for one in pending if one["promised_at"]]
    first = min(
        promised, key=lambda one: datetime.fromisoformat(one["promised_at"]), default=pending[-1]
    )
    return {
        "orders": data.get("pending_count") or len(pending),
        "order_id": first["order_id"],
        "status": first["status"],
        "promised_at": first["promised_at"],
        "days_late": days_late(first["promised_at"], now),
    }


def _last_bought(data: Document, _: datetime) -> Document | None:
    last = data["last_order"]
    if last is None:
        return None
    items = last["items"]
    return {
        "order_id": last["order_id"],
        "ordered_at": last["ordered_at"],
        "product": items[0]["product"] if items else None,
        "products": len(items),
    }


def _pays(data: Document, _: datetime) -> Document | None:
    """The way that was used most often, and what is owed."""
    if not data["methods"] and not data["owed"]:
        return None
    usual = max(data["methods"], key=lambda one: (one["count"], one["method"]), default=None)
    return {"method": usual["method"] if usual else None, "owed": data["owed"]}


def _risk(data: Document, _: datetime) -> Document | None:
    return {"band": data["band"], "reasons": data["reasons"]}


def _talked_about(data: Document, now: datetime) -> Document | None:
    """When and how we last spoke; and how many promises are open, the first of them due when."""
    if not data["count"]:
        return None
    last: Document = data["recent"][0] if data["recent"] else {}
    due = next((one["due"] for one in data.get("promises", ())), None)
    return {
        "conversations": data["count"],
        "last_at": last.get("at"),
        "channel": last.get("channel"),
        "kind": last.get("kind"),
        "promises": data.get("open_promises", 0),
        "promise_due": due,
        "days_late": days_late(due, now),
    }


def _owner(data: Document, _: datetime) -> Document | None:
    """Who answers for this customer, and who does today."""
    owner, acting = data["owner"], data["acting"]
    if owner is None:
        return None
    return {
        "name": owner["name"],
        "presence": owner["presence"],
        "acting": acting["name"] if acting else None,
        "tier": data["tier"],
        "queue": data["queue"],
    }


# By fact: the part that it stands in, the service that answers for it, and how it is read.
FACTS: Mapping[str, tuple[str, str, Reading]] = {
    "buys": ("orders", "orders", _buys),
    "uses": ("products", "warranty", _uses),
    "complained_of": ("complaints", "complaints", _complained_of),
    "pending": ("orders", "orders", _pending),
    "last_bought": ("orders", "orders", _last_bought),
    "pays": ("payments", "orders", _pays),
    "risk": ("risk", "orders", _risk),
    "talked_about": ("conversations", "customer", _talked_about),
    "owner": ("care", "customer", _owner),
}


def facts_of(view: CustomerView) -> list[Fact]:
    """All facts of which the caller may see the part, each known, none, or unknown and why."""
    return [
        _fact(name, source, read, view.parts[part], view.as_of)
        for name, (part, source, read) in FACTS.items()
        if part in view.parts
    ]


def completeness(facts: Sequence[Fact]) -> int | None:
    """How many per cent of the facts are known, or known to be none, and fresh; None of none."""
    sure = sum(one.state is not State.UNKNOWN and one.status is Status.FRESH for one in facts)
    return 100 * sure // len(facts) if facts else None


def days_late(promised_at: str | None, now: datetime) -> int:
    """How many days in Turkey have passed since the day that was promised; 0 where none has."""
    if promised_at is None:
        return 0
    promised = datetime.fromisoformat(promised_at)
    return max(0, (day_in_turkey(now) - day_in_turkey(promised)).days)


def _fact(name: str, source: str, read: Reading, part: Part, now: datetime) -> Fact:
    told: dict[str, Any] = {"name": name, "source": source, "status": part.status}
    if part.data is None:
        return Fact(**told, state=State.UNKNOWN, reason=part.reason)
    value = read(part.data, now)
    return Fact(
        **told,
        state=State.NONE if value is None else State.KNOWN,
        as_of=part.as_of,
        reason=part.reason,
        value=value,
    )
