import json
from typing import Any

import boto3
import pytest
import urllib3
from botocore.exceptions import ClientError

from infra.local.system import LocalSystem
from tests.local.conftest import Browser


@pytest.fixture
def client(system: LocalSystem) -> Any:
    """Any client made while the system runs: the endpoint is in the environment."""
    return boto3.client("lambda")


def summary_of(system: LocalSystem) -> str:
    notes = next(service for service in system.world.services if service.name == "notes")
    return notes.function("Summary").name


def test_a_function_is_invoked_by_whoever_asks_lambda(system: LocalSystem, client: Any) -> None:
    answer = client.invoke(FunctionName=summary_of(system), Payload=b'{"id": "n"}')

    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read()) == {"id": "n", "changes": 0}


def test_a_failing_function_answers_200_and_says_that_it_failed(
    system: LocalSystem, client: Any
) -> None:
    answer = client.invoke(FunctionName=summary_of(system), Payload=b'{"id": "broken"}')

    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    error = json.loads(answer["Payload"].read())
    assert error["errorType"] == "LookupError"
    assert error["errorMessage"] == "nothing is known of broken"


def test_an_unknown_function_is_not_found_as_in_aws(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException) as refusal:
        client.invoke(FunctionName="nobody", Payload=b"{}")

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_payload_that_is_no_json_is_refused_as_in_aws(system: LocalSystem, client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidRequestContentException):
        client.invoke(FunctionName=summary_of(system), Payload=b"{")


def test_an_event_is_accepted_and_done_later(system: LocalSystem, client: Any) -> None:
    calls = system.functions.calls

    answer = client.invoke(
        FunctionName=summary_of(system), Payload=b'{"id": "n"}', InvocationType="Event"
    )

    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    system.settle(5)
    assert system.functions.calls == calls + 1


def test_a_payload_above_the_limits_is_refused(system: LocalSystem, client: Any) -> None:
    with pytest.raises(ClientError, match="RequestTooLarge"):
        client.invoke(FunctionName=summary_of(system), Payload=b'"' + b"x" * 6_400_000 + b'"')
    with pytest.raises(ClientError, match="RequestTooLarge"):
        client.invoke(
            FunctionName=summary_of(system),
            Payload=b'"' + b"x" * 1_100_000 + b'"',
            InvocationType="Event",
        )


def test_nothing_but_invoke_is_served(system: LocalSystem) -> None:
    assert urllib3.request("GET", f"{system.lambda_url}/2015-03-31/functions/").status == 404


def test_a_nested_call_leaves_the_callers_request_alone(agent: Browser) -> None:
    agent.send("POST", "/v1/notes", {"id": "nested"})

    assert agent.send("GET", "/v1/board/nested").json()["path"] == "/{note_id}"
