"""Every state of the desk, in both languages, light and dark, from a telephone to a wide screen.

`./sahip test --browser --pictures DIR` keeps the pictures.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from infra.local.system import LocalSystem
from services.customer_view import bootstrap
from tests.browser.people import (
    a_customer,
    a_phone,
    an_offer,
    an_order,
    ayse,
    put_in_tier,
    subject,
)
from tests.browser.screen import Screen
from tests.browser.test_long_lists import section
from tests.client import Client

ENGLISH, TURKISH = "en-GB", "tr-TR"


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    wanted = request.config.getoption("--pictures")
    folder = Path(wanted) if wanted else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def not_answering(*names: str) -> Iterator[None]:
    """The view cannot ask these."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in names:
                patch.setenv(name, "a-function-that-is-not-there")
            bootstrap.sources.cache_clear()
            yield
    finally:
        bootstrap.sources.cache_clear()


def take(
    screen: Screen, to: Path, *, width: int = 1440, scheme: str = "light", top: bool = True
) -> None:
    """Picture the top of what is on the screen, or its end; it must fit and be for everybody."""
    screen.must_fit()
    screen.must_be_accessible()
    screen.page.set_viewport_size({"width": width, "height": 860})
    screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    screen.page.evaluate("(top) => scrollTo(0, top ? 0 : document.body.scrollHeight)", top)
    screen.page.screenshot(path=to, animations="disabled")
    screen.page.emulate_media(color_scheme="light")
    screen.page.set_viewport_size({"width": 1440, "height": 860})


@pytest.fixture
def in_platinum(system: LocalSystem, manager: Client, platinum: str) -> Callable[[str], None]:
    """Puts somebody into the first tier."""

    def put(customer: str) -> None:
        put_in_tier(manager, customer, platinum)
        system.settle()

    return put


def test_a_call_in_turkish(
    system: LocalSystem,
    agent: Client,
    chromium: Browser,
    pictures: Path,
    in_platinum: Callable[[str], None],
) -> None:
    customer, line = ayse(system, agent, "picture-1")
    in_platinum(customer)
    with Screen.opened(chromium, system, locale=TURKISH) as screen:
        screen.sign_in()
        take(screen, pictures / "call-begins-tr.png", width=768)
        screen.find(line)
        screen.see("Tanındı, doğrulanmadı")
        take(screen, pictures / "recognised-tr.png")
        screen.press("Escape")
        screen.press("r")
        screen.see("hemen geçerlidir")
        take(screen, pictures / "refusal-tr.png")
        screen.press("Escape")
        screen.press("v")
        screen.fill("sipariş no", "web-picture-1")
        screen.fill("e-posta", "ayse.picture-1@example.com")
        screen.press("Control+Enter")
        screen.see("Söz (Yetkili servis)")
        screen.see("izin vermedi")
        screen.page.locator(".saying").wait_for(state="detached")
        take(screen, pictures / "verified-tr.png")
        take(screen, pictures / "verified-dark-tr.png", scheme="dark")
        take(screen, pictures / "verified-360-tr.png", width=360)
        screen.press("n")
        screen.page.get_by_label("Söz verildi").check()
        take(screen, pictures / "note-360-dark-tr.png", width=360, scheme="dark")
        take(screen, pictures / "note-768-tr.png", width=768)
        screen.press("Escape")
        screen.press("p")
        screen.see("Tutuldu")
        take(screen, pictures / "promises-768-tr.png", width=768)
        screen.press("Escape")
        screen.press("s")
        take(screen, pictures / "complaint-tr.png", scheme="dark")
        screen.must_be_sound()


def test_outside_a_call_in_english(
    system: LocalSystem, agent: Client, chromium: Browser, pictures: Path
) -> None:
    home = {"kind": "phone", "value": a_phone()}
    names = ("Emine Bal", "Emine Bal Tuna")
    districts = ("Çankaya", "Keçiören")
    for number, (name, district) in enumerate(zip(names, districts, strict=True)):
        a_customer(
            agent,
            name=name,
            contact_points=[home],
            addresses=[{"district": district, "city": "Ankara"}],
            external_ids=[f"shop:emine-{number}"],
        )
    system.settle()
    with Screen.opened(chromium, system, locale=ENGLISH) as screen:
        screen.sign_in()
        screen.look_for("correction")
        screen.find("emine bal")
        screen.see("2 candidates")
        take(screen, pictures / "candidates-en.png", width=768)
        screen.press("1")
        expect(screen.page.get_by_role("heading", name="Emine Bal")).to_be_visible()
        screen.press("b")
        screen.fill("Name, number or customer id", "emine")
        screen.press("Enter")
        screen.page.get_by_role("list", name="Found").get_by_role("button").first.click()
        screen.see("Preview")
        take(screen, pictures / "merge-preview-en.png")
        screen.must_be_sound()


def test_parts_that_are_not_fresh_in_english(
    system: LocalSystem,
    agent: Client,
    chromium: Browser,
    pictures: Path,
    in_platinum: Callable[[str], None],
) -> None:
    customer, _ = ayse(system, agent, "picture-2")
    in_platinum(customer)
    order = an_order(agent, customer, external_id="web-picture-3")
    system.settle()
    with Screen.opened(chromium, system, locale=ENGLISH) as screen:
        screen.sign_in()
        screen.look_for("case")
        screen.find("shop:picture-2")
        screen.see("100% of the facts sure and fresh")
        screen.find(order)
        screen.page.get_by_role("button", name="web-picture-3").first.click()
        screen.see("Tracking no.")
        take(screen, pictures / "tracking-en.png")
        with not_answering("ORDERS_SUMMARY", "WARRANTY_SUMMARY"):
            screen.page.evaluate("() => dispatchEvent(new Event('online'))")
            screen.see("33% of the facts sure and fresh")
            screen.press("Escape")
            take(screen, pictures / "last-known-en.png")
            a_customer(agent, name="Filiz New", external_ids=["shop:picture-4"])
            screen.find("shop:picture-4")
            screen.see("Filiz New")
            screen.see("Unknown, because")
            take(screen, pictures / "missing-dark-en.png", scheme="dark")
        screen.page.locator("#look").focus()
        screen.press("?")
        take(screen, pictures / "keys-en.png", width=768)
        screen.must_be_sound()


def test_a_ballot_in_both_languages(
    system: LocalSystem,
    agent: Client,
    chromium: Browser,
    pictures: Path,
    in_platinum: Callable[[str], None],
) -> None:
    customer, _ = ayse(system, agent, "picture-5")
    in_platinum(customer)
    an_offer(Client(system, "manager"), customer)
    system.settle()
    for locale, figures, name, width, scheme in (
        (TURKISH, "30 günde", "ballot-tr.png", 1440, "light"),
        (ENGLISH, "in 30 days", "ballot-360-dark-en.png", 360, "dark"),
    ):
        with Screen.opened(chromium, system, locale=locale) as screen:
            screen.sign_in("owner", subject=subject("Selin Ak"))
            screen.look_for("case")
            screen.find("shop:picture-5")
            screen.page.locator(".card.awaits").wait_for()
            screen.press("a")
            screen.see(figures)
            take(screen, pictures / name, width=width, scheme=scheme)
            screen.must_be_sound()


def test_a_long_history_and_a_view_without_amounts(
    system: LocalSystem, agent: Client, chromium: Browser, pictures: Path
) -> None:
    customer, _ = ayse(system, agent, "picture-6")
    for number in range(12):
        an_order(agent, customer, external_id=f"web-history-{number}")
    system.settle()
    with Screen.opened(chromium, system, locale=ENGLISH) as screen:
        screen.sign_in()
        screen.look_for("case")
        screen.find(customer)
        orders = section(screen, "Orders")
        expect(orders).to_contain_text("and 3 more")
        orders.scroll_into_view_if_needed()
        take(screen, pictures / "history-en.png", top=False)
        screen.button("Sign out").click()
        screen.sign_in(department="logistics", subject="carrier")
        screen.look_for("case")
        screen.find(customer)
        screen.see("View: logistics")
        take(screen, pictures / "department-en.png")
        screen.must_be_sound()
