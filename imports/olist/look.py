"""Looks whether the system has taken in what it was sent.

The public API does not tell whether a system is quiet. What can be seen is the view of the
persons sent last: once it shows all of theirs, those sent before them are shown as well, but for
what was held up and is tried again.
"""

import time
from collections.abc import Collection
from typing import Any

from imports.api import Api
from imports.olist.bodies import external_id_of, is_complaint
from imports.olist.shop import Person

OK = 200
LOOK_SECONDS = 1.0
MOST_LISTED = 10  # in a list of the view


def wait_until_seen(api: Api, persons: Collection[Person], patience: float) -> bool:
    """Wait until the view shows all of these persons; False where patience was at an end."""
    until = time.monotonic() + patience
    for person in persons:
        while not _is_seen(api, person):
            if time.monotonic() > until or api.stopping.wait(LOOK_SECONDS):
                return False
    return True


def _is_seen(api: Api, person: Person) -> bool:
    reply = api.post("/v1/view/lookup", {"external_id": external_id_of(person.person)})
    if reply.status != OK or "orders" not in reply.body:
        return False
    view = reply.body
    wanted = _counts(person)
    # At the least the customer, each order and each review are things that happened.
    happened = 1 + wanted["orders"] + wanted["conversations"] + wanted["complaints"]
    timeline = _data(view, "timeline").get("recent", [])
    # A view that has not room for all of it says so.
    is_cut = "recent" in ((view.get("timeline") or {}).get("more") or {})
    # A system without a service has no part of it in its view, and would not get one by waiting.
    counted = {part: _data(view, part).get("count", 0) for part in wanted if part in view}
    return (is_cut or len(timeline) >= min(happened, MOST_LISTED)) and all(
        count >= wanted[part] for part, count in counted.items()
    )


def _data(view: dict[str, Any], part: str) -> dict[str, Any]:
    """A part of the view; nothing where it is not known."""
    return (view.get(part) or {}).get("data") or {}


def _counts(person: Person) -> dict[str, int]:
    reviews = [review for bought in person.orders for review in bought.reviews]
    complaints = sum(is_complaint(review) for review in reviews)
    delivered = [one for one in person.orders if one.order.status == "delivered"]
    return {
        "orders": len(person.orders),
        "conversations": len(reviews) - complaints,
        "complaints": complaints,
        "products": sum(len(one.items) for one in delivered),
    }
