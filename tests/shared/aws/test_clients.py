"""How clients are made."""

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ParamValidationError

from shared.aws import clients


class _Nothing:
    """The body of an answer that says nothing."""

    def stream(self) -> Any:
        yield b"{}"


@pytest.fixture(autouse=True)
def somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def ask(sent: list[Any], **parameters: Any) -> None:
    """Ask DynamoDB something, as far as the wire."""
    client: Any = clients.dynamodb()

    def answer(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, _Nothing())  # type: ignore[arg-type]

    client.meta.events.register("before-send.dynamodb", answer)
    client.get_item(**parameters)


def test_parameters_are_checked_before_they_are_sent_but_in_lambda(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Any] = []
    wrong = {"TableName": "orders", "Key": {"pk": {"S": "E#1"}}, "ConsistentRead": "yes"}
    monkeypatch.delenv(clients.IN_LAMBDA, raising=False)
    with pytest.raises(ParamValidationError, match="ConsistentRead"):
        ask(sent, **wrong)
    assert sent == []

    monkeypatch.setenv(clients.IN_LAMBDA, "orders-place_order")
    ask(sent, **wrong)

    assert len(sent) == 1


def test_requests_say_who_sends_them() -> None:
    sent: list[Any] = []
    ask(sent, TableName="orders", Key={"pk": {"S": "E#1"}})

    assert sent[0].headers["User-Agent"].startswith(b"sahip ")
