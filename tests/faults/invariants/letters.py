"""What lies dead, and what is written on it."""

import json
from typing import Any

from infra.local.templates.descriptions import Queue
from tests.faults.world import World


def dead_letters(world: World) -> list[Any]:
    """The messages that lie in any dead-letter queue."""
    letters: list[Any] = []
    for mapping in world.described.queue_mappings:
        letters += letters_of(world, world.described.queue_of(mapping.queue))
    return letters


def letters_of(world: World, queue: Queue) -> list[Any]:
    """The messages of one queue that were set aside."""
    redrive = json.loads(queue.attributes["RedrivePolicy"])
    name = redrive["deadLetterTargetArn"].rpartition(":")[2]
    return list(world.sqs.queues[name]._messages)


def attributes_of(message: Any) -> dict[str, str]:
    """The attributes of a message, as text."""
    return {
        name: value.get("string_value") or value.get("StringValue")
        for name, value in message.message_attributes.items()
    }
