"""Whatever one of ours was shown in one look stands in the table, or at least in the log."""

import json
from collections.abc import Iterator, Sequence

from shared.aws.items import Values
from tests.faults.caller import Reply

LOST = "a look that stands nowhere else"


def unrecorded(
    heard: Sequence[Reply], items: Sequence[Values], lines: Sequence[str]
) -> Iterator[str]:
    """Views that somebody of ours was answered, and that nobody could find out about."""
    seen = {item["pk"].removeprefix("L#") for item in items if item["pk"].startswith("L#")}
    logged = [json.loads(line) for line in lines if LOST in line]
    told = {one for line in logged for one in json.loads(line["ids"])}
    for reply in heard:
        if reply.status == 200 and '"risk":{' in reply.text:  # which customers are not shown
            customer_id = reply.body["customer_id"]
            if customer_id not in seen | told:
                yield f"nobody knows who saw {customer_id}"
