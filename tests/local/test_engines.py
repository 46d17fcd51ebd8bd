"""What stands for AWS here keeps what it has acknowledged, and leads no call elsewhere."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.engines import EngineError
from infra.local.engines.keeper.journal import Journal, Written, read_journal
from infra.local.engines.ministack import MinistackEngine
from infra.local.engines.moto import MotoEngine
from infra.local.engines.moto_actions import Actions

TABLE = "orders"
WRITTEN = Written("items", "000000000000", "eu-central-1", b'{"a": "line\\n"}')


def create_table() -> None:
    boto3.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def put(key: str, **condition: Any) -> None:
    boto3.client("dynamodb").put_item(TableName=TABLE, Item={"pk": {"S": key}}, **condition)


def keys() -> set[str]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return {item["pk"]["S"] for page in pages for item in page["Items"]}


def read_stream(iterator: str | None = None) -> tuple[list[str], str]:
    """The keys from an iterator on, at first from the oldest record, and the next iterator."""
    streams = boto3.client("dynamodbstreams")
    if iterator is None:
        arn = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
    page = streams.get_records(ShardIterator=iterator)
    seen = [record["dynamodb"]["Keys"]["pk"]["S"] for record in page["Records"]]
    return seen, page["NextShardIterator"]


@pytest.fixture
def moto() -> Iterator[MotoEngine]:
    engine = MotoEngine()
    engine.start()
    yield engine
    engine.stop()


def test_a_stopped_engine_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "https://example.com")
    environment = os.environ  # noqa: TID251 - it is what this is about
    before = dict(environment)
    engine = MotoEngine()
    engine.start()
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_SQS"} & environment.keys()
    engine.stop()
    assert environment == before


def fail(number: int = 0) -> None:
    """A transaction that writes an item, and then wants to write the one that is taken."""
    items: list[Any] = [
        {
            "Put": {
                "TableName": TABLE,
                "Item": {"pk": {"S": key}},
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        for key in (f"never {number}", "taken")
    ]
    with pytest.raises(ClientError):
        boto3.client("dynamodb").transact_write_items(TransactItems=items)


@pytest.mark.usefixtures("moto")
def test_a_failing_transaction_undoes_no_other_thread_s_write() -> None:
    create_table()
    put("taken")

    with ThreadPoolExecutor(8) as pool:
        for done in [
            pool.submit(work, n)
            for n in range(40)
            for work in (lambda number: put(f"kept {number}"), fail)
        ]:
            done.result()

    assert keys() == {"taken", *(f"kept {n}" for n in range(40))}


@pytest.mark.usefixtures("moto")
def test_an_iterator_from_before_a_failing_transaction_shows_nothing_of_it() -> None:
    create_table()
    put("taken")
    _, iterator = read_stream()
    fail()
    put("kept")

    seen, following = read_stream(iterator)

    assert seen == ["kept"]
    put("last")
    assert read_stream(following)[0] == ["last"]


def told_of_everything() -> list[Any]:
    """What is answered to calls of every kind, those that are refused among them."""
    create_table()
    client = boto3.client("dynamodb")
    told: list[Any] = []

    def ask(action: str, **asked: Any) -> None:
        try:
            answer = getattr(client, action)(**asked)
        except ClientError as error:
            answer = error.response
        told.append({name: one for name, one in answer.items() if name != "ResponseMetadata"})
        told.append(answer["ResponseMetadata"]["HTTPStatusCode"])

    def of(key: str) -> dict[str, Any]:
        return {"TableName": TABLE, "Key": {"pk": {"S": key}}}

    item = {
        "pk": {"S": "ş"},
        "bytes": {"B": b"\0\xff"},
        "parts": {"M": {"of": {"L": [{"N": "1.50"}, {"NULL": True}, {"BOOL": False}]}}},
        "words": {"SS": ["a", "b"]},
    }
    new = {"ConditionExpression": "attribute_not_exists(pk)"}
    ask("put_item", TableName=TABLE, Item=item, **new)
    ask(
        "put_item",
        TableName=TABLE,
        Item=item,
        **new,
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    ask("put_item", TableName=TABLE, Item={"pk": {"S": ""}})
    ask("put_item", TableName="none", Item=item)
    ask("get_item", **of("ş"), ConsistentRead=True)
    ask("get_item", **of("none"))
    ask(
        "update_item",
        **of("ş"),
        UpdateExpression="SET #n = :n, parts.more = :n ADD words :w REMOVE bytes",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":n": {"S": "x"}, ":w": {"SS": ["c"]}},
        ReturnValues="ALL_NEW",
    )
    ask("update_item", **of("ş"), UpdateExpression="SET size = :n")
    ask(
        "update_item",
        **of("new"),
        UpdateExpression="ADD n :n",
        ExpressionAttributeValues={":n": {"N": "2"}},
    )
    ask(
        "transact_write_items",
        TransactItems=[{"Delete": of("new")}, {"Put": {"TableName": TABLE, "Item": item, **new}}],
    )
    ask("transact_get_items", TransactItems=[{"Get": of("ş")}, {"Get": of("none")}])
    ask("batch_write_item", RequestItems={TABLE: [{"PutRequest": {"Item": {"pk": {"S": "b"}}}}]})
    ask(
        "batch_get_item",
        RequestItems={TABLE: {"Keys": [{"pk": {"S": "b"}}, {"pk": {"S": "none"}}]}},
    )
    ask(
        "query",
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "ş"}},
        ReturnConsumedCapacity="TOTAL",
    )
    ask("scan", TableName=TABLE, Limit=1)
    ask("delete_item", **of("b"), ReturnValues="ALL_OLD")
    streams = boto3.client("dynamodbstreams")
    arn = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    for record in streams.get_records(ShardIterator=iterator, Limit=6)["Records"]:
        assert record["dynamodb"].pop("ApproximateCreationDateTime").tzinfo
        assert record["dynamodb"].pop("SizeBytes") > 0  # moto counts the time in
        told.append({name: one for name, one in record.items() if name != "eventID"})
    return told


def test_what_is_answered_in_short_is_what_moto_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = []
    for _ in range(2):
        engine = MotoEngine()
        engine.start()
        answers.append(told_of_everything())
        engine.stop()
        monkeypatch.setattr(Actions, "answer", lambda *_: None)

    assert answers[0] == answers[1]


def test_a_journal_gives_back_what_was_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 1)
    journal.append(WRITTEN)
    journal.append(WRITTEN)
    assert read_journal(tmp_path / "journal-1.log") == ([WRITTEN, WRITTEN], 0)


@pytest.mark.parametrize("cut", [2, 5, len(WRITTEN.body) + 10])
def test_a_torn_last_record_is_told_from_the_whole_ones(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path, 1)
    journal.append(WRITTEN)
    whole = journal.size
    journal.append(WRITTEN)
    path = tmp_path / "journal-1.log"
    os.truncate(path, journal.size - cut)
    records, torn = read_journal(path)
    assert (records, torn) == ([WRITTEN], whole - cut)


@pytest.fixture
def python() -> Path:
    return Path(os.environ["SAHIP_MINISTACK_PYTHON"])  # noqa: TID251 - set by the launcher


@contextlib.contextmanager
def running(python: Path, directory: Path, **options: Any) -> Iterator[MinistackEngine]:
    engine = MinistackEngine(python, directory, **options)
    engine.start()
    try:
        yield engine
    finally:
        killed = not engine.alive()
        with contextlib.suppress(EngineError) if killed else contextlib.nullcontext():
            engine.stop()


def kill(engine: MinistackEngine) -> None:
    os.kill(engine.pid, signal.SIGKILL)
    while engine.alive():
        time.sleep(0.01)


@pytest.mark.ministack
def test_what_was_acknowledged_survives_a_hard_kill(python: Path, tmp_path: Path) -> None:
    with running(python, tmp_path) as engine:
        create_table()
        put("saved")
        engine.save()
        for number in range(50):
            put(f"journaled {number}")
        with pytest.raises(ClientError):
            put("saved", ConditionExpression="attribute_not_exists(pk)")
        boto3.client("dynamodb").delete_item(TableName=TABLE, Key={"pk": {"S": "journaled 0"}})
        kill(engine)
    with running(python, tmp_path) as engine:
        assert keys() == {"saved", *(f"journaled {n}" for n in range(1, 50))}
        assert engine.recovery
        assert not engine.recovery["clean"]
        assert engine.recovery["since"]
        assert (engine.recovery["replayed"], engine.recovery["refused"]) == (51, 0)


@pytest.mark.ministack
def test_after_a_kill_the_stream_has_all_that_its_reader_was_not_done_with(
    python: Path, tmp_path: Path
) -> None:
    with running(python, tmp_path) as engine:
        create_table()
        put("done")
        _, iterator = read_stream()
        put("in hand")
        seen, _ = read_stream(iterator)
        assert seen == ["in hand"]
        put("unread")
        engine.save()
        put("journaled")
        kill(engine)
    with running(python, tmp_path):
        seen, _ = read_stream()
        assert seen == ["in hand", "unread", "journaled"]


@pytest.mark.ministack
def test_a_torn_write_is_cut_off_and_told(python: Path, tmp_path: Path) -> None:
    with running(python, tmp_path) as engine:
        create_table()
        engine.save()
        put("first")
        put("second")
        kill(engine)
    journal = max(tmp_path.glob("journal-*.log"), key=lambda path: path.stat().st_mtime)
    os.truncate(journal, journal.stat().st_size - 3)
    with running(python, tmp_path) as engine:
        assert engine.recovery
        assert engine.recovery["torn"] > 0
        assert keys() == {"first"}


@pytest.mark.ministack
def test_a_clean_stop_keeps_messages_rules_secrets_and_objects(
    python: Path, tmp_path: Path
) -> None:
    with running(python, tmp_path):
        create_table()
        queue = boto3.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="why")
        events = boto3.client("events")
        events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["a"]}))
        arn = boto3.client("sqs").get_queue_attributes(
            QueueUrl=queue, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
        boto3.client("secretsmanager").create_secret(Name="key", SecretString="kept")
        s3 = boto3.client("s3")
        s3.create_bucket(
            Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        s3.put_object(Bucket="files", Key="a", Body=b"content")
    with running(python, tmp_path) as engine:
        assert engine.recovery == {
            "clean": True, "replayed": 0, "refused": 0, "torn": 0,
            "since": engine.recovery and engine.recovery["since"],
        }  # fmt: skip
        boto3.client("events").put_events(
            Entries=[{"Source": "a", "DetailType": "b", "Detail": "{}"}]
        )
        queue = boto3.client("sqs").get_queue_url(QueueName="dead")["QueueUrl"]
        assert queue.startswith(engine.endpoint)
        found = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        assert [message["Body"] == "why" for message in found["Messages"]] == [True, False]
        secret = boto3.client("secretsmanager").get_secret_value(SecretId="key")
        assert secret["SecretString"] == "kept"
        assert boto3.client("s3").get_object(Bucket="files", Key="a")["Body"].read() == b"content"


@pytest.mark.ministack
def test_a_directory_or_port_in_use_is_refused_and_nothing_is_lost(
    python: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "state"
    with running(python, directory) as engine:
        create_table()
        put("kept")
        port = int(engine.endpoint.rpartition(":")[2])
        with pytest.raises(EngineError, match="in use by another running instance"):
            MinistackEngine(python, directory, fresh=True).start()
        with pytest.raises(EngineError, match=f"Port {port} cannot be opened"):
            MinistackEngine(python, tmp_path / "other", port=port).start()
        assert keys() == {"kept"}


@pytest.mark.ministack
def test_a_fresh_start_forgets_everything(python: Path, tmp_path: Path) -> None:
    with running(python, tmp_path):
        create_table()
    with running(python, tmp_path, fresh=True) as engine:
        assert boto3.client("dynamodb").list_tables()["TableNames"] == []
        assert engine.recovery
        assert engine.recovery["clean"]


@pytest.mark.ministack
def test_an_engine_whose_parent_was_killed_saves_and_ends(python: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; "
        "from infra.local.engines.ministack import MinistackEngine as M; "
        "from tests.local import test_engines as t; "
        "e = M(Path(sys.argv[1]), Path(sys.argv[2])); e.start(); t.create_table(); t.put('a'); "
        "print(e.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(python), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout
    assert parent.stdin
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    with running(python, tmp_path) as engine:
        assert engine.recovery
        assert engine.recovery["clean"]
        assert keys() == {"a"}
