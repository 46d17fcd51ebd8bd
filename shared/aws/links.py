"""Which customer ids are one person, kept beside each customer's summary.

Identity is reversible, so no row is ever rewritten: a service only knows the
members, and reads them together.
"""

import json
from typing import TYPE_CHECKING

from shared.aws.items import summary_key, to_attribute
from shared.aws.logs import tell
from shared.aws.writes import ConditionFailed, write
from shared.contracts.customer import CustomerLinkChanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Links:
    """The members known to one service."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def on_customer_link_changed(self, event: CustomerLinkChanged) -> None:
        """Keep the members, unless what is kept is as new. Safe to repeat, in any order."""
        update = {
            "TableName": self._table,
            "Key": summary_key(event.customer_id),
            "UpdateExpression": "SET members = :members, newly_joined = :newly, "
            "person_id = :person, link_version = :version",
            "ConditionExpression": "attribute_not_exists(erased_at) AND "
            "(attribute_not_exists(link_version) OR link_version < :version)",
            "ExpressionAttributeValues": {
                ":members": to_attribute(json.dumps(sorted(event.members))),
                ":newly": to_attribute(json.dumps(sorted(event.newly_joined))),
                ":person": to_attribute(event.person_id),
                ":version": to_attribute(event.link_version),
            },
        }
        try:
            write(self._client, [{"Update": update}])
        except ConditionFailed:
            tell("link is known already", event_id=event.event_id)
