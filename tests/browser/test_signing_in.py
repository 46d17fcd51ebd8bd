"""Who sits at the desk: in AWS by code and proof at another page, and for a while only."""

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Route, expect

from infra.local.system import LocalSystem
from tests.browser.screen import Screen

CODE = "a-code-that-is-good-once"


def test_in_aws_one_signs_in_elsewhere_and_comes_back_with_a_code_and_the_proof(
    system: LocalSystem, chromium: Browser
) -> None:
    asked: dict[str, str] = {}
    proved: list[bool] = []
    settings = {"kind": "cognito", "domain": f"{system.url}/elsewhere", "client_id": "desk"}

    def sign_in(route: Route) -> None:
        asked.update({k: v[0] for k, v in parse_qs(urlsplit(route.request.url).query).items()})
        back = f"{asked['redirect_uri']}?code={CODE}&state={asked['state']}"
        body = f'<title>x</title><meta http-equiv="refresh" content="0;url={back}">'
        route.fulfill(content_type="text/html", body=body)

    def give_token(route: Route) -> None:
        said = {k: v[0] for k, v in parse_qs(route.request.post_data or "").items()}
        digest = hashlib.sha256(said["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        proved.append(said["code"] == CODE and proof == asked["code_challenge"])
        route.fulfill(json={"access_token": system.token("agent")})

    with Screen.opened(chromium, system, locale="en-GB") as screen:
        config = json.dumps({"sign_in": settings})
        screen.page.route("**/desk/config.json", lambda route: route.fulfill(body=config))
        screen.page.route("**/elsewhere/oauth2/authorize?*", sign_in)
        screen.page.route("**/elsewhere/oauth2/token", give_token)
        screen.open("#call=pbx-9")
        screen.button("Sign in with your company account").click()

        expect(screen.search).to_be_visible()
        screen.see("pbx-9")  # the call that it was opened for
        screen.must_be_sound()
        assert proved == [True]
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert urlsplit(screen.page.url).query == ""


def test_a_code_that_this_tab_did_not_ask_for_is_not_used(
    system: LocalSystem, chromium: Browser
) -> None:
    settings = {"kind": "cognito", "domain": f"{system.url}/elsewhere", "client_id": "desk"}
    with Screen.opened(chromium, system, locale="en-GB") as screen:
        config = json.dumps({"sign_in": settings})
        screen.page.route("**/desk/config.json", lambda route: route.fulfill(body=config))
        screen.open(f"?code={CODE}&state=of-somebody-else")

        screen.see("Sign in with your company account")
        expect(screen.search).to_have_count(0)
        assert urlsplit(screen.page.url).query == ""


def test_when_the_token_is_over_nothing_stays_on_the_screen(
    system: LocalSystem, chromium: Browser
) -> None:
    token = system.token("agent", exp=int(time.time()) + 6)
    with Screen.opened(chromium, system, locale="en-GB") as screen:
        screen.open()
        screen.fill("Access token", token)
        screen.press("Enter")

        screen.see("Your time is over")
        expect(screen.search).to_have_count(0)
        assert screen.page.evaluate("() => sessionStorage.length") == 0
