"""A product's way from the shop, ours or another, into the look of whoever answers the phone."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from infra.local.system import LocalSystem
from services.customer.app import app as customer_app
from shared.calendar import day_in_turkey
from shared.contracts.summary import ProductsPart
from tests.client import Client, Reply

pytestmark = pytest.mark.journey

WASHER = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
FILTER = {"product": "filter", "quantity": 3, "unit_price": 24_950, "kdv_class": "general"}
INVOICE = {"kind": "invoice", "number": "GIB2026-1", "dated": "2026-01-05", "reference": "desk 4"}


class Visitor(Client):
    """Somebody who has a product, and no account."""

    def send(self, method: str, path: str, body: Any, **headers: str) -> Reply:
        return super().send(method, path, body, **headers | {"Authorization": ""})

    def register(self, key: str | None = None, **said: Any) -> Reply:
        body = {
            "product": "sunglasses",
            "bought_on": days_ago(2),
            "bought_from": "Optik Göz, Kadıköy",
            "name": "Ayşe Işık",
            "contact_point": {"kind": "phone", "value": "0532 123 45 67"},
        } | said
        return self.create("/v1/warranty/registrations", body, key=key)


@pytest.fixture
def visitor(system: LocalSystem) -> Visitor:
    return Visitor(system, "customer")


def today() -> date:
    return day_in_turkey(datetime.now(UTC))


def days_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def two_years_on(day: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    february = (month, number) == (2, 29) and (year + 2) % 4
    return f"{year + 2}-{month:02}-{28 if february else number:02}"


def find_customers(agent: Client, phone: str) -> list[str]:
    found = agent.post("/v1/customers/lookup", {"phone": phone})
    return [one["customer_id"] for one in found.body["customers"]]


def units_of(agent: Client, customer: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = agent.get(f"/v1/warranty/units?customer_id={customer}").body[
        "units"
    ]
    return listed


def a_customer(agent: Client, name: str, phone: str) -> str:
    points = [{"kind": "phone", "value": phone}]
    created = agent.create("/v1/customers", {"name": name, "contact_points": points})
    return str(created.body["customer_id"])


def a_delivered_order(agent: Client, warehouse: Client, customer: str, *lines: object) -> str:
    placed = agent.create("/v1/orders", {"customer_id": customer, "lines": lines})
    order = str(placed.body["order_id"])
    assert agent.post(f"/v1/orders/{order}/approve", {}).status == 200
    assert warehouse.post(f"/v1/orders/{order}/ship", {}).status == 200
    assert warehouse.post(f"/v1/orders/{order}/deliver", {}).status == 200
    return order


def ask(system: LocalSystem, function: str, question: dict[str, Any]) -> Any:
    """Call a function of the warranty service as the view would."""
    name = next(one for one in system.world.services if one.name == "warranty").function(function)
    return system.functions.invoke(name.name, json.dumps(question).encode()).answer()


def products_of(system: LocalSystem, customer: str) -> ProductsPart:
    caller = {
        "subject": "s",
        "client_id": "c",
        "roles": ["agent"],
        "customer_id": None,
        "grounds": {"reason": "case", "reference": None},
    }
    question = {
        "ids": [customer],
        "caller": caller,
        "parts": ["products"],
        "deadline_ms": 1500,
        "correlation_id": "journey-1",
    }
    told = ask(system, "Summary", question)
    return ProductsPart.model_validate(told["customers"][customer]["parts"]["products"])


def test_sunglasses_from_a_shop_are_registered_in_the_week_without_a_document(
    system: LocalSystem, visitor: Visitor, agent: Client
) -> None:
    registered = visitor.register(serial="SG-2026 77", delivered_on=days_ago(1))
    system.settle()

    assert registered.status == 201
    assert registered.body["state"] == "registered"
    assert registered.body["proof"] == "waived"
    assert registered.body["cover"]["until"] == two_years_on(days_ago(1))

    [customer] = find_customers(agent, "+90 532 123 45 67")
    assert agent.get(f"/v1/customers/{customer}").body["name"] == "Ayşe Işık"
    [unit] = units_of(agent, customer)
    assert unit["serial"] == "SG-2026 77"
    assert unit["covered_until"] == two_years_on(days_ago(1))
    assert agent.post("/v1/view/lookup", {"serial": "sg202677"}).body["customer_id"] == customer
    happened = agent.get(f"/v1/view/customers/{customer}").body["timeline"]["data"]["recent"]
    assert {one["what"] for one in happened} == {"ProductRegistered", "CustomerCreated"}

    registration = registered.body["registration_id"]
    unasked = visitor.post(f"/v1/warranty/registrations/{registration}/proof", INVOICE)
    assert unasked.status == 409
    assert unasked.body["legal_moves"] == []


def test_the_same_person_is_found_again_by_any_spelling(
    system: LocalSystem, visitor: Visitor, agent: Client
) -> None:
    phone = {"kind": "phone", "value": "+90 532 765 43 21"}
    visitor.register(name="İpek  Çağrı", contact_point=phone)
    visitor.register(name="IPEK CAGRI", contact_point=phone, product="binoculars")
    visitor.register(name="Can Çağrı", contact_point=phone)
    system.settle()

    owned = [len(units_of(agent, one)) for one in find_customers(agent, "0532 765 43 21")]

    assert sorted(owned) == [1, 2]


def test_after_the_week_a_document_is_asked_for_and_the_cover_is_the_same(
    system: LocalSystem, visitor: Visitor, agent: Client
) -> None:
    said = {"bought_on": days_ago(20), "delivered_on": days_ago(8), "name": "Late Leyla"}
    registered = visitor.register(**said)
    path = f"/v1/warranty/registrations/{registered.body['registration_id']}"

    assert registered.status == 201
    assert registered.body["state"] == "proof_asked"
    assert registered.body["cover"]["until"] == two_years_on(days_ago(8))

    given = visitor.post(f"{path}/proof", INVOICE)
    refused = agent.post(f"{path}/proof/refuse", {"reason": "another shop's"})
    again = visitor.post(f"{path}/proof", INVOICE | {"number": "GIB2026-2"})
    accepted = agent.post(f"{path}/proof/accept", {"reason": "it shows the sunglasses"})
    system.settle()

    states = [one.body["state"] for one in (given, refused, again, accepted)]
    assert states == ["proof_given", "proof_refused", "proof_given", "registered"]
    for step in (given, refused, again, accepted):
        assert step.body["cover"]["until"] == two_years_on(days_ago(8))
    owner = accepted.body["customer_id"]
    [unit] = products_of(system, owner).units
    assert unit.state == "registered"
    happened = agent.get(f"/v1/view/customers/{owner}").body["timeline"]["data"]["recent"]
    assert {one["what"] for one in happened} == {
        "ProofAccepted",
        "ProofRefused",
        "ProofAsked",
        "ProductRegistered",
        "CustomerCreated",
    }


def test_a_serial_number_of_somebody_else_goes_to_review_and_names_nobody(
    system: LocalSystem, visitor: Visitor, agent: Client
) -> None:
    visitor.register(serial="TWICE-1", name="First Fatma")
    second = visitor.register(serial="twice 1", name="Second Selma")
    again = visitor.register(serial="twice 1", name="Second Selma")

    assert second.status == 201
    assert second.body["state"] == "under_review"
    assert second.body["proof"] == "waived"
    assert "has been registered before" in second.body["next"]
    assert "Fatma" not in second.text
    assert "cus_" not in second.text
    assert again.status == 200
    assert again.body == second.body
    system.settle()
    asked = agent.post("/v1/view/lookup", {"serial": "TWICE1"}).body
    assert len(asked["candidates"]) == 2


def test_what_we_delivered_ourselves_is_owned_at_once_and_needs_no_document(
    system: LocalSystem, visitor: Visitor, agent: Client, warehouse: Client
) -> None:
    customer = a_customer(agent, "Deniz Öz", "0532 000 11 22")
    order = a_delivered_order(agent, warehouse, customer, WASHER, FILTER)
    system.settle()

    products = products_of(system, customer)
    assert products.count == 4
    assert sorted(str(one.product) for one in products.units) == ["filter"] * 3 + ["washer"]
    assert {one.covered_until and one.covered_until.isoformat() for one in products.units} == {
        two_years_on(today().isoformat())
    }
    assert {one.state for one in products.units} == {"owned"}

    registered = visitor.register(
        product="Washer",
        serial="WM-4711",
        order_id=order,
        bought_on=days_ago(30),
        name="DENIZ OZ",
        contact_point={"kind": "phone", "value": "05320001122"},
    )
    system.settle()

    assert registered.body["proof"] == "not_needed"
    assert registered.body["cover"]["until"] == two_years_on(today().isoformat())
    assert products_of(system, customer).count == 4
    [washer] = [one for one in units_of(agent, customer) if one["product"] == "washer"]
    assert (washer["serial"], washer["state"]) == ("WM-4711", "registered")
    herself, stranger = (Client(system, "customer", one) for one in (customer, "cus_other"))
    assert herself.get(f"/v1/warranty/units/{washer['unit_id']}").status == 200
    assert stranger.get(f"/v1/warranty/units/{washer['unit_id']}").status == 404


def test_a_repeated_request_registers_once(visitor: Visitor) -> None:
    first = visitor.register(key="the-very-same", name="Repeating Recep")
    again = visitor.register(key="the-very-same", name="Repeating Recep")
    other = visitor.register(key="the-very-same", name="Somebody Else")

    assert (first.status, again.status, other.status) == (201, 200, 422)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.body == first.body


def test_what_cannot_be_is_refused_with_the_field_at_fault(
    visitor: Visitor, agent: Client
) -> None:
    tomorrow = days_ago(-1)
    flaws: dict[str, dict[str, Any]] = {
        "bought_on": {"bought_on": tomorrow},
        "delivered_on": {"delivered_on": days_ago(3)},
        "serial": {"serial": "yok"},
        "contact_point.value": {"contact_point": {"kind": "phone", "value": "0532 1"}},
    }

    for field, flaw in flaws.items():
        refused = visitor.register(**flaw)
        assert refused.status == 400
        assert [one["field"] for one in refused.body["errors"]] == [field]
    for flaw in ({"bought_on": "2026-02-30"}, {"product": None}, {"colour": "red"}):
        assert visitor.register(**flaw).status == 400


def test_when_the_customer_service_is_down_nothing_is_half_done(
    system: LocalSystem, visitor: Visitor, agent: Client
) -> None:
    phone = {"kind": "phone", "value": "0532 999 88 77"}
    service = next(one for one in system.world.services if one.name == "customer")
    find_or_create = service.function("FindOrCreate")
    system.functions.add(find_or_create, is_down)

    refused = visitor.register(key="patience", contact_point=phone, serial="DOWN-1")

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert agent.post("/v1/view/lookup", {"serial": "DOWN-1"}).status == 404
    assert find_customers(agent, "0532 999 88 77") == []

    system.functions.add(find_or_create, customer_app.handler_map["find_or_create"])
    assert visitor.register(key="patience", contact_point=phone, serial="DOWN-1").status == 201


def is_down(event: Any, context: Any) -> Any:
    raise ConnectionError("the customer service is down")
