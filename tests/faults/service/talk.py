"""Conversations and their promises; somebody is searched for and looked at."""

from tests.faults.caller import Reply
from tests.faults.service.asking import AT, SERIAL
from tests.faults.story import CANARY, PHONE, Told


def record_conversation(told: Told) -> Reply:
    body = {
        "at": AT,
        "channel": "store",
        "direction": "in",
        "kind": "service",
        "summary": f"{CANARY} came by",
        "promise": {"what": f"call {CANARY}", "by": "Technicians", "due": AT},
    }
    path = f"/v1/customers/{told.ids['ayse']}/conversations"
    reply = told.as_("agent").create(path, body, "conversation")
    return told.created("conversation", "conversation", reply)


def promise_again(told: Told) -> Reply:
    body = {
        "at": AT,
        "channel": "phone",
        "direction": "out",
        "kind": "service",
        "promise": {"what": f"write to {CANARY}", "by": "Deniz", "due": AT},
    }
    path = f"/v1/customers/{told.ids['ayse']}/conversations"
    return told.created("promise", "conversation", told.as_("agent").create(path, body, "promise"))


def keep_a_promise(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/conversations/{told.ids['promise']}/keep"
    return told.as_("agent").post(path, {})


def list_conversations(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/customers/{told.ids['ayse']}/conversations")


def search_by_a_mistyped_name(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/search", {"text": f"aise {CANARY}"})


def look_up_view_by_phone(told: Told) -> Reply:
    return told.as_("agent").post("/v1/view/lookup", {"phone": PHONE})


def look_up_view_by_order(told: Told) -> Reply:
    return told.as_("agent").post("/v1/view/lookup", {"order_id": told.ids["washer"]})


def look_up_view_by_serial(told: Told) -> Reply:
    return told.as_("agent").post("/v1/view/lookup", {"serial": SERIAL})
