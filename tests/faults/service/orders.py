"""Money and goods of orders, and orders of the past."""

from tests.faults.caller import Reply
from tests.faults.service.asking import add_once
from tests.faults.story import CANARY, FILTER, Told


def pay(told: Told) -> Reply:
    return add_once(told, "agent", "payments", {"method": "credit_card", "amount": 1_000_000})


def refund(told: Told) -> Reply:
    return add_once(told, "manager", "refunds", {"amount": 500, "reason": f"{CANARY} was kind"})


def invoice(told: Told) -> Reply:
    path = f"/v1/orders/{told.ids['washer']}/invoice"
    return told.as_("operations").post(path, {"number": "GIB2026-1"})


def place_past_order(told: Told) -> Reply:
    past = {
        "status": "delivered",
        "ordered_at": "2020-05-05T10:00:00Z",
        "delivered_at": "2020-05-09T10:00:00Z",
        "payments": [{"method": "boleto", "amount": 100}],
        "invoice": {},
    }
    body = {"customer_id": told.ids["isik"], "lines": [FILTER], "past": past}
    return told.created(
        "past", "order", told.as_("integration").create("/v1/orders", body, "past")
    )


def approve_gift(told: Told) -> Reply:
    return told.as_("agent").post(f"/v1/orders/{told.ids['gift']}/approve", {})


def process_order(told: Told) -> Reply:
    return told.as_("operations").post(f"/v1/orders/{told.ids['gift']}/process", {})


def mark_order_unavailable(told: Told) -> Reply:
    return told.as_("operations").post(f"/v1/orders/{told.ids['gift']}/mark-unavailable", {})
