"""Feeds the made-up company to a system that has just been started for the first time."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from imports.api import Api, Reply
from imports.demo.company import Body, Story, stories
from imports.demo.staff import SEGMENTS, own_owner, people

WORKERS = 4
TAKEN = frozenset({200, 201})


class Refused(Exception):
    """The system would not take something of the made-up company."""


@dataclass(frozen=True, kw_only=True)
class Callers:
    """Who speaks for whom: the shop's own system, somebody at the desk, and a manager."""

    shop: Api
    desk: Api
    manager: Api


def feed(callers: Callers, today: date, *, tell: Callable[[int], None]) -> int:
    """Send everybody; safe to repeat with the same day. Return how many entries there are.

    `tell` hears how many are in. Raise Refused, and what imports.api raises.
    """
    everybody = list(stories(today))
    staff = _engage(callers.manager, today)
    with ThreadPoolExecutor(WORKERS) as workers:
        sent = workers.map(lambda one: _send(callers, one, staff), everybody)
        for done, _ in enumerate(sent, 1):
            tell(done)
    return len(everybody)


def _engage(manager: Api, today: date) -> Mapping[str, str]:
    """Put in the staff and the segments; return staff ids by name."""
    ids: dict[str, str] = {}
    for name, body in people(today):
        absences = [one | {"deputy": ids[one["deputy"]]} for one in body.get("absences", ())]
        told = body | {"absences": absences}
        ids[name] = _made(manager, "/v1/customers/staff", told, f"demo-{body['subject']}")[
            "staff_id"
        ]
    for one in SEGMENTS:
        told = one | {"owner": ids[one["owner"]]}
        _made(manager, "/v1/customers/segments", told, f"demo-segment-{one['rank']}")
    return ids


def _send(callers: Callers, story: Story, staff: Mapping[str, str]) -> None:
    shop, key = callers.shop, f"demo-{story.number}"
    customer = _made(shop, "/v1/customers", story.customer, key)["customer_id"]
    if (owner := own_owner(story.number)) is not None:
        said = {"owner": staff[owner], "reason": "has known them for long"}
        _taken(callers.manager.post(f"/v1/customers/{customer}/care", said))
    orders = [
        _made(shop, "/v1/orders", {"customer_id": customer, **order}, f"{key}-order-{place}")
        for place, order in enumerate(story.orders)
    ]
    for place, talk in enumerate(story.conversations):
        _made(shop, f"/v1/customers/{customer}/conversations", talk, f"{key}-talk-{place}")
    for place, told in enumerate(story.complaints):
        body = {name: value for name, value in told.items() if name not in ("order", "answered")}
        body |= {"customer_id": customer, "order_id": orders[told["order"]]["order_id"]}
        complaint = _made(shop, "/v1/complaints", body, f"{key}-complaint-{place}")
        if told["answered"]:
            answer = {"text": "Özür dileriz. Bugün sizi arayıp ne yapacağımızı söyleyeceğiz."}
            _taken(callers.desk.post(f"/v1/complaints/{complaint['complaint_id']}/answer", answer))
    for place, registration in enumerate(story.registrations):
        _made(shop, "/v1/warranty/registrations", registration, f"{key}-registration-{place}")


def _made(api: Api, path: str, body: Body, key: str) -> Body:
    return _taken(api.create(path, body, key))


def _taken(reply: Reply) -> Body:
    if reply.status not in TAKEN:
        raise Refused(reply.reason)
    answer: Body = reply.body
    return answer
