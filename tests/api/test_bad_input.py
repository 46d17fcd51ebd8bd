"""Whatever comes in, the answer says what is wrong, quotes nobody, and nothing changes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from services.complaints.app import api as complaints
from services.customer.app import api as customer
from services.customer_view.app import api as view
from services.engagement.app import api as engagement
from services.orders.app import api as orders
from services.warranty.app import api as warranty
from shared.access import POLICY, Role
from shared.aws.http.api import Operation
from tests.api.asking import ask, must_be_refused
from tests.api.scene import LINE, PROMISE, SESSION, TALK, TCKN, VKN, Scene, a_key, signed

GOOD_ORDER = {"customer_id": "{ayse}", "lines": [LINE]}
POINT = {"kind": "phone", "value": "0532 777 31 41"}
PERSON = {"subject": "subject-0", "name": "Canary"}
AWAY = {"since": "2026-03-01", "until": "2026-03-07"}


# Bodies that no operation can take, whatever it does.
BODIES: dict[str, tuple[bytes, int, str]] = {
    "no JSON": (b'{"name": ', 400, "not JSON"),
    "not UTF-8": ('{"name": "Canary-Işık"}'.encode("iso-8859-9"), 400, "not UTF-8"),
    "a field twice": (b'{"name": "canary", "name": "canary"}', 400, "stands twice"),
    "NaN": (b'{"quantity": NaN}', 400, "NaN is no JSON number"),
    "infinity": (b'{"quantity": Infinity}', 400, "Infinity is no JSON number"),
    "a depth bomb": (b"[" * 200_000, 400, "nested too deeply"),
    "a shallower bomb": (b'{"a":' * 500 + b"1" + b"}" * 500, 400, ""),
    "NUL": (b'{"name": "canary\\u0000"}', 400, "NUL"),
    "a raw NUL": (b'{"name": "canary\x00"}', 400, "control character"),
    "a lone surrogate": (b'{"name": "canary\\ud800"}', 400, "not JSON"),
    "a huge number": (b'{"quantity": ' + b"9" * 100_000 + b"}", 400, "digits"),
    "a huge exponent": (b'{"quantity": 1e999999}', 400, "need another value"),
    "a list": (b'["canary"]', 400, "should be an object"),
    "null": (b"null", 400, "should be an object"),
    "text": (b'"canary"', 400, "should be an object"),
    "100,000 elements": (b"[" + b"1," * 99_999 + b"1]", 400, "should be an object"),
    "50,000 unknown fields": (
        json.dumps({f"f{n}": 0 for n in range(20_000)}).encode(),
        400,
        "field(s) need another value",
    ),
    "an unknown field": (b'{"colour": "canary"}', 400, "colour: this field is not known here"),
    "256 KB and a byte": (b'{"name": "' + b"x" * 262_133 + b'"}', 413, "at most 262144"),
}

# What a webhook does not know it passes over, and it looks for what it knows first. Of what is not
# UTF-8, the gateway hands on something else than was signed.
NOT_SIGNED = {"not UTF-8": (401, "the signature is not right")}
NO_EVENT = (400, "detail_type must be one of ExternalOrderPlaced.v1")
OF_A_WEBHOOK = {
    "customers": NOT_SIGNED
    | {"colour: this field is not known here": (400, "detail_type: Field required")},
    "orders": NOT_SIGNED
    | dict.fromkeys(
        (
            "need another value",
            "field(s) need another value",
            "should be an object",
            "colour: this field is not known here",
        ),
        NO_EVENT,
    ),
}
PARTNERS = {"customers": "callcentre", "orders": "webshop", "engagement": "gateway"}
TAKING_A_BODY = [
    (api.segment, one)
    for api in (customer, orders, complaints, warranty, engagement, view)
    for one in api.operations
    if one.takes
]


@pytest.mark.parametrize(
    ("segment", "operation"), TAKING_A_BODY, ids=[f"{of}-{one.name}" for of, one in TAKING_A_BODY]
)
def test_bodies_that_nobody_can_take_are_refused_by_every_operation(
    scene: Scene, nothing_changed: Callable[[], None], segment: str, operation: Operation
) -> None:
    path = f"/v1/{segment}{operation.path.rstrip('/')}".format(
        customer_id=scene.ids["ayse"],
        link_id=scene.ids["link"],
        relation_id=scene.ids["relation"],
        staff_id=scene.ids["keeper"],
        segment_id=scene.ids["segment"],
        duplicate_id=scene.ids["duplicate"],
        conversation_id="cnv_1",
        session_id=scene.ids["session"],
        order_id=scene.ids["shipped" if operation.name == "deliver_order" else "placed"],
        complaint_id=scene.ids["open"],
        consent_id=scene.ids["consent"],
        message_id=scene.ids["message"],
        offer_id=scene.ids["offer"],
        influence_id="inf_1",
        registration_id=scene.ids["proof_given"],
        unit_id=scene.ids["unit"],
        partner=PARTNERS.get(segment),
    )
    allowed = POLICY.get(operation.action, {})
    by = next((one for one in ("operations", "agent", "owner") if Role(one) in allowed), "agent")
    token = scene.system.token(by)

    for body, status, says in BODIES.values():
        headers = {**a_key(), "If-Match": '"1"'}
        expected = (status, says)
        if operation.signed:
            headers |= signed(PARTNERS[segment], body)
            expected = NOT_SIGNED.get(says, expected)
        if operation.relays:
            expected = OF_A_WEBHOOK[segment].get(says, expected)
        reply = ask(scene.system, operation.method, path, body, token=token, headers=headers)
        must_be_refused(reply, *expected)

    nothing_changed()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request with one thing wrong; `{names}` stand for ids of the scene."""

    method: str = "POST"
    path: str
    body: Any = None
    by: str = "agent"
    status: int = 400
    says: str
    headers: tuple[tuple[str, str], ...] = ()
    bare: bool = False  # without the key and version that a good request has


def order(says: str, **flaw: Any) -> Case:
    return Case(path="/v1/orders", body=GOOD_ORDER | flaw, says=says)


def household(says: str, *members: str, role: str = "member", status: int = 400) -> Case:
    listed = [{"customer_id": one, "role": role} for one in members]
    body = {"kind": "household", "members": listed, "reason": "canary"}
    return Case(path="/v1/customers/relations", body=body, status=status, says=says)


def line(says: str, **flaw: Any) -> Case:
    return order(says, lines=[LINE | flaw])


def new(says: str, **flaw: Any) -> Case:
    return Case(path="/v1/customers", body={"name": "Canary", **flaw}, says=says)


def recognising(says: str, **known: Any) -> Case:
    return Case(path="/v1/customers/recognition", body=known, says=says)


def talking(says: str, **flaw: Any) -> Case:
    return Case(path="/v1/customers/{ayse}/sessions", body=SESSION | flaw, says=says)


def in_session(way: str, *, session: str = "{session}", **case: Any) -> Case:
    return Case(path=f"/v1/customers/{{ayse}}/sessions/{session}{way}", **case)


def reading(says: str, *, reason: str, session: str | None = None, status: int = 400) -> Case:
    headers = {"Sahip-Reason": reason, "Sahip-Session": session or ""}
    return Case(
        method="GET",
        path="/v1/orders/{placed}",
        status=status,
        says=says,
        headers=tuple(headers.items()),
    )


CASES: dict[str, Case] = {
    # shapes of orders
    "text for a number": line("lines.0.quantity: Input should be a valid integer", quantity="5"),
    "a fraction": line("lines.0.quantity: Input should be a valid integer", quantity=5.0),
    "true for a number": line("lines.0.quantity: Input should be a valid integer", quantity=True),
    "nothing ordered": line("lines.0.quantity", quantity=0),
    "a price below nothing": line("lines.0.unit_price", unit_price=-1),
    "a price beyond 64 bits": line("lines.0.unit_price", unit_price=2**64),
    "an absurd sum": line("together they come to more", quantity=10**6, unit_price=10**12),
    "a KDV class that is none": line("'general', 'reduced'", kdv_class="canary"),
    "a product without a name": line("lines.0.product", product="   "),
    "no lines": order("lines: a new order needs at least one line", lines=[]),
    "too many lines": order("lines: List should have at most 100 items", lines=[LINE] * 101),
    "80,000 lines": order("lines: List should have at most 100 items", lines=[{}] * 60_000),
    "a status of one's own": order("status: this field is not known here", status="delivered"),
    "an amount of one's own": order("amount: this field is not known here", amount=1),
    "an id of one's own": order("order_id: this field is not known here", order_id="ord_canary"),
    "no currency": order("currency", currency="liras"),
    "an id with a separator": order("customer_id", customer_id="{ayse}#canary"),
    "no customer": Case(path="/v1/orders", body={"lines": [LINE]}, says="customer_id: Field req"),
    "an empty body": Case(path="/v1/orders", body=b"", says="the body is empty"),
    # shapes of customers
    "no name": Case(path="/v1/customers", body={}, says="to know them by"),
    "a number for a name": new("name: Input should be a valid string", name=5),
    "an invisible name": new("write a name with letters", name="\u200b"),
    "no phone": new("no phone number", contact_points=[POINT | {"value": "canary"}]),
    "a phone of somebody beside it": new(
        "write one alone", contact_points=[POINT | {"value": "eşi 0532 777 31 41"}]
    ),
    "a phone that cannot exist": new(
        "check its digits", contact_points=[POINT | {"value": "0532 777 31 411"}]
    ),
    "no e-mail": new("no e-mail address", contact_points=[{"kind": "email", "value": "canary"}]),
    "a fax": new("contact_points.0.kind", contact_points=[POINT | {"kind": "fax"}]),
    "100 contact points": new("at most 20 items", contact_points=[POINT] * 100),
    "an external id without a system": new("external_ids.0", external_ids=["17"]),
    "a role of one's own": new("role: this field is not known here", role="manager"),
    "looking up by nothing": Case(
        path="/v1/customers/lookup", body={}, says="exactly one of phone, email, external_id"
    ),
    "looking up by two things": Case(
        path="/v1/customers/lookup",
        body={"phone": "0532 777 31 41", "email": "canary@example.com"},
        says="exactly one of",
    ),
    "looking up what is no phone": Case(
        path="/v1/customers/lookup", body={"phone": "canary"}, says="no phone number"
    ),
    "searching by one letter": Case(
        path="/v1/customers/search", body={"text": "ş"}, says="text: this says too little; write"
    ),
    "searching by three digits": Case(
        path="/v1/customers/search", body={"text": "314"}, says="the last 4 digits of a phone"
    ),
    "searching by nothing": Case(
        path="/v1/customers/search", body={"text": "  "}, says="text: String should have"
    ),
    "searching by an essay": Case(
        path="/v1/customers/search",
        body={"text": "a b c d e f g h ca"},
        says="at most 8 words",
    ),
    "searching for a hundred": Case(
        path="/v1/customers/search", body={"text": "canary", "limit": 100}, says="limit: Input"
    ),
    "a state that is none": new(
        "contact_points.0.state", contact_points=[POINT | {"state": "canary"}]
    ),
    "what will be lost": new(
        "still to come",
        contact_points=[POINT | {"state": "lost", "state_since": "2999-01-01T00:00:00Z"}],
    ),
    "in use since a time": new(
        "only what is lost or stolen",
        contact_points=[POINT | {"state_since": "2020-01-01T00:00:00Z"}],
    ),
    "a number in two states": new(
        "contact_points.1.state", contact_points=[POINT, POINT | {"state": "lost"}]
    ),
    "a language in words": new("language: String should match", language="canary"),
    "recognising by nothing": recognising("give a phone, email"),
    "recognising by a name alone": recognising("a name with a district, or", name="Canary"),
    "recognising by a district alone": recognising(
        "a name with a district, or", district="Canary"
    ),
    "recognising by what is no phone": recognising("phone: this is no phone", phone="canary"),
    "recognising by a phone that cannot exist": recognising("check its digits", phone="0532 1"),
    "recognising by what is no e-mail": recognising("no e-mail address", email="canary"),
    "recognising by an id without a system": recognising("external_id", external_id="17"),
    "recognising by a sigh": recognising("name: write a name", name="...", district="Canary"),
    "recognising by a product alone": recognising("product and bought together", product="Canary"),
    "recognising by a week alone": recognising("product and bought together", bought="2026-W07"),
    "recognising by a week that the year has not": recognising(
        "bought: there is no such day or week", product="Canary", bought="2026-W60"
    ),
    "recognising by a week in words": recognising(
        "bought: String should match", product="Canary", bought="last canary"
    ),
    "recognising by a tier": recognising("tier: this field is not known", tier="platinum"),
    # sessions, and on what grounds staff ask
    "a session with nobody": Case(
        path="/v1/customers/cus_nobody/sessions", body=SESSION, status=404, says="does not exist"
    ),
    "a session of a channel that is none": talking(
        "channel: Input should be 'call'", channel="canary"
    ),
    "a session recognised by nothing": talking("recognised_by: List should", recognised_by=[]),
    "a session recognised by a look": talking(
        "recognised_by.0: Input should be 'phone'", recognised_by=["canary"]
    ),
    "a session with the line itself": talking("phone: this field is not known", phone="canary"),
    "a call id in words": talking("call_id: String should match", call_id="Canary's call"),
    "a session that is none": in_session(
        "", method="GET", session="ses_none", status=404, says="open one of your own"
    ),
    "a session of another customer": Case(
        method="GET",
        path="/v1/customers/{other}/sessions/{session}",
        status=404,
        says="open one of your own",
    ),
    "a session of another agent": in_session(
        "", method="GET", by="manager", status=404, says="somebody else holds it"
    ),
    "ending another's session": in_session(
        "/end", body={}, by="manager", status=404, says="somebody else holds it"
    ),
    "ending with a reason": in_session("/end", body={"reason": "Canary"}, says="not known here"),
    "listing no sessions": Case(
        method="GET",
        path="/v1/customers/{ayse}/sessions?limit=0",
        by="manager",
        says="limit: Input should be greater",
    ),
    "listing sessions by a cursor that is none": Case(
        method="GET",
        path="/v1/customers/{ayse}/sessions?cursor=canary",
        by="manager",
        says="start again without one",
    ),
    "a code to a phone that is told": in_session(
        "/codes", body={"contact_point": "05327773141"}, says="contact_point: no code can be sent"
    ),
    "a code to a contact point of another session": in_session(
        "/codes", body={"contact_point": "cp_canary"}, says="as they stand there now"
    ),
    "verifying by nothing": in_session("/verification", body={}, says="exactly one of code and"),
    "verifying by both": in_session(
        "/verification", body={"code": "123456", "facts": {"email": "canary"}}, says="exactly one"
    ),
    "a code in words": in_session(
        "/verification", body={"code": "canary"}, says="code: String should match"
    ),
    "verifying by a phone": in_session(
        "/verification", body={"facts": {"phone": "canary"}}, says="facts.phone: this field is not"
    ),
    "verifying by one fact": in_session(
        "/verification", body={"facts": {"serial": "canary"}}, says="facts: it takes 2 facts"
    ),
    "verifying by what neighbours know": in_session(
        "/verification",
        body={"facts": {"email": "a@canary.example", "street": "Canary"}},
        says="of email and street only one counts",
    ),
    "looking for no reason": reading("say on what grounds", reason="", status=403),
    "looking for a reason in words": reading("never words", reason="Canary asked me to"),
    "looking for a reason with a phone": reading("never words", reason="case; 05327773141"),
    "looking for somebody and at them": reading(
        "opens searches alone", reason="identification", status=403
    ),
    "a grant made up": reading("no grant of ours", reason="", session="canary", status=403),
    "a grant and a reason": reading("not both", reason="case", session="canary"),
    "looks since a time that is none": Case(
        method="GET",
        path="/v1/view/customers/{ayse}/looks?since=canary",
        by="manager",
        says="since: Input should be a valid datetime",
    ),
    "a part of a view that there is not": Case(
        method="GET",
        path="/v1/view/customers/{ayse}?parts=orders,canary",
        says="name parts with commas between: customer, conversations, care, orders",
    ),
    "recognising by what is no tax number": recognising(
        "tax_id: no such TCKN", tax_id="17291716061"
    ),
    # numbers of the state, and days of birth
    "a filler for a number": new(
        "nobody's number but fills a gap", tax_ids=[{"scheme": "TCKN", "value": "11111111111"}]
    ),
    "a filler that adds up": new(
        "nobody's number", tax_ids=[{"scheme": "TCKN", "value": "11111111110"}]
    ),
    "a wrong check digit": new(
        "tax_ids.0.value: no such VKN can exist",
        tax_ids=[{"scheme": "VKN", "value": "4540536921"}],
    ),
    "a number of another length": new(
        "tax_ids.0.value: a TCKN has 11 digits", tax_ids=[{"scheme": "TCKN", "value": VKN}]
    ),
    "a number and whose it is": new(
        "nothing beside them", tax_ids=[{"scheme": "TCKN", "value": f"{TCKN} Canary"}]
    ),
    "two numbers of a kind": new(
        "tax_ids.1.scheme: say one TCKN", tax_ids=[{"scheme": "TCKN", "value": TCKN}] * 2
    ),
    "a number to keep where there is none": new(
        "there is no TCKN to keep; give it", tax_ids=[{"scheme": "TCKN"}]
    ),
    "a passport": new("tax_ids.0.scheme", tax_ids=[{"scheme": "PASAPORTNO", "value": TCKN}]),
    "three numbers": new("at most 2 items", tax_ids=[{"scheme": "TCKN", "value": TCKN}] * 3),
    "looking up what is no tax number": Case(
        path="/v1/customers/lookup", body={"tax_id": "172 917 160 61"}, says="no such TCKN can"
    ),
    "seeing a number without a reason": Case(
        path="/v1/customers/{ayse}/tax-ids/reveal",
        body={"scheme": "TCKN"},
        by="operations",
        says="reason: Field required",
    ),
    "seeing a number for fun": Case(
        path="/v1/customers/{ayse}/tax-ids/reveal",
        body={"scheme": "TCKN", "reason": "canary"},
        by="operations",
        says="'invoice', 'customer_request'",
    ),
    "seeing a number that is not there": Case(
        path="/v1/customers/{other}/tax-ids/reveal",
        body={"scheme": "TCKN", "reason": "invoice"},
        by="operations",
        status=404,
        says="the customer has no TCKN",
    ),
    "seeing nobody's number": Case(
        path="/v1/customers/cus_nobody/tax-ids/reveal",
        body={"scheme": "TCKN", "reason": "invoice"},
        by="operations",
        status=404,
        says="does not exist",
    ),
    "born tomorrow": new("birth_date: that day is still to come", birth_date="2999-01-01"),
    "born long ago": new("birth_date: nobody of before 1900", birth_date="1899-12-31"),
    "born on a day that never was": new("birth_date: Input should be", birth_date="1977-02-30"),
    "born in a moment": new("birth_date: Input", birth_date="1977-03-14T05:00:00Z"),
    "a birth date as people write it": new("birth_date: Input should be", birth_date="14.03.1977"),
    # ids
    "an unknown customer": Case(
        method="GET", path="/v1/customers/cus_nobody", status=404, says="does not exist"
    ),
    "an unknown order": Case(
        method="GET", path="/v1/orders/ord_nothing", status=404, says="does not exist"
    ),
    "an unknown customer's view": Case(
        method="GET", path="/v1/view/customers/cus_nobody", status=404, says="does not exist"
    ),
    "an unknown order's move": Case(
        path="/v1/orders/ord_nothing/approve", body={}, status=404, says="does not exist"
    ),
    "a phone for an id": Case(
        method="GET", path="/v1/customers/+905327773141", status=404, says="nothing has this id"
    ),
    "a key prefix for an id": Case(
        method="GET", path="/v1/customers/E%23{ayse}", status=404, says="nothing has this id"
    ),
    "NUL in an id": Case(
        method="GET", path="/v1/orders/{placed}%00", status=404, says="nothing has this id"
    ),
    "an id of 3,000 letters": Case(
        method="GET", path="/v1/view/customers/" + "x" * 3000, status=404, says="nothing has"
    ),
    "no such place": Case(method="GET", path="/v1/nowhere", status=404, says="nothing at this"),
    "no such method": Case(
        method="DELETE", path="/v1/customers/{ayse}", status=405, says="not possible here"
    ),
    # lists
    "no page size": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&limit=0", says="limit: Input should be"
    ),
    "a page too long": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&limit=101", says="limit"
    ),
    "a page size in words": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&limit=canary", says="limit: Input should"
    ),
    "nobody's orders": Case(method="GET", path="/v1/orders", says="customer_id: Field required"),
    "a parameter twice": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&customer_id={other}", says="once"
    ),
    "a parameter unheard of": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&sort=canary", says="sort: this field"
    ),
    "a cursor made up": Case(
        method="GET",
        path="/v1/orders?customer_id={ayse}&cursor=canary",
        says="does not belong to this list; start again without one",
    ),
    "a cursor of 2,000 letters": Case(
        method="GET", path="/v1/orders?customer_id={ayse}&cursor=" + "A" * 2000, says="cursor"
    ),
    # keys and versions
    "no idempotency key": Case(
        path="/v1/orders", body=GOOD_ORDER, bare=True, says="needs an Idempotency-Key header"
    ),
    "an idempotency key with spaces": Case(
        path="/v1/orders",
        body=GOOD_ORDER,
        headers=(("Idempotency-Key", "can ary"),),
        says="1 to 200 printable ASCII",
    ),
    "an idempotency key of 201": Case(
        path="/v1/customers",
        body={"name": "Canary"},
        headers=(("Idempotency-Key", "k" * 201),),
        says="1 to 200 printable ASCII",
    ),
    "a change without a version": Case(
        method="PATCH",
        path="/v1/customers/{ayse}",
        body={"name": "Canary"},
        bare=True,
        status=428,
        says="needs an If-Match header",
    ),
    "a change of an older version": Case(
        method="PATCH",
        path="/v1/customers/{ayse}",
        body={"name": "Canary"},
        headers=(("If-Match", '"7"'),),
        status=412,
        says="it is at version 1 by now, not 7; read it again",
    ),
    "a version without quotes": Case(
        method="PATCH",
        path="/v1/customers/{ayse}",
        body={"name": "Canary"},
        headers=(("If-Match", "1"),),
        says='such as "3"',
    ),
    "any version": Case(
        method="PATCH",
        path="/v1/customers/{ayse}",
        body={"name": "Canary"},
        headers=(("If-Match", "*"),),
        says='such as "3"',
    ),
    "a move of an older version": Case(
        path="/v1/orders/{placed}/approve",
        body={},
        headers=(("If-Match", '"7"'),),
        status=412,
        says="it is at version 1 by now, not 7",
    ),
    "a change that changes nothing": Case(
        method="PATCH", path="/v1/customers/{ayse}", body={"name": None}, says="at least one field"
    ),
    # what is taken, or is so already
    "a customer's external id that is taken": Case(
        path="/v1/customers",
        body={"name": "Can", "external_ids": ["logo:canary-17"]},
        status=409,
        says="already belongs to {ayse}",
    ),
    "an order's external id that is taken": Case(
        path="/v1/orders",
        body=GOOD_ORDER | {"external_id": "shop-1"},
        status=409,
        says="already belongs to ord_",
    ),
    "changing to an external id that is taken": Case(
        method="PATCH",
        path="/v1/customers/{spare}",
        body={"external_ids": ["logo:canary-17"]},
        status=409,
        says="already belongs to {ayse}",
    ),
    "linking with oneself": Case(
        path="/v1/customers/{ayse}/links",
        body={"other_id": "{ayse}", "reason": "canary"},
        says="other_id: name another customer",
    ),
    "linking twice": Case(
        path="/v1/customers/{flat}/links",
        body={"other_id": "{other}", "reason": "canary"},
        status=409,
        says="are one person already",
    ),
    "linking with nobody": Case(
        path="/v1/customers/{ayse}/links",
        body={"other_id": "cus_nobody", "reason": "canary"},
        status=404,
        says="cus_nobody does not exist",
    ),
    "a promise that was due before it was given": Case(
        path="/v1/customers/{ayse}/conversations",
        body=TALK | {"promise": PROMISE | {"due": "2026-03-01T09:00:00Z"}},
        says="promise.due: it was due before",
    ),
    "a promise that nobody keeps": Case(
        path="/v1/customers/{ayse}/conversations",
        body=TALK | {"promise": PROMISE | {"by": " "}},
        says="promise.by: ",
    ),
    "keeping what was never promised": Case(
        path="/v1/customers/{ayse}/conversations/{talk}/keep",
        body={},
        status=409,
        says="nothing was promised in conversation {talk}",
    ),
    "keeping a promise before it was given": Case(
        path="/v1/customers/{ayse}/conversations/{promised}/keep",
        body={"at": "2026-03-01T09:00:00Z"},
        says="at: say a time since it was promised",
    ),
    "keeping a stranger's promise": Case(
        path="/v1/customers/{other}/conversations/{promised}/keep",
        body={},
        status=404,
        says="{promised} does not exist",
    ),
    "saying whose a conversation was that never was": Case(
        path="/v1/customers/{ayse}/conversations/cnv_none/attribute",
        body={"customer_id": "{other}"},
        status=404,
        says="cnv_none does not exist",
    ),
    "saying that an order is nobody's": Case(
        path="/v1/orders/{placed}/attribute",
        body={"customer_id": "cus_nobody"},
        status=404,
        says="check the id",
    ),
    "saying that a complaint is a stranger's": Case(
        path="/v1/complaints/{open}/attribute",
        body={"customer_id": "{spare}"},
        status=404,
        says="never taken for the same person",
    ),
    "saying that a unit is nobody's": Case(
        path="/v1/warranty/units/{unit}/attribute",
        body={"customer_id": "cus_nobody"},
        status=404,
        says="check the id",
    ),
    "saying without a version that is there": Case(
        path="/v1/orders/{placed}/attribute",
        body={"customer_id": "{ayse}"},
        headers=(("If-Match", '"99"'),),
        status=412,
        says="read it again",
    ),
    "found by a canary": Case(
        path="/v1/orders",
        body=GOOD_ORDER | {"found_by": {"kind": "canary", "shared": True}},
        says="found_by.kind: Input should be",
    ),
    "confirming a link of others": Case(
        path="/v1/customers/{ayse}/links/{link}/confirm",
        body={},
        status=404,
        says="does not exist",
    ),
    "previewing what is linked already": Case(
        path="/v1/customers/{flat}/links/preview",
        body={"other_id": "{other}"},
        status=409,
        says="are one person already",
    ),
    "previewing oneself": Case(
        path="/v1/customers/{ayse}/links/preview",
        body={"other_id": "{ayse}"},
        says="other_id: name another customer",
    ),
    "linking upon an old preview": Case(
        path="/v1/customers/{ayse}/links",
        body={"other_id": "{other}", "reason": "canary", "preview": "0" * 32},
        status=409,
        says="preview again and decide anew",
    ),
    "choosing the value of a stranger": Case(
        path="/v1/customers/{ayse}/links",
        body={"other_id": "{other}", "reason": "canary", "choices": {"name": "{spare}"}},
        says="choose among the customers of the preview",
    ),
    "linking without a reason": Case(
        path="/v1/customers/{ayse}/links", body={"other_id": "{other}"}, says="reason: Field req"
    ),
    "a household of one": household("members: List should have at least 2", "{ayse}"),
    "a household of the same": household("members.1.customer_id: this", "{ayse}", "{ayse}"),
    "a household with nobody": household("does not exist", "{ayse}", "cus_nobody", status=404),
    "a household of one person": household("are one person", "{other}", "{flat}", status=409),
    "a household with an employee": household(
        "members.0.role: a household has no employee", "{ayse}", "{other}", role="employee"
    ),
    "a household of a canary": household("role", "{ayse}", "{other}", role="canary"),
    "a household of 41": household("at most 40", *(f"cus_{n}" for n in range(41))),
    "ending no relation": Case(
        path="/v1/customers/relations/rel_none/end",
        body={"reason": "canary"},
        status=404,
        says="rel_none does not exist",
    ),
    "the relations of nobody": Case(
        method="GET", path="/v1/customers/cus_nobody/relations", status=404, says="does not exist"
    ),
    "a pair that is none": Case(
        method="GET", path="/v1/customers/duplicates/dup_none", status=404, says="does not exist"
    ),
    "deciding on a pair that is none": Case(
        path="/v1/customers/duplicates/dup_none/decide",
        body={"decision": "same", "reason": "canary"},
        status=404,
        says="does not exist",
    ),
    "deciding otherwise": Case(
        path="/v1/customers/duplicates/{duplicate}/decide",
        body={"decision": "canary", "reason": "canary"},
        says="decision: Input should be 'same' or 'different'",
    ),
    "deciding without a reason": Case(
        path="/v1/customers/duplicates/{duplicate}/decide",
        body={"decision": "same"},
        says="reason: Field required",
    ),
    "deciding on an older pair": Case(
        path="/v1/customers/duplicates/{duplicate}/decide",
        body={"decision": "same", "reason": "canary"},
        headers=(("If-Match", '"77"'),),
        status=412,
        says="not 77; read it again",
    ),
    "pairs that wait for nobody": Case(
        method="GET", path="/v1/customers/duplicates?standing=same", says="standing: Input should"
    ),
    "an owner who sells": Case(
        path="/v1/customers/staff",
        body=PERSON | {"roles": ["customer_owner", "brand_manager"]},
        by="manager",
        says="roles: an owner of customers is no brand manager",
    ),
    "room for customers of who owns none": Case(
        path="/v1/customers/staff",
        body=PERSON | {"most_customers": 3},
        by="manager",
        says="most_customers: only a customer_owner takes customers",
    ),
    "a deputy who owns no customers": Case(
        path="/v1/customers/staff",
        body=PERSON | {"roles": ["customer_owner"], "absences": [AWAY | {"deputy": "{seller}"}]},
        by="manager",
        status=409,
        says="owns no customers: choose somebody with the role customer_owner",
    ),
    "an absence that ends before it begins": Case(
        path="/v1/customers/staff",
        body=PERSON | {"absences": [AWAY | {"until": "2026-01-01"}]},
        by="manager",
        says="absences.0.until: an absence ends on its first day or later",
    ),
    "leaving nothing to nobody": Case(
        path="/v1/customers/staff/stf_none/leave",
        body={},
        by="manager",
        status=404,
        says="nobody of the staff is stf_none",
    ),
    "following oneself": Case(
        path="/v1/customers/staff/{keeper}/leave",
        body={"successor": "{keeper}"},
        by="manager",
        says="successor: nobody follows themselves",
    ),
    "a segment without an owner": Case(
        path="/v1/customers/segments",
        body={"name": "tier", "rank": 900, "queue": "q", "reason": "canary"},
        by="manager",
        says="owner: Field required",
    ),
    "a segment of a brand manager": Case(
        path="/v1/customers/segments",
        body={"name": "tier", "rank": 900, "queue": "q", "owner": "{seller}", "reason": "canary"},
        by="manager",
        status=409,
        says="{seller} owns no customers",
    ),
    "an erasure that names another": Case(
        path="/v1/customers/{unwanted}/erase",
        by="manager",
        body={"reason": "request", "confirm": "cus_other"},
        says="another customer",
    ),
    "an erasure for no reason that is one": Case(
        path="/v1/customers/{unwanted}/erase",
        by="manager",
        body={"reason": "boredom", "confirm": "cus_other"},
        says="reason: ",
    ),
    "the erasure of nobody": Case(
        path="/v1/customers/cus_nobody/erase",
        by="manager",
        body={"reason": "request", "confirm": "cus_nobody"},
        status=404,
        says="does not exist",
    ),
    "care without anything said": Case(
        path="/v1/customers/{ayse}/care",
        body={"reason": "canary"},
        by="manager",
        says="say an owner, a segment, or both",
    ),
    "care without a reason": Case(
        path="/v1/customers/{ayse}/care",
        body={"owner": "{keeper}"},
        by="manager",
        says="reason: Field required",
    ),
    "a segment that there is not": Case(
        path="/v1/customers/{ayse}/care",
        body={"segment": "seg_none", "reason": "canary"},
        by="manager",
        status=404,
        says="segment seg_none does not exist",
    ),
    "the care of nobody": Case(
        method="GET", path="/v1/customers/cus_nobody/care", status=404, says="does not exist"
    ),
    "ending a link of others": Case(
        path="/v1/customers/{ayse}/links/{link}/end",
        body={"reason": "canary"},
        status=404,
        says="does not exist",
    ),
    "ending no link": Case(
        path="/v1/customers/{ayse}/links/lnk_none/end",
        body={"reason": "canary"},
        status=404,
        says="does not exist",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_request_with_one_thing_wrong_is_refused_and_changes_nothing(
    scene: Scene, nothing_changed: Callable[[], None], name: str
) -> None:
    case = CASES[name]
    good = {} if case.bare else {**a_key(), "If-Match": '"1"'}

    reply = ask(
        scene.system,
        case.method,
        filled(case.path, scene),
        case.body if isinstance(case.body, bytes) else filled_in(case.body, scene),
        token=scene.system.token(case.by),
        headers={**(good if case.method != "GET" else {}), **dict(case.headers)},
    )

    must_be_refused(reply, case.status, filled(case.says, scene))
    nothing_changed()


def filled(text: str, scene: Scene) -> str:
    for name, value in scene.ids.items():
        text = text.replace("{" + name + "}", value)
    return text


def filled_in(body: Any, scene: Scene) -> Any:
    return None if body is None else json.loads(filled(json.dumps(body), scene))
