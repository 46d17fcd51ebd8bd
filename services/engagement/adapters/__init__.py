"""Consents kept in DynamoDB, how they show, and when İYS has to have heard of them."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.engagement.adapters.acquisition import AcquisitionCounts, spends
from services.engagement.adapters.influences import influences
from services.engagement.adapters.offers import OFFERS, keep_offer
from services.engagement.adapters.offers import projections as of_offers
from services.engagement.adapters.outbox import (
    MESSAGES,
    DynamoBounces,
    DynamoOutbox,
    DynamoTallies,
    keep_message,
    message_list,
    messages,
)
from services.engagement.adapters.outcomes import OutcomeCounts, frictions, responses
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.domain import (
    NOBODY,
    Address,
    CodeUsedOtherwise,
    Consent,
    ConsentChannel,
    ConsentNotFound,
    ConsentPurpose,
    Message,
    ProofKind,
)
from services.engagement.domain.acquisition import Spend
from services.engagement.domain.friction import Friction
from services.engagement.domain.offers.offer import Offer
from services.engagement.domain.rapport import Said
from services.engagement.domain.response import Response
from shared.aws import clocks
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.items import entity_key, from_item, moment, to_attribute, to_item
from shared.aws.projection import Projection, Projector, Row
from shared.aws.reading import read_together
from shared.aws.writes import ConditionFailed, write
from shared.entity import Entity
from shared.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_SAID = 100  # words on one address that are looked through
MOST_WAITING = 1000
TOGETHER = 100  # items that DynamoDB reads in one call
IYS = "iys"  # the kind of clocks

__all__ = [
    "IYS",
    "MESSAGES",
    "DynamoBounces",
    "DynamoConsents",
    "DynamoContacts",
    "DynamoOutbox",
    "DynamoPlaces",
    "DynamoTallies",
    "EngagementProjector",
    "message_list",
]

consents = EntityDocument(Consent)


class DynamoConsents:
    """Implements ports.Consents.

    Beside each word stands an item that says where it belongs among all words on its address, by
    its time: so what holds is read in order, and nothing has to be kept up to date.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, secret: str, clock: clocks.Clocks
    ) -> None:
        self._client = client
        self._table = table
        self._secret = secret.encode()
        self._store = EntityStore(client, table, secret, consents)
        self._clock = clock

    def key_of(self, address: Address, channel: ConsentChannel, purpose: ConsentPurpose) -> str:
        return self._hash("consent", channel, purpose, address.kind, address.value)

    def add(self, consent: Consent, *, fingerprint: str) -> tuple[Consent, bool]:
        beside = [self._placed(consent)]
        code = consent.proof if consent.proof and consent.proof.kind is ProofKind.CODE else None
        if code is not None:
            beside.append(self._claim(code.reference, consent.purpose))
        try:
            return self._store.create(consent, fingerprint=fingerprint, beside=beside)
        except ChangedMeanwhile as refused:
            if code is None:
                raise
            raise CodeUsedOtherwise from refused

    def get(self, consent_id: str) -> Consent:
        consent = self._store.get(consent_id)
        if consent is None:
            raise ConsentNotFound(consent_id)
        return consent

    def save(self, consent: Consent) -> None:
        self._store.save(consent)

    def said_of(self, address_key: str) -> tuple[Sequence[Consent], bool]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(f"A#{address_key}")},
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=MOST_SAID,
        )
        said = self._read([item["id"]["S"] for item in found["Items"]])
        return said, "LastEvaluatedKey" not in found

    def waiting(self) -> Sequence[Consent]:
        rows = self._clock.soonest(MOST_WAITING)
        ids = [row["pk"].removeprefix("C#") for row in rows]
        return [one for one in self._read(ids) if one.is_waiting]

    def _read(self, ids: Sequence[str]) -> list[Consent]:
        """Those that are there, in this order."""
        found: dict[str, Consent] = {}
        for start in range(0, len(ids), TOGETHER):
            keys = [entity_key(one) for one in ids[start : start + TOGETHER]]
            for item in read_together(self._client, self._table, keys):
                consent = consents.read(from_item(item))
                found[consent.consent_id] = consent
        return [found[one] for one in ids if one in found]

    def _placed(self, consent: Consent) -> dict[str, Any]:
        said_at, is_refusal, consent_id = consent.comes_after
        key = {
            "pk": f"A#{consent.address_key}",
            "sk": f"{moment(said_at)}#{int(is_refusal)}#{consent_id}",
        }
        return {"Put": {"TableName": self._table, "Item": to_item(key | {"id": consent_id})}}

    def _claim(self, code: str, purpose: ConsentPurpose) -> dict[str, Any]:
        """A code belongs to the purpose that it was first used for."""
        return {
            "Put": {
                "TableName": self._table,
                "Item": to_item(
                    {"pk": f"V#{self._hash('code', code)}", "sk": "A", "purpose": purpose.value}
                ),
                "ConditionExpression": "attribute_not_exists(pk) OR purpose = :purpose",
                "ExpressionAttributeValues": {":purpose": to_attribute(purpose.value)},
            }
        }

    def _hash(self, *words: str) -> str:
        message = "\0".join(words).encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()


def _is_on_marketing(consent: Consent) -> bool:
    return consent.purpose is ConsentPurpose.MARKETING and consent.customer_id != NOBODY


def row_of(consent: Consent) -> Row:
    """How a word shows in its customer's list."""
    return Row(at=consent.said_at, shown=_shown(consent))


# Messages have a list of their own, so that neither hides the other.
projections: tuple[Projection[Any], ...] = (
    Projection(document=consents, row=row_of),
    Projection(document=messages),
    Projection(document=responses),
    Projection(document=frictions),
    Projection(document=spends),
    Projection(document=influences),
    *of_offers,
)


class EngagementProjector(Projector):
    """Keeps rows, the clocks of what waits for a time, and how we get on."""

    def __init__(
        self, client: "DynamoDBClient", table: str, iys: clocks.Clocks, outbox: clocks.Clocks
    ) -> None:
        super().__init__(client, table, *projections)
        self._iys = iys
        self._outbox = outbox
        self._rapports = DynamoRapports(client, table)
        self._acquisition = AcquisitionCounts(client, table)
        self._outcomes = OutcomeCounts(client, table, self._rapports)
        self._offers = clocks.Clocks(client, table, kind=OFFERS)

    def keep(self, entity: Entity, before: Entity | None) -> None:
        if isinstance(entity, Consent):
            self._keep_consent(entity)
        elif isinstance(entity, Message):
            keep_message(self._client, self._table, self._outbox, entity)
        elif isinstance(entity, Response | Friction):
            self._outcomes.keep(entity)
        elif isinstance(entity, Spend):
            self._acquisition.count(entity)
        elif isinstance(entity, Offer):
            keep_offer(self._offers, entity)

    def _keep_consent(self, consent: Consent) -> None:
        if consent.is_waiting or consent.version > 1:
            due_at = consent.due_at if consent.is_waiting else None
            self._iys.keep(consent.consent_id, consent.version, due_at, _shown(consent))
        if _is_on_marketing(consent):
            word = Said(
                at=consent.said_at,
                consent_id=consent.consent_id,
                channel=consent.channel,
                status=consent.status,
            )
            self._rapports.keep({consent.customer_id: lambda before: before.with_word(word)})


class DynamoContacts:
    """Implements ports.Contacts: an item for each, in a partition of the customer's own."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, customer_id: str, counted_as: str, at: datetime, contact_id: str) -> None:
        key = {"pk": f"T#{customer_id}", "sk": f"{counted_as}#{moment(at)}#{contact_id}"}
        write(self._client, [{"Put": {"TableName": self._table, "Item": to_item(key)}}])

    def since(
        self, ids: Collection[str], counted_as: str, since: datetime, until: datetime, most: int
    ) -> Sequence[datetime]:
        if not most:
            return []
        found: list[datetime] = []
        for customer_id in sorted(ids):
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk BETWEEN :since AND :until",
                ExpressionAttributeValues={
                    ":pk": to_attribute(f"T#{customer_id}"),
                    ":since": to_attribute(f"{counted_as}#{moment(since)}"),
                    ":until": to_attribute(f"{counted_as}#{moment(until)}~"),
                },
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=most,
            )
            found += (
                datetime.fromisoformat(item["sk"]["S"].split("#")[1]) for item in answer["Items"]
            )
        return sorted(found, reverse=True)


class DynamoPlaces:
    """Implements ports.Places: one item."""

    _KEY: Mapping[str, str] = {"pk": "I#changes", "sk": "A"}

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self) -> str | None:
        found = self._client.get_item(
            TableName=self._table, Key=to_item(self._KEY), ConsistentRead=True
        )
        place: str | None = from_item(found.get("Item", {})).get("place")
        return place

    def move(self, before: str | None, after: str) -> None:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": to_item({**self._KEY, "place": after}),
            "ConditionExpression": "attribute_not_exists(pk) OR place = :after",
            "ExpressionAttributeValues": {":after": to_attribute(after)},
        }
        if before is not None:
            put["ConditionExpression"] = "place IN (:before, :after)"
            put["ExpressionAttributeValues"][":before"] = to_attribute(before)
        try:
            write(self._client, [{"Put": put}])
        except ConditionFailed as refused:
            raise ChangedMeanwhile("another run has read on; this one ends") from refused


def _shown(consent: Consent) -> Mapping[str, Any]:
    return {
        "consent_id": consent.consent_id,
        "customer_id": consent.customer_id,
        "channel": consent.channel,
        "purpose": consent.purpose,
        "recipient_type": consent.recipient_type,
        "status": consent.status,
        "hint": consent.hint,
        "source": consent.source,
        "said_at": consent.said_at.isoformat(),
        "at_iys": consent.at_iys,
        "due_at": consent.due_at.isoformat() if consent.due_at else None,
        "taken_at": consent.taken_at.isoformat() if consent.taken_at else None,
        "turned_down_with": consent.turned_down_with,
    }
