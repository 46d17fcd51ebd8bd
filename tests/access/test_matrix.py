"""Every operation for everybody who may come: one row each, written from the policy by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from infra.local.system import LocalSystem
from services.complaints.app import api as complaints
from services.customer.app import api as customers
from services.customer_view.app import api as view
from services.engagement.app import api as engagement
from services.orders.app import api as orders
from services.warranty.app import api as warranty
from shared.aws.http.openapi import openapi
from shared.aws.http.problems import Problem
from tests.api.asking import PERSONAL, ask, must_be_refused
from tests.api.scene import (
    LINE,
    MOVES,
    PHONE,
    PROMISE,
    PROOF,
    SESSION,
    TALK,
    TAX_IDS,
    Scene,
    a_key,
    a_person,
    a_product,
    a_refusal,
    a_tier,
    a_warning,
    an_event,
    an_influence,
    an_offer,
    signed,
)
from tests.client import Reply

EVERYBODY = (
    "herself", "another", "agent", "owner", "manager", "operations", "integration", "nobody",
    "expired",
)  # fmt: skip

# herself, another customer, agent, owner, manager, operations, integration, no token, expired.
# What is public asks nobody for a token, not even for one that holds; a webhook is signed instead.
MATRIX: dict[str, tuple[int, ...]] = {
    "create_customer":            (403, 403, 201, 201, 201, 403, 201, 401, 401),
    "look_up_customers":          (403, 403, 200, 200, 200, 403, 200, 401, 401),
    "search_customers":           (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "recognise_customer":         (403, 403, 200, 200, 200, 403, 200, 401, 401),
    "recognise_caller":           (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "open_session":               (403, 403, 201, 201, 201, 403, 403, 401, 401),
    "read_session":               (403, 403, 200, 404, 404, 403, 403, 401, 401),
    "send_code":                  (403, 403, 201, 404, 404, 403, 403, 401, 401),
    "verify_session":             (403, 403, 200, 404, 404, 403, 403, 401, 401),
    "end_session":                (403, 403, 200, 404, 404, 403, 403, 401, 401),
    "list_sessions":              (403, 403, 403, 200, 200, 403, 403, 401, 401),
    "read_customer":              (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "change_customer":            (200, 404, 200, 200, 200, 403, 200, 401, 401),
    "reveal_tax_id":              (403, 403, 403, 403, 200, 200, 200, 401, 401),
    "record_conversation":        (403, 403, 201, 201, 201, 201, 201, 401, 401),
    "list_conversations":         (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "keep_promise":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "link_customers":             (403, 403, 201, 201, 201, 403, 403, 401, 401),
    "preview_link":               (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "review_link":                (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "attribute_conversation":     (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "list_links":                 (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "read_link":                  (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "confirm_link":               (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "end_link":                   (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "relate_customers":           (403, 403, 201, 201, 201, 403, 403, 401, 401),
    "end_relation":               (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "list_relations":             (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_duplicates":            (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "read_duplicate":             (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "decide_duplicate":           (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "engage_staff":               (403, 403, 403, 403, 201, 201, 403, 401, 401),
    "list_staff":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_staff":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "change_staff":               (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "leave_staff":                (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "list_owned":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "open_segment":               (403, 403, 403, 403, 201, 201, 403, 401, 401),
    "list_segments":              (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_segment":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_members":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "change_segment":             (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "list_unattended":            (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_care":                  (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "assign_care":                (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "erase_customer":             (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "relay_call_event":           (202, 202, 202, 202, 202, 202, 202, 202, 202),
    "place_order":                (403, 403, 201, 201, 201, 403, 201, 401, 401),
    "place_past_order":           (403, 403, 403, 403, 403, 403, 201, 401, 401),
    "list_orders":                (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "read_order":                 (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "approve_order":              (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "process_order":              (403, 403, 403, 403, 403, 200, 200, 401, 401),
    "ship_order":                 (403, 403, 403, 403, 403, 200, 200, 401, 401),
    "deliver_order":              (403, 403, 403, 403, 403, 200, 200, 401, 401),
    "cancel_order":               (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "mark_order_unavailable":     (403, 403, 403, 403, 403, 200, 200, 401, 401),
    "record_payment":             (403, 403, 201, 201, 201, 201, 201, 401, 401),
    "refund_payment":             (403, 403, 403, 403, 201, 201, 201, 401, 401),
    "issue_invoice":              (403, 403, 403, 403, 403, 200, 200, 401, 401),
    "attribute_order":            (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "relay_order_event":          (202, 202, 202, 202, 202, 202, 202, 202, 202),
    "open_complaint":             (201, 404, 201, 201, 201, 201, 201, 401, 401),
    "list_complaints":            (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "list_late_complaints":       (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_complaint":             (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "answer_complaint":           (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "hand_over_complaint":        (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "ask_help":                   (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "propose_resolution":         (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "accept_resolution":          (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "reopen_complaint":           (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "attribute_complaint":        (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "register_product":           (201, 201, 201, 201, 201, 201, 201, 201, 201),
    "read_registration":          (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "give_proof":                 (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "accept_proof":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "refuse_proof":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_units":                 (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "read_unit":                  (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "attribute_unit":             (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "record_consent":             (201, 404, 201, 201, 201, 201, 201, 401, 401),
    "list_consents":              (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "list_late_consents":         (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_consent":               (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "read_standing":              (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "may_contact":                (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "read_silence":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_forgotten":             (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "record_response":            (403, 403, 201, 201, 201, 201, 201, 401, 401),
    "list_responses":             (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "count_responses":            (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "record_friction":            (403, 403, 201, 201, 201, 201, 201, 401, 401),
    "list_frictions":             (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "count_frictions":            (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "record_spend":               (403, 403, 403, 403, 201, 201, 201, 401, 401),
    "read_acquisition":           (403, 403, 200, 200, 200, 200, 200, 401, 401),
    "say_influence":              (403, 403, 201, 201, 201, 403, 403, 401, 401),
    "end_influence":              (403, 403, 200, 200, 200, 403, 403, 401, 401),
    "read_influences":            (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "ask_for_message":            (403, 403, 201, 201, 201, 201, 201, 401, 401),
    "list_messages":              (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "read_message":               (200, 404, 200, 200, 200, 200, 200, 401, 401),
    "list_unclear_messages":      (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "rule_on_message":            (403, 403, 403, 403, 409, 409, 403, 401, 401),
    "give_receipt":               (200, 200, 200, 200, 200, 200, 200, 200, 200),
    "read_lines":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "plan_offer":                 (403, 403, 403, 403, 201, 201, 403, 401, 401),
    "list_offers":                (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "read_offer":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_people":                (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "open_offer":                 (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "withdraw_offer":             (403, 403, 403, 403, 200, 200, 403, 401, 401),
    "list_ballots":               (403, 403, 403, 200, 200, 403, 403, 401, 401),
    "read_ballot":                (403, 403, 403, 200, 200, 403, 403, 401, 401),
    # The manager of these tests owns no customers.
    "cast_vote":                  (403, 403, 403, 201, 403, 403, 403, 401, 401),
    "list_votes":                 (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "view_customer":              (200, 404, 200, 200, 200, 200, 403, 401, 401),
    "look_up_view":               (403, 403, 200, 200, 200, 200, 403, 401, 401),
    "list_looks":                 (403, 403, 403, 200, 200, 403, 403, 401, 401),
    "list_timeline":              (200, 404, 200, 200, 200, 200, 403, 401, 401),
}  # fmt: skip

# Of one operation where its body or query says what is wanted: another row, another action.
ALSO = {
    "place_past_order": "place_order",
    "list_late_complaints": "list_complaints",
    "list_late_consents": "list_consents",
    "list_unclear_messages": "list_messages",
}
APIS = (customers, orders, complaints, warranty, engagement, view)


@cache
def documents() -> dict[str, Any]:
    """Each service's OpenAPI document, by its segment."""
    return {
        api.segment: json.loads(
            json.dumps(openapi(api.segment, api.title, api.operations, Problem))
        )
        for api in APIS
    }


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A request about data of Ayşe's that is good in every way but, perhaps, for who sends it."""

    method: str = "POST"
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def order_move(scene: Scene, move: str, status: str) -> Wish:
    order = scene.an_order(scene.ids["ayse"], status)
    return Wish(path=f"/v1/orders/{order}/{move}", body=MOVES[move])


def complaint_move(scene: Scene, move: str, status: str, body: Any) -> Wish:
    complaint = scene.a_complaint(scene.ids["ayse"], status)
    return Wish(path=f"/v1/complaints/{complaint}/{move}", body=body)


def offer_move(scene: Scene, move: str, method: str = "POST", body: Any = None) -> Wish:
    """Something with an offer that is before the owners."""
    path = f"/v1/engagement/offers/{scene.ids['offer']}{move}"
    return Wish(method=method, path=path, body=body, headers=a_key())


def a_proof(scene: Scene) -> Wish:
    registration = scene.a_registration("proof_asked")
    return Wish(path=f"/v1/warranty/registrations/{registration}/proof", body=PROOF)


def a_decision(scene: Scene, decision: str) -> Wish:
    registration = scene.a_registration("proof_given")
    path = f"/v1/warranty/registrations/{registration}/proof/{decision}"
    return Wish(path=path, body={"reason": "canary"})


def a_refund(scene: Scene) -> Wish:
    order = scene.an_order(scene.ids["ayse"])
    scene.a_payment(order)
    body = {"amount": 1, "reason": "canary"}
    return Wish(path=f"/v1/orders/{order}/refunds", body=body, headers=a_key())


def a_webhook(path: str, partner: str) -> Wish:
    body = json.dumps(an_event(path)).encode()
    return Wish(path=f"/v1/{path}/webhooks/{partner}", body=body, headers=signed(partner, body))


def a_signed_question(path: str, partner: str, **known: str) -> Wish:
    body = json.dumps(known).encode()
    return Wish(path=f"{path}/{partner}", body=body, headers=signed(partner, body))


def a_change(scene: Scene) -> Wish:
    path = f"/v1/customers/{scene.ids['changing']}"
    now = ask(scene.system, "GET", path, token=scene.system.token("agent"))
    return Wish(
        method="PATCH",
        path=path,
        body={"name": f"Canary {now.body['version']}"},
        headers={"If-Match": now.headers["ETag"]},
    )


def a_link(scene: Scene) -> Wish:
    body = {"other_id": scene.a_customer(), "reason": "canary"}
    return Wish(path=f"/v1/customers/{scene.a_customer()}/links", body=body, headers=a_key())


def a_relation(scene: Scene) -> Wish:
    firm = [
        {"customer_id": scene.a_customer(), "role": role} for role in ("firm", "employee", "owner")
    ]
    body = {"kind": "firm", "members": firm, "reason": "canary"}
    return Wish(path="/v1/customers/relations", body=body, headers=a_key())


def an_end(scene: Scene) -> Wish:
    one = scene.a_customer()
    link = scene.a_link(one, scene.a_customer())
    return Wish(path=f"/v1/customers/{one}/links/{link}/end", body={"reason": "canary"})


def an_attribution(scene: Scene) -> Wish:
    ayse = scene.ids["ayse"]
    return Wish(
        path=f"/v1/customers/{ayse}/conversations/{scene.a_talk(ayse)}/attribute",
        body={"customer_id": scene.ids["other"]},
    )


def a_promise(scene: Scene) -> Wish:
    ayse = scene.ids["ayse"]
    talk = scene.a_talk(ayse, promise=PROMISE)
    return Wish(path=f"/v1/customers/{ayse}/conversations/{talk}/keep", body={})


def a_unit_of_a_registration(scene: Scene) -> Wish:
    registration = scene.a_registration("registered")
    path = f"/v1/warranty/registrations/{registration}"
    told = ask(scene.system, "GET", path, token=scene.system.token("agent")).body
    return Wish(
        path=f"/v1/warranty/units/{told['unit_id']}/attribute",
        body={"customer_id": scene.ids["ayse"]},
    )


def in_session(scene: Scene, method: str, way: str = "", body: Any = None) -> Wish:
    """Something in a session that the agent of these tests holds."""
    path = f"/v1/customers/{scene.ids['ayse']}/sessions/{scene.ids['session']}{way}"
    return Wish(method=method, path=path, body=body, headers=a_key())


def a_change_of(scene: Scene, path: str, body: Any) -> Wish:
    now = ask(scene.system, "GET", path, token=scene.system.token("agent"))
    return Wish(method="PATCH", path=path, body=body, headers={"If-Match": now.headers["ETag"]})


WISHES: dict[str, Callable[[Scene], Wish]] = {
    "open_session": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['ayse']}/sessions", body=SESSION, headers=a_key()
    ),
    "read_session": lambda scene: in_session(scene, "GET"),
    "send_code": lambda scene: in_session(
        scene, "POST", "/codes", {"contact_point": scene.ids["contact_point"]}
    ),
    "end_session": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['ayse']}/sessions"
        f"/{scene.a_session(scene.ids['ayse'])['session_id']}/end",
        body={},
    ),
    "list_sessions": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['ayse']}/sessions"
    ),
    "verify_session": lambda scene: in_session(scene, "POST", "/verification", {"code": "000000"}),
    "create_customer": lambda _: Wish(
        path="/v1/customers", body={"name": "Canary"}, headers=a_key()
    ),
    "look_up_customers": lambda _: Wish(
        path="/v1/customers/lookup", body={"phone": "0532 777 31 41"}
    ),
    "search_customers": lambda _: Wish(path="/v1/customers/search", body={"text": "canary"}),
    "recognise_customer": lambda _: Wish(
        path="/v1/customers/recognition", body={"phone": "0532 777 31 41"}
    ),
    "recognise_caller": lambda _: a_signed_question(
        "/v1/customers/recognition", "callcentre", external_id="logo:canary-17"
    ),
    "read_customer": lambda scene: Wish(method="GET", path=f"/v1/customers/{scene.ids['ayse']}"),
    "change_customer": a_change,
    "reveal_tax_id": lambda scene: Wish(
        path=f"/v1/customers/{scene.a_customer(tax_ids=TAX_IDS)}/tax-ids/reveal",
        body={"scheme": "TCKN", "reason": "invoice"},
    ),
    "record_conversation": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['ayse']}/conversations", body=TALK, headers=a_key()
    ),
    "list_conversations": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['ayse']}/conversations"
    ),
    "relay_call_event": lambda _: a_webhook("customers", "callcentre"),
    "link_customers": a_link,
    "preview_link": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['ayse']}/links/preview",
        body={"other_id": scene.ids["other"]},
    ),
    "review_link": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['flat']}/links/{scene.ids['link']}/review"
    ),
    "keep_promise": a_promise,
    "attribute_conversation": an_attribution,
    "list_links": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['flat']}/links"
    ),
    "read_link": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['flat']}/links/{scene.ids['link']}"
    ),
    "confirm_link": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['flat']}/links/{scene.ids['link']}/confirm", body={}
    ),
    "end_link": an_end,
    "relate_customers": a_relation,
    "end_relation": lambda scene: Wish(
        path=f"/v1/customers/relations/{scene.ids['relation']}/end", body={"reason": "canary"}
    ),
    "list_relations": lambda scene: Wish(
        method="GET", path=f"/v1/customers/{scene.ids['other']}/relations"
    ),
    "list_duplicates": lambda _: Wish(method="GET", path="/v1/customers/duplicates"),
    "read_duplicate": lambda scene: Wish(
        method="GET", path=f"/v1/customers/duplicates/{scene.ids['duplicate']}"
    ),
    "decide_duplicate": lambda scene: Wish(
        path=f"/v1/customers/duplicates/{scene.ids['duplicate']}/decide",
        body={"decision": "different", "reason": "canary"},
    ),
    "engage_staff": lambda _: Wish(path="/v1/customers/staff", body=a_person(), headers=a_key()),
    "list_staff": lambda _: Wish(method="GET", path="/v1/customers/staff"),
    "read_staff": lambda scene: Wish(
        method="GET", path=f"/v1/customers/staff/{scene.ids['keeper']}"
    ),
    "change_staff": lambda scene: a_change_of(
        scene, f"/v1/customers/staff/{scene.ids['seller']}", {"departments": ["canary"]}
    ),
    "leave_staff": lambda scene: Wish(
        path=f"/v1/customers/staff/{scene.ids['seller']}/leave", body={}
    ),
    "list_owned": lambda scene: Wish(
        method="GET", path=f"/v1/customers/staff/{scene.ids['keeper']}/customers"
    ),
    "open_segment": lambda scene: Wish(
        path="/v1/customers/segments", body=a_tier(scene.ids["keeper"]), headers=a_key()
    ),
    "list_segments": lambda _: Wish(method="GET", path="/v1/customers/segments"),
    "read_segment": lambda scene: Wish(
        method="GET", path=f"/v1/customers/segments/{scene.ids['segment']}"
    ),
    "list_members": lambda scene: Wish(
        method="GET", path=f"/v1/customers/segments/{scene.ids['tier']}/members"
    ),
    "change_segment": lambda scene: a_change_of(
        scene,
        f"/v1/customers/segments/{scene.ids['segment']}",
        {"queue": "canary", "reason": "canary"},
    ),
    "list_unattended": lambda _: Wish(method="GET", path="/v1/customers/unattended"),
    "read_care": lambda scene: Wish(method="GET", path=f"/v1/customers/{scene.ids['ayse']}/care"),
    "assign_care": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['ayse']}/care",
        body={"owner": scene.ids["keeper"], "reason": "canary"},
    ),
    "erase_customer": lambda scene: Wish(
        path=f"/v1/customers/{scene.ids['unwanted']}/erase",
        body={"reason": "request", "confirm": scene.ids["unwanted"]},
    ),
    "place_order": lambda scene: Wish(
        path="/v1/orders",
        body={"customer_id": scene.ids["ayse"], "lines": [LINE]},
        headers=a_key(),
    ),
    "place_past_order": lambda scene: Wish(
        path="/v1/orders",
        body={
            "customer_id": scene.ids["ayse"],
            "lines": [LINE],
            "past": {"status": "delivered", "ordered_at": "2019-05-06T10:00:00Z"},
        },
        headers=a_key(),
    ),
    "list_orders": lambda scene: Wish(
        method="GET", path=f"/v1/orders?customer_id={scene.ids['ayse']}"
    ),
    "read_order": lambda scene: Wish(method="GET", path=f"/v1/orders/{scene.ids['shipped']}"),
    "approve_order": lambda scene: order_move(scene, "approve", "placed"),
    "ship_order": lambda scene: order_move(scene, "ship", "approved"),
    "deliver_order": lambda scene: order_move(scene, "deliver", "shipped"),
    "cancel_order": lambda scene: order_move(scene, "cancel", "placed"),
    "process_order": lambda scene: order_move(scene, "process", "approved"),
    "mark_order_unavailable": lambda scene: order_move(scene, "mark-unavailable", "placed"),
    "record_payment": lambda scene: Wish(
        path=f"/v1/orders/{scene.an_order(scene.ids['ayse'])}/payments",
        body={"method": "cash", "amount": 1},
        headers=a_key(),
    ),
    "refund_payment": a_refund,
    "issue_invoice": lambda scene: Wish(
        path=f"/v1/orders/{scene.an_order(scene.ids['ayse'])}/invoice",
        body={"number": "GIB-canary"},
    ),
    "attribute_order": lambda scene: Wish(
        path=f"/v1/orders/{scene.an_order(scene.ids['ayse'])}/attribute",
        body={"customer_id": scene.ids["ayse"]},
    ),
    "relay_order_event": lambda _: a_webhook("orders", "webshop"),
    "open_complaint": lambda scene: Wish(
        path="/v1/complaints",
        body={"customer_id": scene.ids["ayse"], "text": "canary"},
        headers=a_key(),
    ),
    "list_complaints": lambda scene: Wish(
        method="GET", path=f"/v1/complaints?customer_id={scene.ids['ayse']}"
    ),
    "list_late_complaints": lambda _: Wish(method="GET", path="/v1/complaints?late=true"),
    "read_complaint": lambda scene: Wish(method="GET", path=f"/v1/complaints/{scene.ids['open']}"),
    "answer_complaint": lambda scene: complaint_move(scene, "answer", "open", {"text": "canary"}),
    "hand_over_complaint": lambda scene: complaint_move(
        scene, "hand-over", "open", {"to": "deniz", "reason": "other", "text": "canary"}
    ),
    "ask_help": lambda scene: complaint_move(
        scene, "help", "open", {"of": "stores", "what": "canary"}
    ),
    "propose_resolution": lambda scene: complaint_move(
        scene, "propose", "open", {"text": "canary"}
    ),
    "accept_resolution": lambda scene: complaint_move(
        scene, "accept", "proposed", {"word": "canary"}
    ),
    "reopen_complaint": lambda scene: complaint_move(
        scene, "reopen", "resolved", {"word": "canary"}
    ),
    "attribute_complaint": lambda scene: complaint_move(
        scene, "attribute", "open", {"customer_id": scene.ids["ayse"]}
    ),
    "register_product": lambda _: Wish(
        path="/v1/warranty/registrations", body=a_product(), headers=a_key()
    ),
    "read_registration": lambda scene: Wish(
        method="GET", path=f"/v1/warranty/registrations/{scene.ids['proof_asked']}"
    ),
    "give_proof": a_proof,
    "accept_proof": lambda scene: a_decision(scene, "accept"),
    "refuse_proof": lambda scene: a_decision(scene, "refuse"),
    "list_units": lambda scene: Wish(
        method="GET", path=f"/v1/warranty/units?customer_id={scene.ids['ayse']}"
    ),
    "read_unit": lambda scene: Wish(method="GET", path=f"/v1/warranty/units/{scene.ids['unit']}"),
    "attribute_unit": a_unit_of_a_registration,
    "record_consent": lambda scene: Wish(
        path="/v1/engagement/consents", body=a_refusal(scene.ids["ayse"]), headers=a_key()
    ),
    "list_consents": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/consents?customer_id={scene.ids['ayse']}"
    ),
    "list_late_consents": lambda _: Wish(method="GET", path="/v1/engagement/consents?late=true"),
    "read_consent": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/consents/{scene.ids['consent']}"
    ),
    "read_standing": lambda scene: Wish(
        path="/v1/engagement/standing",
        body={"customer_id": scene.ids["ayse"], "channel": "MESAJ", "address": PHONE},
    ),
    "may_contact": lambda scene: Wish(
        path="/v1/engagement/may-contact",
        body={"customer_id": scene.ids["ayse"], "channel": "sms", "purpose": "delivery"},
    ),
    "read_silence": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/silence/{scene.ids['ayse']}"
    ),
    "list_forgotten": lambda _: Wish(method="GET", path="/v1/engagement/forgotten"),
    "record_response": lambda scene: Wish(
        path="/v1/engagement/responses",
        body={
            "customer_id": scene.ids["ayse"],
            "offer_id": "off_1",
            "medium": "web",
            "result": "clicked",
        },
        headers=a_key(),
    ),
    "list_responses": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/responses?customer_id={scene.ids['ayse']}"
    ),
    "count_responses": lambda _: Wish(method="GET", path="/v1/engagement/offers/off_1/responses"),
    "record_friction": lambda scene: Wish(
        path="/v1/engagement/frictions",
        body={"customer_id": scene.ids["ayse"], "rule": "returns.14-days", "words": "too late"},
        headers=a_key(),
    ),
    "list_frictions": lambda _: Wish(
        method="GET", path="/v1/engagement/frictions?rule=returns.14-days"
    ),
    "count_frictions": lambda _: Wish(method="GET", path="/v1/engagement/frictions/counts"),
    "record_spend": lambda _: Wish(
        path="/v1/engagement/spend",
        body={"channel": "tv", "day": "2026-01-05", "amount": 100, "currency": "TRY"},
        headers=a_key(),
    ),
    "read_acquisition": lambda _: Wish(method="GET", path="/v1/engagement/acquisition"),
    "say_influence": lambda scene: Wish(
        path="/v1/engagement/influences",
        body=an_influence(scene.ids["ayse"], scene.somebody_known()),
        headers=a_key(),
    ),
    "end_influence": lambda scene: Wish(
        path=f"/v1/engagement/influences/{scene.an_influence()}/end", body={"reason": "canary"}
    ),
    "read_influences": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/influences?customer_id={scene.ids['ayse']}"
    ),
    "ask_for_message": lambda scene: Wish(
        path="/v1/engagement/messages", body=a_warning(scene.ids["ayse"]), headers=a_key()
    ),
    "list_messages": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/messages?customer_id={scene.ids['ayse']}"
    ),
    "read_message": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/messages/{scene.ids['message']}"
    ),
    "list_unclear_messages": lambda _: Wish(
        method="GET", path="/v1/engagement/messages?unclear=true"
    ),
    "rule_on_message": lambda scene: Wish(
        path=f"/v1/engagement/messages/{scene.ids['message']}/rule", body={"ruling": "give_up"}
    ),
    "give_receipt": lambda scene: a_signed_question(
        "/v1/engagement/receipts",
        "gateway",
        message_id=scene.ids["message"],
        kind="delivered",
        at="2026-03-02T09:00:00Z",
    ),
    "read_lines": lambda _: Wish(method="GET", path="/v1/engagement/lines?day=2026-03-02"),
    "plan_offer": lambda _: Wish(path="/v1/engagement/offers", body=an_offer(), headers=a_key()),
    "list_offers": lambda _: Wish(method="GET", path="/v1/engagement/offers"),
    "read_offer": lambda scene: offer_move(scene, "", method="GET"),
    "list_people": lambda scene: Wish(
        path=f"/v1/engagement/offers/{scene.an_offer()}/people",
        body={"customer_ids": [scene.ids["ayse"]]},
    ),
    "open_offer": lambda scene: Wish(
        path=f"/v1/engagement/offers/{scene.an_offer(scene.ids['ayse'])}/open", body={}
    ),
    "withdraw_offer": lambda scene: Wish(
        path=f"/v1/engagement/offers/{scene.an_offer()}/withdraw", body={}
    ),
    "list_ballots": lambda scene: Wish(
        method="GET", path=f"/v1/engagement/ballots?customer_id={scene.ids['ayse']}"
    ),
    "read_ballot": lambda scene: offer_move(scene, "/ballot", method="GET"),
    "cast_vote": lambda scene: offer_move(scene, "/votes", body={"decision": "approve"}),
    "list_votes": lambda scene: offer_move(scene, "/votes", method="GET"),
    "view_customer": lambda scene: Wish(
        method="GET", path=f"/v1/view/customers/{scene.ids['ayse']}"
    ),
    "look_up_view": lambda _: Wish(path="/v1/view/lookup", body={"phone": "0532 777 31 41"}),
    "list_looks": lambda scene: Wish(
        method="GET", path=f"/v1/view/customers/{scene.ids['ayse']}/looks"
    ),
    "list_timeline": lambda scene: Wish(
        method="GET", path=f"/v1/view/customers/{scene.ids['ayse']}/timeline"
    ),
}


@pytest.fixture(scope="module")
def scene(system: LocalSystem) -> Scene:
    """Ayşe's data, and some of other people; what she is told has left already."""
    made = Scene(system)
    system.settle()
    [engagement] = [one for one in system.world.services if one.name == "engagement"]
    run = system.functions.invoke(engagement.function("SendMessages").name, b"{}")
    assert not run.failed
    system.settle()
    return made


@pytest.fixture(scope="module")
def tokens(scene: Scene) -> dict[str, str | None]:
    """Everybody's token. Whom a change is about differs, so that it disturbs no other test."""
    issue = scene.system.token
    scene.ids["changing"] = scene.a_customer()
    people = {name: issue(name) for name in ("agent", "owner", "manager", "operations")}
    return {
        **people,
        "herself": issue("customer", scene.ids["ayse"]),
        "herself changing": issue("customer", scene.ids["changing"]),
        "another": issue("customer", scene.ids["other"]),
        "integration": issue("integration"),
        "nobody": None,
        "expired": issue("manager", lifetime=-60),
    }


def test_every_operation_has_its_row_and_its_wish() -> None:
    names = [one.name for api in APIS for one in api.operations]

    assert len(set(names)) == len(names)
    assert {*names, *ALSO} == MATRIX.keys() == WISHES.keys()
    assert {len(row) for row in MATRIX.values()} == {len(EVERYBODY)}


@pytest.mark.parametrize("operation", MATRIX)
def test_an_operation_is_open_to_whom_the_matrix_says_and_to_nobody_else(
    scene: Scene, tokens: dict[str, str | None], operation: str
) -> None:
    row = dict(zip(EVERYBODY, MATRIX[operation], strict=True))
    refused = WISHES[operation](scene)  # a refusal changes nothing: one wish does for all of them
    found: dict[str, int] = {}

    for who, status in sorted(row.items(), key=lambda one: -one[1]):
        wish = refused if status >= 400 else WISHES[operation](scene)
        name = f"{who} changing" if (who, operation) == ("herself", "change_customer") else who
        reply = ask(
            scene.system,
            wish.method,
            wish.path,
            wish.body,
            token=tokens[name],
            headers=wish.headers,
        )
        found[who] = reply.status
        must_conform(operation, reply)
        if reply.status >= 400:
            assert not [one for one in PERSONAL if one in reply.text]
        else:
            assert reply.headers["Cache-Control"] == "no-store"

    assert found == row


@pytest.mark.parametrize(
    "operation",
    ["relay_call_event", "relay_order_event", "recognise_caller", "give_receipt"],
)
def test_no_token_stands_for_a_signature(
    scene: Scene, tokens: dict[str, str | None], operation: str
) -> None:
    wish = WISHES[operation](scene)
    later = json.dumps({**json.loads(wish.body), "more": "canary"}).encode()

    for who in EVERYBODY:
        for body, headers in ((wish.body, {}), (later, wish.headers)):
            reply = ask(scene.system, "POST", wish.path, body, token=tokens[who], headers=headers)
            must_be_refused(reply, 401, "the signature is not right")


def test_what_is_another_customers_looks_as_if_it_did_not_exist(
    scene: Scene, tokens: dict[str, str | None]
) -> None:
    def asked_for(path: str) -> Any:
        reply = ask(scene.system, "GET", path, token=tokens["another"])
        return {name: one for name, one in reply.body.items() if name != "correlation_id"}

    for path, owned in (
        ("/v1/customers/{}", scene.ids["ayse"]),
        ("/v1/orders/{}", scene.ids["placed"]),
        ("/v1/orders?customer_id={}", scene.ids["ayse"]),
        ("/v1/complaints/{}", scene.ids["open"]),
        ("/v1/complaints?customer_id={}", scene.ids["ayse"]),
        ("/v1/warranty/registrations/{}", scene.ids["proof_asked"]),
        ("/v1/warranty/units/{}", scene.ids["unit"]),
        ("/v1/warranty/units?customer_id={}", scene.ids["ayse"]),
        ("/v1/engagement/consents/{}", scene.ids["consent"]),
        ("/v1/engagement/consents?customer_id={}", scene.ids["ayse"]),
        ("/v1/engagement/messages/{}", scene.ids["message"]),
        ("/v1/engagement/messages?customer_id={}", scene.ids["ayse"]),
        ("/v1/view/customers/{}", scene.ids["ayse"]),
        ("/v1/view/customers/{}/timeline", scene.ids["ayse"]),
    ):
        nothing = f"{owned[:4]}nothing"
        told = json.dumps(asked_for(path.format(owned))).replace(owned, nothing)
        assert json.loads(told) == asked_for(path.format(nothing))


@pytest.mark.parametrize("given", [{"external_ids": ["logo:99"]}, {"tax_ids": TAX_IDS}])
def test_customers_do_not_give_themselves_what_others_are_known_by(
    scene: Scene, given: dict[str, Any]
) -> None:
    customer = scene.a_customer()

    reply = ask(
        scene.system,
        "PATCH",
        f"/v1/customers/{customer}",
        given,
        token=scene.system.token("customer", customer),
        headers={"If-Match": '"1"'},
    )

    assert reply.status == 403
    assert "not open to customer" in reply.body["detail"]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"cognito:groups": None}, 403),
        ({"cognito:groups": ["unheard-of"]}, 403),
        ({"cognito:groups": ["customer"]}, 403),  # without a customer id
        ({"scope": "openid"}, 403),
        ({"token_use": "id"}, 401),
        ({"iss": "https://elsewhere.example.com"}, 401),
        ({"client_id": "another-app"}, 401),
        ({"sub": None}, 401),
    ],
)
def test_a_token_that_says_too_little_opens_nothing(
    scene: Scene, claims: dict[str, Any], status: int
) -> None:
    token = scene.system.token("agent", **claims)

    for operation in (
        "read_customer",
        "list_orders",
        "list_complaints",
        "list_units",
        "list_consents",
        "view_customer",
    ):
        wish = WISHES[operation](scene)
        reply = ask(scene.system, wish.method, wish.path, token=token)
        assert reply.status == status
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.body["detail"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "Canary", "x" * 9000])
def test_what_is_no_token_is_refused_and_not_quoted(scene: Scene, token: str) -> None:
    reply = ask(scene.system, "GET", f"/v1/customers/{scene.ids['ayse']}", token=token)

    assert reply.status == 401
    assert "Canary" not in reply.text


def test_the_document_of_each_service_is_open_to_everybody_and_says_nothing_personal(
    scene: Scene,
) -> None:
    for segment, document in documents().items():
        reply = ask(scene.system, "GET", f"/v1/{segment}/openapi.json", token=None)
        assert (reply.status, reply.body) == (200, document)


def must_conform(operation_id: str, reply: Reply) -> None:
    """The answer must be one that the document lists, and of the shape that it says."""
    if reply.status == 401:
        return  # the gateway's own answer: no function has been called
    [(document, operation)] = [
        (document, operation)
        for document in documents().values()
        for methods in document["paths"].values()
        for operation in methods.values()
        if operation["operationId"] == ALSO.get(operation_id, operation_id)
    ]
    told = operation["responses"][str(reply.status)]
    content = told["content"]
    assert {"ETag", "Retry-After"} & set(reply.headers) <= told.get("headers", {}).keys()
    schema = content[reply.headers["Content-Type"]]["schema"]
    OAS31Validator(
        {**schema, "components": document["components"]},
        format_checker=OAS31Validator.FORMAT_CHECKER,
    ).validate(reply.body)
