"""What Ayşe says of being written to, and İYS hears."""

import json
from datetime import UTC, datetime

from services.engagement.domain import date_of
from tests.faults import story
from tests.faults.caller import Reply
from tests.faults.service.asking import CODE, by_schedule, say_consent
from tests.faults.story import Told


def give_consent(told: Told) -> Reply:
    return say_consent(told, "given", status="ONAY", text_version="1", proof=CODE)


def give_consent_for_calls(told: Told) -> Reply:
    """By the same code, which is for the same purpose."""
    return say_consent(told, "calls", channel="ARAMA", status="ONAY", text_version="1", proof=CODE)


def tell_iys(told: Told) -> None:
    """What was said, and then what became of it."""
    for _ in range(2):
        by_schedule(told, "TellIys")


def refuse_at_iys(told: Told) -> None:
    """The customer tells İYS itself, twice the same, as İYS may say it."""
    change = {
        "consentDate": date_of(datetime.now(UTC)),
        "source": "IYS_WEB",
        "recipient": story.MOVED_PHONE,
        "recipientType": "BIREYSEL",
        "status": "RET",
        "type": "MESAJ",
        "transactionId": "tx-1",
    }
    file = told.world.iys / "in.jsonl"
    if not file.exists():
        file.write_text(f"{json.dumps(change)}\n" * 2)
    by_schedule(told, "FetchIys")
