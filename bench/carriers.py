"""Carries what is in streams and queues to handlers, in batches as full as there is enough for."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3

STREAM_BATCH = 100
QUEUE_BATCH = 10


class Outbox:
    """A table's stream, read on from where it was last read; entities only, as the mappings do."""

    def __init__(self, table: str) -> None:
        session = boto3.Session()  # not the metered one
        self._streams = session.client("dynamodbstreams")
        arn = session.client("dynamodb").describe_table(TableName=table)["Table"][
            "LatestStreamArn"
        ]
        shards = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._iterator = self._streams.get_shard_iterator(
            StreamArn=arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def batches(self) -> Iterator[dict[str, Any]]:
        """The events for what is new."""
        records: list[Any] = []
        while page := self._page():
            records += [one for one in page if one["dynamodb"]["Keys"]["pk"]["S"].startswith("E#")]
        for start in range(0, len(records), STREAM_BATCH):
            # As text and back, for Lambda's events hold no datetimes.
            yield json.loads(
                json.dumps({"Records": records[start : start + STREAM_BATCH]}, default=_plain)
            )

    def _page(self) -> list[Any]:
        answer = self._streams.get_records(ShardIterator=self._iterator, Limit=1000)
        self._iterator = answer["NextShardIterator"]
        return list(answer["Records"])


def messages(url: str) -> Iterator[dict[str, Any]]:
    """The events for what is in a queue, each deleted before the next is given."""
    sqs = boto3.Session().client("sqs")
    while found := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=QUEUE_BATCH, MessageSystemAttributeNames=["All"]
    ).get("Messages", []):
        yield {
            "Records": [
                {
                    "messageId": one["MessageId"],
                    "body": one["Body"],
                    "attributes": one["Attributes"],
                }
                for one in found
            ]
        }
        sqs.delete_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]}
                for n, one in enumerate(found)
            ],
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)
