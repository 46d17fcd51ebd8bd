"""How the steps ask, and what several of them say."""

import json
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

import boto3

from shared.aws.http.signatures import SIGNATURE, TIMESTAMP, sign
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from tests.faults import story
from tests.faults.caller import PATIENCE, Caller, Front, Reply
from tests.faults.ledger import Run
from tests.faults.story import CANARY, Told
from tests.faults.world import SECRET

SERIAL = "SG-2026 77"
AT = "2026-11-20T12:00:00+03:00"
BEGAN = datetime.now(UTC)
CODE = {"kind": "code", "reference": "code-1"}
STRANGER = "+905420001122"  # what other systems say is theirs, so that it is no canary


class Visitor(Caller):
    """Somebody without an account."""

    def __init__(self, front: Front) -> None:
        super().__init__(front, "customer")
        self._token = ""


def create_segment(told: Told, name: str, **fields: Any) -> Reply:
    body = {"name": name, "queue": f"{name}-tr", "reason": f"{CANARY} says so", **fields}
    reply = told.as_("manager").create("/v1/customers/segments", body, name)
    return told.created(name, "segment", reply)


def session_path(told: Told) -> str:
    return f"/v1/customers/{told.ids['ayse']}/sessions/{told.ids['session']}"


def add_once(told: Told, role: str, what: str, body: Any) -> Reply:
    """Add something to the order, once whatever happens."""
    path = f"/v1/orders/{told.ids['washer']}/{what}"
    return told.as_(role).ask("POST", path, body, {"Idempotency-Key": what})


def say_consent(told: Told, name: str, **said: Any) -> Reply:
    """Ayşe tells us whether we may write to her, or call."""
    body = {
        "customer_id": told.ids["ayse"],
        "channel": "MESAJ",
        "address": story.MOVED_PHONE,
        "source": "HS_WEB",
    }
    reply = told.as_("agent").create("/v1/engagement/consents", body | said, name)
    return told.created(name, "consent", reply)


def ask_for_message(told: Told, name: str, **asked: Any) -> Reply:
    """Ayşe is to be told something that names her, and by which it is known again."""
    body = {
        "customer_id": told.ids["ayse"],
        "purpose": "order",
        "reason": f"story:{name}",
        "template": "order_taken",
        "channel": "sms",
        "values": {"order": f"mark-{name}.", "total": f"1 TL, {CANARY}"},
    } | asked
    reply = told.as_("agent").create("/v1/engagement/messages", body, name)
    return told.created(name, "message", reply)


def ask_for_offer(told: Told, name: str, **particulars: Any) -> Reply:
    """Operations ask for an offer, of which there is one message at most."""
    body = {
        "what": f"{CANARY}'s favourite",
        "why": f"{CANARY} may like it",
        "product": name,
        "channel": "sms",
        "wave": "story",
        "template": "offer_made",
        "values": {"offer": f"{CANARY}!", "until": f"mark-{name}.", "link": "https://a.b"},
        "starts_at": (BEGAN - timedelta(hours=1)).isoformat(),
        "ends_at": (BEGAN + timedelta(days=20)).isoformat(),
        **particulars,
    }
    reply = told.as_("operations").create("/v1/engagement/offers", body, name)
    return told.created(name, "offer", reply)


def move_offer(told: Told, name: str, move: str, **body: Any) -> Reply:
    path = f"/v1/engagement/offers/{told.ids[name]}/{move}"
    return told.as_("operations").post(path, body)


def as_cem(told: Told) -> Caller:
    return Caller(told.front, "owner", subject="subject-of-cem")


def give_receipt(told: Told, name: str, kind: str) -> Reply:
    """What the gateway tells; that it has nothing to tell of what has never left, is right."""
    body = {"message_id": told.ids[name], "kind": kind, "at": AT}
    return signed(told, "/v1/engagement/receipts/gateway", body)


def send_what_is_due(told: Told) -> None:
    """Call the sender as its schedule does, each time some minutes later than the last."""
    at = next_noon() + timedelta(minutes=6 * len(told.world.ledger.runs))
    found = told.world.items(told.world.table_of("engagement"))
    keys = {one["pk"]["S"].removeprefix("E#") for one in found if one["sk"]["S"] == "A"}
    known = frozenset(one for one in keys if one.startswith("msg_"))
    told.world.ledger.runs.append(Run(at, known))
    [described] = [one for one in told.world.described.services if one.name == "engagement"]
    told.world.invoke(described.function("SendMessages").name, {"at": at.isoformat()})


def next_noon() -> datetime:
    day = after_working_days(day_in_turkey(datetime.now(UTC)), 1, turkish_holidays())
    return datetime.combine(day, clock(12), ISTANBUL)


def by_schedule(told: Told, function: str) -> None:
    """Call a function of the engagement service as its schedule does, until it has done it."""
    [described] = [one for one in told.world.described.services if one.name == "engagement"]
    for _ in range(PATIENCE):
        if not told.world.invoke(described.function(function).name, {}).failed:
            break


def move_complaint(told: Told, move: str, **body: Any) -> Reply:
    return told.as_("agent").post(f"/v1/complaints/{told.ids['complaint']}/{move}", body)


def register(told: Told, key: str, **said: Any) -> Reply:
    body = {
        "bought_on": day_ago(20),
        "bought_from": "Optik Göz",
        "contact_point": {"kind": "phone", "value": story.MOVED_PHONE},
    } | said
    reply = Visitor(told.front).create("/v1/warranty/registrations", body, key)
    return told.created(key, "registration", reply)


def day_ago(ago: int) -> str:
    return (day_in_turkey(datetime.now(UTC)) - timedelta(days=ago)).isoformat()


def tell_webhook(told: Told, segment: str, partner: str, name: str, detail: Any) -> Reply:
    path = f"/v1/{segment}/webhooks/{partner}"
    return signed(told, path, {"detail_type": name, "detail": detail})


def signed(told: Told, path: str, body: Any) -> Reply:
    stamp = str(int(time.time()))
    signature = sign(SECRET, stamp, json.dumps(body).encode())
    headers = {TIMESTAMP: stamp, SIGNATURE: signature}
    return Visitor(told.front).ask("POST", path, body, headers)


def put_on_the_bus(system: str, name: str, detail: Any) -> None:
    entry: Any = {
        "EventBusName": "sahip-faults",
        "Source": f"external.{system}",
        "DetailType": name,
        "Detail": json.dumps(detail),
    }
    boto3.client("events").put_events(Entries=[entry])


def worst(*replies: Reply) -> Reply:
    """The worst of them."""
    return max(replies, key=lambda one: one.status)
