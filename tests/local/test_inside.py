"""Lambda's Invoke from within the process is the same as over HTTP, only shorter."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from infra.local import transport
from infra.local.lambda_api import MAX_BODY, LambdaApi
from infra.local.servers import Server
from tests.local.worlds import functions_with

NAME = "read"
BOUNDED = Config(read_timeout=0.2, retries={"total_max_attempts": 1})


def handler(event: Any, _context: Any) -> Any:
    if event == "wait":
        time.sleep(1)
    if event == "fail":
        raise ValueError("no")
    return {"said": event}


@pytest.fixture(scope="module")
def clients() -> Iterator[dict[str, Any]]:
    """A client that goes over HTTP, and one that does not."""
    api = LambdaApi(functions_with(handler))
    server = Server(api, threads=4, max_body=MAX_BODY)
    server.start()
    made = {}
    for way, inside in (("http", None), ("inside", {server.url: api})):
        session = boto3.Session("local", "local", region_name="eu-central-1")
        transport.install([] if inside else [server.url], session, inside=inside)
        made[way] = session.client("lambda", endpoint_url=server.url, config=BOUNDED)
    yield made
    server.stop()


@pytest.fixture(params=["http", "inside"])
def client(request: pytest.FixtureRequest, clients: dict[str, Any]) -> Any:
    return clients[request.param]


def test_an_answer_and_a_failure_are_told(client: Any) -> None:
    answer = client.invoke(FunctionName=NAME, Payload=b'"hello"')
    assert json.loads(answer["Payload"].read()) == {"said": "hello"}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer

    failed = client.invoke(FunctionName=NAME, Payload=b'"fail"')
    assert failed["FunctionError"] == "Unhandled"
    assert json.loads(failed["Payload"].read())["errorType"] == "ValueError"


def test_refusals_are_the_exceptions_that_botocore_names(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="nobody", Payload=b"{}")
    with pytest.raises(client.exceptions.InvalidRequestContentException):
        client.invoke(FunctionName=NAME, Payload=b"{")


def test_who_waits_no_longer_gets_a_time_out(client: Any) -> None:
    started = time.monotonic()
    with pytest.raises(ReadTimeoutError):
        client.invoke(FunctionName=NAME, Payload=b'"wait"')
    assert time.monotonic() - started < 0.8


def test_an_event_is_taken_and_nothing_said(client: Any) -> None:
    answer = client.invoke(FunctionName=NAME, Payload=b'"hello"', InvocationType="Event")
    assert answer["StatusCode"] == 202
