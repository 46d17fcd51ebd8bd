"""What every gateway must do: take a message, know a repeat or say that it does not, and how it
says that it has not taken one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from services.engagement.adapters.gateways import (
    FileGateway,
    HttpGateway,
    NoSuchGateway,
    SesGateway,
    SnsGateway,
    gateway_of,
)
from services.engagement.domain import Channel, Text
from services.engagement.ports.messages import Gateway, NotTaken, Silent, Taken
from shared.aws.http.signatures import check_signature
from tests.account import AwsAccount
from tests.engagement import gateway_server
from tests.engagement.fakes import InMemoryGateway
from tests.engagement.gateway_server import House

SHORT = Text(subject=None, body="Siparişinizi aldık. Yetkili: 0850 222 00 00")
LONG = Text(subject="Siparişinizi aldık", body="Merhaba,\n\nSiparişinizi aldık.")
SENDER = "no-reply@sahip.example"


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def url(house: House) -> Iterator[str]:
    with gateway_server.running(house) as url:
        yield url


@pytest.fixture(params=["in memory", "file", "http", "ses", "sns"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Gateway:
    if request.param == "in memory":
        return InMemoryGateway()
    if request.param == "file":
        return FileGateway(tmp_path, Channel.SMS)
    if request.param == "http":
        url: str = request.getfixturevalue("url")
        return HttpGateway(url, Channel.SMS, secret="s", deadline=5)
    request.getfixturevalue("account")
    if request.param == "sns":
        return SnsGateway(boto3.client("sns"), sender="SAHIP")
    emails: Any = boto3.client("sesv2")
    emails.create_email_identity(EmailIdentity=SENDER)
    return SesGateway(emails, sender=SENDER, configuration_set="set")


def test_a_message_is_taken_and_named(gateway: Gateway) -> None:
    to = "ayse@example.com" if isinstance(gateway, SesGateway) else "+905321234567"
    text = LONG if isinstance(gateway, SesGateway) else SHORT

    first, second = gateway.send("msg_1", text, to), gateway.send("msg_1", text, to)
    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert first.gateway_id
    assert (first == second) is gateway.knows_repeats


def test_a_file_has_each_message_once_and_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    for message_id, text in (("msg_1", SHORT), ("msg_10", LONG), ("msg_1", SHORT)):
        FileGateway(folder, Channel.SMS).send(message_id, text, "+905321234567")

    file = folder / "messages.jsonl"
    first, second = [json.loads(line) for line in file.read_text().splitlines()]
    assert file.stat().st_mode & 0o077 == 0
    assert (first["message_id"], first["text"]) == ("msg_1", SHORT.body)
    assert (second["message_id"], second["subject"]) == ("msg_10", LONG.subject)


def test_an_http_gateway_gets_what_to_send_signed_and_with_a_key(house: House, url: str) -> None:
    gateway = HttpGateway(url, Channel.WHATSAPP, secret="s", deadline=5)

    assert gateway.send("msg_1", SHORT, "+905321234567") == Taken(gateway_id="their-msg_1")
    assert house.went_out["msg_1"] == {
        "message_id": "msg_1",
        "channel": "whatsapp",
        "to": "+905321234567",
        "subject": None,
        "text": SHORT.body,
    }
    secrets = json.dumps({"gateway": "s"})
    check_signature(secrets, "gateway", house.headers[0], house.bodies[0], datetime.now(UTC))


@pytest.mark.parametrize("status", [429, 401, 403, 404])
def test_what_an_http_gateway_has_not_it_may_have_later(
    house: House, url: str, status: int
) -> None:
    house.status = status
    assert _http(url).send("msg_1", SHORT, "+9") == NotTaken(why="gateway_busy")


def test_what_an_http_gateway_refuses_it_refuses_for_good(house: House, url: str) -> None:
    house.status = 422
    assert _http(url).send("msg_1", SHORT, "+9") == NotTaken(why="gateway_refused", for_good=True)


@pytest.mark.parametrize("status", [408, 409, 500, 503])
def test_an_answer_that_says_nothing_is_silence(house: House, url: str, status: int) -> None:
    house.status = status
    with pytest.raises(Silent):
        _http(url).send("msg_1", SHORT, "+9")


def test_one_who_hangs_up_may_have_taken_it_and_one_who_is_not_there_has_not(
    house: House, url: str
) -> None:
    house.hangs_up = True
    with pytest.raises(Silent):
        _http(url).send("msg_1", SHORT, "+9")
    house.hangs_up = False
    _http(url).send("msg_1", SHORT, "+9")
    assert len(house.went_out) == 1
    assert _http("http://127.0.0.1:1/").send("msg_1", SHORT, "+9") == NotTaken(why="gateway_busy")


@pytest.mark.parametrize(
    ("code", "status", "answer"),
    [
        ("MessageRejected", 400, NotTaken(why="gateway_refused", for_good=True)),
        ("InvalidParameter", 400, NotTaken(why="gateway_refused", for_good=True)),
        ("TooManyRequestsException", 429, NotTaken(why="gateway_busy")),
        ("SendingPausedException", 400, NotTaken(why="gateway_busy")),
        ("AccessDeniedException", 403, NotTaken(why="gateway_busy")),
        ("InternalServiceErrorException", 500, None),
    ],
)
def test_what_aws_says_tells_whether_it_was_taken(
    code: str, status: int, answer: NotTaken | None
) -> None:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    _expect(ClientError(response, "SendEmail"), answer)


def test_a_lost_answer_of_aws_is_silence_and_a_lost_connection_is_not() -> None:
    _expect(ReadTimeoutError(endpoint_url="https://ses"), None)
    _expect(ConnectTimeoutError(endpoint_url="https://ses"), NotTaken(why="gateway_busy"))


def test_aws_is_called_in_one_attempt_since_it_knows_no_repeats(account: AwsAccount) -> None:
    ses = gateway_of(Channel.EMAIL, f"ses:{SENDER}", secret="", emails="set")
    sns = gateway_of(Channel.SMS, "sns:", secret="", emails="set")

    assert isinstance(ses, SesGateway)
    assert isinstance(sns, SnsGateway)
    for gateway in (ses, sns):
        assert gateway._client.meta.config.retries["total_max_attempts"] == 1


def test_a_url_says_which_gateway_it_is(tmp_path: Path) -> None:
    assert gateway_of(Channel.SMS, "", secret="", emails="set") is None
    assert isinstance(
        gateway_of(Channel.LETTER, tmp_path.as_uri(), secret="", emails="set"), FileGateway
    )
    http = gateway_of(Channel.SMS, "https://sms.example/send", secret="s", emails="set")
    assert isinstance(http, HttpGateway)
    nothing = ("ses:a@b.c", "https://no-secret.example/", "http://sms.example/send", "x")
    for channel, url in ((Channel.LETTER, "sns:"), *((Channel.SMS, one) for one in nothing)):
        secret = "" if "no-secret" in url else "s"
        with pytest.raises(NoSuchGateway):
            gateway_of(channel, url, secret=secret, emails="set")


class _Failing:
    """A client of AWS whose every call fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def send_email(self, **_: Any) -> Any:
        raise self._error

    publish = send_email


def _expect(error: Exception, answer: NotTaken | None) -> None:
    for gateway in (
        SesGateway(_Failing(error), sender=SENDER, configuration_set="set"),
        SnsGateway(_Failing(error), sender=""),
    ):
        if answer is None:
            with pytest.raises(Silent):
                gateway.send("msg_1", LONG, "x")
        else:
            assert gateway.send("msg_1", LONG, "x") == answer


def _http(url: str) -> HttpGateway:
    return HttpGateway(url, Channel.SMS, secret="s", deadline=5)
