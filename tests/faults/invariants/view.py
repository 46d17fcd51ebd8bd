"""What a view shows is what the services hold, part by part."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from services.engagement.events import heard_of
from shared.contracts.customer import ConversationHeld
from shared.contracts.engagement import MessageSent
from tests.faults.invariants.sums import owed, paid, price
from tests.faults.truth import DONE, GIVEN_UP, Thing, Truth
from tests.faults.world import World

NEWEST = 10
MOST = 50  # of what is pending or open
COVER_YEARS, COVER_SINCE = 2, date(2014, 6, 13)  # of what was delivered since that day
_ISTANBUL = ZoneInfo("Europe/Istanbul")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_STATES = {  # of a unit, by what became of the document for its registration
    "waived": "registered",
    "not_needed": "registered",
    "asked": "proof_asked",
    "given": "proof_given",
    "accepted": "registered",
    "refused": "proof_refused",
}


def disagreements(
    world: World, truth: Truth, customer_id: str, view: Mapping[str, Any]
) -> Iterator[str]:
    """Where a view that should be fresh in all its parts is not what the services hold."""
    if not view.get("complete"):
        yield f"view of {customer_id} is not complete: {view}"
        return
    yield from false_parts(world, truth, customer_id, view)


def false_parts(
    world: World, truth: Truth, customer_id: str, view: Mapping[str, Any]
) -> Iterator[str]:
    """Which parts call themselves fresh and are not what the services hold."""
    person = truth.person(customer_id)
    expected = {
        "customer": _customer(truth, person),
        "orders": _orders(truth, person),
        "payments": _payments(truth, person),
        "complaints": _complaints(truth, person),
        "products": _products(truth, person),
        "conversations": _conversations(truth, person),
        "engagement": _engagement(world, truth, person),
        "timeline": _timeline(world, truth, person),
    }
    for part, told in expected.items():
        shown = view[part]
        if shown["status"] == "fresh" and _SEEN[part](shown["data"]) != told:
            yield f"view of {customer_id}: {part} is {shown['data']}, not {told}"


def _customer(truth: Truth, person: set[str]) -> Any:
    states = [truth.customers[one].state for one in person]
    return (
        _name(truth, person),
        {one["value"] for state in states for one in state.get("contact_points", [])},
        {one for state in states for one in state.get("external_ids", [])},
    )


def _name(truth: Truth, person: set[str]) -> str | None:
    """What was decided last of all of them, else the leader's. In no story is one name another's
    in full, or in other letters.
    """
    [leader] = [truth.customers[one].state for one in person if not _joined(truth, one)]
    decided = [
        (one["at"], one["value"])
        for one in leader.get("overrides", [])
        if one["field"] == "name" and person.issuperset(one["of"])
    ]
    name: str | None = max(decided)[1] if decided else leader["name"]
    return name


def _joined(truth: Truth, customer_id: str) -> bool:
    return truth.customers[customer_id].state.get("merged_into") is not None


def _seen_customer(data: Any) -> Any:
    points = [one["value"] for one in data["contact_points"]]
    return data["name"], set(points), set(data["external_ids"])


def _orders(truth: Truth, person: set[str]) -> Any:
    orders = truth.theirs("order", person)
    live = [one for one in orders if one.state["status"] not in GIVEN_UP]
    pending = [one.entity_id for one in orders if one.state["status"] not in DONE]
    return (
        len(orders),
        _sums((one.state["currency"], price(one.state)) for one in live),
        pending[:MOST],
        [one.entity_id for one in live][:1],
        [(one.entity_id, one.state["status"]) for one in orders][:NEWEST],
    )


def _seen_orders(data: Any) -> Any:
    last = data["last_order"]
    return (
        data["count"],
        _money(data["totals"]),
        [one["order_id"] for one in data["pending"]],
        [last["order_id"]] if last else [],
        [(one["order_id"], one["status"]) for one in data["recent"]],
    )


def _payments(truth: Truth, person: set[str]) -> Any:
    orders = [one.state for one in truth.theirs("order", person)]
    ways: dict[tuple[str, str], list[int]] = {}
    for order in orders:
        for one in order["payments"]:
            ways.setdefault((one["method"], order["currency"]), []).append(one["amount"])
    instalments = [one["instalments"] for order in orders for one in order["payments"]]
    return (
        sorted((*way, len(amounts), sum(amounts)) for way, amounts in ways.items()),
        max(instalments, default=None),
        _sums((order["currency"], paid(order)) for order in orders),
        _sums((order["currency"], owed(order)) for order in orders),
    )


def _seen_payments(data: Any) -> Any:
    names = ("method", "currency", "count", "amount")
    return (
        sorted(tuple(one[name] for name in names) for one in data["methods"]),
        data["max_instalments"],
        _money(data["paid"]),
        _money(data["owed"]),
    )


def _complaints(truth: Truth, person: set[str]) -> Any:
    complaints = truth.theirs("complaint", person)
    still_open = [one for one in complaints if one.state["status"] != "resolved"]
    return (
        len(complaints),
        len(still_open),
        [_complaint(one) for one in still_open][:MOST],
        [(*_complaint(one), one.state["status"]) for one in complaints][:NEWEST],
    )


def _complaint(one: Thing) -> tuple[Any, ...]:
    return one.entity_id, one.moment, one.state["title"], one.state.get("owner")


def _seen_complaints(data: Any) -> Any:
    return (
        data["count"],
        data["open_count"],
        [_seen_complaint(one) for one in data["open"]],
        [(*_seen_complaint(one), one["status"]) for one in data["recent"]],
    )


def _seen_complaint(one: Any) -> tuple[Any, ...]:
    at = datetime.fromisoformat(one["opened_at"])
    return one["complaint_id"], at, one["title"], one["owner"]


def _products(truth: Truth, person: set[str]) -> Any:
    units = truth.theirs("unit", person)
    listed = sorted((_unit(truth, one) for one in units), key=_by_delivery, reverse=True)
    return sum(one.state["pieces"] for one in units), listed[:NEWEST]


def _unit(truth: Truth, one: Thing) -> tuple[Any, ...]:
    delivered_on = one.state.get("delivered_on")
    on = date.fromisoformat(delivered_on) if delivered_on else None
    at = one.at("delivered_at") or (datetime.combine(on, time.min, _ISTANBUL) if on else None)
    return (
        one.entity_id,
        one.state.get("product"),
        one.state.get("serial"),
        at,
        str(_covered_until(on)) if on and on >= COVER_SINCE else None,
        _state_of(truth, one),
    )


def _covered_until(delivered_on: date) -> date:
    """The same day two years on; the 28th of a February that has no 29th."""
    year = delivered_on.year + COVER_YEARS
    try:
        return delivered_on.replace(year=year)
    except ValueError:
        return delivered_on.replace(year=year, day=28)


def _state_of(truth: Truth, unit: Thing) -> str:
    """What its registration makes of it."""
    if "registration_id" not in unit.state:
        return "owned"
    registration = truth.registrations[unit.state["registration_id"]].state
    return "under_review" if registration["under_review"] else _STATES[registration["proof"]]


def _by_delivery(unit: tuple[Any, ...]) -> tuple[datetime, str]:
    return unit[3] or _LONG_AGO, unit[0]


def _seen_products(data: Any) -> Any:
    names = ("covered_until", "state")
    units = [
        (
            *(one[name] for name in ("unit_id", "product", "serial")),
            datetime.fromisoformat(one["delivered_at"]) if one["delivered_at"] else None,
            *(one[name] for name in names),
        )
        for one in data["units"]
    ]
    return data["count"], units


_TALK = ("channel", "direction", "kind", "with", "summary")


def _conversations(truth: Truth, person: set[str]) -> Any:
    held = truth.theirs("conversation", person)
    names = ("channel", "direction", "purpose", "partner", "summary")
    recent = [(one.moment, *(one.state[name] for name in names)) for one in held[:NEWEST]]
    promises = [one.state.get("promise") or {"kept_at": "none was given"} for one in held]
    broken = [(one["due"], one["what"]) for one in promises if not one.get("kept_at")]
    return len(held), [one[0] for one in recent], Counter(recent), len(broken), sorted(broken)


def _seen_conversations(data: Any) -> Any:
    """The moments in their order, and what was talked about; which of one moment is the first,
    nobody is told."""
    recent = [
        (datetime.fromisoformat(one["at"]), *(one[name] for name in _TALK))
        for one in data["recent"]
    ]
    promises = [(one["due"], one["what"]) for one in data["promises"]]
    moments = [one[0] for one in recent]
    return data["count"], moments, Counter(recent), data["open_promises"], sorted(promises)


def _timeline(world: World, truth: Truth, person: set[str]) -> Any:
    """What happened to them, and to what was said to be theirs."""
    told = {
        entry["Detail"]["event_id"]: entry
        for entry in world.ledger.published
        if truth.whose(entry["Detail"]) in person
    }
    order = sorted(told, key=lambda one: (_at(told[one]["Detail"]), one), reverse=True)
    newest = [told[one] for one in order[:NEWEST]]
    return [(one["DetailType"].partition(".")[0], one["Detail"]["entity_id"]) for one in newest]


def _at(detail: Any) -> datetime:
    return datetime.fromisoformat(detail["occurred_at"])


def _seen_timeline(data: Any) -> Any:
    return [(one["what"], one["about"]) for one in data["recent"]]


_OFFERING = {one.detail_type: one for one in (ConversationHeld, MessageSent)}


def _engagement(world: World, truth: Truth, person: set[str]) -> Any:
    """The offers that were told of, and the last word on marketing by each channel."""
    offers = {
        (heard.offer.at, heard.offer.told_by)
        for entry in world.ledger.published
        if entry["DetailType"] in _OFFERING and entry["Detail"]["customer_id"] in person
        if (heard := heard_of(_OFFERING[entry["DetailType"]].model_validate(entry["Detail"])))
        and heard.offer
    }
    words = sorted(
        (one.moment, one.state["status"] == "RET", one.state["channel"], one.state["status"])
        for one in truth.found
        if one.kind == "consent" and one.customer_id in person
        if one.state["purpose"] == "marketing"
    )
    said = {channel: status for _, _, channel, status in words}
    return [name for _, name in sorted(offers, reverse=True)][:5], said


def _seen_engagement(data: Any) -> Any:
    said = {one["channel"]: one["status"] for one in data["said"]}
    return [one["about"] for one in data["offers"]], said


def _sums(amounts: Any) -> list[tuple[str, int]]:
    """One sum for each currency, without those that came to nothing."""
    sums: Counter[str] = Counter()
    for currency, amount in amounts:
        sums[currency] += amount
    return sorted((currency, amount) for currency, amount in sums.items() if amount)


def _money(listed: Any) -> list[tuple[str, int]]:
    return sorted((one["currency"], one["amount"]) for one in listed)


_SEEN: Mapping[str, Callable[[Any], Any]] = {
    "customer": _seen_customer,
    "orders": _seen_orders,
    "payments": _seen_payments,
    "complaints": _seen_complaints,
    "products": _seen_products,
    "conversations": _seen_conversations,
    "engagement": _seen_engagement,
    "timeline": _seen_timeline,
}
