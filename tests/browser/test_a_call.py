"""Somebody calls: recognised, verified, heard, and written down, without leaving the screen."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from infra.local.system import LocalSystem
from tests.browser.people import a_customer, a_phone, ayse
from tests.browser.screen import Screen
from tests.client import Client


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
    screen.see("3 gün gecikti")
    screen.see("Deniz söz verdi")
    screen.must_be_accessible()
    screen.must_fit()

    screen.press("n")
    screen.fill("Ne konuşuldu?", "Siparişini sordu, özür diledik.")
    screen.page.get_by_label("Söz verildi").check()
    screen.fill("Ne söz verildi?", "yarın arayacağız")
    screen.fill("Görüşen", "Emine")
    screen.press("Control+Enter")
    screen.see("Görüşme kaydedildi.")
    screen.see("Emine söz verdi")

    screen.press("s")
    screen.fill("Müşterinin sözleriyle", "Kurye gelmedi")
    screen.press("Control+Enter")
    screen.see("Şikâyet açıldı.")
    screen.see("Kurye gelmedi")

    system.settle()
    view = agent.get(f"/v1/view/customers/{customer}").body
    assert view["conversations"]["data"]["count"] == 2
    assert view["complaints"]["data"]["open_count"] == 2
    looks = Client(system, "owner").get(f"/v1/view/customers/{customer}/looks").body["looks"]
    assert any(look["session_id"] for look in looks)  # she was looked at in her session
    told = " ".join(addresses)
    assert not [word for word in ("ayse", "Ayse", "532", "web-call-1") if word in told]


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
