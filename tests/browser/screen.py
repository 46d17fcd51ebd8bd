"""The desk as somebody sits at it: what they type, press and see."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, Locator, Page, expect

from infra.local.system import LocalSystem

AXE = Path(os.environ["SAHIP_DESK_MODULES"]) / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
PATIENCE = 20_000  # milliseconds: what takes long on a busy machine is late, and not wrong
WIDTHS = (360, 768, 1440)
expect.set_options(timeout=PATIENCE)
CHANGES_NOTHING = "() => new Promise(requestAnimationFrame)"
SPILLS = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")]
    .filter((one) => !one.closest(".actions") && one.getBoundingClientRect().width > 0)
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .map((one) => one.outerHTML.slice(0, 120));
}"""


@dataclass
class Screen:
    """One page in a browser of its own."""

    page: Page
    system: LocalSystem
    errors: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(
        cls, browser: Browser, system: LocalSystem, *, locale: str = "tr-TR", width: int = 1440
    ) -> Iterator[Self]:
        """A new browser profile; what it keeps is gone with it."""
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 900})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        screen = cls(page, system)
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        page.on("console", lambda said: screen._hear(said.type, said.text))
        try:
            yield screen
        finally:
            context.close()

    def _hear(self, kind: str, text: str) -> None:
        # A refusal by the API is an error to the console, and none to us.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.errors.append(text)

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.system.url}/desk{fragment}")

    def sign_in(self, role: str = "agent", fragment: str = "", **claims: str) -> None:
        self.open(fragment)
        self.page.locator("input[type=password]").fill(self.system.token(role, **claims))
        self.page.keyboard.press("Enter")
        expect(self.search).to_be_visible()

    @property
    def search(self) -> Locator:
        return self.page.locator("#search")

    def find(self, text: str) -> None:
        """Look for somebody, by the keyboard alone."""
        self.search.fill(text)
        self.search.press("Enter")

    def look_for(self, reason: str) -> None:
        """Go on outside a call, for a reason."""
        self.page.locator(".mode button").nth(1).click()
        self.page.locator("select.reason").select_option(reason)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def see(self, text: str) -> Locator:
        """Expect that something is there to be read."""
        found = self.page.get_by_text(text).locator("visible=true").first
        expect(found).to_be_visible()
        return found

    def must_not_show(self, *texts: str) -> None:
        shown = self.page.locator("body").inner_text()
        assert not [text for text in texts if text in shown]

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(value)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def must_be_accessible(self) -> None:
        """Neither light nor dark, neither wide nor narrow, has axe a serious finding."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.evaluate(CHANGES_NOTHING)
            found = self._axe()
            assert not found, (scheme, found)
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def must_fit(self) -> None:
        """At no width does anything stand out of the screen."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(CHANGES_NOTHING)
            assert self.page.evaluate(SPILLS) == [], width
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def must_be_sound(self) -> None:
        """Nothing failed in the page, and no address ever held anything of anybody."""
        assert self.errors == []

    def _axe(self) -> list[Any]:
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        told = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            json.dumps({"id": one["id"], "where": [node["html"][:200] for node in one["nodes"]]})
            for one in told["violations"]
            if one["impact"] in SERIOUS
        ]
