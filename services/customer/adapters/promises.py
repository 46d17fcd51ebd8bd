"""What a customer was promised and nobody has kept yet, for as long as that is so.

Each customer has one item for it, beside what is shown of them in one look: a promise must not be
lost behind ten newer conversations. The projector keeps it, and writes nothing unless what it has
heard of is what stands in the truth: so it bears whatever comes again, or late.
"""

import json
from typing import TYPE_CHECKING, Any

from services.customer.domain import Conversation
from shared.aws.items import (
    Values,
    customer_partition,
    entity_key,
    from_item,
    summary_key,
    to_attribute,
    to_item,
)
from shared.aws.logs import tell
from shared.aws.writes import ConditionFailed, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PROMISES = "S#PROMISES"  # sorts between relations and the summary
MOST_PROMISES = 20  # of one customer, those that are due first; all are counted
MOST_ROUNDS = 5  # of changing an item that others are changing


def show_promise(client: "DynamoDBClient", table: str, conversation: Conversation) -> None:
    """Bring what is shown of all who have, or had, a conversation up to its promise."""
    for customer_id in conversation.shown_under or (conversation.customer_id,):
        _show(client, table, conversation, customer_id)


def promises_in(kept: Values) -> list[dict[str, Any]]:
    """The open promises of a customer's item, those first that are due first."""
    promises: list[dict[str, Any]] = json.loads(kept["promises"])
    return promises


def _show(
    client: "DynamoDBClient", table: str, conversation: Conversation, customer_id: str
) -> None:
    key = to_item({"pk": customer_partition(customer_id), "sk": PROMISES})
    for _ in range(MOST_ROUNDS):
        found = client.get_item(TableName=table, Key=key, ConsistentRead=True)
        kept = from_item(found.get("Item", {}))
        before = promises_in(kept) if kept else []
        promises = _with(before, conversation, customer_id)
        if promises == before:
            return
        turn = kept.get("turn", 0)
        values = {"turn": turn + 1, "promises": json.dumps(promises, ensure_ascii=False)}
        put: dict[str, Any] = {"TableName": table, "Item": key | to_item(values)}
        if turn:
            put["ConditionExpression"] = "turn = :turn"
            put["ExpressionAttributeValues"] = {":turn": to_attribute(turn)}
        else:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        try:
            write(client, [{"Put": put}, *_as_it_is(table, conversation, customer_id)])
        except ConditionFailed as refused:
            if any(refused.failed):  # it is of a newer version by now, or the customer was erased
                tell("promise passed over", entity=conversation.entity_id)
                return
        else:
            return
    raise RuntimeError("promises kept changing while one was shown")


def _as_it_is(table: str, conversation: Conversation, customer_id: str) -> list[dict[str, Any]]:
    """The checks that a conversation is at this version, and its customer still in the books."""
    return [
        {
            "ConditionCheck": {
                "TableName": table,
                "Key": entity_key(conversation.entity_id),
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": to_attribute(conversation.version)},
            }
        },
        {
            "ConditionCheck": {
                "TableName": table,
                "Key": summary_key(customer_id),
                "ConditionExpression": "attribute_not_exists(erased_at)",
            }
        },
    ]


def _with(
    known: list[dict[str, Any]], conversation: Conversation, customer_id: str
) -> list[dict[str, Any]]:
    """The promises of a customer, with that of a conversation as it now is."""
    theirs = [one for one in known if one["conversation_id"] != conversation.conversation_id]
    promise = conversation.open_promise
    if promise is not None and conversation.holder == customer_id:
        theirs.append(
            {
                "conversation_id": conversation.conversation_id,
                "at": conversation.held_at.isoformat(),
                "what": promise.what,
                "by": promise.by,
                "due": promise.due.isoformat(),
            }
        )
    # All are in UTC, so that they sort as they are written.
    theirs.sort(key=lambda one: (one["due"], one["conversation_id"]))
    return theirs[:MOST_PROMISES]
