"""Somebody is forgotten."""

from tests.faults import story
from tests.faults.caller import Reply
from tests.faults.service.asking import AT, ask_for_message
from tests.faults.story import CANARY, Told


def create_somebody_to_forget(told: Told) -> Reply:
    body = {
        "name": story.FORGOTTEN,
        "contact_points": [{"kind": "phone", "value": "+905420007788"}],
        "addresses": [{"district": story.FORGOTTEN, "city": CANARY}],
    }
    reply = told.as_("agent").create("/v1/customers", body, "forgotten")
    return told.created("forgotten", "customer", reply)


def write_of_them(told: Told) -> Reply:
    """An order, a complaint, what was in the way, a message and a talk."""
    agent, customer = told.as_("agent"), told.ids["forgotten"]
    order = agent.create(
        "/v1/orders", {"customer_id": customer, "lines": [story.FILTER]}, "their_order"
    )
    told.created("their_order", "order", order)
    complaint = {"customer_id": customer, "title": f"{story.FORGOTTEN} waits"}
    reply = agent.create("/v1/complaints", complaint, "their_complaint")
    told.created("their_complaint", "complaint", reply)
    friction = {"customer_id": customer, "rule": "returns.14-days", "words": story.FORGOTTEN}
    reply = agent.create("/v1/engagement/frictions", friction, "their_friction")
    told.created("their_friction", "friction", reply)
    values = {"order": "mark-theirs.", "total": f"1 TL, {story.FORGOTTEN}"}
    ask_for_message(told, "theirs", customer_id=customer, values=values)
    talk = {
        "at": AT,
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "summary": f"{story.FORGOTTEN} called",
    }
    path = f"/v1/customers/{customer}/conversations"
    return told.created("their_talk", "conversation", agent.create(path, talk, "their_talk"))


def forget_them(told: Told) -> Reply:
    body = {"reason": "request", "confirm": told.ids["forgotten"]}
    return told.as_("manager").post(f"/v1/customers/{told.ids['forgotten']}/erase", body)
