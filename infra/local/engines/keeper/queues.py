"""The same answers from ministack's SQS whatever waits in a queue.

It looks through a whole queue for each message that it hands out or deletes. That makes the work
of a queue grow with the square of what waits in it.
"""

import time
from typing import Any

Queue = dict[str, Any]
Message = dict[str, Any]

MOST_AT_ONCE = 10  # messages of one receipt
EXPIRES_EVERY = 1.0  # seconds between two looks for messages that are too old


def quicken_queues(sqs: Any) -> None:  # noqa: C901 one replacement beside the other
    """Replace what looks through whole queues, for standard queues."""
    expire, sweep, collect = sqs._expire_retained, sqs._dlq_sweep, sqs._collect_msgs
    delete_batch = sqs._act_delete_message_batch
    looked: dict[str, float] = {}

    def expire_retained(queue: Queue) -> None:
        name, now = queue["attributes"].get("QueueArn", ""), time.monotonic()
        if now - looked.get(name, -EXPIRES_EVERY) >= EXPIRES_EVERY:
            looked[name] = now
            expire(queue)

    def dlq_sweep(queue: Queue) -> None:
        # Only what would be handed out next can be handed out once too often.
        next_ones = _visible(sqs, queue, MOST_AT_ONCE)
        if any(message["receive_count"] for message in next_ones):
            sweep(queue)

    def collect_msgs(queue: Queue, most: int, timeout: int) -> list[Message]:
        if queue["is_fifo"]:
            found: list[Message] = collect(queue, most, timeout)
            return found
        now = time.time()
        result = _visible(sqs, queue, most)
        for message in result:
            message["receipt_handle"] = sqs.new_uuid()
            message["visible_at"] = now + timeout
            message["receive_count"] += 1
            if message.get("first_receive_at") is None:
                message["first_receive_at"] = now
        return result

    def delete_message_batch(data: Message, url: str) -> Any:
        """Those asked for stand near the front: take out all that do, in one pass."""
        queue = sqs._get_q(data.get("QueueUrl", url), "sqs:DeleteMessage")
        handles = {one.get("ReceiptHandle", "") for one in data.get("Entries", [])} - {""}
        whole, ahead = queue["messages"], 0
        while handles and ahead < len(whole):
            handles.discard(whole[ahead].get("receipt_handle"))
            ahead += 1
        queue["messages"] = whole[:ahead]
        try:
            return delete_batch(data, url)
        finally:
            queue["messages"] += whole[ahead:]

    sqs._expire_retained, sqs._dlq_sweep, sqs._collect_msgs = (
        expire_retained,
        dlq_sweep,
        collect_msgs,
    )
    sqs._HANDLERS["DeleteMessageBatch"] = delete_message_batch


def _visible(sqs: Any, queue: Queue, most: int) -> list[Message]:
    now = time.time()
    found: list[Message] = []
    for message in queue["messages"]:
        sqs._ensure_msg_fields(message)
        if message["visible_at"] <= now:
            found.append(message)
            if len(found) == most:
                break
    return found
