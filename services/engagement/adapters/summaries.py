"""What the customer view is told of how a customer and we get on."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from services.engagement.adapters.silences import FRICTIONS, rapport_in, rapport_key
from services.engagement.domain.advocacy import is_advocate
from services.engagement.domain.neglect import band_of_silence
from services.engagement.domain.rapport import Rapport
from shared.aws.items import from_item, summary_key
from shared.aws.reading import read_together
from shared.aws.rows import members_in, newly_joined_in
from shared.contracts.summary import (
    AnswerBrief,
    ConsentBrief,
    CustomerSummary,
    EngagementPart,
    OfferBrief,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PART = "engagement"


class EngagementSummaries:
    """Answers for one customer id in one read of two items, some hundred bytes each."""

    def __init__(self, client: "DynamoDBClient", table: str, today: Callable[[], date]) -> None:
        self._client = client
        self._table = table
        self._today = today

    def summarise(self, customer_id: str) -> CustomerSummary:
        keys = [rapport_key(customer_id), summary_key(customer_id)]
        items = read_together(self._client, self._table, keys, strongly=False)
        found = {values["sk"]: values for values in map(from_item, items)}
        kept, summary = found.get("A", {}), found.get("SUMMARY", {})
        part = _part(rapport_in(kept), int(kept.get(FRICTIONS, 0)), self._today())
        return CustomerSummary(
            members=members_in(summary),
            newly_joined=newly_joined_in(summary),
            parts={PART: part.model_dump(mode="json")},
        )


def _part(rapport: Rapport, frictions: int, today: date) -> EngagementPart:
    silence = rapport.silence
    days = silence.days(today)
    told: dict[str, Any] = {
        "silence_days": days,
        "band": band_of_silence(days, today) if days is not None else None,
        "since": silence.since,
        "theirs": silence.theirs,
        "ours": silence.ours,
        "offered": silence.offered,
        "frictions": frictions,
        "praised": rapport.praised,
        "advocate": is_advocate(rapport.praised, today),
    }
    return EngagementPart(
        **told,
        offers=[
            OfferBrief(at=one.at, channel=one.channel, offer_id=one.offer_id, about=one.told_by)
            for one in rapport.offers
        ],
        answers=[
            AnswerBrief(
                at=one.at,
                medium=one.medium,
                result=one.result,
                offer_id=one.offer_id,
                message_id=one.message_id,
            )
            for one in rapport.answers
        ],
        said=[
            ConsentBrief(at=one.at, channel=one.channel, status=one.status) for one in rapport.said
        ],
    )
