"""Spend and new customers, counted by month, channel and campaign in DynamoDB."""

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.engagement.domain.acquisition import Acquired, Spend
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import from_item, to_attribute, to_item
from shared.aws.writes import ConditionFailed, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARDS = 8  # of one month's count of one source: books are taken over by thousands at once
_CUSTOMERS = "customers"
_SPENT = "spent:"

spends = EntityDocument(Spend)


class AcquisitionCounts:
    """What was spent and who came, counted.

    What is counted leaves a mark of its own in the same transaction, so it is counted once.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def came(self, customer_id: str, month: str, channel: str, campaign: str | None) -> None:
        place = _place(month, channel, campaign, customer_id)
        self._once(f"X#came#{customer_id}", place, _CUSTOMERS, 1)

    def count(self, spend: Spend) -> None:
        """What the projector keeps of an amount that was spent."""
        month = f"{spend.day:%Y-%m}"
        place = _place(month, spend.channel, spend.campaign, spend.spend_id)
        self._once(f"X#spent#{spend.spend_id}", place, f"{_SPENT}{spend.currency}", spend.amount)

    def _once(self, mark: str, place: Mapping[str, str], name: str, amount: int) -> None:
        put = {
            "TableName": self._table,
            "Item": to_item({"pk": mark, "sk": "A"}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        update = {
            "TableName": self._table,
            "Key": to_item(place),
            "UpdateExpression": "ADD #name :amount",
            "ExpressionAttributeNames": {"#name": name},
            "ExpressionAttributeValues": {":amount": to_attribute(amount)},
        }
        try:
            write(self._client, [{"Put": put}, {"Update": update}])
        except ConditionFailed:
            return


class DynamoAcquisition(AcquisitionCounts):
    """Implements ports.acquisition.Acquisition."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        super().__init__(client, table)
        self._spends = EntityStore(client, table, secret, spends)

    def add(self, spend: Spend, *, fingerprint: str) -> tuple[Spend, bool]:
        return self._spends.create(spend, fingerprint=fingerprint)

    def of(self, month: str) -> tuple[Mapping[tuple[str, str | None], Acquired], bool]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(f"X#acquired#{month}")},
        )
        acquired: dict[tuple[str, str | None], Acquired] = {}
        for item in map(from_item, found["Items"]):
            channel, campaign, _ = item["sk"].split("#")
            source = channel, campaign or None
            acquired[source] = acquired.get(source, Acquired()).and_also(_counted(item))
        return acquired, "LastEvaluatedKey" not in found


def _place(month: str, channel: str, campaign: str | None, counted: str) -> dict[str, str]:
    shard = zlib.crc32(counted.encode()) % SHARDS
    return {"pk": f"X#acquired#{month}", "sk": f"{channel}#{campaign or ''}#{shard}"}


def _counted(item: Mapping[str, Any]) -> Acquired:
    return Acquired(
        spent={
            name.removeprefix(_SPENT): int(amount)
            for name, amount in item.items()
            if name.startswith(_SPENT)
        },
        customers=int(item.get(_CUSTOMERS, 0)),
    )
