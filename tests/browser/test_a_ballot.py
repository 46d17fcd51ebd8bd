"""To somebody an offer is to be made: their owner is asked for a word, which is taken."""

from playwright.sync_api import Browser, expect

from infra.local.system import LocalSystem
from tests.browser.people import an_offer, ayse, put_in_tier, subject
from tests.browser.screen import Screen
from tests.client import Client

OWNER = "Selin Ak"  # of the first tier


def test_an_owner_decides_for_one_person_and_who_asked_for_the_offer_cannot(
    system: LocalSystem, agent: Client, manager: Client, platinum: str, chromium: Browser
) -> None:
    customer, _ = ayse(system, agent, "ballot-1")
    put_in_tier(manager, customer, platinum)
    system.settle()
    offer = an_offer(manager, customer)
    herself = Client(system, "manager", subject=subject(OWNER))
    own = {"what": "Çerçeve kampanyası", "product": "frames", "channel": "letter"}
    theirs = an_offer(herself, customer, **own)
    system.settle()

    with Screen.opened(chromium, system) as screen:
        screen.sign_in("owner", subject=subject(OWNER))
        screen.look_for("case")
        screen.find(customer)
        card = screen.page.locator(".cards").get_by_role("region", name="Teklif oylaması")
        expect(card).to_contain_text("Yılbaşında gözlükte dörtte bir indirimsözünüzü bekliyor")
        expect(card).to_contain_text("e-posta · year-end")
        screen.press("a")
        ballot = screen.page.get_by_role("region", name="Yılbaşında gözlükte")
        expect(ballot).to_contain_text("Yıl hedefine az kaldı")
        expect(ballot).to_contain_text("Açık ciddi şikâyeti var")
        expect(ballot).to_contain_text("Açık şikâyet1")
        screen.must_be_accessible()
        screen.must_fit()
        ballot.get_by_label("Bu kişi için kararınız").select_option("veto")
        screen.press("Control+Enter")
        expect(ballot).to_contain_text("Vetonun nedenini yazın.")
        ballot.get_by_label("Neden?").fill("önce şikâyeti çözülsün")
        screen.press("Control+Enter")
        screen.see("Kararınız kaydedildi")
        expect(ballot).to_contain_text("veto edildi")
        expect(card).not_to_contain_text("indirimsözünüzü bekliyor")

        asked = screen.page.get_by_role("region", name="Çerçeve kampanyası")
        expect(asked).to_contain_text("Bu teklifi siz istediniz")
        expect(asked).not_to_contain_text("30 günde")
        asked.get_by_label("Bu kişi için kararınız").select_option("approve")
        asked.get_by_label("Neden?").press("Control+Enter")
        expect(asked.get_by_role("alert")).to_contain_text("who asks for an offer never decides")
        screen.must_be_accessible()
        screen.must_be_sound()

    [said] = agent.get(f"{offer}/votes").body["votes"]
    told = (said["decision"], said["reason"], said["people"], said["by"])
    assert told == ("veto", "önce şikâyeti çözülsün", 1, subject(OWNER))
    assert agent.get(f"{theirs}/votes").body["votes"] == []


def test_nobody_but_their_owner_is_asked_for_a_word(
    system: LocalSystem, agent: Client, manager: Client, platinum: str, chromium: Browser
) -> None:
    customer, _ = ayse(system, agent, "ballot-2")
    put_in_tier(manager, customer, platinum)
    system.settle()
    an_offer(manager, customer)
    system.settle()
    asked: list[str] = []

    with Screen.opened(chromium, system) as screen:
        screen.page.on("request", lambda one: asked.append(one.url))
        for role, name in (("agent", OWNER), ("owner", "Cem Oğuz")):
            screen.sign_in(role, subject=subject(name))
            screen.look_for("case")
            with screen.page.expect_response("**/may-contact"):
                screen.find(customer)
            screen.see("Kapağından su ve kıvılcım geliyor")
            expect(screen.page.get_by_text("Teklif oylaması")).to_have_count(0)
            assert any("/ballots" in one for one in asked) is (role == "owner")
            screen.button("Çıkış").click()
        screen.must_be_sound()
