"""Events as they lie in a queue, made by hand."""

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from shared.contracts.customer import CustomerLinkChanged

AT = "2026-11-23T09:00:00Z"
_numbers = count(1)


def link_changed(customer_id: str, link_version: int, members: Sequence[str]) -> dict[str, Any]:
    """The event that says who is one person with a customer, as EventBridge writes it."""
    return envelope(
        CustomerLinkChanged.detail_type,
        entity_id=customer_id,
        customer_id=customer_id,
        event_id=f"{customer_id}:{link_version}:0",
        version=max(link_version, 1),
        link_version=link_version,
        person_id=customer_id,
        members=sorted(members),
    )


def envelope(detail_type: str, source: str = "sahip.customer", **detail: Any) -> dict[str, Any]:
    """An event of any kind."""
    common = {"occurred_at": AT, "correlation_id": "made-by-hand"}
    return {
        "version": "0",
        "source": source,
        "detail-type": detail_type,
        "detail": {**common, **detail},
    }


def to_queue(*events: Any, received: int = 1) -> dict[str, Any]:
    """What Lambda hands over for these messages; text is taken as it is."""
    return {
        "Records": [
            {
                "messageId": f"message-{next(_numbers)}",
                "receiptHandle": "handle",
                "body": event if isinstance(event, str) else json.dumps(event),
                "attributes": {"ApproximateReceiveCount": str(received)},
                "messageAttributes": {},
            }
            for event in events
        ]
    }
