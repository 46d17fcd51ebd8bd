"""A queue of the engine hands out and deletes as SQS does, whatever waits in it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.engines.ministack import MinistackEngine

pytestmark = pytest.mark.ministack

MANY = 250


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[str]:
    """A queue that moves a message away when it comes for the third time."""
    python = Path(os.environ["SAHIP_MINISTACK_PYTHON"])  # noqa: TID251 the launcher says it so
    engine = MinistackEngine(python, tmp_path)
    engine.start()
    try:
        sqs = boto3.client("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
        redrive = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": 2}
        attributes: Any = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "60"}
        yield sqs.create_queue(QueueName="live", Attributes=attributes)["QueueUrl"]
    finally:
        engine.stop()


def send(queue: str, *bodies: str) -> None:
    for start in range(0, len(bodies), 10):
        entries: Any = [
            {"Id": str(place), "MessageBody": body}
            for place, body in enumerate(bodies[start : start + 10])
        ]
        boto3.client("sqs").send_message_batch(QueueUrl=queue, Entries=entries)


def receive(queue: str) -> list[tuple[str, str]]:
    """The bodies and receipts of up to ten messages."""
    got = boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    return [(one["Body"], one["ReceiptHandle"]) for one in got.get("Messages", [])]


def delete(queue: str, receipts: list[str]) -> None:
    entries: Any = [{"Id": str(n), "ReceiptHandle": one} for n, one in enumerate(receipts)]
    answer = boto3.client("sqs").delete_message_batch(QueueUrl=queue, Entries=entries)
    assert len(answer["Successful"]) == len(receipts)


def test_every_message_of_a_backlog_comes_once_and_is_gone_when_it_is_deleted(queue: str) -> None:
    bodies = [f"message {number}" for number in range(MANY)]
    send(queue, *bodies)

    came: list[str] = []
    while batch := receive(queue):
        came += [body for body, _ in batch]
        delete(queue, [receipt for _, receipt in batch])

    assert sorted(came) == sorted(bodies)


def test_what_is_not_deleted_comes_again_and_then_goes_to_the_dead_letters(queue: str) -> None:
    send(queue, "good", "bad")
    sqs = boto3.client("sqs")
    for _ in range(2):
        for body, receipt in receive(queue):
            if body == "good":
                delete(queue, [receipt])
            else:
                sqs.change_message_visibility(
                    QueueUrl=queue, ReceiptHandle=receipt, VisibilityTimeout=0
                )

    assert receive(queue) == []
    dead = sqs.get_queue_url(QueueName="dead")["QueueUrl"]
    assert [body for body, _ in receive(dead)] == ["bad"]
