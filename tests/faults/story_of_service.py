"""What is told besides: money, trouble, warranty, talk, and what other systems tell."""

import json
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

import boto3
from moto.sns.models import sns_backends

from services.customer.domain.duplicates import id_of_pair
from services.engagement.domain import date_of
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP, sign
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from tests.faults import story
from tests.faults.caller import PATIENCE, Caller, Front, Reply
from tests.faults.ledger import Run
from tests.faults.story import BORN, CANARY, FILTER, PHONE, TCKN, VKN, WASHER, Step, Told
from tests.faults.world import ACCOUNT, REGION, SECRET

SERIAL = "SG-2026 77"
AT = "2026-11-20T12:00:00+03:00"
BEGAN = datetime.now(UTC)
CODE = {"kind": "code", "reference": "code-1"}
STRANGER = "+905420001122"  # what other systems say is theirs, so that it is no canary


class _Visitor(Caller):
    """Somebody without an account."""

    def __init__(self, front: Front) -> None:
        super().__init__(front, "customer")
        self._token = ""


def pay(told: Told) -> Reply:
    return _once(told, "agent", "payments", {"method": "credit_card", "amount": 1_000_000})


def refund(told: Told) -> Reply:
    return _once(told, "manager", "refunds", {"amount": 500, "reason": f"{CANARY} was kind"})


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
    return _complaint(told, "answer", text=f"Dear {CANARY}", apology="We are sorry.")


def ask_help(told: Told) -> Reply:
    return _complaint(told, "help", of="stores", what=f"A pump for {CANARY}?")


def hand_over(told: Told) -> Reply:
    return _complaint(told, "hand-over", to="another", reason="customer_consents")


def propose(told: Told) -> Reply:
    by_when = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    amends = {"what": f"soap for {CANARY}", "by_when": by_when, "worth": {"amount": 50_000}}
    return _complaint(told, "propose", text="A new one.", fault="ours", amends=amends)


def accept(told: Told) -> Reply:
    return _complaint(told, "accept", word=f"{CANARY} is content")


def reopen(told: Told) -> Reply:
    return _complaint(told, "reopen", word=f"{CANARY} is not")


def open_two_complaints_at_once(told: Told) -> Reply:
    """One of a customer who has another, and somebody else's first."""
    for name, customer in (("second", "ayse"), ("first", "isik")):
        body = {"customer_id": told.ids[customer], "title": name, "text": f"{CANARY} waits"}
        reply = told.as_("agent").create("/v1/complaints", body, name)
        told.created(name, "complaint", reply)
    return reply


def read_complaints(told: Told) -> Reply:
    agent = told.as_("agent")
    return _last(
        agent.get(f"/v1/complaints/{told.ids['complaint']}"),
        agent.get(f"/v1/complaints?customer_id={told.ids['ayse']}"),
        agent.get("/v1/complaints?late=true"),
    )


def register_product(told: Told) -> Reply:
    """Somebody new, by a serial number; long after the week, so that a document is asked for."""
    return _register(told, "registration", serial=SERIAL, name=f"Nil {CANARY}")


def register_what_was_delivered(told: Told) -> Reply:
    """Ayşe, whom we know, and a unit that we know."""
    name = f"Ayşe {CANARY} Yılmaz"
    return _register(
        told, "known", product="washer", order_id=told.ids["washer"], name=name
    )  # fmt: skip


def give_proof(told: Told, number: str = "1") -> Reply:
    proof = {
        "kind": "invoice",
        "number": number,
        "dated": _day(20),
        "reference": f"{CANARY}'s desk",
    }
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof"
    return _Visitor(told.front).post(path, proof)


def refuse_proof(told: Told) -> Reply:
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof/refuse"
    return told.as_("agent").post(path, {"reason": f"not of {CANARY}"})


def give_proof_again(told: Told) -> Reply:
    return give_proof(told, number="2")


def accept_proof(told: Told) -> Reply:
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof/accept"
    return told.as_("agent").post(path, {"reason": f"it shows {CANARY}"})


def read_registration(told: Told) -> Reply:
    agent = told.as_("agent")
    path = f"/v1/warranty/registrations/{told.ids['registration']}"
    if (registration := agent.get(path)).status != 200:
        return registration
    return _last(
        agent.get(f"/v1/warranty/units/{registration.body['unit_id']}"),
        agent.get(f"/v1/warranty/units?customer_id={registration.body['customer_id']}"),
    )


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


def recognise_by_the_line(told: Told) -> Reply:
    return told.as_("agent").post("/v1/customers/recognition", {"phone": PHONE})


def recognise_by_what_others_know(told: Told) -> Reply:
    body = {"order_id": told.ids["washer"], "serial": SERIAL, "email": story.EMAIL}
    bought = {"product": "washer", "bought": _day(20)}
    return told.as_("agent").post("/v1/customers/recognition", body | bought)


def recognise_for_a_call_centre(told: Told) -> Reply:
    """By a signed question."""
    return _signed(
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
    reply = told.as_("agent").ask("POST", f"{_session(told)}/codes", body, key)
    texts = sns_backends[ACCOUNT][REGION].sms_messages
    if reply.status < 300:
        told.ids["code"] = list(texts.values())[-1][1].partition(": ")[2][:6]
    return reply


def say_something_wrong(told: Told) -> Reply:
    facts = {"order_id": told.ids["washer"], "external_id": CANARY}
    return told.as_("agent").post(f"{_session(told)}/verification", {"facts": facts})


def say_two_facts(told: Told) -> Reply:
    facts = {"order_id": told.ids["washer"], "external_id": "crm:7"}
    return told.as_("agent").post(f"{_session(told)}/verification", {"facts": facts})


def say_the_code(told: Told) -> Reply:
    body = {"code": told.ids["code"]}
    return told.as_("agent").post(f"{_session(told)}/verification", body)


def see_in_session(told: Told) -> Reply:
    agent = told.as_("agent")
    session = agent.get(_session(told))
    if session.status != 200:
        return session
    grounds = {"Sahip-Session": session.body["grant"], "Sahip-Reason": ""}
    return agent.ask("GET", f"/v1/view/customers/{told.ids['ayse']}", None, grounds)


def end_session(told: Told) -> Reply:
    return told.as_("agent").post(f"{_session(told)}/end", {})


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
    return _webhook(told, "orders", "webshop", "ExternalOrderPlaced.v1", detail)


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
        _put_on_the_bus("webshop", name, detail)


def hear_of_a_delivery_too_soon(told: Told) -> None:
    """Of an order that nobody has told of; it waits."""
    detail = {"event_id": "too-soon", "occurred_at": AT, "order_id": "2"}
    _put_on_the_bus("webshop", "ExternalOrderDelivered.v1", detail)


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
    return _webhook(told, "customers", "callcentre", "ExternalCallEnded.v1", detail)


def relate_customers(told: Told) -> Reply:
    members = [{"customer_id": told.ids[one], "role": "member"} for one in ("ayse", "isik")]
    body = {"kind": "household", "members": members, "reason": f"{CANARY} says so"}
    reply = told.as_("agent").create("/v1/customers/relations", body, "relation")
    return told.created("relation", "relation", reply)


def list_relations(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/customers/{told.ids['isik']}/relations")


def end_relation(told: Told) -> Reply:
    path = f"/v1/customers/relations/{told.ids['relation']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} has moved out"})


def engage_owners(told: Told) -> Reply:
    """Two who own customers, one after the other."""
    for name in ("selin", "cem"):
        body = {
            "subject": f"subject-of-{name}",
            "name": f"{name.title()} {CANARY}",
            "departments": ["customers"],
            "roles": ["customer_owner"],
            "languages": ["tr"],
            "most_customers": 2,
        }
        reply = told.as_("manager").create("/v1/customers/staff", body, name)
        told.created(name, "staff", reply)
    return reply


def engage_a_brand_manager(told: Told) -> Reply:
    """Who is on no roster."""
    body = {"subject": "subject-of-eda", "name": f"Eda {CANARY}", "roles": ["brand_manager"]}
    reply = told.as_("operations").create("/v1/customers/staff", body, "eda")
    return told.created("eda", "staff", reply)


def say_who_is_away(told: Told) -> Reply:
    today = day_in_turkey(datetime.now(UTC))
    days = {"since": today.isoformat(), "until": (today + timedelta(days=6)).isoformat()}
    body = {"absences": [{**days, "deputy": told.ids["cem"]}]}
    return told.as_("manager").change(f"/v1/customers/staff/{told.ids['selin']}", body)


def open_the_default_segment(told: Told) -> Reply:
    return _segment(told, "standard", rank=3, is_default=True, owner=told.ids["selin"])


def open_a_segment(told: Told) -> Reply:
    """That of whom much money came from."""
    # The first tier hears of one offer a week; this story makes two.
    return _segment(told, "platinum", rank=2, group="profitable", owner=told.ids["cem"])


def hand_over_a_segment(told: Told) -> Reply:
    path = f"/v1/customers/segments/{told.ids['platinum']}"
    body = {"owner": told.ids["selin"], "queue": "first", "reason": f"{CANARY} asked"}
    return told.as_("manager").change(path, body)


def assign_care(told: Told) -> Reply:
    body = {
        "owner": told.ids["cem"],
        "segment": told.ids["platinum"],
        "reason": f"{CANARY} knows her",
    }
    return told.as_("manager").post(f"/v1/customers/{told.ids['ayse']}/care", body)


def see_who_cares(told: Told) -> Reply:
    return _last(
        told.as_("agent").get(f"/v1/customers/{told.ids['isik']}/care"),
        told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}"),
    )


def ask_who_cares(told: Told) -> None:
    """As another service does, of a person who has another entry and of somebody else."""
    described = {each.name: each for each in told.world.described.services}
    caller = {"subject": "s", "client_id": "c", "roles": ["agent"], "customer_id": None}
    question = {
        "ids": [told.ids["ayse"], told.ids["firm"]],
        "caller": caller,
        "parts": ["care"],
        "deadline_ms": 1000,
        "correlation_id": "as-it-was-told",
    }
    told.world.invoke(described["customer"].function("Summary").name, question)


def leave_staff(told: Told) -> Reply:
    path = f"/v1/customers/staff/{told.ids['cem']}/leave"
    return told.as_("manager").post(path, {"successor": told.ids["selin"]})


def list_staff_and_what_is_left(told: Told) -> Reply:
    manager = told.as_("manager")
    return _last(
        manager.get("/v1/customers/staff"),
        manager.get("/v1/customers/segments"),
        manager.get("/v1/customers/unattended"),
        manager.get(f"/v1/customers/staff/{told.ids['cem']}/customers"),
    )


def give_to_another(told: Told) -> Reply:
    """What is said of two who are one person is said of both."""
    body = {"owner": told.ids["selin"], "reason": f"{CANARY} has left"}
    return told.as_("operations").post(f"/v1/customers/{told.ids['isik']}/care", body)


def create_twins(told: Told) -> Reply:
    """Somebody who is taken into the books twice, at once."""
    for name, phone in (("twin", "+905420003344"), ("other_twin", "+905420005566")):
        body = {
            "name": f"Zübeyde {CANARY}oğlu",
            "contact_points": [{"kind": "phone", "value": phone}],
            "addresses": [{"district": CANARY, "city": CANARY}],
        }
        reply = told.as_("agent").create("/v1/customers", body, name)
        told.created(name, "customer", reply)
    return reply


def walk_through_the_books(told: Told) -> None:
    """As somebody does who repeats it until it is done."""
    described = {each.name: each for each in told.world.described.services}
    function = described["customer"].function("Dedup").name
    for _ in range(PATIENCE):
        if not told.world.invoke(function, {"begin": True}).failed:
            break


def change_a_twin(told: Told) -> Reply:
    """By which the two are still alike, and otherwise."""
    point = {"kind": "phone", "value": "+905420003344"}
    return told.as_("agent").change(
        f"/v1/customers/{told.ids['other_twin']}", {"contact_points": [point]}
    )


def list_duplicates(told: Told) -> Reply:
    agent = told.as_("agent")
    listed = agent.get("/v1/customers/duplicates")
    pair = id_of_pair(told.ids["twin"], told.ids["other_twin"])
    return _last(listed, agent.get(f"/v1/customers/duplicates/{pair}"))


def decide_duplicate(told: Told) -> Reply:
    pair = id_of_pair(told.ids["twin"], told.ids["other_twin"])
    path = f"/v1/customers/duplicates/{pair}/decide"
    word = {"decision": "same", "reason": f"{CANARY} says so"}
    return told.as_("agent").post(path, word)


def link_customers_again(told: Told) -> Reply:
    """Now that each of them has something of every kind."""
    body = {"other_id": told.ids["isik"], "reason": f"{CANARY} has found the papers"}
    path = f"/v1/customers/{told.ids['ayse']}/links"
    return told.created("again", "link", told.as_("agent").create(path, body, "again"))


def preview_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/links/preview"
    return told.as_("agent").post(path, {"other_id": told.ids["isik"]})


def read_links(told: Told) -> Reply:
    links = f"/v1/customers/{told.ids['isik']}/links"
    agent = told.as_("agent")
    return _last(agent.get(links), agent.get(f"{links}/{told.ids['again']}"))


def confirm_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['isik']}/links/{told.ids['again']}/confirm"
    return told.as_("agent").post(path, {})


def review_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['isik']}/links/{told.ids['again']}/review"
    return told.as_("agent").get(path)


def decide_a_name(told: Told) -> Reply:
    """Of the person that they are: it is nobody's own."""
    body = {"name": f"Nur {CANARY}"}
    return told.as_("agent").change(f"/v1/customers/{told.ids['isik']}", body)


def say_whose_it_was(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/conversations/{told.ids['conversation']}/attribute"
    return told.as_("agent").post(path, {"customer_id": told.ids["isik"]})


def say_whose_the_order_was(told: Told) -> Reply:
    """With what was delivered, and what of that was registered."""
    path = f"/v1/orders/{told.ids['washer']}/attribute"
    return told.as_("agent").post(path, {"customer_id": told.ids["isik"]})


def say_whose_the_complaint_was(told: Told) -> Reply:
    return _complaint(told, "attribute", customer_id=told.ids["isik"])


def say_whose_the_unit_was(told: Told) -> Reply:
    agent = told.as_("agent")
    registration = agent.get(f"/v1/warranty/registrations/{told.ids['registration']}")
    if registration.status != 200:
        return registration
    path = f"/v1/warranty/units/{registration.body['unit_id']}/attribute"
    return agent.post(path, {"customer_id": told.ids["isik"]})


def part_them_again(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/links/{told.ids['again']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} is another indeed"})


def reconcile_complaints(told: Told) -> None:
    story.reconcile(told, "complaints")


def rebuild(told: Told) -> None:
    """Make again what people are found by, as one does by hand until it is done."""
    for function in sorted(story.reconcilers(told.world, ("customer", "warranty"))):
        for _ in range(PATIENCE):
            outcome = told.world.invoke(function, {"rebuild": True, "begin": True, "seconds": 60})
            if not outcome.failed:
                break


def reconcile_warranty(told: Told) -> None:
    story.reconcile(told, "warranty")


def give_consent(told: Told) -> Reply:
    return _say(told, "given", status="ONAY", text_version="1", proof=CODE)


def give_consent_for_calls(told: Told) -> Reply:
    """By the same code, which is for the same purpose."""
    return _say(told, "calls", channel="ARAMA", status="ONAY", text_version="1", proof=CODE)


def tell_iys(told: Told) -> None:
    """What was said, and then what became of it."""
    for _ in range(2):
        _by_schedule(told, "TellIys")


def refuse_at_iys(told: Told) -> None:
    """The customer tells İYS itself, twice the same, as İYS may say it."""
    change = {
        "consentDate": date_of(datetime.now(UTC)),
        "source": "IYS_WEB",
        "recipient": story.MOVED_PHONE,
        "recipientType": "BIREYSEL",
        "status": "RET",
        "type": "MESAJ",
        "transactionId": "tx-1",
    }
    file = told.world.iys / "in.jsonl"
    if not file.exists():
        file.write_text(f"{json.dumps(change)}\n" * 2)
    _by_schedule(told, "FetchIys")


def plan_offers(told: Told) -> Reply:
    """To both, to Ayşe alone, and to a segment."""
    return _last(
        _offer(told, "offered", channel="whatsapp"),
        _offer(told, "unwanted"),
        _offer(told, "tiered", segment=told.ids["platinum"], channel="letter"),
    )


def list_people(told: Told) -> Reply:
    both = [told.ids["ayse"], told.ids["isik"]]
    return _last(
        _move_offer(told, "offered", "people", customer_ids=both),
        _move_offer(told, "unwanted", "people", customer_ids=both[:1]),
    )


def open_offers(told: Told) -> Reply:
    return _last(*(_move_offer(told, one, "open") for one in ("offered", "unwanted", "tiered")))


def decide_on_offers(told: Told) -> Reply:
    """Cem, for all of his and of Selin's, whose deputy he is; but not for Işık."""
    cem, path = _cem(told), f"/v1/engagement/offers/{told.ids['offered']}"
    said = {"decision": "veto", "reason": f"{CANARY} moves house"}
    return _last(
        cem.create(f"{path}/votes", {"decision": "approve"}, "approved"),
        cem.create(f"{path}/votes", said | {"customer_ids": [told.ids["isik"]]}, "vetoed"),
    )


def read_offers(told: Told) -> Reply:
    agent, path = told.as_("agent"), f"/v1/engagement/offers/{told.ids['offered']}"
    return _last(
        _cem(told).get(f"{path}/ballot"),
        _cem(told).get(f"/v1/engagement/ballots?customer_id={told.ids['ayse']}"),
        agent.get(path),
        agent.get(f"{path}/votes"),
        agent.get("/v1/engagement/offers"),
        agent.get(f"/v1/customers/segments/{told.ids['platinum']}/members"),
    )


def send_offers(told: Told) -> None:
    """Until there is nothing to do any more."""
    for _ in range(PATIENCE):
        _by_schedule(told, "SendOffers")


def withdraw_an_offer(told: Told) -> Reply:
    return _move_offer(told, "tiered", "withdraw")


def ask_for_messages(told: Told) -> Reply:
    """A text, and one for a gateway that knows repeats."""
    return _last(_message(told, "text"), _message(told, "chat", channel="whatsapp"))


def send_messages(told: Told) -> None:
    """The next working day at noon and, since something may have hung, for a while afterwards."""
    for _ in range(PATIENCE):
        _send_what_is_due(told)


def approve_another_offer(told: Told) -> Reply:
    path = f"/v1/engagement/offers/{told.ids['unwanted']}/votes"
    reply = _cem(told).create(path, {"decision": "approve"}, "another")
    send_offers(told)
    return reply


def refuse_while_it_is_sent(told: Told) -> Reply:
    """After a run has claimed the offer, and before it has called anybody."""
    calls = told.world.calls
    refused: list[Reply] = []

    def meanwhile(actor: str) -> None:
        before, now = [None, *calls.made][-2:]
        is_claimed = before is not None and "Put:R" in before.what and "Put:T" in before.what
        if is_claimed and now is not None and now.handler.endswith("SendMessages") and not refused:
            refused.append(_say(told, "refused", status="RET"))

    calls.gate = meanwhile
    try:
        send_messages(told)
    finally:
        calls.gate = None
    return _say(told, "refused", status="RET")


def ask_for_a_message_that_is_lost(told: Told) -> Reply:
    return _message(told, "lost")


def lose_a_message(told: Told) -> None:
    """Its run dies before the gateway is called, which knows no repeats."""
    calls = told.world.calls
    has_died: list[str] = []

    def meanwhile(actor: str) -> None:
        before, now = [None, *calls.made][-2:]
        is_claimed = before is not None and "Put:R" in before.what and "Put:T" in before.what
        is_next = now is not None and now.handler.endswith("SendMessages")
        if is_claimed and is_next and not has_died:
            has_died.append(actor)
            raise RuntimeError("the run dies here")

    calls.gate = meanwhile
    try:
        send_messages(told)
    finally:
        calls.gate = None


def rule_on_a_message(told: Told) -> Reply:
    """Nobody knows whether it has left, and somebody who has looked gives it up."""
    operations, path = told.as_("operations"), f"/v1/engagement/messages/{told.ids['lost']}"
    return _last(
        operations.get("/v1/engagement/messages?unclear=true"),
        operations.post(f"{path}/rule", {"ruling": "give_up"}),
    )


def give_receipts(told: Told) -> Reply:
    """Twice, and the last before the first."""
    kinds = ("opened", "delivered", "delivered", "reached")
    return _last(
        *(_receipt(told, "chat", kind) for kind in kinds),
        *(_receipt(told, "text", "bounced_hard") for _ in range(2)),
    )


def read_messages(told: Told) -> Reply:
    agent, ayse = told.as_("agent"), told.ids["ayse"]
    return _last(
        agent.get(f"/v1/engagement/messages/{told.ids['text']}"),
        agent.get(f"/v1/engagement/messages?customer_id={ayse}"),
        agent.get(f"/v1/engagement/lines?day={day_in_turkey(_noon()).isoformat()}"),
    )


def withdraw_consent(told: Told) -> Reply:
    return _say(told, "withdrawn", channel="ARAMA", status="RET")


def read_consents(told: Told) -> Reply:
    agent, ayse = told.as_("agent"), told.ids["ayse"]
    address = {"customer_id": ayse, "channel": "MESAJ", "address": story.MOVED_PHONE}
    return _last(
        agent.get(f"/v1/engagement/consents/{told.ids['given']}"),
        agent.get(f"/v1/engagement/consents?customer_id={ayse}"),
        agent.get("/v1/engagement/consents?late=true"),
        agent.post("/v1/engagement/standing", address),
    )


def make_an_offer(told: Told) -> Reply:
    """By telephone, which counts among the offers that she has heard."""
    body = {
        "at": AT,
        "channel": "phone",
        "direction": "out",
        "kind": "offer",
        "summary": f"{CANARY} may like it",
    }
    path = f"/v1/customers/{told.ids['ayse']}/conversations"
    return told.created("offer", "conversation", told.as_("agent").create(path, body, "offer"))


def ask_whether_we_may(told: Told) -> Reply:
    body = {"customer_id": told.ids["ayse"], "channel": "sms", "purpose": "offer"}
    return told.as_("agent").post("/v1/engagement/may-contact", body)


def neglect_somebody(told: Told) -> Reply:
    """Somebody with whom there was a word a year ago, and none since."""
    agent = told.as_("agent")
    somebody = {"name": f"{CANARY} Uzak", "heard_from": "instagram:autumn"}
    made = agent.create("/v1/customers", somebody, "uzak")
    if told.created("distant", "customer", made).status >= 300:
        return made
    at = (datetime.now(UTC) - timedelta(days=372)).isoformat()
    body = {"at": at, "channel": "phone", "direction": "in", "kind": "service", "summary": CANARY}
    path = f"/v1/customers/{told.ids['distant']}/conversations"
    return told.created("long ago", "conversation", agent.create(path, body, "long-ago"))


def list_the_forgotten(told: Told) -> Reply:
    """The lists of the day are made, and those are read of whom nobody owns."""
    _by_schedule(told, "ListForgotten")
    agent = told.as_("agent")
    return _last(
        agent.get("/v1/engagement/forgotten?owner=nobody"),
        agent.get("/v1/engagement/forgotten"),
        agent.get(f"/v1/engagement/silence/{told.ids['distant']}"),
    )


def record_a_response(told: Told) -> Reply:
    """She has seen an offer, and then thanks us for something else."""
    for name, result in (("clicked", {"offer_id": "off_1"}), ("thanked", {})):
        body = {"customer_id": told.ids["ayse"], "medium": "web", "result": name, **result}
        reply = told.as_("agent").create("/v1/engagement/responses", body, name)
        if told.created(name, "response", reply).status >= 300:
            break
    return reply


def record_a_friction(told: Told) -> Reply:
    body = {"customer_id": told.ids["ayse"], "rule": "returns.14-days", "words": f"{CANARY} asked"}
    reply = told.as_("agent").create("/v1/engagement/frictions", body, "friction")
    return told.created("friction", "friction", reply)


def record_spend(told: Told) -> Reply:
    body = {"channel": "instagram", "campaign": "autumn", "day": _day(3), "amount": 10_000}
    reply = told.as_("manager").create("/v1/engagement/spend", body | {"currency": "TRY"}, "spend")
    return told.created("spend", "spend", reply)


def say_influence(told: Told) -> Reply:
    body = {"kind": "referred", "reason": f"{CANARY} told us", "customer_id": told.ids["ayse"]}
    reply = told.as_("agent").create(
        "/v1/engagement/influences", body | {"other_id": told.ids["isik"]}, "influence"
    )
    return told.created("influence", "influence", reply)


def close_a_circle(told: Told) -> None:
    """Which is refused."""
    body = {"kind": "referred", "reason": "a circle", "customer_id": told.ids["isik"]}
    told.as_("agent").create(
        "/v1/engagement/influences", body | {"other_id": told.ids["ayse"]}, "circle"
    )


def read_influences(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/engagement/influences?customer_id={told.ids['ayse']}")


def end_influence(told: Told) -> Reply:
    path = f"/v1/engagement/influences/{told.ids['influence']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} was wrong"})


def read_what_came_of_it(told: Told) -> Reply:
    agent = told.as_("agent")
    return _last(
        agent.get(f"/v1/engagement/responses?customer_id={told.ids['ayse']}"),
        agent.get("/v1/engagement/offers/off_1/responses"),
        agent.get("/v1/engagement/frictions?rule=returns.14-days"),
        agent.get("/v1/engagement/frictions/counts"),
        agent.get("/v1/engagement/acquisition"),
    )


def reconcile_engagement(told: Told) -> None:
    story.reconcile(told, "engagement")


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
    _message(told, "theirs", customer_id=customer, values=values)
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


STEPS: tuple[Step, ...] = (
    pay,
    refund,
    invoice,
    place_past_order,
    approve_gift,
    process_order,
    mark_order_unavailable,
    open_complaint,
    rebuild,
    reconcile_complaints,  # while there is little: it says again all there is
    answer_complaint,
    ask_help,
    hand_over,
    propose,
    accept,
    reopen,
    open_two_complaints_at_once,
    read_complaints,
    open_session,
    send_code,
    say_something_wrong,
    say_the_code,
    say_two_facts,  # of who is verified already
    see_in_session,
    end_session,
    list_sessions,
    list_looks,
    list_timeline,
    register_product,
    reconcile_warranty,
    register_what_was_delivered,
    give_proof,
    refuse_proof,
    give_proof_again,
    accept_proof,
    read_registration,
    give_consent,
    give_consent_for_calls,
    tell_iys,
    reconcile_engagement,
    engage_owners,
    engage_a_brand_manager,
    say_who_is_away,
    open_the_default_segment,
    open_a_segment,
    hand_over_a_segment,
    assign_care,
    see_who_cares,
    plan_offers,
    list_people,
    open_offers,
    decide_on_offers,
    send_offers,
    read_offers,
    ask_for_messages,
    send_messages,
    approve_another_offer,
    withdraw_an_offer,
    refuse_while_it_is_sent,
    ask_for_a_message_that_is_lost,
    lose_a_message,
    rule_on_a_message,
    give_receipts,
    read_messages,
    refuse_at_iys,
    withdraw_consent,
    read_consents,
    record_conversation,
    promise_again,
    keep_a_promise,
    list_conversations,
    make_an_offer,
    ask_whether_we_may,
    record_a_response,
    record_a_friction,
    record_spend,
    say_influence,
    close_a_circle,
    read_influences,
    end_influence,
    read_what_came_of_it,
    neglect_somebody,
    list_the_forgotten,
    search_by_a_mistyped_name,
    look_up_view_by_phone,
    look_up_view_by_order,
    look_up_view_by_serial,
    recognise_by_the_line,
    recognise_by_what_others_know,
    recognise_for_a_call_centre,
    recognise_for_a_contact_flow,
    lose_a_phone,
    tell_tax_numbers,
    create_a_firm,
    see_a_tax_number,
    recognise_by_a_tax_number,
    hear_of_an_order,
    hear_of_its_delivery,
    hear_of_a_delivery_too_soon,
    hear_of_a_call,
    relate_customers,
    list_relations,
    end_relation,
    leave_staff,
    list_staff_and_what_is_left,
    create_twins,
    walk_through_the_books,
    change_a_twin,
    list_duplicates,
    decide_duplicate,
    preview_link,
    link_customers_again,
    give_to_another,
    ask_who_cares,
    read_links,
    confirm_link,
    decide_a_name,
    say_whose_it_was,
    say_whose_the_order_was,
    say_whose_the_complaint_was,
    say_whose_the_unit_was,
    part_them_again,
    review_link,
    create_somebody_to_forget,
    write_of_them,
    forget_them,
)
WHOLE: tuple[Step, ...] = (*story.STEPS[:-1], *STEPS, story.STEPS[-1])
"""Nonsense comes last, since it stays."""


def _segment(told: Told, name: str, **fields: Any) -> Reply:
    body = {"name": name, "queue": f"{name}-tr", "reason": f"{CANARY} says so", **fields}
    reply = told.as_("manager").create("/v1/customers/segments", body, name)
    return told.created(name, "segment", reply)


def _session(told: Told) -> str:
    return f"/v1/customers/{told.ids['ayse']}/sessions/{told.ids['session']}"


def _once(told: Told, role: str, what: str, body: Any) -> Reply:
    """Add something to the order, once whatever happens."""
    path = f"/v1/orders/{told.ids['washer']}/{what}"
    return told.as_(role).ask("POST", path, body, {"Idempotency-Key": what})


def _say(told: Told, name: str, **said: Any) -> Reply:
    """Ayşe tells us whether we may write to her, or call."""
    body = {
        "customer_id": told.ids["ayse"],
        "channel": "MESAJ",
        "address": story.MOVED_PHONE,
        "source": "HS_WEB",
    }
    reply = told.as_("agent").create("/v1/engagement/consents", body | said, name)
    return told.created(name, "consent", reply)


def _message(told: Told, name: str, **asked: Any) -> Reply:
    """Ayşe is to be told something that names her, and by which it is known again."""
    body = {
        "customer_id": told.ids["ayse"],
        "purpose": "order",
        "reason": f"story:{name}",
        "template": "order_taken",
        "channel": "sms",
        "values": {"order": f"mark-{name}.", "total": f"1 TL, {CANARY}"},
    } | asked
    reply = told.as_("agent").create("/v1/engagement/messages", body, name)
    return told.created(name, "message", reply)


def _offer(told: Told, name: str, **particulars: Any) -> Reply:
    """Operations ask for an offer, of which there is one message at most."""
    body = {
        "what": f"{CANARY}'s favourite",
        "why": f"{CANARY} may like it",
        "product": name,
        "channel": "sms",
        "wave": "story",
        "template": "offer_made",
        "values": {"offer": f"{CANARY}!", "until": f"mark-{name}.", "link": "https://a.b"},
        "starts_at": (BEGAN - timedelta(hours=1)).isoformat(),
        "ends_at": (BEGAN + timedelta(days=20)).isoformat(),
        **particulars,
    }
    reply = told.as_("operations").create("/v1/engagement/offers", body, name)
    return told.created(name, "offer", reply)


def _move_offer(told: Told, name: str, move: str, **body: Any) -> Reply:
    path = f"/v1/engagement/offers/{told.ids[name]}/{move}"
    return told.as_("operations").post(path, body)


def _cem(told: Told) -> Caller:
    return Caller(told.front, "owner", subject="subject-of-cem")


def _receipt(told: Told, name: str, kind: str) -> Reply:
    """What the gateway tells; that it has nothing to tell of what has never left, is right."""
    body = {"message_id": told.ids[name], "kind": kind, "at": AT}
    return _signed(told, "/v1/engagement/receipts/gateway", body)


def _send_what_is_due(told: Told) -> None:
    """Call the sender as its schedule does, each time some minutes later than the last."""
    at = _noon() + timedelta(minutes=6 * len(told.world.ledger.runs))
    found = told.world.items(told.world.table_of("engagement"))
    keys = {one["pk"]["S"].removeprefix("E#") for one in found if one["sk"]["S"] == "A"}
    known = frozenset(one for one in keys if one.startswith("msg_"))
    told.world.ledger.runs.append(Run(at, known))
    [described] = [one for one in told.world.described.services if one.name == "engagement"]
    told.world.invoke(described.function("SendMessages").name, {"at": at.isoformat()})


def _noon() -> datetime:
    day = after_working_days(day_in_turkey(datetime.now(UTC)), 1, turkish_holidays())
    return datetime.combine(day, clock(12), ISTANBUL)


def _by_schedule(told: Told, function: str) -> None:
    """Call a function of the engagement service as its schedule does, until it has done it."""
    [described] = [one for one in told.world.described.services if one.name == "engagement"]
    for _ in range(PATIENCE):
        if not told.world.invoke(described.function(function).name, {}).failed:
            break


def _complaint(told: Told, move: str, **body: Any) -> Reply:
    return told.as_("agent").post(f"/v1/complaints/{told.ids['complaint']}/{move}", body)


def _register(told: Told, key: str, **said: Any) -> Reply:
    body = {
        "bought_on": _day(20),
        "bought_from": "Optik Göz",
        "contact_point": {"kind": "phone", "value": story.MOVED_PHONE},
    } | said
    reply = _Visitor(told.front).create("/v1/warranty/registrations", body, key)
    return told.created(key, "registration", reply)


def _day(ago: int) -> str:
    return (day_in_turkey(datetime.now(UTC)) - timedelta(days=ago)).isoformat()


def _webhook(told: Told, segment: str, partner: str, name: str, detail: Any) -> Reply:
    path = f"/v1/{segment}/webhooks/{partner}"
    return _signed(told, path, {"detail_type": name, "detail": detail})


def _signed(told: Told, path: str, body: Any) -> Reply:
    stamp = str(int(time.time()))
    signature = sign(SECRET, stamp, json.dumps(body).encode())
    headers = {TIMESTAMP: stamp, SIGNATURE: signature}
    return _Visitor(told.front).ask("POST", path, body, headers)


def _put_on_the_bus(system: str, name: str, detail: Any) -> None:
    entry: Any = {
        "EventBusName": "sahip-faults",
        "Source": f"external.{system}",
        "DetailType": name,
        "Detail": json.dumps(detail),
    }
    boto3.client("events").put_events(Entries=[entry])


def _last(*replies: Reply) -> Reply:
    """The worst of them."""
    return max(replies, key=lambda one: one.status)
