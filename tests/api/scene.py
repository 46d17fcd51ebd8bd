"""Who and what there is when somebody comes with a request: made once, through the API itself."""

import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import jwt

from infra.local.system import LocalSystem
from services.customer.domain.duplicates import id_of_pair
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP, sign
from shared.calendar import day_in_turkey
from tests.api.asking import ask

NAME = "Ayşe Canary-Işık"
PHONE = "+905327773141"
EMAIL = "canary@example.com"
TCKN, VKN = "17291716060", "4540536920"
TAX_IDS = [{"scheme": "TCKN", "value": TCKN}, {"scheme": "VKN", "value": VKN}]
BORN = "1977-03-14"

LINE = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
WAYS: dict[str, tuple[str, ...]] = {
    "placed": (),
    "approved": ("approve",),
    "processing": ("approve", "process"),
    "shipped": ("approve", "ship"),
    "delivered": ("approve", "ship", "deliver"),
    "cancelled": ("cancel",),
    "unavailable": ("mark-unavailable",),
}
MOVES: dict[str, dict[str, Any]] = {
    "approve": {},
    "process": {},
    "mark-unavailable": {},
    "ship": {"tracking": "TR1"},
    "deliver": {},
    "cancel": {"reason": "ordered twice"},
}

FULFILMENT = ("process", "ship", "deliver", "mark-unavailable")

TALK = {
    "at": "2026-03-02T09:00:00Z",
    "channel": "phone",
    "direction": "in",
    "kind": "service",
    "with": "Canary",
    "summary": "canary",
}
PROMISE = {"what": "canary", "by": "Canary", "due": "2026-03-03T09:00:00Z"}
SESSION = {"channel": "call", "call_id": "call-17", "recognised_by": ["name", "district"]}
PROOF = {"kind": "invoice", "number": "GIB-1", "dated": "2026-01-05", "reference": "desk 4"}
COMPLAINT_WAYS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "open": (),
    "proposed": (("propose", {"text": "canary"}),),
    "resolved": (("propose", {"text": "canary"}), ("accept", {})),
}
_SECRETS = {
    "webshop": "ORDERS_WEBHOOK_SECRETS",
    "callcentre": "CUSTOMER_WEBHOOK_SECRETS",
    "gateway": "ENGAGEMENT_WEBHOOK_SECRETS",
}

_numbers = count(1)
_ranks = count(1)  # which go to a thousand


def a_product(*, days: int = 1) -> dict[str, Any]:
    """A product that Ayşe bought elsewhere so many days ago, with a serial number of its own."""
    return {
        "product": "canary glasses",
        "serial": f"CANARY-{next(_numbers)}",
        "bought_on": (day_in_turkey(datetime.now(UTC)) - timedelta(days=days)).isoformat(),
        "bought_from": "Canary Optik",
        "name": NAME,
        "contact_point": {"kind": "phone", "value": PHONE},
    }


def a_refusal(customer_id: str) -> dict[str, Any]:
    """Ayşe does not want to be written to on her phone."""
    return {
        "customer_id": customer_id,
        "channel": "MESAJ",
        "address": PHONE,
        "status": "RET",
        "source": "HS_WEB",
    }


def an_offer(**particulars: Any) -> dict[str, Any]:
    """What is to be offered to some people."""
    number, now = next(_numbers), datetime.now(UTC)
    return {
        "what": "canary",
        "why": "canary",
        "product": f"canary-{number}",
        "channel": "sms",
        "wave": "canary",
        "template": "offer_made",
        "values": {"offer": "canary", "until": "canary", "link": "canary"},
        "starts_at": (now + timedelta(days=7 * number)).isoformat(),
        "ends_at": (now + timedelta(days=7 * number + 1)).isoformat(),
        **particulars,
    }


def a_warning(customer_id: str) -> dict[str, Any]:
    """What a customer is told at any hour, for a reason of its own."""
    return {
        "customer_id": customer_id,
        "purpose": "safety",
        "reason": f"recall:{next(_numbers)}",
        "template": "safety_notice",
        "values": {"product": "canary", "danger": "canary", "what_to_do": "canary"},
    }


def an_event(segment: str) -> dict[str, Any]:
    """An event of another system about Ayşe, as a webhook of this segment takes it."""
    number, at = next(_numbers), "2026-03-02T09:00:00Z"
    envelope = {"event_id": f"event-{number}", "occurred_at": at}
    if segment == "orders":
        customer = {"name": NAME, "phone": PHONE, "email": EMAIL}
        order = {"order_id": f"o-{number}", "customer": customer, "currency": "TRY"}
        detail = {**envelope, **order, "lines": [LINE]}
        return {"detail_type": "ExternalOrderPlaced.v1", "detail": detail}
    call = {"call_id": f"c-{number}", "phone": PHONE, "direction": "in", "agent": "Canary"}
    detail = {**envelope, **call, "started_at": at, "ended_at": at, "summary": "canary"}
    return {"detail_type": "ExternalCallEnded.v1", "detail": detail}


def signed(partner: str, body: bytes) -> dict[str, str]:
    """The headers by which a partner's webhook shows who sends it."""
    now = str(int(time.time()))
    secret = json.loads(os.environ[_SECRETS[partner]])[partner]  # noqa: TID251 - as a partner has it
    return {TIMESTAMP: now, SIGNATURE: sign(secret, now, body)}


def a_person(*roles: str) -> dict[str, Any]:
    """Somebody of the company, with tokens of their own."""
    number = next(_numbers)
    return {
        "subject": f"subject-{number}",
        "name": "Deniz Usta",  # whom anybody who is served may know
        "departments": ["customers"],
        "roles": list(roles),
        "most_customers": 9 if "customer_owner" in roles else 0,
    }


def a_tier(owner: str, **fields: Any) -> dict[str, Any]:
    """A segment that there is not yet."""
    rank = next(_ranks)
    plain = {"name": f"tier {rank}", "rank": rank, "queue": "standard-tr", "owner": owner}
    return {**plain, "reason": "canary", **fields}


@dataclass
class Scene:
    """Ayşe, another customer, their orders and a link."""

    system: LocalSystem
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        points = [{"kind": "phone", "value": PHONE}, {"kind": "email", "value": EMAIL}]
        ids = self.ids
        ids["ayse"] = self.a_customer(
            name=NAME,
            contact_points=points,
            external_ids=["logo:canary-17"],
            birth_date=BORN,
            tax_ids=TAX_IDS,
        )
        ids["other"] = self.a_customer()
        ids["flat"], ids["spare"] = self.a_customer(), self.a_customer()
        ids["unwanted"] = self.a_customer()
        ids["link"] = self.a_link(ids["other"], ids["flat"])
        ids["relation"] = self.a_relation(ids["other"], ids["spare"])
        ids["duplicate"] = self.a_duplicate()
        for status in WAYS:
            ids[status] = self.an_order(ids["ayse"], status)
        self.an_order(ids["ayse"], external_id="shop-1")
        for status in COMPLAINT_WAYS:
            ids[status] = self.a_complaint(ids["ayse"], status)
        for state in ("proof_asked", "proof_given"):
            ids[state] = self.a_registration(state)
        read = self._must("GET", f"/v1/warranty/registrations/{ids['proof_asked']}", None)
        assert read["customer_id"] == ids["ayse"]
        ids["unit"] = str(read["unit_id"])
        ids["keeper"] = self.of_the_staff("customer_owner")
        ids["seller"] = self.of_the_staff("brand_manager")
        tier = a_tier(ids["keeper"], is_default=True)
        made = self._must("POST", "/v1/customers/segments", tier, role="manager")
        ids["segment"] = str(made["segment_id"])
        made = self._must("POST", "/v1/customers/segments", a_tier(ids["keeper"]), role="manager")
        ids["tier"] = str(made["segment_id"])  # which is not everybody's
        ids["talk"] = self.a_talk(ids["ayse"])
        ids["promised"] = self.a_talk(ids["ayse"], promise=PROMISE)
        ids["consent"] = self.a_consent(ids["ayse"])
        ids["decider"] = self.of_the_staff(
            "customer_owner", subject=_subject(self.system, "owner")
        )
        for status in ("draft", "open", "withdrawn"):
            ids[f"{status} offer"] = self.an_offer(ids["ayse"], status=status)
        ids["offer"] = ids["open offer"]
        ids["message"] = self.a_message(ids["ayse"])
        session = self.a_session(ids["ayse"])
        ids["session"] = session["session_id"]
        ids["contact_point"] = session["ways"]["contact_points"][0]["id"]

    def a_customer(self, **fields: Any) -> str:
        created = self._must("POST", "/v1/customers", {"name": "Can", **fields})
        return str(created["customer_id"])

    def an_order(self, customer_id: str, status: str = "placed", **fields: Any) -> str:
        body = {"customer_id": customer_id, "lines": [LINE], **fields}
        order_id = str(self._must("POST", "/v1/orders", body)["order_id"])
        for move in WAYS[status]:
            self._must("POST", f"/v1/orders/{order_id}/{move}", MOVES[move])
        return order_id

    def a_link(self, one: str, other: str) -> str:
        body = {"other_id": other, "reason": "they say so"}
        return str(self._must("POST", f"/v1/customers/{one}/links", body)["link_id"])

    def a_relation(self, *members: str) -> str:
        body = {"kind": "household", "reason": "they say so"}
        listed = [{"customer_id": one, "role": "member"} for one in members]
        made = self._must("POST", "/v1/customers/relations", body | {"members": listed})
        return str(made["relation_id"])

    def of_the_staff(self, *roles: str, **particulars: str) -> str:
        person = a_person(*roles) | particulars
        made = self._must("POST", "/v1/customers/staff", person, role="manager")
        return str(made["staff_id"])

    def a_duplicate(self) -> str:
        """Two who may be one person, once all is quiet."""
        number = next(_numbers)
        letters = "".join("bcdfghklmprstvyz"[int(digit)] + "u" for digit in str(number))
        twin = {
            "name": f"Zübeyde {letters}oğlu",
            "contact_points": [{"kind": "phone", "value": f"0542 77 {number + 70_000}"}],
            "addresses": [{"district": "Kadıköy", "city": "İstanbul"}],
        }
        return id_of_pair(self.a_customer(**twin), self.a_customer(**twin))

    def a_complaint(self, customer_id: str, status: str = "open") -> str:
        body = {"customer_id": customer_id, "text": "canary"}
        complaint_id = str(self._must("POST", "/v1/complaints", body)["complaint_id"])
        for move, said in COMPLAINT_WAYS[status]:
            self._must("POST", f"/v1/complaints/{complaint_id}/{move}", said)
        return complaint_id

    def a_registration(self, state: str = "registered") -> str:
        """A registration by Ayşe, without a token."""
        product = a_product(days=1 if state == "registered" else 30)
        made = self._must("POST", "/v1/warranty/registrations", product)
        registration_id = str(made["registration_id"])
        if state == "proof_given":
            made = self._must("POST", f"/v1/warranty/registrations/{registration_id}/proof", PROOF)
        assert made["state"] == state
        return registration_id

    def a_talk(self, customer_id: str, **fields: Any) -> str:
        made = self._must("POST", f"/v1/customers/{customer_id}/conversations", TALK | fields)
        return str(made["conversation_id"])

    def a_consent(self, customer_id: str) -> str:
        made = self._must("POST", "/v1/engagement/consents", a_refusal(customer_id))
        return str(made["consent_id"])

    def somebody_known(self) -> str:
        """A customer whom other services know already."""
        customer_id = self.a_customer()
        self.system.settle()
        return customer_id

    def an_influence(self) -> str:
        said = an_influence(self.ids["ayse"], self.somebody_known())
        return str(self._must("POST", "/v1/engagement/influences", said)["influence_id"])

    def a_message(self, customer_id: str) -> str:
        made = self._must("POST", "/v1/engagement/messages", a_warning(customer_id))
        return str(made["message_id"])

    def an_offer(self, *people: str, status: str = "draft") -> str:
        """An offer to these, which operations ask for."""
        path = "/v1/engagement/offers"
        made = self._must("POST", path, an_offer(), role="operations")
        path = f"{path}/{made['offer_id']}"
        if people:
            listed = {"customer_ids": list(people)}
            self._must("POST", f"{path}/people", listed, role="operations")
        if status != "draft":
            self._must("POST", f"{path}/open", {}, role="operations")
        if status == "withdrawn":
            self._must("POST", f"{path}/withdraw", {}, role="operations")
        return str(made["offer_id"])

    def a_session(self, customer_id: str) -> Any:
        """A session that an agent holds."""
        return self._must("POST", f"/v1/customers/{customer_id}/sessions", SESSION)

    def a_payment(self, order_id: str) -> None:
        self._must("POST", f"/v1/orders/{order_id}/payments", {"method": "cash", "amount": 1})

    def _must(self, method: str, path: str, body: Any, role: str = "") -> Any:
        role = role or ("operations" if path.rpartition("/")[2] in FULFILMENT else "agent")
        reply = ask(
            self.system, method, path, body, token=self.system.token(role), headers=a_key()
        )
        assert reply.status in (200, 201), reply.text
        return reply.body


def an_influence(customer_id: str, other_id: str) -> dict[str, str]:
    """That the one brought the other."""
    who = {"customer_id": customer_id, "other_id": other_id}
    return {"kind": "referred", "reason": "canary says so", **who}


def a_key() -> dict[str, str]:
    """A new idempotency key."""
    return {"Idempotency-Key": f"scene-{next(_numbers)}"}


def _subject(system: LocalSystem, role: str) -> str:
    """That of the tokens of somebody with this role."""
    claims = jwt.decode(system.token(role), options={"verify_signature": False})
    return str(claims["sub"])
