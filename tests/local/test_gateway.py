import base64
import hashlib
import hmac
import json
import re
import stat
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.issuer import Issuer
from infra.local.problems import problem_document
from infra.local.system import INFRA, LocalSystem
from tests.local.conftest import Browser

PROBLEM = "application/problem+json"


def signed(system: LocalSystem, key: Any = None, headers: Any = None, **changes: Any) -> str:
    """A token like the issuer's, but for these claims, headers or this key."""
    claims = jwt.decode(system.token("agent"), options={"verify_signature": False})
    payload = {k: v for k, v in {**claims, **changes}.items() if v is not None}
    head = {"kid": system.issuer.key_id, **(headers or {})}
    return jwt.encode(payload, key or system.issuer._key, algorithm="RS256", headers=head)


def unsigned_part(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def forgeries(system: LocalSystem) -> dict[str, str]:
    return forged(system)


def forged(system: LocalSystem) -> dict[str, str]:
    """Tokens that are none, each wrong in one way."""
    issuer = system.issuer
    good = system.token("agent")
    head, payload, signature = good.split(".")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = issuer._key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    symmetric = f"{unsigned_part({'alg': 'HS256', 'kid': issuer.key_id})}.{payload}"
    mac = hmac.new(public, symmetric.encode(), hashlib.sha256).digest()
    now = int(time.time())
    return {
        "no algorithm": f"{unsigned_part({'alg': 'none', 'kid': issuer.key_id})}.{payload}.",
        "the public key as a secret": (
            f"{symmetric}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        ),
        "an empty signature": f"{head}.{payload}.",
        "a signature cut short": f"{head}.{payload}.{signature[:-4]}",
        "another payload": f"{head}.{unsigned_part({'sub': 'me'})}.{signature}",
        "a stranger's key": signed(system, stranger),
        "a stranger's key set": signed(
            system, stranger, {"kid": "theirs", "jku": "http://127.0.0.1:9/keys"}
        ),
        "a stranger's key in the header": signed(system, stranger, {"jwk": {"kty": "RSA"}}),
        "an unknown key": signed(system, None, {"kid": "unknown"}),
        "a key id that is a list": (
            f"{unsigned_part({'alg': 'RS256', 'kid': ['x']})}.{payload}.{signature}"
        ),
        "something critical": signed(system, None, {"crit": ["x"], "x": 1}),
        "another issuer": signed(system, iss="https://example.com"),
        "no issuer": signed(system, iss=None),
        "an identity token": signed(system, token_use="id"),
        "another client": signed(system, client_id="somebody"),
        "no expiry": signed(system, exp=None),
        "expired": signed(system, exp=now - 1),
        "not yet": signed(system, nbf=now + 60),
        "issued tomorrow": signed(system, iat=now + 86400),
        "an expiry beyond numbers": signed(system, exp=float("inf")),
        "a megabyte": "x" * 1_000_000,
        "a good one with a megabyte behind": good + "x" * 1_000_000,
        "depth": f"{head}.{base64.urlsafe_b64encode(b'[' * 4000).decode()}.{signature}",
        "nothing but dots": "...",
        "no text": "\x80\x81",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "no algorithm",
        "the public key as a secret",
        "an empty signature",
        "a signature cut short",
        "another payload",
        "a stranger's key",
        "a stranger's key set",
        "a stranger's key in the header",
        "an unknown key",
        "a key id that is a list",
        "something critical",
        "another issuer",
        "no issuer",
        "an identity token",
        "another client",
        "no expiry",
        "expired",
        "not yet",
        "issued tomorrow",
        "an expiry beyond numbers",
        "a megabyte",
        "a good one with a megabyte behind",
        "depth",
        "nothing but dots",
        "no text",
    ],
)
def test_a_bad_token_is_answered_401_and_never_500(
    stranger: Browser, forgeries: dict[str, str], kind: str
) -> None:
    answer = stranger.send("GET", "/v1/notes", Authorization=f"Bearer {forgeries[kind]}")

    assert answer.status == 401
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["status"] == 401


def test_no_token_is_answered_401(stranger: Browser) -> None:
    assert stranger.send("GET", "/v1/notes").status == 401


def test_a_good_token_opens_with_or_without_the_word_bearer(
    system: LocalSystem, stranger: Browser
) -> None:
    token = system.token("agent")

    assert stranger.send("GET", "/v1/notes", Authorization=token).status == 200
    assert stranger.send("GET", "/v1/notes", Authorization=f"bearer {token}").status == 200


def test_a_token_is_good_until_it_expires(system: LocalSystem, stranger: Browser) -> None:
    token = f"Bearer {system.token('agent', lifetime=1)}"

    assert stranger.send("GET", "/v1/notes", Authorization=token).status == 200
    time.sleep(1.1)
    assert stranger.send("GET", "/v1/notes", Authorization=token).status == 401


def test_a_token_without_the_scope_of_a_route_is_answered_403(
    system: LocalSystem, agent: Browser
) -> None:
    machine = Browser(system.url, system.token("integration"))

    assert agent.send("POST", "/v1/notes/import", {}).status == 403
    assert machine.send("POST", "/v1/notes/import", {}).status == 200


def test_a_route_without_an_authorizer_is_open(stranger: Browser) -> None:
    assert stranger.send("GET", "/v1/notes/openapi.json").json() == {"openapi": "3.1.0"}


def test_claims_reach_the_function_as_api_gateway_passes_them(system: LocalSystem) -> None:
    customer = Browser(system.url, system.token("customer", "cus-1"))
    two_groups = Browser(system.url, signed(system, **{"cognito:groups": ["agent", "owner"]}))

    claims = customer.send("GET", "/v1/notes").json()["requestContext"]["authorizer"]["claims"]
    groups = two_groups.send("GET", "/v1/notes").json()["requestContext"]["authorizer"]["claims"]

    assert claims["cognito:groups"] == "customer"
    assert claims["customer_id"] == "cus-1"
    assert claims["scope"] == "sahip/api"
    assert all(isinstance(value, str) for value in claims.values())
    assert time.strptime(claims["exp"], "%a %b %d %H:%M:%S UTC %Y")
    assert groups["cognito:groups"] == "agent,owner"


def test_a_machine_has_a_scope_and_no_groups(system: LocalSystem) -> None:
    machine = Browser(system.url, system.token("integration"))

    claims = machine.send("GET", "/v1/notes").json()["requestContext"]["authorizer"]["claims"]

    assert claims["scope"] == "sahip/integration"
    assert "cognito:groups" not in claims


def test_the_event_is_that_of_a_rest_api(agent: Browser) -> None:
    answer = agent.send("GET", "/v1/notes?tag=a&tag=b%20c&empty=", X_Correlation_Id="c-1")
    event = answer.json()

    assert event["resource"] == event["requestContext"]["resourcePath"] == "/"
    assert event["path"] == "/v1/notes"
    assert event["multiValueQueryStringParameters"] == {"tag": ["a", "b c"], "empty": [""]}
    assert event["queryStringParameters"] == {"tag": "b c", "empty": ""}
    assert event["pathParameters"] is None
    assert event["body"] is None
    assert event["headers"]["X-Correlation-Id"] == "c-1"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["requestContext"]["requestId"] == answer.headers["x-amzn-RequestId"]
    assert event["requestContext"]["stage"] == "local"


def test_status_headers_and_body_of_the_function_come_back(agent: Browser) -> None:
    answer = agent.send("POST", "/v1/notes", {"id": "headers", "text": "güneş"})

    assert answer.status == 201
    assert answer.headers["X-Amz-Seen"] == "yes"
    assert answer.json()["text"] == "güneş"


def test_binary_answers_come_back_as_they_were(agent: Browser) -> None:
    answer = agent.send("GET", "/v1/notes/odd/binary", Accept="application/octet-stream")

    assert answer.data == b"\x00\x01"


def test_a_function_that_is_too_slow_is_answered_504(agent: Browser) -> None:
    answer = agent.send("GET", "/v1/notes/odd/slow")

    assert (answer.status, answer.headers["Content-Type"]) == (504, PROBLEM)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/notes/a/b/c", "/v1/notesx"])
def test_a_path_that_nobody_serves_is_answered_404(agent: Browser, path: str) -> None:
    answer = agent.send("GET", path)

    assert (answer.status, answer.headers["Content-Type"]) == (404, PROBLEM)


def test_a_method_that_a_path_does_not_know_is_answered_405(agent: Browser) -> None:
    answer = agent.send("DELETE", "/v1/notes")

    assert (answer.status, answer.headers["Content-Type"]) == (405, PROBLEM)
    assert answer.headers["Allow"] == "GET, POST"


def test_a_preflight_is_answered_for_routes_that_allow_other_origins(stranger: Browser) -> None:
    answer = stranger.send("OPTIONS", "/v1/notes")

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST,OPTIONS"
    assert stranger.send("OPTIONS", "/v1/notes/import").status == 405


def test_a_refusal_of_the_gateway_can_be_read_by_an_allowed_origin(stranger: Browser) -> None:
    answer = stranger.send("GET", "/v1/notes")

    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"


def test_a_body_above_ten_megabytes_is_answered_413(agent: Browser) -> None:
    answer = agent.send("POST", "/v1/notes", b"x" * (10 * 1024 * 1024 + 1))

    assert (answer.status, answer.headers["Content-Type"]) == (413, PROBLEM)


def test_a_word_in_a_path_wins_over_a_parameter(stranger: Browser, agent: Browser) -> None:
    assert stranger.send("GET", "/v1/notes/openapi.json").status == 200
    assert agent.send("GET", "/v1/notes/anything-else").status == 404


def test_path_parameters_arrive_as_they_were_sent(agent: Browser) -> None:
    agent.send("POST", "/v1/notes", {"id": "a%2Fb"})

    assert agent.send("GET", "/v1/notes/a%2Fb").json()["id"] == "a%2Fb"


def test_health_names_every_part(system: LocalSystem, stranger: Browser) -> None:
    answer = stranger.send("GET", "/health")

    assert answer.status == 200
    assert answer.json()["parts"].keys() == system.health().keys()
    assert set(answer.json()["parts"].values()) == {"up"}


def test_the_keys_of_the_issuer_are_open(system: LocalSystem, stranger: Browser) -> None:
    keys = stranger.send("GET", "/.well-known/jwks.json").json()["keys"]

    assert [key["kid"] for key in keys] == [system.issuer.key_id]
    assert "d" not in keys[0]


def test_the_issuers_key_outlives_it_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first, second = Issuer(tmp_path, "eu-central-1"), Issuer(tmp_path, "eu-central-1")

    assert first.key_id == second.key_id
    assert stat.S_IMODE((tmp_path / "issuer.pem").stat().st_mode) == 0o600


def test_nobody_has_an_unknown_role(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="emperor"):
        Issuer(tmp_path, "eu-central-1").token("emperor")


def test_the_gateway_refuses_in_the_words_of_the_templates() -> None:
    """The local one does not read them; both are to say the same."""
    template = (INFRA / "customer.yaml").read_text(encoding="utf-8")
    said = {
        (one["status"], one["type"], one["title"])
        for one in map(json.loads, _gateway_responses(template))
    }
    ours = {
        (status, document["type"], document["title"])
        for status in (400, 401, 403, 404, 413, 500, 504)
        for document in [json.loads(problem_document(status, "", ""))]
    }
    assert ours == said


def test_a_refusal_of_the_gateway_can_be_asked_about(agent: Browser) -> None:
    answer = agent.send("GET", "/nowhere")

    told = {answer.headers["x-amzn-RequestId"], answer.headers["X-Correlation-Id"]}
    assert told == {answer.json()["correlation_id"]}


def _gateway_responses(template: str) -> list[str]:
    """The documents that the template's gateway answers by itself."""
    found = re.findall(r"application/json: '(.*)'", template)
    return [one.replace("$context.error.messageString", '"…"') for one in found]
