"""Outside a call somebody looks for a reason: candidates, one person or two, what is not known."""

import pytest
from playwright.sync_api import Browser, expect

from infra.local.system import LocalSystem
from services.customer_view import bootstrap
from tests.browser.people import a_customer, a_phone, an_order, ayse
from tests.browser.screen import Screen
from tests.client import Client


def test_without_a_reason_nobody_is_looked_at(agent: Client, screen: Screen) -> None:
    a_customer(agent, name="Selin Ak", external_ids=["shop:selin"])
    screen.page.locator(".mode button").nth(1).click()

    screen.find("shop:selin")

    screen.see("bir gerekçe seçin")
    screen.must_not_show("Selin")


def test_a_name_that_several_have_gives_candidates_to_choose_by_a_key(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    for district in ("Bornova", "Konak"):
        a_customer(agent, name="Nilgün Toprak", addresses=[{"district": district}])
    system.settle()
    screen.look_for("visit")

    screen.find("nilgun toprak")
    screen.see("2 aday")
    screen.see("Bornova")
    screen.must_be_accessible()
    screen.must_fit()
    screen.press("2")

    expect(screen.page.get_by_role("heading", name="Nilgün Toprak")).to_be_visible()
    looks = screen.page.locator(".badge")
    expect(looks).to_contain_text("Ziyaret")


def test_who_recommends_us_is_seen_as_such(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = a_customer(agent, name="Nazan Gür")
    praise = {"customer_id": customer, "medium": "social", "result": "recommended"}
    assert agent.create("/v1/engagement/responses", praise).status == 201
    system.settle()
    screen.look_for("case")

    screen.find(customer)

    talked = screen.page.get_by_role("region", name="Son görüşme ve söz")
    expect(talked).to_contain_text("bizi övüyor, en son")
    screen.must_be_accessible()


def test_an_order_and_a_serial_are_told_apart_by_who_knows_them(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = a_customer(agent, name="Okan Dere", external_ids=["shop:okan"])
    an_order(agent, customer, external_id="web-okan-1")
    bought = {
        "product": "iron",
        "serial": "IR-2026-7777",
        "bought_on": "2026-01-05",
        "bought_from": "a shop in Moda",
        "name": "Pelin Su",
        "contact_point": {"kind": "email", "value": "pelin.su@example.com"},
    }
    assert agent.create("/v1/warranty/registrations", bought).status == 201
    system.settle()
    screen.look_for("case")

    screen.find("web-okan-1")
    expect(screen.page.get_by_role("heading", name="Okan Dere")).to_be_visible()
    screen.find("ir 2026 7777")
    expect(screen.page.get_by_role("heading", name="Pelin Su")).to_be_visible()


def what_comes_by_their_phone(
    system: LocalSystem, agent: Client, screen: Screen, customer: str, line: str
) -> None:
    """While two are one: a talk, an order and a complaint of whom nobody knows whose they are."""
    screen.find(line)
    expect(screen.page.get_by_role("heading", name="Fadime Gül")).to_be_visible()
    screen.press("n")
    screen.fill("Ne konuşuldu?", "kim aradı")
    screen.press("Control+Enter")
    screen.see("Görüşme kaydedildi.")
    by = {"found_by": {"kind": "phone", "shared": True}}
    an_order(agent, customer, external_id="web-both-1", **by)
    complaint = {"customer_id": customer, "title": "by phone", **by}
    assert agent.create("/v1/complaints", complaint).status == 201
    system.settle()


def test_two_sisters_in_law_are_merged_upon_a_preview_and_parted_again(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    home = {"kind": "phone", "value": a_phone()}
    ayse_ = a_customer(agent, name="Hatice Gül", contact_points=[home], external_ids=["shop:h1"])
    fadime = a_customer(agent, name="Fadime Gül", contact_points=[home], language="ku")
    system.settle()
    screen.look_for("correction")
    screen.find("shop:h1")
    expect(screen.page.get_by_role("heading", name="Hatice Gül")).to_be_visible()

    screen.press("b")
    screen.see("tek kart")
    screen.fill("Ad, numara ya da cari kart no", "fadime gul")
    screen.press("Enter")
    screen.page.get_by_role("list", name="Bulunanlar").get_by_role("button").first.click()
    screen.see("Önizleme")
    screen.must_be_accessible()
    screen.must_fit()
    screen.page.get_by_role("radio", name="Fadime Gül").check()
    screen.fill("Neden aynı kişi?", "same home phone")
    screen.button("Birleştir").click()
    screen.see("Kartlar birleştirildi.")
    expect(screen.page.get_by_role("heading", name="Fadime Gül")).to_be_visible()
    assert len(agent.get(f"/v1/customers/{ayse_}").body["members"]) == 2
    what_comes_by_their_phone(system, agent, screen, ayse_, home["value"])

    screen.find("shop:h1")
    expect(screen.page.get_by_role("heading", name="Fadime Gül")).to_be_visible()
    screen.press("b")
    screen.button("Birleştirmeyi geri al").click()
    screen.fill("Neden ayrı kişiler?", "they are sisters-in-law")
    screen.press("Control+Enter")
    screen.see("Birleştirme geri alındı.")
    screen.see("Gözden geçirme")
    screen.see("Ad: Fadime Gül")  # what was decided of both has fallen
    waiting = screen.page.get_by_role("region", name="Gözden geçirme").locator("li.talk")
    expect(waiting).to_have_count(3)
    screen.must_be_accessible()
    screen.must_fit()
    for what in ("Görüşme: kim aradı", "Sipariş: web-both-1", "Şikâyet: by phone"):
        waiting.filter(has_text=what).get_by_role("button", name="öbür kart").click()
        expect(waiting.filter(has_text=what)).to_have_count(0)
    screen.see("Kime ait olduğu sorulacak bir şey yok.")
    expect(screen.page.get_by_role("heading", name="Hatice Gül")).to_be_visible()
    assert agent.get(f"/v1/customers/{ayse_}").body["members"] == [ayse_]
    system.settle()
    hers = agent.get(f"/v1/view/customers/{fadime}").body
    assert hers["orders"]["data"]["count"] == hers["complaints"]["data"]["count"] == 1
    assert hers["conversations"]["data"]["count"] == 1


def test_an_order_is_placed_tracked_and_approved(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = a_customer(agent, name="Levent Kor", external_ids=["shop:levent"])
    screen.look_for("visit")
    screen.find("shop:levent")
    expect(screen.page.get_by_role("heading", name="Levent Kor")).to_be_visible()

    screen.press("o")
    screen.page.locator(".panel").get_by_label("Ürün", exact=True).fill("fridge F-3")
    screen.fill("Birim fiyat", "24.999,90")
    screen.see("₺24.999,90")
    screen.must_be_accessible()
    screen.press("Control+Enter")
    screen.see("Sipariş alındı")
    screen.button("Onayla").click()
    screen.see("Sipariş onaylandı.")

    system.settle()
    orders = agent.get(f"/v1/orders?customer_id={customer}").body["orders"]
    assert [(one["status"], one["amount"]) for one in orders] == [("approved", 2_499_990)]


def test_a_product_is_registered_for_who_is_on_the_screen(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    line = {"kind": "phone", "value": a_phone()}
    customer = a_customer(
        agent, name="Aslı Tan", contact_points=[line], external_ids=["shop:asli"]
    )
    screen.look_for("visit")
    screen.find("shop:asli")
    expect(screen.page.get_by_role("heading", name="Aslı Tan")).to_be_visible()

    screen.press("u")
    screen.fill("Etiketteki seri no", "TV-55-001")
    screen.fill("Alındığı yer", "Bayi Moda")
    screen.press("Control+Enter")
    screen.see("Ürün kaydı yapıldı.")
    screen.see("TV-55-001")

    system.settle()
    units = agent.get(f"/v1/warranty/units?customer_id={customer}").body["units"]
    assert [one["serial"] for one in units] == ["TV-55-001"]


def test_what_a_service_cannot_tell_is_last_known_or_unknown_and_never_empty(
    system: LocalSystem, agent: Client, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    ayse(system, agent, "parts-1")
    screen.look_for("case")
    screen.find("shop:parts-1")
    screen.see("Bilgilerin %100 kadarı kesin ve güncel")

    monkeypatch.setenv("ORDERS_SUMMARY", "a-function-that-is-not-there")
    bootstrap.sources.cache_clear()
    try:
        screen.page.evaluate("() => dispatchEvent(new Event('online'))")
        screen.see("En son")
        screen.see("web-parts-1")
        screen.see("Bilgilerin %44 kadarı kesin ve güncel")
        screen.see("kesin olmayan: ne alıyor, bekleyen işi")
        screen.must_be_accessible()
        a_customer(agent, name="Yeni Biri", external_ids=["shop:parts-2"])
        screen.find("shop:parts-2")
        screen.see("Bilinmiyor, çünkü")
        expect(screen.page.locator(".card.missing")).to_have_count(3)
        screen.must_not_show(
            "Bekleyen sipariş yok", "Borcu yok", "Açık şikâyet ve geciken söz yok"
        )
        screen.must_be_accessible()
    finally:
        monkeypatch.undo()
        bootstrap.sources.cache_clear()


def test_a_consent_is_taken_with_its_proof_and_what_cannot_be_asked_is_no_yes(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    mail = {"kind": "email", "value": "meral@example.com"}
    line = {"kind": "phone", "value": a_phone()}
    customer = a_customer(agent, name="Meral Koç", contact_points=[line, mail])
    screen.look_for("visit")
    screen.find(customer)
    marketing = screen.page.get_by_role("list", name="Satış için ulaşmak")
    by_mail = marketing.get_by_role("listitem").nth(2)
    expect(by_mail).to_contain_text("E-posta: hayır, izin vermedi")

    screen.press("r")
    screen.button("İzin veriyor").click()
    screen.page.get_by_label("e-posta · meral@example.com").check()
    screen.press("Control+Enter")
    screen.see("Okunan metnin sürümünü ve kanıtın numarasını yazın.")
    screen.fill("Okunan metnin sürümü", "2026-11")
    screen.fill("Kanıtın numarası", "form-17")
    screen.must_be_accessible()
    screen.must_fit()
    screen.press("Control+Enter")
    screen.see("İzin kaydedildi.")
    expect(by_mail).not_to_contain_text("izin vermedi")

    system.settle()
    [said] = agent.get(f"/v1/engagement/consents?customer_id={customer}").body["consents"]
    assert (said["status"], said["channel"]) == ("ONAY", "EPOSTA")
    screen.page.route("**/v1/engagement/**", lambda route: route.fulfill(status=503, body="{}"))
    screen.find(customer)
    expect(by_mail).to_contain_text("E-posta: Bilinmiyor, çünkü şu an sorulamadı")


def test_of_who_is_erased_nothing_stays_and_who_never_was_is_told_so(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer, _ = ayse(system, agent, "gone-1")
    screen.look_for("case")
    screen.find(customer)
    screen.see("Kapağından su ve kıvılcım geliyor")

    manager = Client(system, "manager")
    body = {"reason": "request", "confirm": customer}
    assert manager.post(f"/v1/customers/{customer}/erase", body).status == 200
    system.settle()
    screen.page.evaluate("() => dispatchEvent(new Event('online'))")
    screen.see("Bu kişi silinmiş")
    screen.must_not_show("Ayşe", "Moda", "kıvılcım", "web-gone-1", "teknisyen arayacak")
    screen.must_be_accessible()
    screen.find(customer)
    screen.see("Bu kişi silinmiş")
    screen.find("cus_nobody")
    screen.see("Böyle bir kayıt yok")


def test_what_a_role_may_not_do_is_refused_in_words(
    system: LocalSystem, agent: Client, chromium: Browser
) -> None:
    customer = a_customer(agent, name="Depo Bakar", external_ids=["shop:depo"])
    with Screen.opened(chromium, system) as screen:
        screen.sign_in("operations")
        screen.look_for("case")
        screen.find("Depo Bakar")
        screen.see("Rolünüz buna izin vermiyor")
        screen.find(customer)
        expect(screen.page.get_by_role("heading", name="Depo Bakar")).to_be_visible()
        screen.press("b")
        screen.see("Rolünüz buna izin vermiyor")
        screen.must_be_sound()


def test_what_happens_elsewhere_comes_to_the_screen_by_itself(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = a_customer(agent, name="Burak Yel", external_ids=["shop:burak"])
    statuses: list[int] = []
    looks_at = f"/v1/view/customers/{customer}"
    screen.page.on(
        "response", lambda one: statuses.append(one.status) if looks_at in one.url else None
    )
    screen.look_for("case")
    screen.find(customer)
    screen.see("Bekleyen sipariş yok")

    with screen.page.expect_response(lambda one: looks_at in one.url):
        screen.page.evaluate("() => dispatchEvent(new Event('online'))")
    an_order(agent, customer, external_id="web-burak-1")
    system.settle()
    screen.page.evaluate("() => dispatchEvent(new Event('online'))")

    screen.see("web-burak-1")
    assert statuses == [200, 304, 200]


def test_signing_in_and_the_keys_can_be_read_in_english_and_by_everybody(
    system: LocalSystem, chromium: Browser
) -> None:
    with Screen.opened(chromium, system, locale="en-GB") as screen:
        screen.open()
        screen.see("Access token")
        screen.must_be_accessible()
        screen.must_fit()
        screen.fill("Access token", "no token at all")
        screen.press("Enter")
        screen.see("This is no access token")
        screen.sign_in()
        screen.see("Write what the caller says")
        screen.must_be_accessible()
        screen.must_fit()
        screen.page.locator("#look").focus()
        screen.press("?")
        screen.see("open a complaint")
        screen.must_be_accessible()
        screen.press("Escape")
        expect(screen.page.get_by_role("dialog")).to_have_count(0)
        screen.must_be_sound()
