"""What is told: how customers and their orders come, change, are taken for one person, and part.

Each step leaves the system to itself until all is quiet. Personal data carries the canary, so
that it is known again wherever it should not be.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from tests.faults.caller import PATIENCE, Caller, Front, Reply
from tests.faults.world import World

CANARY = "Kanarya"
PHONE, EMAIL = "+905321234567", f"{CANARY}@example.com".lower()
MOVED_PHONE = "+905329876543"
TCKN, VKN, BORN = "17291716060", "4540536920", "1977-03-14"
FORGOTTEN = "Unutulmak"  # whose data is to go
PERSONAL = (CANARY, CANARY.lower(), FORGOTTEN, PHONE[3:], MOVED_PHONE[3:], TCKN, VKN, BORN)
POISON = f"{CANARY} is no event"

WASHER = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
FILTER = {"product": "filter", "quantity": 3, "unit_price": 24_950, "kdv_class": "reduced"}


@dataclass
class Told:
    """How far the story has come: the ids of what is in it, by the names they have here."""

    front: Front
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.front.world

    def as_(self, role: str, customer: str | None = None) -> Caller:
        """Somebody of that role, or the customer of that name."""
        return Caller(self.front, role, self.ids[customer] if customer else None)

    def created(self, name: str, kind: str, reply: Reply) -> Reply:
        """Remember the id of what was created; without one, nothing happened that lasts."""
        if reply.status < 300:
            self.ids[name] = reply.body[f"{kind}_id"]
        return reply


Step = Callable[[Told], Reply | None]


def create_ayse(told: Told) -> Reply:
    body = {
        "name": f"Ayşe {CANARY}",
        "contact_points": [{"kind": "phone", "value": PHONE}, {"kind": "email", "value": EMAIL}],
        "external_ids": ["shop:1"],
    }
    reply = told.as_("agent").create("/v1/customers", body, "ayse")
    return told.created("ayse", "customer", reply)


def create_isik(told: Told) -> Reply:
    body = {"name": f"Işık {CANARY}", "contact_points": [{"kind": "phone", "value": PHONE}]}
    reply = told.as_("integration").create("/v1/customers", body, "isik")
    return told.created("isik", "customer", reply)


def place_order(told: Told) -> Reply:
    body = {"customer_id": told.ids["ayse"], "lines": [WASHER, FILTER], "external_id": "web-1"}
    reply = told.as_("integration").create("/v1/orders", body, "washer")
    return told.created("washer", "order", reply)


def place_two_at_once(told: Told) -> Reply:
    for name, lines, currency in (("gift", [FILTER], "TRY"), ("filter", [FILTER], "EUR")):
        body = {"customer_id": told.ids["isik"], "lines": lines, "currency": currency}
        reply = told.as_("agent").create("/v1/orders", body, name)
        told.created(name, "order", reply)
    return reply


def approve_order(told: Told) -> Reply:
    return told.as_("agent").post(f"/v1/orders/{told.ids['washer']}/approve", {})


def ship_order(told: Told) -> Reply:
    path = f"/v1/orders/{told.ids['washer']}/ship"
    return told.as_("operations").post(path, {"tracking": "TR1"})


def deliver_order(told: Told) -> Reply:
    return told.as_("operations").post(f"/v1/orders/{told.ids['washer']}/deliver", {})


def cancel_order(told: Told) -> Reply:
    path = f"/v1/orders/{told.ids['filter']}/cancel"
    return told.as_("agent").post(path, {"reason": f"{CANARY} moved away"})


def change_profile(told: Told) -> Reply:
    body = {
        "name": f"Ayşe {CANARY} Yılmaz",
        "contact_points": [{"kind": "phone", "value": MOVED_PHONE}],
        "external_ids": ["shop:1", "crm:7"],
    }
    return told.as_("agent").change(f"/v1/customers/{told.ids['ayse']}", body)


def look_up_by_phone(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/lookup", {"phone": MOVED_PHONE})


def look_up_by_email(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/lookup", {"email": EMAIL})


def look_up_by_external_id(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/lookup", {"external_id": "crm:7"})


def see_customer(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}")


def link_customers(told: Told) -> Reply:
    body = {"other_id": told.ids["isik"], "reason": f"{CANARY} says so"}
    path = f"/v1/customers/{told.ids['ayse']}/links"
    return told.created("link", "link", told.as_("agent").create(path, body, "link"))


def see_oneself(told: Told) -> Reply:
    return told.as_("customer", "ayse").get(f"/v1/view/customers/{told.ids['isik']}")


def read_customer(told: Told) -> Reply:
    return told.as_("customer", "ayse").get(f"/v1/customers/{told.ids['isik']}")


def read_order(told: Told) -> Reply:
    return told.as_("customer", "isik").get(f"/v1/orders/{told.ids['washer']}")


def list_orders(told: Told) -> Reply:
    return told.as_("customer", "ayse").get(f"/v1/orders?customer_id={told.ids['isik']}")


def end_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/links/{told.ids['link']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} is another"})


def reconcile(told: Told, *services: str) -> None:
    """Let these services, or all, say again what may not have been heard."""
    for function in sorted(reconcilers(told.world, services)):
        for _ in range(PATIENCE):  # its schedule calls it again should it fail
            if not told.world.invoke(function, {"hours": 1}).failed:
                break


def send_nonsense(told: Told) -> None:
    """A message that is no event lies in every queue."""
    for mapping in told.world.described.queue_mappings:
        queue = told.world.described.queue_of(mapping.queue)
        told.world.sqs.send_message(queue.name, json.dumps(POISON))


STEPS: tuple[Step, ...] = (
    create_ayse,
    create_isik,
    place_order,
    place_two_at_once,
    reconcile,
    approve_order,
    ship_order,
    deliver_order,
    cancel_order,
    change_profile,
    look_up_by_phone,
    look_up_by_email,
    look_up_by_external_id,
    see_customer,
    link_customers,
    see_oneself,
    read_customer,
    read_order,
    list_orders,
    end_link,
    send_nonsense,
)


def reconcilers(world: World, services: Collection[str] = ()) -> list[str]:
    """The functions of these services, or of all, that say again what may not have been heard."""
    declared = [
        each.function("Reconcile").name
        for each in world.described.services
        if not services or each.name in services
    ]
    return [name for name in declared if name in world.functions]


def name_of(step: Any) -> str:
    """The step's name, for a test's id."""
    return str(step.__name__)
