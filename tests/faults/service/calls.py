"""Callers are recognised and verified; tax numbers are told and seen."""

from moto.sns.models import sns_backends

from tests.faults import story
from tests.faults.caller import Reply
from tests.faults.service.asking import SERIAL, STRANGER, day_ago, session_path, signed
from tests.faults.story import BORN, CANARY, PHONE, TCKN, VKN, Told
from tests.faults.world import ACCOUNT, REGION


def recognise_by_the_line(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/recognition", {"phone": PHONE})


def recognise_by_what_others_know(told: Told) -> Reply:
    body = {"order_id": told.ids["washer"], "serial": SERIAL, "email": story.EMAIL}
    bought = {"product": "washer", "bought": day_ago(20)}
    return told.as_("agent").post("/v1/customers/recognition", body | bought)


def recognise_for_a_call_centre(told: Told) -> Reply:
    """By a signed question."""
    return signed(
        told,
        "/v1/customers/recognition/callcentre",
        {"name": f"Ayşe {CANARY}", "district": CANARY, "phone": STRANGER},
    )


def recognise_for_a_contact_flow(told: Told) -> None:
    """As a flow of Amazon Connect asks, which tries again by itself."""
    contact = {"ContactId": "contact-1", "CustomerEndpoint": {"Address": PHONE}}
    event = {"Details": {"ContactData": contact, "Parameters": {"order_id": told.ids["washer"]}}}
    described = {each.name: each for each in told.world.described.services}
    told.world.invoke(described["customer"].function("RecogniseCaller").name, event)


def lose_a_phone(told: Told) -> Reply:
    point = {"kind": "phone", "value": STRANGER, "state": "lost"}
    body = {"contact_points": [point], "language": "tr", "addresses": [{"district": CANARY}]}
    return told.as_("agent").change(f"/v1/customers/{told.ids['isik']}", body)


def open_session(told: Told) -> Reply:
    body = {"channel": "call", "recognised_by": ["name", "district"]}
    path = f"/v1/customers/{told.ids['ayse']}/sessions"
    reply = told.as_("agent").create(path, body, "session")
    if reply.status < 300:
        told.ids["point"] = reply.body["ways"]["contact_points"][0]["id"]
    return told.created("session", "session", reply)


def send_code(told: Told) -> Reply:
    body = {"contact_point": told.ids["point"]}
    key = {"Idempotency-Key": "code"}
    reply = told.as_("agent").ask("POST", f"{session_path(told)}/codes", body, key)
    texts = sns_backends[ACCOUNT][REGION].sms_messages
    if reply.status < 300:
        told.ids["code"] = list(texts.values())[-1][1].partition(": ")[2][:6]
    return reply


def say_something_wrong(told: Told) -> Reply:
    facts = {"order_id": told.ids["washer"], "external_id": CANARY}
    return told.as_("agent").post(f"{session_path(told)}/verification", {"facts": facts})


def say_two_facts(told: Told) -> Reply:
    facts = {"order_id": told.ids["washer"], "external_id": "crm:7"}
    return told.as_("agent").post(f"{session_path(told)}/verification", {"facts": facts})


def say_the_code(told: Told) -> Reply:
    body = {"code": told.ids["code"]}
    return told.as_("agent").post(f"{session_path(told)}/verification", body)


def see_in_session(told: Told) -> Reply:
    agent = told.as_("agent")
    session = agent.get(session_path(told))
    if session.status != 200:
        return session
    grounds = {"Sahip-Session": session.body["grant"], "Sahip-Reason": ""}
    return agent.ask("GET", f"/v1/view/customers/{told.ids['ayse']}", None, grounds)


def end_session(told: Told) -> Reply:
    return told.as_("agent").post(f"{session_path(told)}/end", {})


def list_sessions(told: Told) -> Reply:
    return told.as_("manager").get(f"/v1/customers/{told.ids['ayse']}/sessions")


def list_looks(told: Told) -> Reply:
    return told.as_("manager").get(f"/v1/view/customers/{told.ids['ayse']}/looks")


def list_timeline(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}/timeline")


def tell_tax_numbers(told: Told) -> Reply:
    numbers = [{"scheme": "TCKN", "value": TCKN}, {"scheme": "VKN", "value": VKN}]
    body = {"tax_ids": numbers, "birth_date": BORN}
    return told.as_("agent").change(f"/v1/customers/{told.ids['isik']}", body)


def create_a_firm(told: Told) -> Reply:
    numbers = [{"scheme": "VKN", "value": VKN}]
    body = {"name": f"{CANARY} Ltd.", "tax_ids": numbers}
    reply = told.as_("integration").create("/v1/customers", body, "firm")
    return told.created("firm", "customer", reply)


def see_a_tax_number(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['isik']}/tax-ids/reveal"
    return told.as_("operations").post(path, {"scheme": "TCKN", "reason": "invoice"})


def recognise_by_a_tax_number(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/recognition", {"tax_id": VKN})
