"""The API's reference under /docs, as somebody reads it and tries it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from infra.local.system import LocalSystem
from tests.browser.screen import AXE, PATIENCE, SERIOUS
from tests.client import Client


class Reference:
    """The page in a browser of its own, and what went wrong in it."""

    def __init__(self, page: Page, system: LocalSystem) -> None:
        self.page, self._system = page, system
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("request", lambda request: self.asked.append(request.url))

    def _hear(self, kind: str, text: str) -> None:
        # A breach of the policy is an error; so is, to Swagger UI, that our ids have underscores.
        if kind == "error" and not text.startswith("Deprecated: escaping deep link whitespace"):
            self.errors.append(text)

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self._system.url}/docs{fragment}")
        # Swagger UI reads all of the document first: seconds of CPU, which a busy machine lacks.
        expect(self.page.locator(".opblock-tag").first).to_be_visible(timeout=3 * PATIENCE)

    def operation(self, service: str, name: str) -> Locator:
        return self.page.locator(f"#operations-{service}-{name}")

    def authorize(self, token: str) -> None:
        self.page.get_by_role("button", name="Authorize").first.click()
        field = self.page.locator(".auth-container input")
        field.fill(token)
        field.press("Enter")
        self.page.get_by_role("button", name="Close").first.click()


@pytest.fixture
def reference(system: LocalSystem, chromium: Browser) -> Iterator[Reference]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(PATIENCE)
    one = Reference(context.new_page(), system)
    yield one
    context.close()
    assert one.errors == []


def test_every_operation_of_every_service_is_on_the_page(
    reference: Reference, agent: Client, system: LocalSystem
) -> None:
    reference.open()
    services = reference.page.locator(".opblock-tag")
    for place in range(services.count()):
        services.nth(place).click()

    for segment in ("customers", "orders", "complaints", "warranty", "engagement", "view"):
        told = agent.get(f"/v1/{segment}/openapi.json").body
        named = [one["operationId"] for path in told["paths"].values() for one in path.values()]
        shown = reference.page.locator(f"[id^='operations-{segment}-']")
        expect(shown).to_have_count(len(named))
        ids = [one.get_attribute("id") for one in shown.all()]
        assert {f"operations-{segment}-{name}" for name in named} == set(ids)
    # It speaks to us alone; data: are the arrows in the styles.
    assert all(one.startswith((system.url, "data:")) for one in reference.asked)


def test_an_operation_says_who_may_how_it_is_refused_and_what_it_takes(
    reference: Reference,
) -> None:
    reference.open("#/orders/place_order")

    shown = reference.operation("orders", "place_order")
    for words in (
        "Roles:", "integration", "Idempotency-Key", "web-7", "application/problem+json",
        "The Idempotency-Key belongs to another request", "Idempotency-Replayed",
    ):  # fmt: skip
        expect(shown).to_contain_text(words)


def test_what_is_tried_with_a_token_is_answered_by_the_running_system(
    reference: Reference, agent: Client, system: LocalSystem
) -> None:
    customer = agent.create("/v1/customers", {"name": "Zeynep Tarayıcı"}).body["customer_id"]
    reference.open("#/customers/read_customer")
    reference.authorize(system.token("agent"))

    shown = reference.operation("customers", "read_customer")
    shown.get_by_role("button", name="Try it out").click()
    shown.get_by_placeholder("customer_id").fill(customer)
    shown.get_by_placeholder("Sahip-Reason").fill("case")
    shown.get_by_role("button", name="Execute").click()

    answer = shown.locator(".live-responses-table")
    expect(answer.locator(".response-col_status").nth(1)).to_contain_text("200")
    expect(answer).to_contain_text("Zeynep Tarayıcı")
    kept = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    assert reference.page.evaluate(kept) == '[{},{},""]'


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_by_day_and_by_night_and_by_the_keyboard(
    reference: Reference, scheme: str
) -> None:
    reference.page.emulate_media(color_scheme=scheme)
    reference.open()

    assert serious_findings(reference.page) == []
    reached = set()
    for _ in range(8):
        reference.page.keyboard.press("Tab")
        reached.add(reference.page.evaluate("document.activeElement.className"))
    assert any("authorize" in one for one in reached)
    assert any("operation-filter-input" in one for one in reached)


def serious_findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        json.dumps({"id": one["id"], "where": [node["html"][:150] for node in one["nodes"]]})
        for one in told["violations"]
        if one["impact"] in SERIOUS
    ]
