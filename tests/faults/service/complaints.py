"""One complaint from its first word to the last, and two at once."""

from datetime import UTC, datetime, timedelta

from tests.faults.caller import Reply
from tests.faults.service.asking import move_complaint, worst
from tests.faults.story import CANARY, Told


def open_complaint(told: Told) -> Reply:
    body = {
        "customer_id": told.ids["ayse"],
        "kind": "product",
        "title": f"{CANARY} is wet",
        "text": f"{CANARY} has water everywhere",
        "order_id": told.ids["washer"],
    }
    reply = told.as_("agent").create("/v1/complaints", body, "complaint")
    return told.created("complaint", "complaint", reply)


def answer_complaint(told: Told) -> Reply:
    return move_complaint(told, "answer", text=f"Dear {CANARY}", apology="We are sorry.")


def ask_help(told: Told) -> Reply:
    return move_complaint(told, "help", of="stores", what=f"A pump for {CANARY}?")


def hand_over(told: Told) -> Reply:
    return move_complaint(told, "hand-over", to="another", reason="customer_consents")


def propose(told: Told) -> Reply:
    by_when = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    amends = {"what": f"soap for {CANARY}", "by_when": by_when, "worth": {"amount": 50_000}}
    return move_complaint(told, "propose", text="A new one.", fault="ours", amends=amends)


def accept(told: Told) -> Reply:
    return move_complaint(told, "accept", word=f"{CANARY} is content")


def reopen(told: Told) -> Reply:
    return move_complaint(told, "reopen", word=f"{CANARY} is not")


def open_two_complaints_at_once(told: Told) -> Reply:
    """One of a customer who has another, and somebody else's first."""
    for name, customer in (("second", "ayse"), ("first", "isik")):
        body = {"customer_id": told.ids[customer], "title": name, "text": f"{CANARY} waits"}
        reply = told.as_("agent").create("/v1/complaints", body, name)
        told.created(name, "complaint", reply)
    return reply


def read_complaints(told: Told) -> Reply:
    agent = told.as_("agent")
    return worst(
        agent.get(f"/v1/complaints/{told.ids['complaint']}"),
        agent.get(f"/v1/complaints?customer_id={told.ids['ayse']}"),
        agent.get("/v1/complaints?late=true"),
    )
