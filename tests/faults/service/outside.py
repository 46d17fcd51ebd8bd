"""What other systems tell."""

from typing import Any

from tests.faults.caller import Reply
from tests.faults.service.asking import AT, STRANGER, put_on_the_bus, tell_webhook
from tests.faults.story import WASHER, Told


def hear_of_an_order(told: Told) -> Reply:
    """By a signed webhook, of somebody new."""
    detail = {
        "event_id": "placed-1",
        "occurred_at": AT,
        "order_id": "1",
        "customer": {"customer_id": "5001", "phone": STRANGER, "name": "Can"},
        "currency": "TRY",
        "lines": [WASHER],
    }
    return tell_webhook(told, "orders", "webshop", "ExternalOrderPlaced.v1", detail)


def hear_of_its_delivery(told: Told) -> None:
    """Over the bus, and sooner that it was delivered than that it was paid."""
    news: dict[str, dict[str, Any]] = {
        "ExternalOrderDelivered.v1": {},
        "ExternalPaymentReceived.v1": {
            "payment_id": "P-1",
            "method": "credit_card",
            "amount": 1_999_900,
            "currency": "TRY",
        },
    }
    for name, facts in news.items():
        detail = {"event_id": f"{name}-1", "occurred_at": AT, "order_id": "1", **facts}
        put_on_the_bus("webshop", name, detail)


def hear_of_a_delivery_too_soon(told: Told) -> None:
    """Of an order that nobody has told of; it waits."""
    detail = {"event_id": "too-soon", "occurred_at": AT, "order_id": "2"}
    put_on_the_bus("webshop", "ExternalOrderDelivered.v1", detail)


def hear_of_a_call(told: Told) -> Reply:
    detail = {
        "event_id": "ended-1",
        "occurred_at": AT,
        "call_id": "1",
        "phone": STRANGER,
        "direction": "in",
        "started_at": AT,
        "ended_at": AT,
        "summary": "asked when the technician comes",
    }
    return tell_webhook(told, "customers", "callcentre", "ExternalCallEnded.v1", detail)
