"""A department whose view shows no amounts, and tells of some parts the facts alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from infra.local.system import LocalSystem
from tests.browser.people import an_order, ayse
from tests.browser.screen import Screen
from tests.client import Client


@pytest.fixture
def carrier(system: LocalSystem, chromium: Browser) -> Iterator[Screen]:
    """The desk of somebody of logistics."""
    with Screen.opened(chromium, system) as screen:
        screen.sign_in(department="logistics", subject="carrier")
        yield screen
        screen.must_be_sound()


def test_what_a_department_is_not_shown_is_neither_nothing_nor_unknown(
    system: LocalSystem, agent: Client, carrier: Screen
) -> None:
    customer, _ = ayse(system, agent, "dept-1")
    order = an_order(agent, customer, external_id="web-dept-2")
    paid = {"method": "cash", "amount": 100}
    assert agent.create(f"/v1/orders/{order}/payments", paid).status == 201
    system.settle()
    screen = carrier
    screen.look_for("case")
    screen.find(customer)
    expect(screen.page.get_by_role("heading", name="Ayşe Işık")).to_be_visible()

    screen.see("Görünüm: lojistik")
    screen.see("Bilgilerin %100 kadarı kesin ve güncel")
    payment = screen.page.get_by_role("region", name="Ödeme")
    expect(payment).to_contain_text("Dikkat")
    expect(payment).to_contain_text("borcu var")
    expect(payment).to_contain_text("tutarlar biriminizin görünümünde gösterilmez")
    talked = screen.page.get_by_role("region", name="Son görüşme ve söz")
    expect(talked).to_contain_text("biriminizin görünümünde gösterilmez")
    alarms = screen.page.locator(".alarms")
    expect(alarms).to_contain_text("1 söz açık · 1 gün gecikti")  # the fact stands for everybody
    screen.page.get_by_text("Neden bu segment ve sahip").click()
    expect(screen.page.locator(".details")).to_contain_text("Ödediği: biriminizin görünümünde")
    screen.must_not_show("₺", "Borcu yok", "Görüşme kaydı yok")
    expect(screen.page.locator(".card.missing")).to_have_count(0)
    screen.must_be_accessible()
    screen.must_fit()

    screen.page.get_by_role("button", name="web-dept-2").first.click()
    expect(screen.page.locator(".panel")).to_contain_text("washer W-9")
    screen.press("Escape")
    screen.press("p")
    expect(screen.page.locator(".panel")).to_contain_text("biriminizin görünümünde gösterilmez")
    screen.must_not_show("₺", "Açık söz yok")
    screen.must_be_accessible()
