"""Routes that ask for no token, among routes that do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client, HTTPResponse
from pydantic import BaseModel

from shared.access import Action
from shared.aws.http import Answer, Api, Request


class Said(BaseModel):
    """What somebody says."""

    text: str = ""


class Heard(BaseModel):
    """What was heard, and of whom."""

    by: str
    roles: list[str]
    new_id: str


def hear(request: Request[Any]) -> Answer:
    """Hear somebody out"""
    caller = request.caller
    return Answer(body=Heard(by=caller.subject, roles=sorted(caller.roles), new_id=request.new_id))


def an_app(secret: str) -> Chalice:
    app = Chalice(app_name="doors")
    api = Api(app, segment="doors", title="doors", secret=lambda: secret, origins=lambda: "")
    api.route(
        "POST",
        "/open",
        action=Action.REGISTER_PRODUCT,
        takes=Said,
        gives=Heard,
        creates="reg",
        public=True,
    )(hear)

    def read(request: Request[None]) -> Answer:
        """Read what was heard"""
        return hear(request)

    api.route("GET", "/shut", action=Action.READ_UNIT, gives=Heard)(read)
    return app


@pytest.fixture
def app() -> Chalice:
    return an_app("a secret")


@pytest.fixture
def client(app: Chalice) -> Iterator[Client]:
    with Client(app) as client:
        yield client


def say(client: Client, key: str, **headers: str) -> HTTPResponse:
    sent = {"Content-Type": "application/json", "Idempotency-Key": key, **headers}
    return client.http.post("/open", headers=sent, body=json.dumps({"text": "hello"}).encode())


def test_a_public_route_asks_for_no_token_and_the_others_do(app: Chalice) -> None:
    guard = app.routes["/shut"]["GET"].authorizer

    assert app.routes["/open"]["POST"].authorizer is None
    assert guard is not None
    assert guard.scopes == ["sahip/api", "sahip/integration"]


def test_whoever_comes_by_a_public_route_is_nobody_in_particular(client: Client) -> None:
    heard = say(client, "k", Authorization="Bearer whatever-it-may-be")

    assert heard.status_code == 200
    assert heard.json_body["by"] == "anonymous"
    assert heard.json_body["roles"] == []


def test_a_key_leads_to_one_id_that_cannot_be_worked_out_from_it(client: Client) -> None:
    first, again, other = (say(client, key).json_body["new_id"] for key in ("1", "1", "2"))
    with Client(an_app("another secret")) as elsewhere:
        guessed = say(elsewhere, "1").json_body["new_id"]

    assert first == again
    assert len({first, other, guessed}) == 3


def test_a_route_is_not_public_unless_the_policy_says_so(app: Chalice) -> None:
    api = Api(Chalice(app_name="x"), segment="x", title="x", secret=str, origins=str)

    with pytest.raises(ValueError, match="read_unit is not public"):
        api.route("GET", "/", action=Action.READ_UNIT, gives=Heard, public=True)


def test_the_document_says_which_routes_need_no_token(client: Client) -> None:
    paths = client.http.get("/openapi.json").json_body["paths"]
    public, guarded = paths["/v1/doors/open"]["post"], paths["/v1/doors/shut"]["get"]

    assert public["security"] == []
    assert not {"401", "403"} & public["responses"].keys()
    assert "security" not in guarded
    assert {"401", "403"} <= guarded["responses"].keys()
