"""One complaint's whole way: from the first who hears of it until the customer is content."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

BY_WHEN = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()


def a_customer(agent: Client, name: str) -> str:
    return str(agent.create("/v1/customers", {"name": name}).body["customer_id"])


def moved(client: Client, complaint: str, move: str, **body: Any) -> Any:
    reply = client.post(f"/v1/complaints/{complaint}/{move}", body)
    assert reply.status == 200, reply.text
    return reply.body


def test_a_broken_washer_is_heard_owned_made_good_and_made_good_again(
    system: LocalSystem, agent: Client
) -> None:
    ayse = a_customer(agent, "Ayşe Işık")
    herself, technician = Client(system, "customer", ayse), Client(system, "operations")
    line = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
    order = agent.create("/v1/orders", {"customer_id": ayse, "lines": [line]}).body["order_id"]

    told = agent.create(
        "/v1/complaints",
        {
            "customer_id": ayse,
            "kind": "product",
            "title": "Çamaşır makinesi sıkmıyor",
            "text": "Teslimattan beri sıkmıyor.",
            "order_id": order,
            "channel": "phone",
        },
    ).body
    complaint, owner = told["complaint_id"], told["owner"]

    assert moved(technician, complaint, "help", of="stores", what="A pump?")["owner"] == owner
    moved(agent, complaint, "answer", text="Yarın geliyoruz.", apology="Özür dileriz.")
    amends = {"what": "yıkama paketi", "by_when": BY_WHEN, "worth": {"amount": 50_000}}
    moved(agent, complaint, "propose", text="Yenisini getiriyoruz.", fault="ours", amends=amends)
    assert moved(herself, complaint, "accept")["status"] == "resolved"

    reopened = moved(herself, complaint, "reopen", word="Yine")
    assert (reopened["status"], reopened["owner"]) == ("open", owner)
    moved(agent, complaint, "propose", text="Parayı iade ediyoruz.", amends=amends)
    moved(agent, complaint, "accept", word="Şimdi oldu.")
    system.settle()

    listed = agent.get(f"/v1/complaints?customer_id={ayse}").body["complaints"]
    assert [(one["title"], one["status"]) for one in listed] == [
        ("Çamaşır makinesi sıkmıyor", "resolved")
    ]
    assert system.dead_letters("sahip-local-complaints-events-dead") == []


def test_a_person_reads_their_complaints_under_both_ids_once_those_are_linked(
    system: LocalSystem, agent: Client
) -> None:
    ayse, isik = a_customer(agent, "Ayşe Işık"), a_customer(agent, "A. Isik")
    told = agent.create("/v1/complaints", {"customer_id": isik, "text": "Kutu açıktı."}).body
    herself = Client(system, "customer", ayse)
    before = herself.get(f"/v1/complaints/{told['complaint_id']}").status

    agent.create(f"/v1/customers/{ayse}/links", {"other_id": isik, "reason": "she says so"})
    system.settle()

    assert before == 404
    assert herself.get(f"/v1/complaints/{told['complaint_id']}").status == 200
    listed = herself.get(f"/v1/complaints?customer_id={isik}").body["complaints"]
    assert [one["complaint_id"] for one in listed] == [told["complaint_id"]]


def test_a_complaint_that_nobody_answers_in_time_is_found_by_whoever_looks_for_late_ones(
    system: LocalSystem, agent: Client
) -> None:
    shop = Client(system, "integration")
    customer = a_customer(agent, "Can Öz")
    body = {"customer_id": customer, "opened_at": "2026-03-02T09:00:00Z", "channel": "survey"}
    complaint = shop.create("/v1/complaints", body).body["complaint_id"]
    system.settle()

    def waits_for() -> list[str]:
        late = agent.get("/v1/complaints?late=true&limit=100").body["complaints"]
        return [one["waits_for"] for one in late if one["complaint_id"] == complaint]

    assert waits_for() == ["answer"]

    moved(agent, complaint, "answer", text="Arıyoruz.")
    system.settle()

    assert waits_for() == ["resolution"]
