"""A department whose view shows no amounts, and tells of some parts the facts alone."""

from typing import Any

from playwright.sync_api import Route, expect

from infra.local.system import LocalSystem
from tests.browser.people import an_order, ayse
from tests.browser.screen import Screen
from tests.client import Client


def as_logistics_sees_it(route: Route) -> None:
    """The answer of the view, without what it keeps back of a department of this kind."""
    answer = route.fetch()
    look: dict[str, Any] = answer.json()
    look["seen_by"] = {"view": "logistics", "money": "light", "order": [], "facts_alone": []}
    look["payment_light"] = {"light": "amber", "status": "fresh", "because": "owed"}
    for part in ("payments", "risk", "conversations", "engagement"):
        look[part] |= {"data": None, "reason": "the facts of it alone", "kept_back": ["data"]}
    for part, name in (("orders", "totals"), ("care", "value")):
        look[part]["data"][name] = []
        look[part]["kept_back"] = [name]
    route.fulfill(response=answer, json=look)


def test_what_a_department_is_not_shown_is_neither_nothing_nor_unknown(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer, _ = ayse(system, agent, "dept-1")
    an_order(agent, customer, external_id="web-dept-2")
    system.settle()
    screen.page.route(f"**/v1/view/customers/{customer}", as_logistics_sees_it)
    screen.look_for("case")
    screen.find(customer)
    expect(screen.page.get_by_role("heading", name="Ayşe Işık")).to_be_visible()

    screen.see("Görünüm: lojistik")
    payment = screen.page.get_by_role("region", name="Ödeme")
    expect(payment).to_contain_text("Dikkat")
    expect(payment).to_contain_text("borcu var")
    expect(payment).to_contain_text("tutarlar biriminizin görünümünde gösterilmez")
    talked = screen.page.get_by_role("region", name="Son görüşme ve söz")
    expect(talked).to_contain_text("biriminizin görünümünde gösterilmez")
    alarms = screen.page.locator(".alarms")
    expect(alarms).to_contain_text("1 söz açık · 1 gün gecikti")  # the fact stands for everybody
    screen.page.get_by_text("Neden bu segment ve sahip").click()
    cards = screen.page.locator(".cards")
    for text in ("₺", "Borcu yok"):
        expect(cards).not_to_contain_text(text)
    expect(screen.page.locator(".details")).not_to_contain_text("Ödediği: yok")
    expect(screen.page.locator(".card.missing")).to_have_count(0)
    screen.page.get_by_role("button", name="web-dept-2").first.click()
    expect(screen.page.locator(".panel")).to_contain_text("washer W-9")
    expect(screen.page.locator(".panel")).not_to_contain_text("₺")
    screen.must_be_accessible()
    screen.must_fit()
