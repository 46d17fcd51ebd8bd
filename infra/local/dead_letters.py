"""Looks into dead-letter queues and sends back what lies there, in any account, by SQS alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_PER_RECEIVE = 10
_LOOK_SECONDS = 30  # for which messages are hidden from others while one looks
_MOVE_SECONDS = 600  # for which they are hidden while they are sent back

Message = Mapping[str, Any]


class NoSource(Exception):
    """It cannot be told which queue a dead letter came from."""


def queue_url(sqs: "SQSClient", queue: str) -> str:
    """The address of a queue given by its name, or by its address."""
    if queue.startswith(("http://", "https://")):
        return queue
    return sqs.get_queue_url(QueueName=queue)["QueueUrl"]


def dead_letters(sqs: "SQSClient", queue: str, *, wait: int = 1) -> list[Message]:
    """The messages in a queue, as ReceiveMessage gives them; they stay there.

    `wait` is how many seconds an empty queue is watched before it counts as empty. In AWS a
    look without waiting may miss messages.
    """
    url = queue_url(sqs, queue)
    messages = list(_received(sqs, url, hidden=_LOOK_SECONDS, wait=wait))
    _show_again(sqs, url, messages)
    return messages


def redrive(sqs: "SQSClient", queue: str, *, wait: int = 1) -> int:
    """Send every message of a dead-letter queue back to where it came from. Return how many.

    Each is sent and only then deleted: a crash in between repeats it and loses nothing. What
    dies again meanwhile stays. Raise NoSource, with nothing sent, if a message's source cannot
    be told.
    """
    url = queue_url(sqs, queue)
    sources = _sources(sqs, url)
    # All are received before the first is sent, so that none is sent back twice.
    messages = list(_received(sqs, url, hidden=_MOVE_SECONDS, wait=wait))
    try:
        targets = [_source_of(message, sources, queue) for message in messages]
    except NoSource:
        _show_again(sqs, url, messages)
        raise
    for message, target in zip(messages, targets, strict=True):
        attributes = message.get("MessageAttributes")
        sqs.send_message(
            QueueUrl=target,
            MessageBody=message["Body"],
            **({"MessageAttributes": attributes} if attributes else {}),
        )
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return len(messages)


def _received(sqs: "SQSClient", url: str, *, hidden: int, wait: int) -> Iterator[Message]:
    while messages := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=_PER_RECEIVE,
        VisibilityTimeout=hidden,
        WaitTimeSeconds=wait,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    ).get("Messages", []):
        yield from messages


def _show_again(sqs: "SQSClient", url: str, messages: Sequence[Message]) -> None:
    for message in messages:
        sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


def _sources(sqs: "SQSClient", url: str) -> dict[str, str]:
    """The queues whose dead letters come here: name → address."""
    try:
        pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(QueueUrl=url)
        urls = [found for page in pages for found in page.get("queueUrls", [])]
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAction":  # ministack does not know it
            raise
        urls = [found for found in _every_queue(sqs) if _dies_into(sqs, found, url)]
    return {found.rsplit("/", 1)[-1]: found for found in urls}


def _every_queue(sqs: "SQSClient") -> list[str]:
    pages = sqs.get_paginator("list_queues").paginate()
    return [found for page in pages for found in page.get("QueueUrls", [])]


def _dies_into(sqs: "SQSClient", queue: str, dead: str) -> bool:
    """Whether a queue's redrive policy names that dead-letter queue."""
    asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])
    policy = json.loads(asked.get("Attributes", {}).get("RedrivePolicy", "{}"))
    target = str(policy.get("deadLetterTargetArn", ""))
    return target.rsplit(":", 1)[-1] == dead.rsplit("/", 1)[-1]


def _source_of(message: Message, sources: Mapping[str, str], queue: str) -> str:
    arn = message.get("Attributes", {}).get("DeadLetterQueueSourceArn", "")
    name = arn.rsplit(":", 1)[-1]
    if name in sources:
        return sources[name]
    if len(sources) == 1:
        return next(iter(sources.values()))
    raise NoSource(f"{queue}: message {message['MessageId']} may be of {sorted(sources)}")
