"""The shorter way to local endpoints behaves as botocore's own does."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)

from infra.local import transport

Answer = tuple[int, dict[str, Any]] | Callable[[socket.socket], None]


class Endpoint:
    """Answers each request with the next of its answers, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[Answer] = [(200, {})]
        self.requests: list[tuple[dict[str, str], Any]] = []
        self.connections: set[tuple[str, int]] = set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.requests.append((dict(self.headers.items()), json.loads(body or b"{}")))
                endpoint.connections.add(self.client_address)
                more = len(endpoint.answers) > 1
                answer = endpoint.answers.pop(0) if more else endpoint.answers[0]
                if not isinstance(answer, tuple):
                    answer(self.connection)
                    self.close_connection = True
                    return
                content = json.dumps(answer[1]).encode()
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(content)))
                self.send_header("x-amzn-RequestId", "request-1")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.done = threading.Event()
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def hang(self, _: socket.socket) -> None:
        self.done.wait(5)

    def hang_up(self, connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.done.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.stop()


@cache  # a session reads botocore's large models once
def session_of_our_own(*, shortened: bool) -> boto3.Session:
    del shortened
    return boto3.Session("local", "local", region_name="eu-central-1")


def make_client(service: Any, url: str, *, attempts: int = 1, shortened: bool = True) -> Any:
    session = session_of_our_own(shortened=shortened)
    if shortened:
        transport.install([url], session)
    config = Config(
        connect_timeout=0.5,
        read_timeout=0.2,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    return session.client(service, endpoint_url=url, config=config)


@pytest.fixture(params=["shortened", "original"])
def shortened(request: pytest.FixtureRequest) -> bool:
    """Every promise is checked on botocore's own transport as well."""
    return bool(request.param == "shortened")


ITEM = {"pk": {"S": "ş"}, "n": {"N": "1"}, "b": {"B": b"\x00\xff"}, "m": {"M": {"x": {"L": []}}}}


def test_an_item_with_every_kind_of_value_arrives_and_comes_back(
    endpoint: Endpoint, shortened: bool
) -> None:
    client = make_client("dynamodb", endpoint.url, shortened=shortened)
    wire = {**ITEM, "b": {"B": "AP8="}}
    endpoint.answers = [(200, {"Item": wire}), (200, {"Item": {"pk": {"S": "a"}}})]
    assert client.get_item(TableName="table", Key={"pk": {"B": b"\x00"}})["Item"] == ITEM
    answer = client.get_item(TableName="table", Key={"pk": {"S": "a"}})
    assert answer["Item"] == {"pk": {"S": "a"}}
    assert answer["ResponseMetadata"]["RequestId"] == "request-1"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    client.put_item(TableName="table", Item=ITEM)
    bodies = [body for _, body in endpoint.requests]
    assert [body.get("Key") for body in bodies[:2]] == [{"pk": {"B": "AA=="}}, {"pk": {"S": "a"}}]
    assert bodies[2] == {"TableName": "table", "Item": wire}


def test_times_in_records_are_datetimes(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("dynamodbstreams", endpoint.url, shortened=shortened)
    record = {"dynamodb": {"ApproximateCreationDateTime": 1.7e9, "Keys": {"pk": {"S": "a"}}}}
    endpoint.answers = [(200, {"Records": [record], "NextShardIterator": None})]
    for _ in range(2):
        answer = client.get_records(ShardIterator="iterator")
        time = answer["Records"][0]["dynamodb"]["ApproximateCreationDateTime"]
        assert isinstance(time, datetime)
        assert time.timestamp() == 1.7e9
        assert "NextShardIterator" not in answer


def test_a_time_that_is_sent_goes_as_seconds(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("events", endpoint.url, shortened=shortened)
    entry = {"Source": "a", "DetailType": "b", "Detail": "{}"}
    moment = {"Time": datetime.fromtimestamp(1.7e9, UTC)}
    for when in ({}, moment, {"Time": "2023-11-14T22:13:20Z"}):
        client.put_events(Entries=[entry | when])
    times = [body["Entries"][0].get("Time") for _, body in endpoint.requests]
    assert times == [None, 1.7e9, 1.7e9]


@pytest.mark.parametrize(
    "wrong", [{"Nonsense": 1}, {"TableName": None}, {"Item": {"n": {"N": Decimal(1)}}}]
)
def test_wrong_parameters_are_refused_before_they_are_sent(
    endpoint: Endpoint, shortened: bool, wrong: dict[str, Any]
) -> None:
    client = make_client("dynamodb", endpoint.url, shortened=shortened)
    right = {"TableName": "table", "Item": {"pk": {"S": "a"}}}
    client.put_item(**right)
    with pytest.raises(ParamValidationError):
        client.put_item(**{**right, **wrong})
    assert len(endpoint.requests) == 1


def test_an_error_has_its_class_and_what_came_with_it(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("dynamodb", endpoint.url, shortened=shortened)
    reasons = [{"Code": "ConditionalCheckFailed", "Item": {"pk": {"S": "a"}}}]
    content = {"__type": "x#TransactionCanceledException", "CancellationReasons": reasons}
    endpoint.answers = [(400, {**content, "message": "no"})]
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=[{"Put": {"TableName": "table", "Item": {}}}])
    assert caught.value.response["CancellationReasons"] == reasons
    assert caught.value.response["Error"]["Message"] == "no"


def test_a_throttled_request_is_tried_again(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("dynamodb", endpoint.url, attempts=2, shortened=shortened)
    throttled = {"__type": "ProvisionedThroughputExceededException", "message": "later"}
    endpoint.answers = [(400, throttled), (200, {})]
    answer = client.delete_item(TableName="table", Key={"pk": {"S": "a"}})
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    endpoint.answers = [(400, throttled)]
    with pytest.raises(ClientError, match="reached max retries: 1"):
        client.delete_item(TableName="table", Key={"pk": {"S": "a"}})


def test_a_lost_answer_is_asked_for_again(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("dynamodb", endpoint.url, attempts=2, shortened=shortened)
    endpoint.answers = [endpoint.hang_up, (200, {})]
    client.delete_item(TableName="table", Key={"pk": {"S": "a"}})
    assert len(endpoint.requests) == 2


def test_each_failure_of_the_line_has_botocore_s_exception(
    endpoint: Endpoint, shortened: bool
) -> None:
    def fail(url: str) -> BotoCoreError:
        client = make_client("dynamodb", url, shortened=shortened)
        with pytest.raises(BotoCoreError) as caught:
            client.get_item(TableName="table", Key={"pk": {"S": "a"}})
        return caught.value

    endpoint.answers = [endpoint.hang, endpoint.hang_up]
    assert type(fail(endpoint.url)) is ReadTimeoutError
    assert type(fail(endpoint.url)) is ConnectionClosedError
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert type(fail(f"http://127.0.0.1:{port}")) is EndpointConnectionError


def test_a_function_that_hangs_is_given_up_in_time(endpoint: Endpoint, shortened: bool) -> None:
    client = make_client("lambda", endpoint.url, shortened=shortened)
    endpoint.answers = [(200, {"orders": 1}), endpoint.hang]
    payload = client.invoke(FunctionName="summary", Payload=b"{}")["Payload"].read()
    assert json.loads(payload) == {"orders": 1}
    with pytest.raises(ReadTimeoutError):
        client.invoke(FunctionName="summary", Payload=b"{}")


def test_hooks_see_every_attempt_and_may_answer_or_fail_in_its_place(
    endpoint: Endpoint, shortened: bool
) -> None:
    client = make_client("dynamodb", endpoint.url, attempts=2, shortened=shortened)
    told: list[str] = []

    def note(event_name: str, **_: Any) -> None:
        told.append(event_name.split(".", maxsplit=1)[0])

    def break_once(request: Any, **_: Any) -> None:
        assert request.headers["X-Amz-Target"] == b"DynamoDB_20120810.PutItem"
        if told.count("before-send") == 1:
            raise ConnectionClosedError(endpoint_url=request.url)

    events = ("provide-client-params", "before-parameter-build", "before-call",
              "request-created", "before-send", "response-received", "needs-retry",
              "after-call")  # fmt: skip
    for event in events:
        client.meta.events.register(f"{event}.dynamodb", note)
    client.meta.events.register("before-send.dynamodb", break_once)
    client.put_item(TableName="table", Item={"pk": {"S": "a"}})
    attempt = ["request-created", "before-send", "response-received", "needs-retry"]
    assert told == [*events[:3], *attempt, *attempt, "after-call"]
    assert len(endpoint.requests) == 1


def test_a_thread_keeps_its_connection_and_finds_a_new_one_when_it_was_closed(
    endpoint: Endpoint,
) -> None:
    client = make_client("dynamodb", endpoint.url, attempts=2)
    for _ in range(3):
        client.get_item(TableName="table", Key={"pk": {"S": "a"}})
    assert len(endpoint.connections) == 1
    endpoint.answers = [endpoint.hang_up, (200, {})]
    client.get_item(TableName="table", Key={"pk": {"S": "a"}})
    assert len(endpoint.connections) == 2


def test_only_the_local_endpoint_gets_unsigned_requests(endpoint: Endpoint) -> None:
    session = session_of_our_own(shortened=True)
    transport.install([endpoint.url], session)
    for url, signed in (
        (endpoint.url, False),
        (endpoint.url.replace("127.0.0.1", "localhost"), True),
    ):
        client = session.client("dynamodb", endpoint_url=url)
        client.get_item(TableName="table", Key={"pk": {"S": "a"}})
        headers = {name.lower() for name in endpoint.requests[-1][0]}
        assert ("authorization" in headers) == signed
