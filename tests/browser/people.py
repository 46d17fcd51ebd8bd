"""People in the books for the desk to be tried with; each has a number that nobody else has.

And those of the company who serve them: Selin owns the first tier, Cem all others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from infra.local.system import LocalSystem
from shared.calendar import day_in_turkey
from tests.client import Client

WASHER = {"product": "washer W-9", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
STAFF = "/v1/customers/staff"
_numbers = count(1)


def days(number: int) -> str:
    """A moment so many days from now."""
    return (datetime.now(UTC) + timedelta(days=number)).isoformat()


def a_phone() -> str:
    return f"0532 700 {next(_numbers):02} 11"


def a_customer(agent: Client, **particulars: Any) -> str:
    created = agent.create("/v1/customers", particulars)
    assert created.status == 201, created.text
    return str(created.body["customer_id"])


def an_order(agent: Client, customer: str, **particulars: Any) -> str:
    body = {"customer_id": customer, "lines": [WASHER], **particulars}
    placed = agent.create("/v1/orders", body)
    assert placed.status == 201, placed.text
    return str(placed.body["order_id"])


def subject(name: str) -> str:
    """That of the tokens of somebody of the company."""
    return str(uuid5(NAMESPACE_URL, name))


def an_offer(seller: Client, customer: str, **particulars: Any) -> str:
    """An offer to somebody that is before their owner; `seller` asks for it."""
    body = {
        "what": "Yılbaşında gözlükte dörtte bir indirim",
        "why": "Yıl hedefine az kaldı",
        "product": "glasses",
        "channel": "email",
        "wave": "year-end",
        "template": "offer_made",
        "values": {"offer": "gözlük", "until": "31 Aralık", "link": "https://example.com/y"},
        "starts_at": days(1),
        "ends_at": days(20),
        **particulars,
    }
    path = f"/v1/engagement/offers/{_made(seller, '/v1/engagement/offers', body)['offer_id']}"
    for move, said in (("people", {"customer_ids": [customer]}), ("open", {})):
        moved = seller.post(f"{path}/{move}", said)
        assert moved.status == 200, moved.text
    return path


def engage_the_company(manager: Client) -> str:
    """Two tiers and their owners; the id of the first tier."""
    owners = {}
    for name, languages in (("Selin Ak", ["tr", "en"]), ("Cem Oğuz", ["tr"])):
        body = {
            "subject": subject(name),
            "name": name,
            "roles": ["customer_owner"],
            "most_customers": 100,
            "languages": languages,
        }
        owners[name] = _made(manager, STAFF, body)["staff_id"]
    tiers = {"reason": "we begin"}
    default = {"name": "Standart", "rank": 2, "queue": "standart-tr", "owner": owners["Cem Oğuz"]}
    _made(manager, "/v1/customers/segments", {**tiers, **default, "is_default": True})
    first = {"name": "Platin", "rank": 1, "queue": "platin-tr", "owner": owners["Selin Ak"]}
    return str(_made(manager, "/v1/customers/segments", {**tiers, **first})["segment_id"])


def put_in_tier(manager: Client, customer: str, tier: str) -> None:
    said = {"segment": tier, "reason": "on sekiz yıldır bizden alıyor"}
    assert manager.post(f"/v1/customers/{customer}/care", said).status == 200


@contextmanager
def away_today(manager: Client, name: str, *, deputy: str) -> Iterator[None]:
    """Somebody is away, and somebody else takes their place."""
    ids = {one["name"]: one["staff_id"] for one in manager.get(STAFF).body["staff"]}
    path, today = f"{STAFF}/{ids[name]}", day_in_turkey(datetime.now(UTC)).isoformat()

    def change(absences: list[dict[str, str]]) -> None:
        version = manager.get(path).headers["ETag"]
        reply = manager.patch(path, {"absences": absences}, **{"If-Match": version})
        assert reply.status == 200, reply.text

    change([{"since": today, "until": today, "deputy": ids[deputy]}])
    try:
        yield
    finally:
        change([])


def _made(client: Client, path: str, body: Any) -> Any:
    reply = client.create(path, body)
    assert reply.status == 201, reply.text
    return reply.body


def ayse(system: LocalSystem, agent: Client, number: str) -> tuple[str, str]:
    """A caller with a story: a late order, a danger, a promise that is past. Her id and phone."""
    line = a_phone()
    customer = a_customer(
        agent,
        name="Ayşe Işık",
        language="tr",
        contact_points=[
            {"kind": "phone", "value": line},
            {"kind": "email", "value": f"ayse.{number}@example.com"},
        ],
        addresses=[
            {"lines": "Moda Cad. No: 7", "district": "Kadıköy", "city": "İstanbul"},
        ],
        external_ids=[f"shop:{number}"],
    )
    an_order(agent, customer, external_id=f"web-{number}", promised_at=days(-3))
    danger = {
        "customer_id": customer,
        "seriousness": "safety",
        "kind": "product",
        "title": "Kapağından su ve kıvılcım geliyor",
    }
    assert agent.create("/v1/complaints", danger).status == 201
    talk = {
        "at": days(-2),
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "with": "Deniz",
        "summary": "Teknisyen ne zaman gelecek diye sordu.",
        "promise": {"what": "teknisyen arayacak", "by": "Yetkili servis", "due": days(-1)},
    }
    assert agent.create(f"/v1/customers/{customer}/conversations", talk).status == 201
    system.settle()
    return customer, line
