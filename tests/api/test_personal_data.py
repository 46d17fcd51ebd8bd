"""Canaries in every personal field, through every flow and failure: none gets out."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from infra.local.system import LocalSystem
from services.customer import bootstrap as customer_bootstrap
from services.customer.adapters.tax_ids import KmsTaxIds
from services.customer.domain import LINE as LINE_LIMIT
from services.customer.domain.duplicates import id_of_pair
from services.orders import bootstrap
from services.orders.adapters import DynamoOrders
from shared.aws.logs import JsonLines
from tests.api.asking import PERSONAL, ask
from tests.api.scene import (
    BORN,
    EMAIL,
    LINE,
    NAME,
    PHONE,
    SESSION,
    TALK,
    TAX_IDS,
    TCKN,
    VKN,
    Scene,
    a_key,
    a_product,
    a_refusal,
    a_warning,
    an_event,
    signed,
)
from tests.client import Reply

POINTS = [{"kind": "phone", "value": PHONE}, {"kind": "email", "value": EMAIL}]
# A product is the seller's own code of it, and is told to others when it is delivered.
PERSONAL_LINE = LINE | {"partner": "canary partner"}
ADDRESS = {"lines": "Canary Sok. 5", "district": "Canary", "city": "Canary"}
QUEUES = ("orders", "customer", "complaints", "warranty", "engagement", "customer-view")


@dataclass
class Ears:
    """Everything that can be heard outside of the tables."""

    logs: io.StringIO = field(default_factory=io.StringIO)
    urls: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    events_queue: str = ""

    def heard(self) -> dict[str, str]:
        sqs = boto3.client("sqs")
        bodies = []
        while messages := sqs.receive_message(
            QueueUrl=self.events_queue, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(
                    QueueUrl=self.events_queue, ReceiptHandle=message["ReceiptHandle"]
                )
        return {
            "logs": self.logs.getvalue(),
            "events": "\n".join(bodies),
            "urls": "\n".join(self.urls),
            "refusals": "\n".join(self.refusals),
        }


@pytest.fixture
def ears(scene: Scene) -> Iterator[Ears]:
    """Listen to every logger of the process, and to every event on the bus."""
    ears = Ears()
    handler = logging.StreamHandler(ears.logs)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(), *_detached_loggers()]
    for logger in loggers:
        logger.addHandler(handler)
    sqs, events = boto3.client("sqs"), boto3.client("events")
    ears.events_queue = sqs.create_queue(QueueName="ears")["QueueUrl"]
    [bus] = scene.system.world.buses
    pattern = json.dumps({"source": [{"prefix": "sahip."}]})
    events.put_rule(Name="ears", EventBusName=bus, EventPattern=pattern)
    arn = f"arn:aws:sqs:eu-central-1:{scene.system.world.account}:ears"
    events.put_targets(Rule="ears", EventBusName=bus, Targets=[{"Id": "ears", "Arn": arn}])
    yield ears
    events.remove_targets(Rule="ears", EventBusName=bus, Ids=["ears"])
    events.delete_rule(Name="ears", EventBusName=bus)
    for logger in loggers:
        logger.removeHandler(handler)


def _detached_loggers() -> list[logging.Logger]:
    """The loggers that do not hand on what they hear."""
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    return [one for one in known if not one.propagate]


class Desk:
    """Somebody who does everything with everybody's data."""

    def __init__(self, system: LocalSystem, ears: Ears) -> None:
        self._system, self._ears = system, ears
        self._token = {role: system.token(role) for role in ("agent", "operations")}

    def settle(self) -> None:
        self._system.settle()

    def do(
        self, method: str, path: str, body: Any = None, *, by: str = "agent", **headers: str
    ) -> Reply:
        self._ears.urls.append(f"{method} {path}")
        reply = ask(
            self._system,
            method,
            path,
            body,
            token=self._token[by],
            headers={**a_key(), **{name.replace("_", "-"): one for name, one in headers.items()}},
        )
        if reply.status >= 400:
            self._ears.refusals.append(reply.text)
        return reply


def the_whole_way(desk: Desk) -> None:
    """Every flow that stores or shows something personal, to its good end."""
    person = {"name": NAME, "contact_points": POINTS, "external_ids": ["logo:canary-18"]}
    person |= {"addresses": [ADDRESS], "heard_from": NAME, "birth_date": BORN, "tax_ids": TAX_IDS}
    one = desk.do("POST", "/v1/customers", person).body["customer_id"]
    other = desk.do("POST", "/v1/customers", {"name": NAME}).body["customer_id"]
    changed = desk.do(
        "PATCH",
        f"/v1/customers/{one}",
        {"heard_from": NAME, "contact_points": POINTS, "birth_date": BORN, "tax_ids": TAX_IDS},
        If_Match='"1"',
    )
    assert changed.status == 200
    assert not [number for number in (TCKN, VKN) if number in changed.text]
    # Called otherwise than the first, whom the system would else take them for by itself.
    named = {"name": "Zeki Canary", "contact_points": POINTS}
    assert desk.do("PATCH", f"/v1/customers/{other}", named, If_Match='"1"').status == 200
    for scheme, number in (("TCKN", TCKN), ("VKN", VKN)):
        why = {"scheme": scheme, "reason": "invoice"}
        seen = desk.do("POST", f"/v1/customers/{one}/tax-ids/reveal", why, by="operations")
        assert seen.body == {"scheme": scheme, "value": number}
    for wanted in (
        {"phone": PHONE},
        {"email": EMAIL},
        {"external_id": "logo:canary-18"},
        {"tax_id": TCKN},
        {"tax_id": VKN},
    ):
        assert desk.do("POST", "/v1/customers/lookup", wanted).body["customers"]
    for text in (NAME, PHONE, EMAIL):
        assert desk.do("POST", "/v1/customers/search", {"text": text}).status == 200
    recognised(desk)
    order = {"customer_id": one, "lines": [PERSONAL_LINE], "external_id": "canary-shop-1"}
    placed = desk.do("POST", "/v1/orders", order).body["order_id"]
    given_up = desk.do("POST", "/v1/orders", order | {"external_id": None}).body["order_id"]
    desk.do("POST", f"/v1/orders/{placed}/approve", {})
    tracking = {"tracking": "canary-TR1"}
    desk.do("POST", f"/v1/orders/{placed}/ship", tracking, by="operations")
    desk.do("POST", f"/v1/orders/{placed}/deliver", {}, by="operations")
    desk.do("POST", f"/v1/orders/{given_up}/cancel", {"reason": f"{NAME} says so"})
    link = {"other_id": other, "reason": f"{NAME} says so"}
    made = desk.do("POST", f"/v1/customers/{one}/links", link).body["link_id"]
    assert desk.do("GET", f"/v1/view/customers/{one}").status == 200
    related_and_compared(desk)
    ended = desk.do("POST", f"/v1/customers/{one}/links/{made}/end", {"reason": NAME})
    assert ended.status == 200
    talked = desk.do("POST", f"/v1/customers/{one}/conversations", TALK | {"summary": NAME})
    assert talked.status == 201
    a_session(desk, one)
    a_complaint(desk, one)
    a_registration(desk)
    a_consent(desk, one)
    a_message(desk, one)
    for path, partner in (("orders", "webshop"), ("customers", "callcentre")):
        body = json.dumps(an_event(path)).encode()
        relayed = desk.do("POST", f"/v1/{path}/webhooks/{partner}", body, **signed(partner, body))
        assert relayed.status == 202


def related_and_compared(desk: Desk) -> None:
    """A household, and two who are alike and are said to be one."""
    # With a phone of their own, so that they are joined with each other and with nobody else.
    phone = {"kind": "phone", "value": "0533 765 43 21"}
    person = {"name": f"{NAME} Cem", "addresses": [ADDRESS], "contact_points": [phone]}
    both = [desk.do("POST", "/v1/customers", person).body["customer_id"] for _ in range(2)]
    desk.settle()
    listed = [{"customer_id": one, "role": "member"} for one in both]
    home = {"kind": "household", "members": listed, "reason": NAME}
    pair = f"/v1/customers/duplicates/{id_of_pair(*both)}"
    shown = desk.do("GET", pair)
    assert shown.status == 200
    assert not [one for one in PERSONAL if one in shown.text]
    parted = desk.do("POST", f"{pair}/decide", {"decision": "different", "reason": NAME})
    assert parted.status == 200, parted.text
    made = desk.do("POST", "/v1/customers/relations", home)
    assert made.status == 201
    path = f"/v1/customers/relations/{made.body['relation_id']}/end"
    assert desk.do("POST", path, {"reason": NAME}).status == 200


def recognised(desk: Desk) -> None:
    """Everything that somebody may be recognised by, at the desk and by a call centre."""
    path = "/v1/customers/recognition"
    for known in (
        {"phone": PHONE, "name": NAME},
        {"email": EMAIL, "order_id": "canary", "serial": "CANARY-1"},
        {"name": NAME, "district": "Canary"},
        {"external_id": "logo:canary-18"},
        {"tax_id": TCKN},
        {"tax_id": VKN, "name": NAME},
    ):
        reply = desk.do("POST", path, known)
        assert (reply.status, reply.body["outcome"]) != (200, "unknown")
        assert not [one for one in PERSONAL if one in reply.text]
    body = json.dumps({"phone": PHONE, "name": NAME}).encode()
    for _ in range(LINE_LIMIT.most):
        desk.do("POST", f"{path}/callcentre", body, **signed("callcentre", body))
    too_often = desk.do("POST", f"{path}/callcentre", body, **signed("callcentre", body))
    assert too_often.status == 429


def a_session(desk: Desk, customer: str) -> None:
    """A session that is verified at last, after wrong answers."""
    path = f"/v1/customers/{customer}/sessions"
    opened = desk.do("POST", path, SESSION)
    assert opened.status == 201
    path = f"{path}/{opened.body['session_id']}"
    for said in (
        {"facts": {"external_id": "logo:canary-18", "email": "canary@canary.example"}},
        {"facts": {"external_id": "canary", "street": "Canary Sokağı"}},
        {"code": "000000"},
    ):
        assert desk.do("POST", f"{path}/verification", said).body["state"] == "recognised"
    right = {"facts": {"external_id": "logo:canary-18", "street": "CANARY SOKAĞI"}}
    verified = desk.do("POST", f"{path}/verification", right)
    assert verified.body["state"] == "verified"
    seen = desk.do(
        "GET", f"/v1/customers/{customer}",
        Sahip_Session=verified.body["grant"], Sahip_Reason="",
    )  # fmt: skip
    assert NAME in seen.text
    assert not [one for one in PERSONAL if one in opened.text]


def a_complaint(desk: Desk, customer: str) -> None:
    """A complaint's whole way, with something personal in every text."""
    told = {"customer_id": customer, "title": NAME, "text": NAME, "product": NAME, "serial": NAME}
    complaint = desk.do("POST", "/v1/complaints", told).body["complaint_id"]
    amends = {"what": NAME, "by_when": "2099-01-01"}
    for move, body in (
        ("answer", {"text": NAME, "apology": NAME}),
        ("hand-over", {"to": "deniz", "reason": "other", "text": NAME}),
        ("help", {"of": "canary", "what": NAME}),
        ("propose", {"text": NAME, "fault": "ours", "amends": amends}),
        ("accept", {"word": NAME}),
        ("reopen", {"word": NAME}),
    ):
        assert desk.do("POST", f"/v1/complaints/{complaint}/{move}", body).status == 200


def a_registration(desk: Desk) -> None:
    """A registration's whole way, refused and accepted at last."""
    made = desk.do("POST", "/v1/warranty/registrations", a_product(days=30))
    path = f"/v1/warranty/registrations/{made.body['registration_id']}/proof"
    proof = {"kind": "invoice", "number": NAME, "dated": "2026-01-05", "reference": NAME}
    for way, body in (
        ("", proof),
        ("/refuse", {"reason": NAME}),
        ("", proof | {"number": "canary"}),
        ("/accept", {"reason": NAME}),
    ):
        assert desk.do("POST", f"{path}{way}", body).status == 200


def a_consent(desk: Desk, customer: str) -> None:
    """A consent and a refusal, and what comes of them."""
    proof = {"proof": {"kind": "form", "reference": "f-1"}, "text_version": "1"}
    for status in ("ONAY", "RET"):
        told = a_refusal(customer) | proof | {"status": status, "source": "HS_ISLAK_IMZA"}
        assert desk.do("POST", "/v1/engagement/consents", told).status == 201
        desk.settle()
    address = {"customer_id": customer, "channel": "MESAJ", "address": PHONE}
    question = {"customer_id": customer, "channel": "sms", "purpose": "offer"}
    for path, asked in (("standing", address), ("may-contact", question)):
        assert desk.do("POST", f"/v1/engagement/{path}", asked).status == 200
    listed = desk.do("GET", f"/v1/engagement/consents?customer_id={customer}")
    assert len(listed.body["consents"]) == 2


def a_message(desk: Desk, customer: str) -> None:
    """What a customer is told of by name, and what becomes of it."""
    values = {"product": NAME, "danger": NAME, "what_to_do": NAME}
    asked = desk.do("POST", "/v1/engagement/messages", a_warning(customer) | {"values": values})
    assert asked.status == 201
    desk.settle()
    way = f"/v1/engagement/messages/{asked.body['message_id']}"
    assert desk.do("GET", way).body["values"] == values
    listed = desk.do("GET", f"/v1/engagement/messages?customer_id={customer}")
    assert len(listed.body["messages"]) == 1


def every_refusal(desk: Desk, scene: Scene) -> None:
    """Personal data in whatever is refused: shapes, values, keys, moves, ids in paths."""
    ayse, order = scene.ids["ayse"], scene.ids["delivered"]
    refused = [
        desk.do("POST", "/v1/customers", {"name": NAME, "colour": NAME}),
        desk.do("POST", "/v1/customers", {"name": {"first": NAME}}),
        desk.do("POST", "/v1/customers", f'{{"name": "{NAME}'.encode()),
        desk.do("POST", "/v1/customers", {"name": NAME, "external_ids": ["logo:canary-17"]}),
        desk.do(
            "POST",
            "/v1/customers",
            {"name": NAME, "contact_points": [{"kind": "phone", "value": NAME}]},
        ),
        desk.do("POST", "/v1/customers/lookup", {"phone": f"{PHONE} {NAME}"}),
        desk.do("POST", "/v1/customers/lookup", {"email": f"{NAME} {EMAIL}"}),
        desk.do("POST", "/v1/customers/lookup", {"phone": PHONE, "email": EMAIL}),
        desk.do("POST", "/v1/customers/search", {"text": f"{NAME} a b c d e f g"}),
        desk.do("POST", "/v1/customers/recognition", {"phone": f"{PHONE} {NAME}"}),
        desk.do("POST", "/v1/customers/recognition", {"name": NAME, "colour": NAME}),
        desk.do("GET", f"/v1/customers/{ayse}", Sahip_Reason="visit; canary"),
        desk.do("GET", f"/v1/customers/{ayse}", Sahip_Reason=f"visit {PHONE}"),
        desk.do("POST", "/v1/customers/lookup", {"tax_id": f"{TCKN} {NAME}"}),
        desk.do("POST", "/v1/customers/lookup", {"tax_id": f"{VKN[:-1]}1"}),
        desk.do("POST", "/v1/customers/recognition", {"tax_id": f"{TCKN}0"}),
        desk.do("POST", "/v1/customers", {"name": NAME, "tax_ids": [TCKN], "birth_date": TCKN}),
        desk.do("POST", "/v1/customers", {"name": NAME, "tax_ids": TAX_IDS, "born": BORN}),
        desk.do("POST", "/v1/customers", {"birth_date": BORN, "tax_ids": TAX_IDS}),
        desk.do(
            "POST",
            "/v1/customers",
            {"name": NAME, "tax_ids": [TAX_IDS[0], {"scheme": "VKN", "value": TCKN}]},
        ),
        desk.do("PATCH", f"/v1/customers/{ayse}", {"tax_ids": TAX_IDS}, If_Match='"9"'),
        desk.do("POST", f"/v1/customers/{ayse}/tax-ids/reveal", {"scheme": TCKN}, by="operations"),
        desk.do("POST", "/v1/orders", {"customer_id": NAME, "lines": [PERSONAL_LINE]}),
        desk.do("POST", f"/v1/orders/{order}/cancel", {"reason": NAME}),
        desk.do("POST", f"/v1/customers/{ayse}/links", {"other_id": ayse, "reason": NAME}),
        desk.do("PATCH", f"/v1/customers/{ayse}", {"name": NAME}, If_Match='"9"'),
        desk.do("PATCH", f"/v1/customers/{ayse}", {"name": NAME}, If_Match="canary"),
        desk.do("POST", "/v1/customers", {"name": NAME}, Idempotency_Key="canary canary"),
        desk.do("POST", "/v1/complaints", {"customer_id": NAME, "text": NAME}),
        desk.do("POST", f"/v1/complaints/{scene.ids['open']}/accept", {"word": NAME}),
        desk.do("POST", "/v1/warranty/registrations", a_product() | {"bought_on": NAME}),
        desk.do("POST", "/v1/engagement/consents", a_refusal(NAME)),
        desk.do("POST", "/v1/engagement/consents", a_refusal(ayse) | {"address": f"{PHONE}0" * 2}),
        desk.do("POST", "/v1/engagement/consents", a_refusal(ayse) | {"source": "CANARY"}),
        desk.do("POST", "/v1/engagement/messages", a_warning(ayse) | {"values": {"danger": NAME}}),
        desk.do("POST", "/v1/engagement/messages", a_warning(ayse) | {"reason": NAME}),
        desk.do("POST", "/v1/view/lookup", {"phone": f"{PHONE} {NAME}"}),
        desk.do("POST", "/v1/view/lookup", {"phone": PHONE, "email": EMAIL}),
    ]
    assert [one.status for one in refused if one.status not in (400, 404, 409, 412)] == []


def a_failure_of_ours(desk: Desk, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table and a key that are gone: nobody has thought of what that says."""
    lost = DynamoOrders(boto3.client("dynamodb"), "no-such-table", "secret")
    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "orders", lambda: lost)
        body = {"customer_id": scene.ids["ayse"], "lines": [PERSONAL_LINE]}
        assert desk.do("POST", "/v1/orders", body).status == 500
        gone = KmsTaxIds(boto3.client("kms"), "alias/no-such-key", "secret")
        patch.setattr(customer_bootstrap, "tax_ids", lambda: gone)
        person = {"name": NAME, "birth_date": BORN, "tax_ids": TAX_IDS}
        assert desk.do("POST", "/v1/customers", person).status == 500


def poison(scene: Scene) -> list[dict[str, Any]]:
    """Messages that fit nothing, with personal data in every wrong place."""
    sqs = boto3.client("sqs")
    detail = {"event_id": "cus_1:1:0", "version": NAME, "members": NAME, "name": NAME}
    bodies = [
        f"{{{NAME}",
        json.dumps(
            {"source": "sahip.customer", "detail-type": "CustomerLinkChanged.v1", "detail": detail}
        ),
        json.dumps({"source": "sahip.orders", "detail-type": "OrderPlaced.v1", "detail": {}}),
    ]
    dead: list[dict[str, Any]] = []
    for queue in QUEUES:
        url = sqs.get_queue_url(QueueName=f"sahip-{scene.system.world.stage}-{queue}-events")[
            "QueueUrl"
        ]
        for body in bodies:
            sqs.send_message(QueueUrl=url, MessageBody=body)
    scene.system.settle()
    for queue in QUEUES:
        name = f"sahip-{scene.system.world.stage}-{queue}-events-dead"
        dead += [dict(one) for one in scene.system.dead_letters(name)]
    return dead


def test_nothing_personal_gets_out_by_logs_events_urls_refusals_or_reasons(
    scene: Scene, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(scene.system, ears)

    the_whole_way(desk)
    every_refusal(desk, scene)
    a_failure_of_ours(desk, scene, monkeypatch)
    scene.system.settle()
    reasons = [
        {name: one["StringValue"] for name, one in letter["MessageAttributes"].items()}
        for letter in poison(scene)
    ]

    heard = ears.heard() | {"reasons": json.dumps(reasons, ensure_ascii=False)}
    assert len(reasons) == 19  # and a call of a phone that several people have
    assert heard["events"].count("detail-type") >= 10
    assert heard["logs"].count('"what":"served"') >= 30
    assert '"a request failed unexpectedly"' in heard["logs"]
    assert '"recognition was tried too often"' in heard["logs"]
    assert heard["refusals"].count("urn:sahip:problem") >= 19
    found = [(where, one) for where, text in heard.items() for one in PERSONAL if one in text]
    assert found == []
