"""A browser that loses the line in the middle of a note: it is kept, and sent once later."""

from playwright.sync_api import Route, expect

from infra.local.system import LocalSystem
from tests.browser.people import a_customer
from tests.browser.screen import Screen
from tests.client import Client

NOTE = "Kapıda beklemiş, kimse gelmemiş."


def notes(agent: Client, customer: str) -> list[str]:
    listed = agent.get(f"/v1/customers/{customer}/conversations").body["conversations"]
    return [str(one["summary"]) for one in listed]


def write_note(screen: Screen, text: str) -> None:
    screen.press("n")
    screen.fill("Ne konuşuldu?", text)
    screen.press("Control+Enter")


def open_card(screen: Screen, agent: Client, name: str, number: str) -> str:
    customer = a_customer(agent, name=name, external_ids=[number])
    screen.look_for("visit")
    screen.find(number)
    expect(screen.page.get_by_role("heading", name=name)).to_be_visible()
    return customer


def test_a_note_written_offline_is_kept_over_a_reload_and_sent_once(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = open_card(screen, agent, "Derya Us", "shop:derya")
    context = screen.page.context

    screen.press("n")
    screen.fill("Ne konuşuldu?", NOTE)
    context.set_offline(True)  # in the middle of it
    screen.page.get_by_label("Söz verildi").check()
    screen.fill("Ne söz verildi?", "kurye bugün gelecek")
    screen.fill("Sözü kim tutacak?", "Lojistik")
    screen.press("Control+Enter")
    screen.see("Bağlantı yok")
    screen.see("1 kayıt gönderilmeyi bekliyor")
    screen.must_be_accessible()
    assert notes(agent, customer) == []
    context.set_offline(False)
    screen.open()
    screen.see("Bekleyen 1 kayıt gönderildi.")

    system.settle()
    assert notes(agent, customer) == [NOTE]
    path = f"/v1/customers/{customer}/conversations"
    [talk] = agent.get(path).body["conversations"]
    assert (talk["promise"]["what"], talk["promise"]["by"]) == ("kurye bugün gelecek", "Lojistik")
    expect(screen.page.get_by_text("gönderilmeyi bekliyor")).to_have_count(0)


def test_a_note_whose_answer_was_lost_happens_once(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = open_card(screen, agent, "Tuna Ege", "shop:tuna")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    screen.page.route("**/conversations", lose)
    write_note(screen, NOTE)
    screen.see("Bağlantı yok")
    screen.page.evaluate("() => dispatchEvent(new Event('online'))")
    screen.see("Bekleyen 1 kayıt gönderildi.")

    system.settle()
    assert notes(agent, customer) == [NOTE]
    assert lost


def test_what_somebody_wrote_is_sent_by_nobody_else(
    system: LocalSystem, agent: Client, screen: Screen
) -> None:
    customer = open_card(screen, agent, "Ufuk Say", "shop:ufuk")
    screen.page.context.set_offline(True)
    write_note(screen, NOTE)
    screen.see("1 kayıt gönderilmeyi bekliyor")
    screen.button("Çıkış").click()
    screen.page.context.set_offline(False)

    screen.sign_in("manager")
    screen.see("Arayanın söylediğini yazın")
    expect(screen.page.get_by_text("gönderilmeyi bekliyor")).to_have_count(0)
    screen.button("Çıkış").click()
    system.settle()
    assert notes(agent, customer) == []

    screen.sign_in("agent")
    screen.see("Bekleyen 1 kayıt gönderildi.")
    system.settle()
    assert notes(agent, customer) == [NOTE]
