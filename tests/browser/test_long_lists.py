"""A long history: what has no room in the look is counted there, and comes on request."""

from playwright.sync_api import Locator, expect

from infra.local.system import LocalSystem
from tests.browser.people import a_customer, an_order, days
from tests.browser.screen import Screen
from tests.client import Client

TALKS, ORDERS = 23, 12
LONG = "Kapıda beklemiş. " * 200


def section(screen: Screen, title: str) -> Locator:
    """A list below the look, opened."""
    titled = screen.page.locator("summary").filter(has_text=title)
    found = screen.page.locator(".details > details").filter(has=titled)
    found.locator("summary").click()
    return found


def talk(agent: Client, customer: str, number: int) -> None:
    body = {
        "at": days(-number),
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "summary": f"{number}. görüşme: {LONG} {number}. son",
    }
    assert agent.create(f"/v1/customers/{customer}/conversations", body).status == 201


def test_what_has_no_room_is_counted_and_comes_page_by_page(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = a_customer(agent, name="Uzun Tarih", external_ids=["shop:long-1"])
    for number in range(1, TALKS + 1):
        talk(agent, customer, number)
    system.settle()
    screen.look_for("case")
    screen.find(customer)
    expect(screen.page.get_by_role("heading", name="Uzun Tarih")).to_be_visible()

    talks = section(screen, "Görüşmeler")
    more = talks.get_by_role("button", name="Devamını göster")
    expect(talks).to_contain_text("metin kısaltıldı")
    expect(talks).to_contain_text("tane daha")
    expect(talks).to_contain_text("…")
    screen.must_be_accessible()
    more.press("Enter")
    expect(talks.get_by_role("listitem")).to_have_count(20)
    expect(talks).to_contain_text("ve 3 tane daha")
    expect(talks).not_to_contain_text("kısaltıldı")
    more.press("Enter")
    expect(talks.get_by_role("listitem")).to_have_count(TALKS)
    expect(more).to_have_count(0)
    for number, said in enumerate(talks.get_by_role("listitem").all(), start=1):
        expect(said).to_contain_text(f"{number}. görüşme: {LONG} {number}. son")
    screen.must_be_accessible()
    screen.must_fit()

    happened = section(screen, "Olanlar")
    expect(happened).to_contain_text("daha var")
    happened.get_by_role("button", name="Devamını göster").click()
    expect(happened.get_by_role("listitem")).to_have_count(20)


def test_the_lists_of_several_ids_of_one_person_come_as_one(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    one, other = (a_customer(agent, name="İki Kart") for _ in range(2))
    for number in range(ORDERS):
        for customer in (one, other):
            an_order(agent, customer, external_id=f"web-{customer[-6:]}-{number}")
    linked = agent.create(f"/v1/customers/{one}/links", {"other_id": other, "reason": "aynı kişi"})
    assert linked.status == 201, linked.text
    system.settle()
    screen.look_for("case")
    screen.find(one)
    expect(screen.page.get_by_role("heading", name="İki Kart")).to_be_visible()

    orders = section(screen, "Siparişler")
    expect(orders).to_contain_text(f"ve {2 * ORDERS - 10} tane daha")
    orders.get_by_role("button", name="Devamını göster").click()
    expect(orders.get_by_role("listitem")).to_have_count(2 * ORDERS)
    expect(orders.get_by_role("button", name="Devamını göster")).to_have_count(0)
    numbers = [each.inner_text() for each in orders.locator("button.link").all()]
    assert [each.rpartition("-")[2] for each in numbers] == [
        str(number) for number in reversed(range(ORDERS)) for _ in range(2)
    ]
