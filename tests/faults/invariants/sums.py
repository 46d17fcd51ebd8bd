"""What each thing adds to its customer's counts and sums, and where it shows, counted anew.

The names are those that the services keep them under; the rules are written down a second time,
since a rule that is wrong must not be right here too.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.truth import DONE, GIVEN_UP, Thing

State = Mapping[str, Any]


def added_by(thing: Thing) -> Mapping[str, int] | None:
    """What it adds, by name and without zeros; None where such a thing shows in no list."""
    add = _ADD.get(thing.kind)
    return {name: number for name, number in add(thing.state).items() if number} if add else None


def letter_of(thing: Thing) -> str:
    """The letter of its place among what still needs somebody; empty where it has none."""
    status = thing.state.get("status")
    if thing.kind == "order" and status not in GIVEN_UP:
        return "D" if status in DONE else "P"
    return "O" if thing.kind == "complaint" and status != "resolved" else ""


def price(order: State) -> int:
    """What an order comes to, with freight."""
    return sum(one["quantity"] * one["unit_price"] + one["freight"] for one in order["lines"])


def paid(order: State) -> int:
    """What was paid for it, less what was given back."""
    return _all(order["payments"]) - _all(order["refunds"])


def owed(order: State) -> int:
    """What it is short of; nothing once it was given up."""
    return 0 if order["status"] in GIVEN_UP else max(0, price(order) - paid(order))


def _order(order: State) -> Counter[str]:
    currency, status = order["currency"], order["status"]
    added = Counter({"count": 1, f"paid:{currency}": paid(order), f"owed:{currency}": owed(order)})
    added["refunds"] = len(order["refunds"])
    added["pending"] = status not in DONE
    added["unpaid_delivered"] = status == "delivered" and owed(order) > 0
    if status not in GIVEN_UP:
        added["standing"] = 1
        added[f"total:{currency}"] = price(order)
    for one in order["payments"]:
        added[f"instalments:{one['instalments']}"] += 1
        added[f"payments:{currency}:{one['method']}"] += 1
        added[f"paid_by:{currency}:{one['method']}"] += one["amount"]
    return added


def _complaint(complaint: State) -> Counter[str]:
    return Counter({"count": 1, "open": complaint["status"] != "resolved"})


def _unit(unit: State) -> Counter[str]:
    return Counter({"count": unit["pieces"]})


def _conversation(talk: State) -> Counter[str]:
    promise = talk.get("promise")
    is_open = promise is not None and not promise.get("kept_at")
    return Counter({"conversations": 1, "open_promises": int(is_open)})


def _consent(_: State) -> Counter[str]:
    return Counter()


def _all(some: list[State]) -> int:
    return sum(one["amount"] for one in some)


_ADD: Mapping[str, Callable[[State], Counter[str]]] = {
    "order": _order,
    "complaint": _complaint,
    "unit": _unit,
    "conversation": _conversation,
    "consent": _consent,
}
