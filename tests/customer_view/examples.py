"""What services tell, to test with. Say only what the test is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.customer_view.domain import Candidate, Document
from shared.access import Caller, Role
from shared.grounds import Grounds, Reason

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: int) -> str:
    """So many minutes after noon, as documents have it."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


CASE = Reason(code="case", reference="cmp_1")


def a_caller(
    role: Role = Role.AGENT, customer_id: str | None = None, *, grounds: Grounds | None = CASE
) -> Caller:
    return Caller(
        subject=f"subject-of-{customer_id or role}",
        client_id="web",
        roles=frozenset({role}),
        customer_id=customer_id,
        grounds=grounds,
    )


def a_customer(name: str | None = "Ayşe Işık", **changes: Any) -> Document:
    """The customer part."""
    plain: Document = {
        "name": name,
        "contact_points": [],
        "addresses": [],
        "external_ids": [],
        "relations": [],
        "since": at(0),
        "heard_from": None,
        "lost_to": None,
        "language": None,
        "customer_id": None,
        "links": [],
        "overrides": [],
    }
    return {**plain, **changes}


def an_order(order_id: str, *, minutes: int = 0, status: str = "placed") -> dict[str, Any]:
    """An order in one line."""
    return {
        "order_id": order_id,
        "external_id": None,
        "status": status,
        "ordered_at": at(minutes),
        "promised_at": None,
    }


def orders(*placed: dict[str, Any], total: int = 100, currency: str = "TRY") -> Document:
    """The orders part of somebody with these orders, the newest first."""
    last = None
    pending = [one for one in placed if one["status"] == "placed"]
    if placed:
        told = {name: value for name, value in placed[0].items() if name != "promised_at"}
        last = told | {"items": [{"product": "washer", "quantity": 1}]}
    return {
        "count": len(placed),
        "totals": [{"amount": total * len(placed), "currency": currency}] if placed else [],
        "pending": pending,
        "pending_count": len(pending),
        "last_order": last,
        "recent": list(placed),
    }


def payments(
    *methods: tuple[str, str, int, int],
    instalments: int | None = None,
    paid: int = 0,
    owed: int = 0,
) -> Document:
    """The payments part, from method, currency, count and amount each; sums are in TRY."""
    names = ("method", "currency", "count", "amount")
    return {
        "methods": [dict(zip(names, one, strict=True)) for one in methods],
        "max_instalments": instalments,
        "paid": [{"amount": paid, "currency": "TRY"}] if paid else [],
        "owed": [{"amount": owed, "currency": "TRY"}] if owed else [],
    }


def risk(band: str = "low", *reasons: str) -> Document:
    """The risk part."""
    return {"band": band, "reasons": list(reasons)}


def a_complaint(complaint_id: str, *, minutes: int = 0, status: str = "open") -> dict[str, Any]:
    """A complaint in one line."""
    return {
        "complaint_id": complaint_id,
        "opened_at": at(minutes),
        "title": "It does not spin",
        "owner": None,
        "seriousness": "normal",
        "due_at": None,
        "status": status,
    }


def complaints(*told: dict[str, Any]) -> Document:
    """The complaints part of somebody with these, the newest first."""
    waiting = [one for one in told if one["status"] == "open"]
    return {
        "count": len(told),
        "open_count": len(waiting),
        "open": [
            {name: value for name, value in one.items() if name != "status"} for one in waiting
        ],
        "recent": list(told),
    }


def a_unit(unit_id: str, *, minutes: int | None = 0) -> dict[str, Any]:
    """A unit in one line; None where nobody knows when it came."""
    return {
        "unit_id": unit_id,
        "product": "washer",
        "serial": None,
        "pieces": 1,
        "delivered_at": None if minutes is None else at(minutes),
        "covered_until": None,
        "state": "in_use",
    }


def products(*units: dict[str, Any]) -> Document:
    """The products part of somebody with these units."""
    return {"count": len(units), "units": list(units)}


def a_conversation(summary: str, *, minutes: int = 0) -> dict[str, Any]:
    """A call in one line."""
    return {
        "at": at(minutes),
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "with": "Deniz",
        "summary": summary,
        "conversation_id": None,
        "promise": None,
    }


def a_promise(name: str, *, minutes: int) -> dict[str, Any]:
    """An open promise of a talk at noon, due so many minutes later."""
    return {
        "conversation_id": name,
        "at": at(0),
        "what": f"call about {name}",
        "by": "Technicians",
        "due": at(minutes),
    }


def conversations(
    *held: dict[str, Any], promises: Sequence[dict[str, Any]] = (), more: int = 0
) -> Document:
    """The conversations part of somebody with these, the newest first, and with these promises.

    `more` promises are open that are due later.
    """
    return {
        "count": len(held),
        "recent": list(held),
        "open_promises": len(promises) + more,
        "promises": list(promises),
    }


def care(tier: str = "Standard", rank: int | None = 2) -> Document:
    """The care part of somebody in this tier."""
    return {
        "segment_id": "seg_1",
        "tier": tier,
        "rank": rank,
        "queue": "standard-tr",
        "owner": None,
        "acting": None,
        "assigned": "by_default",
        "reason": None,
        "groups": [],
        "value": [{"amount": 100, "currency": "TRY"}],
        "known_since": None,
    }


def engagement(days: int | None = None, *, band: str | None = None, **changes: Any) -> Document:
    """The engagement part of somebody with whom it has been still for so many days."""
    plain: Document = {
        "silence_days": days,
        "band": band,
        "since": None,
        "theirs": None,
        "ours": None,
        "offered": None,
        "offers": [],
        "answers": [],
        "said": [],
        "frictions": 0,
        "praised": None,
        "advocate": False,
    }
    return {**plain, **changes}


def a_candidate(customer_id: str, person_id: str | None = None, **changes: Any) -> Candidate:
    """Somebody whom something may belong to."""
    plain: dict[str, Any] = {"display_name": None, "district": None}
    return Candidate(customer_id=customer_id, person_id=person_id, **(plain | changes))


def a_happening(event_id: str, *, minutes: int = 0) -> Document:
    return {
        "at": at(minutes),
        "what": "OrderPlaced",
        "about": event_id.partition(":")[0],
        "event_id": event_id,
    }
