"""Somebody calls: recognised, verified, heard, and written down, without leaving the screen."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from playwright.sync_api import expect

from infra.local.system import LocalSystem
from shared.calendar import day_in_turkey
from tests.browser.people import (
    a_customer,
    a_phone,
    an_order,
    away_today,
    ayse,
    put_in_tier,
)
from tests.browser.screen import Screen
from tests.client import Client


def note_and_keep_promises(screen: Screen) -> None:
    """A talk with a promise is noted, and of an earlier one it is said that it was kept."""
    alarms = screen.page.locator(".alarms")
    screen.press("n")
    screen.fill("Ne konuşuldu?", "Siparişini sordu, özür diledik.")
    screen.page.get_by_label("Söz verildi").check()
    screen.fill("Ne söz verildi?", "yarın arayacağız")
    screen.fill("Görüşen", "Emine")
    screen.must_be_accessible()
    screen.press("Control+Enter")
    screen.see("Görüşme kaydedildi.")
    screen.see("Söz (Emine): yarın arayacağız")

    screen.press("p")
    promises = screen.page.get_by_role("list", name="Verilen sözler").get_by_role("listitem")
    expect(promises).to_have_count(2)
    expect(promises.first).to_contain_text("teknisyen arayacak")
    screen.must_be_accessible()
    screen.must_fit()
    screen.press("Enter")
    screen.see("Söz tutuldu olarak kaydedildi.")
    expect(promises).to_have_count(1)
    expect(alarms).not_to_contain_text("teknisyen arayacak")


def test_a_caller_is_recognised_verified_heard_and_helped_by_the_keyboard_alone(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer, line = ayse(system, agent, "call-1")
    addresses: list[str] = []
    screen.page.on("request", lambda request: addresses.append(request.url))

    screen.find(line)
    screen.see("Tanındı, doğrulanmadı")
    screen.must_not_show("Ayşe", "Işık", "Kadıköy", "web-call-1", "su ve kıvılcım")
    screen.must_be_accessible()

    screen.fill("sipariş no", "web-call-1")
    screen.fill("e-posta", "wrong@example.com")
    screen.press("Control+Enter")
    screen.see("Doğrulanamadı. 4 deneme kaldı.")
    screen.fill("e-posta", "ayse.call-1@example.com")
    screen.press("Control+Enter")
    expect(screen.page.get_by_role("heading", name="Ayşe Işık")).to_be_visible()
    screen.see("Kapağından su ve kıvılcım geliyor")
    screen.see("son gün")
    screen.see("Önce güvenliği sorun")
    screen.see("3 gün gecikti")
    alarms = screen.page.locator(".alarms")
    expect(alarms).to_contain_text("teknisyen arayacak · Yetkili servis")
    expect(alarms).to_contain_text("1 gün gecikti")
    screen.see("verdiğimiz 1 söz açık, 1 gün gecikti")
    screen.see("Söz (Yetkili servis)")
    screen.must_be_accessible()
    screen.must_fit()

    note_and_keep_promises(screen)

    screen.press("s")
    screen.fill("Müşterinin sözleriyle", "Kurye gelmedi")
    screen.press("Control+Enter")
    screen.see("Şikâyet açıldı.")
    screen.see("Kurye gelmedi")

    system.settle()
    view = agent.get(f"/v1/view/customers/{customer}").body
    talks = view["conversations"]["data"]
    assert (talks["count"], talks["open_promises"]) == (2, 1)
    assert [(one["what"], one["by"]) for one in talks["promises"]] == [
        ("yarın arayacağız", "Emine")
    ]
    assert talks["recent"][1]["promise"]["kept_at"] is not None
    assert view["complaints"]["data"]["open_count"] == 2
    looks = Client(system, "owner").get(f"/v1/view/customers/{customer}/looks").body["looks"]
    assert any(look["session_id"] for look in looks)  # she was looked at in her session
    told = " ".join(addresses)
    assert not [word for word in ("ayse", "Ayse", "532", "web-call-1") if word in told]


def test_the_platinum_customer_calls_from_an_unknown_office_and_is_served_as_such(
    system: LocalSystem, agent: Client, manager: Client, platinum: str, screen: Screen
) -> None:
    office = "0212 929 11 22"  # of a firm that we know nothing of
    home = {"lines": "Moda Cad. No 12", "district": "Kadıköy", "city": "İstanbul"}
    mail = {"kind": "email", "value": "canan@example.com"}
    canan = a_customer(agent, name="Canan Mercan", addresses=[home], contact_points=[mail])
    an_order(agent, canan, external_id="web-canan-1")
    put_in_tier(manager, canan, platinum)
    system.settle()

    screen.find(office)
    screen.see("Kimse bulunamadı")
    screen.find("canan mercan, kadikoy")
    screen.see("Tanındı, doğrulanmadı")
    for text in ("Platin", "1. sıra", "Selin Ak", "segmentin sahibi", "burada", "platin-tr"):
        screen.see(text)
    secrets = ("Canan", "Mercan", "Moda", "canan@", "web-canan-1", "on sekiz", "washer")
    screen.must_not_show(*secrets)
    screen.must_be_accessible()

    screen.fill("sipariş no", "web-canan-1")
    screen.fill("e-posta", "canan@example.com")
    screen.press("Control+Enter")
    expect(screen.page.get_by_role("heading", name="Canan Mercan")).to_be_visible()
    screen.see("1 sipariş, toplam ₺19.999,00; son aldığı washer W-9")
    screen.see("Bilgilerin %100 kadarı kesin ve güncel")
    screen.page.get_by_text("Neden bu segment ve sahip").click()
    screen.see("on sekiz yıldır bizden alıyor")
    screen.see("Türkçe, İngilizce")
    screen.page.get_by_text("Bir bakışta bilinmesi gerekenler").click()
    screen.see("sahibi: biliniyor")
    screen.must_be_accessible()
    screen.must_fit()

    screen.press("l")
    screen.see("1 order, ₺19,999.00 in all; last bought washer W-9")
    screen.see("Nothing waits to be done.")
    screen.press("l")


def test_who_takes_the_place_of_an_owner_who_is_away_is_told_before_anybody_is_verified(
    system: LocalSystem, agent: Client, manager: Client, platinum: str, screen: Screen
) -> None:
    customer, line = ayse(system, agent, "call-6")
    put_in_tier(manager, customer, platinum)

    with away_today(manager, "Selin Ak", deputy="Cem Oğuz"):
        screen.find(line)
        screen.see("Tanındı, doğrulanmadı")
        care = screen.page.locator(".care")
        expect(care).to_contain_text("Sahip bugünyok")
        expect(care).to_contain_text("Yerine bakanCem Oğuz vekil")
        screen.must_be_accessible()


def test_somebody_who_is_not_verified_says_do_not_call_me_again_and_is_obeyed(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer, line = ayse(system, agent, "call-4")

    screen.find(line)
    screen.see("Tanındı, doğrulanmadı")
    screen.page.locator("#look").focus()
    screen.press("r")
    screen.see("hemen geçerlidir")
    screen.must_be_accessible()
    screen.press("Control+Enter")
    screen.see("Ret kaydedildi")
    screen.must_not_show("Ayşe", "call-4")

    system.settle()
    [said] = agent.get(f"/v1/engagement/consents?customer_id={customer}").body["consents"]
    assert (said["status"], said["channel"], said["source"]) == (
        "RET",
        "ARAMA",
        "HS_CAGRI_MERKEZI",
    )
    screen.press("v")
    screen.fill("sipariş no", "web-call-4")
    screen.fill("e-posta", "ayse.call-4@example.com")
    screen.press("Control+Enter")
    marketing = screen.page.get_by_role("list", name="Satış için ulaşmak")
    calls, _, mails = (marketing.get_by_role("listitem").nth(place) for place in range(3))
    expect(calls).to_contain_text("Arama: hayır, reddetti")
    expect(mails).to_contain_text("E-posta: hayır, izin vermedi")


def test_who_has_lost_all_numbers_is_found_by_what_they_bought_and_about_when(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    today = day_in_turkey(datetime.now(UTC)).isoformat()
    for name, product in (("Perihan Taş", "kombi K-24"), ("Rıfat Ok", "kombi K-30")):
        bought = {
            "product": product,
            "bought_on": today,
            "bought_from": "a shop in Moda",
            "name": name,
            "contact_point": {"kind": "phone", "value": a_phone()},
        }
        assert agent.create("/v1/warranty/registrations", bought).status == 201
    system.settle()

    screen.page.get_by_text("Bulmanın başka yolları").click()
    screen.must_be_accessible()
    screen.must_fit()
    screen.fill("Ürün ya da model", "K-24 kombi")
    screen.fill("Yaklaşık ne zaman aldı?", today)
    screen.press("Control+Enter")
    screen.see("1 aday")
    screen.must_not_show("Perihan")
    screen.see("ürün: K-24 kombi")
    screen.find("Perihan Taş")

    screen.see("Tanındı, doğrulanmadı")
    screen.see("ad, alışveriş")


def test_a_session_ends_with_the_call_and_who_answers_for_it_sees_how_it_went(
    system: LocalSystem, agent: Client, manager: Client, screen: Screen
) -> None:
    customer, line = ayse(system, agent, "call-5")
    screen.find(line)
    screen.see("Tanındı, doğrulanmadı")
    screen.page.locator("#look").focus()
    with screen.page.expect_response("**/end") as ended:
        screen.press("e")
    assert ended.value.status == 200
    system.settle()
    [session] = manager.get(f"/v1/customers/{customer}/sessions").body["sessions"]
    assert session["ended_at"] is not None

    screen.look_for("case")
    screen.find(customer)
    expect(screen.page.get_by_role("heading", name="Ayşe Işık")).to_be_visible()
    expect(screen.page.get_by_text("Kim görüştü")).to_have_count(0)
    screen.button("Çıkış").click()
    screen.sign_in("manager")
    screen.look_for("audit")
    screen.find(customer)
    screen.page.get_by_text("Kim görüştü").click()
    screen.see("Dayanak: telefon")
    screen.must_be_accessible()


def test_a_code_to_her_own_phone_verifies_her(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    _, line = ayse(system, agent, "call-2")

    screen.find(line)
    screen.button("Kodla").click()
    screen.button("Kod gönder").click()
    screen.see("adresine yollandı")
    [sent] = system.mailbox.sent_to(f"+9{line.replace(' ', '')}")
    [code] = re.findall(r"\d{6}", sent.text)
    screen.fill("Müşterinin söylediği kod", code)
    screen.press("Control+Enter")

    expect(screen.page.get_by_role("heading", name="Ayşe Işık")).to_be_visible()


def test_two_of_one_household_are_candidates_until_one_says_who_she_is(
    agent: Client, screen: Screen
) -> None:
    home = {"kind": "phone", "value": a_phone()}
    place = {"district": "Üsküdar", "city": "İstanbul"}
    for name in ("Zeynep Kaya", "Elif Kaya"):
        a_customer(agent, name=name, contact_points=[home], addresses=[place])

    screen.find(home["value"])
    screen.see("2 aday")
    screen.must_not_show("Zeynep", "Elif")
    screen.must_be_accessible()
    screen.find("Elif Kaya, Üsküdar")

    screen.see("Tanındı, doğrulanmadı")


def test_what_the_caller_says_is_taken_back_where_it_was_misheard(
    agent: Client, screen: Screen
) -> None:
    a_customer(agent, name="Can Er", contact_points=[{"kind": "phone", "value": a_phone()}])

    screen.find("0532 999 99 99")
    screen.see("Kimse bulunamadı")
    screen.page.get_by_role("button", name="Sil: telefon").click()

    screen.see("Arayanın söylediğini yazın")
    screen.must_not_show("0532 999 99 99")


def test_a_call_pops_the_desk_by_ids_alone(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer, _ = ayse(system, agent, "call-3")

    screen.open(f"#call=pbx-77&customer={customer}&by=phone")
    screen.see("Tanındı, doğrulanmadı")
    screen.see("pbx-77")
    screen.press("Escape")
    screen.press("Escape")
    screen.page.locator("#look").focus()
    screen.press("e")

    screen.see("Arayanın söylediğini yazın")
    assert urlsplit(screen.page.url).fragment == ""


def test_a_call_without_a_caller_is_in_the_session_of_whoever_turns_out_to_call(
    system: LocalSystem, agent: Client, manager: Client, screen: Screen
) -> None:
    customer, line = ayse(system, agent, "call-7")

    screen.open("#call=pbx-78")
    screen.see("pbx-78")
    screen.find(line)
    screen.see("Tanındı, doğrulanmadı")

    system.settle()
    [session] = manager.get(f"/v1/customers/{customer}/sessions").body["sessions"]
    assert session["call_id"] == "pbx-78"


def test_somebody_of_whom_nothing_is_known_is_taken_into_the_books_and_heard(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    line = a_phone()

    screen.find(line)
    screen.see("Kimse bulunamadı")
    screen.button("Deftere al").first.click()
    screen.fill("Adı soyadı", "Yeni Müşteri")
    screen.press("Control+Enter")
    screen.see("Cari kart açıldı.")
    screen.fill("Ne konuşuldu?", "Buzdolabı fiyatı sordu")
    screen.press("Control+Enter")
    screen.see("Görüşme kaydedildi.")

    system.settle()
    found = agent.post("/v1/view/lookup", {"phone": line}).body
    assert found["conversations"]["data"]["recent"][0]["summary"] == "Buzdolabı fiyatı sordu"
