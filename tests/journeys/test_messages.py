"""What a customer is told: once, by the way she prefers, at a good hour, never against her no."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from datetime import time as clock
from typing import Any

import boto3
import pytest

from infra.local.engines import Engine
from infra.local.mailbox import PARAMETER, REACH, SENDER, by_files
from infra.local.system import LocalSystem, Settings
from shared.aws.http.signatures import SIGNATURE, TIMESTAMP, sign
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from tests.client import Client, Reply
from tests.conftest import SERVICES
from tests.journeys.test_owners import a_segment, engaged
from tests.journeys.test_the_gate import OFFERS, TEXT, an_offer, call, subject
from tests.journeys.test_the_gate import says as vote
from tests.pace import BRISK

pytestmark = pytest.mark.journey

PREFERRED, OTHER = "+905335550177", "+905335550178"
ORDER = {
    "purpose": "order",
    "template": "order_taken",
    "values": {"order": "A-17", "total": "1.250 TL"},
}


@pytest.fixture(scope="module")
def system(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system, where nothing is sent but when the story says so."""
    state = tmp_path_factory.mktemp("state")
    parameters = {PARAMETER: SENDER, **by_files(state)}
    settings = Settings(parameters=parameters, pace=BRISK, schedules=False)
    with LocalSystem(engine, SERVICES, state_dir=state, settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def nazli(system: LocalSystem) -> str:
    """She prefers one phone to another."""
    points = [{"kind": "phone", "value": one} for one in (PREFERRED, OTHER)]
    desk = Client(system, "agent")
    made = desk.create("/v1/customers", {"name": "Nazlı Uçar", "contact_points": points})
    assert made.status == 201, made.text
    system.settle()
    return str(made.body["customer_id"])


def test_her_order_is_told_her_once_at_a_good_hour_on_the_phone_she_prefers(
    system: LocalSystem, agent: Client, nazli: str
) -> None:
    asked = ask(agent, nazli, "order:1:taken", ORDER, key="order-1")
    again = ask(agent, nazli, "order:1:taken", ORDER, key="order-1")
    other = ask(agent, nazli, "order:1:taken", ORDER, key="order-2")
    message_id = asked.body["message_id"]
    at_night = sent(system, hour=6)
    waiting = agent.get(f"/v1/engagement/messages/{message_id}").body
    at_noon, afterwards = sent(system), sent(system)

    assert (asked.status, again.status, again.body["message_id"]) == (201, 200, message_id)
    assert (other.status, message_id in other.body["detail"]) == (409, True)
    assert (at_night, at_noon, afterwards) == ({"put_off": 1}, {"sent": 1}, {})
    assert (waiting["status"], waiting["reasons"]) == ("waiting", ["not_at_this_hour"])
    [left] = system.mailbox.sent_to(PREFERRED)
    assert (left.message_id, left.channel) == (message_id, "sms")
    assert "A-17" in left.text
    assert REACH in left.text
    assert "A-17" in agent.get("/mailbox").text
    system.settle()
    [row] = Client(system, "customer", nazli).get(path_of(nazli)).body["messages"]
    assert (row["message_id"], row["status"], row["hint"]) == (message_id, "sent", "…77")
    assert ("MessageSent", message_id) in timeline(agent, nazli)


def test_what_the_gateway_tells_settles_however_often_and_in_whatever_order_it_comes(
    system: LocalSystem, agent: Client, nazli: str
) -> None:
    message_id = ask(agent, nazli, "order:2:taken", ORDER).body["message_id"]
    sent(system)

    opened = receipt(system, message_id, "opened")
    delivered = receipt(system, message_id, "delivered")
    again = receipt(system, message_id, "delivered")
    unknown = receipt(system, "msg_of_nobody", "delivered")
    forged = receipt(system, message_id, "bounced_hard", secret="guessed")
    never = receipt(system, ask(agent, nazli, "order:3", ORDER).body["message_id"], "delivered")

    assert (opened.status, delivered.body["status"]) == (200, "delivered")
    assert (delivered.body["was_known"], again.body["was_known"]) == (False, True)
    assert [one.status for one in (unknown, forged, never)] == [404, 401, 409]
    assert unknown.headers["Content-Type"] == "application/problem+json"
    system.settle()
    told = timeline(agent, nazli)
    assert told.count(("MessageDelivered", message_id)) == 1
    assert told.count(("MessageOpened", message_id)) == 1
    sent(system)


def test_her_no_stops_the_offer_that_waits_and_not_her_order(
    system: LocalSystem, agent: Client, nazli: str
) -> None:
    herself = Client(system, "customer", nazli)
    says(herself, nazli, "ONAY")
    by_itself = {"purpose": "offer", "template": "offer_made", "values": TEXT}
    ungated = ask(agent, nazli, "offer:1", by_itself)
    offer = offered(system, agent, nazli)
    order = ask(agent, nazli, "order:4", ORDER).body["message_id"]
    says(herself, nazli, "RET")

    came_to = sent(system)

    assert (ungated.status, ungated.body["errors"][0]["field"]) == (400, "purpose")
    assert came_to == {"sent": 1, "withheld": 1}
    withheld = agent.get(f"/v1/engagement/messages/{offer}").body
    assert (withheld["status"], withheld["reasons"]) == ("withheld", ["no_consent", "refused"])
    assert [one.message_id for one in system.mailbox.all() if one.message_id == offer] == []
    assert agent.get(f"/v1/engagement/messages/{order}").body["status"] == "sent"
    system.settle()
    assert ("MessageWithheld", offer) in timeline(agent, nazli)


def test_a_phone_that_does_not_exist_is_left_alone_and_the_next_goes_to_the_other(
    system: LocalSystem, agent: Client, nazli: str
) -> None:
    first = ask(agent, nazli, "order:5", ORDER).body["message_id"]
    sent(system)
    bounced = receipt(system, first, "bounced_hard")
    system.settle()
    second = ask(agent, nazli, "order:6", ORDER).body["message_id"]
    sent(system)

    assert bounced.body["status"] == "bounced"
    assert [one.message_id for one in system.mailbox.sent_to(OTHER)] == [second]
    lines = agent.get(f"/v1/engagement/lines?day={day_in_turkey(noon()).isoformat()}").body
    [order] = [one for one in lines["lines"] if one["template"] == "order_taken"]
    assert order["carried"] == len({one.message_id for one in system.mailbox.all()})


def test_what_could_not_be_written_out_is_refused_with_the_field(
    agent: Client, nazli: str
) -> None:
    unsaid = ask(agent, nazli, "order:7", {**ORDER, "values": {"order": "A-17"}})
    unknown = ask(agent, nazli, "order:7", {**ORDER, "template": "no_such"})

    assert (unsaid.status, unsaid.body["errors"][0]["field"]) == (400, "values.total")
    assert (unknown.status, unknown.body["errors"][0]["field"]) == (400, "template")


def test_what_ses_tells_of_an_e_mail_settles_it_and_who_complains_of_it_refuses_such_ones(
    system: LocalSystem, agent: Client
) -> None:
    email = "ela.ucar@example.org"
    points = [{"kind": "email", "value": email}]
    made = agent.create("/v1/customers", {"name": "Ela Uçar", "contact_points": points})
    ela = str(made.body["customer_id"])
    order = ask(agent, ela, "order:8", {**ORDER, "channel": "email"}).body["message_id"]
    other = ask(agent, ela, "order:9", {**ORDER, "channel": "email"}).body["message_id"]
    sent(system)

    complained = {"complainedRecipients": [{"emailAddress": "Ela.Ucar@example.org"}]}
    for _ in range(2):
        ses_tells(system, order, "Email Delivered", "delivery", recipients=[email])
        ses_tells(system, order, "Email Complaint Received", "complaint", **complained)
        ses_tells(system, other, "Email Bounced", "bounce", bounceType="Permanent")
    ses_tells(system, "msg_of_nobody", "Email Delivered", "delivery", recipients=[email])
    system.settle()

    seen = [agent.get(f"/v1/engagement/messages/{one}").body for one in (order, other)]
    assert [one["status"] for one in seen] == ["delivered", "bounced"]
    assert list(seen[1]["receipts"]) == ["bounced_hard"]
    [word] = agent.get(f"/v1/engagement/consents?customer_id={ela}").body["consents"]
    assert (word["channel"], word["purpose"], word["status"], word["source"]) == (
        "EPOSTA",
        "marketing",
        "RET",
        "HS_EPOSTA",
    )
    question = {"customer_id": ela, "channel": "email", "purpose": "offer"}
    told = agent.post("/v1/engagement/may-contact", question).body
    assert {"refused", "bounced"} <= {one["code"] for one in told["reasons"]}
    parked = system.dead_letters("sahip-local-engagement-events-dead")
    [reason] = {one["MessageAttributes"]["reason"]["StringValue"] for one in parked}
    assert reason == "message msg_of_nobody does not exist"


def ses_tells(
    system: LocalSystem, message_id: str, detail_type: str, what: str, **told: Any
) -> None:
    """As the rule brings it, in the form that SES has published; AWS alone may say it on a bus."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    detail = {
        "eventType": detail_type.split()[1],
        what: {"timestamp": at, "feedbackId": "0100017-example", **told},
        "mail": {
            "timestamp": at,
            "source": "no-reply@example.com",
            "sendingAccountId": "123456789012",
            "messageId": f"0100017c-{message_id}-000000",
            "destination": ["ela.ucar@example.org"],
            "headersTruncated": False,
            "headers": [{"name": "From", "value": "no-reply@example.com"}],
            "commonHeaders": {"from": ["no-reply@example.com"]},
            "tags": {
                "ses:operation": ["SendEmail"],
                "ses:configuration-set": ["sahip-local-engagement"],
                "ses:from-domain": ["example.com"],
                "message_id": [message_id],
            },
        },
    }
    envelope = {"source": "aws.ses", "detail-type": detail_type, "detail": detail}
    queues = boto3.client("sqs")
    url = queues.get_queue_url(QueueName="sahip-local-engagement-events")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody=json.dumps(envelope))


def offered(system: LocalSystem, agent: Client, nazli: str) -> str:
    """The message of an offer that her owner lets by."""
    manager = Client(system, "manager")
    owner = engaged(manager, "Selin Öz")
    a_segment(manager, "Mesajlılar", 751, owner, is_default=True)
    asked = manager.create(OFFERS, an_offer(channel="sms", values=TEXT))
    path = f"{OFFERS}/{asked.body['offer_id']}"
    assert manager.post(f"{path}/people", {"customer_ids": [nazli]}).status == 200
    assert manager.post(f"{path}/open", {}).status == 200
    said = Client(system, "owner", subject=subject("Selin Öz"))
    assert vote(said, str(asked.body["offer_id"]), "approve").status == 201
    assert call(system, "SendOffers", {})["asked_for"] == 1
    system.settle()
    newest = agent.get(path_of(nazli)).body["messages"][0]
    assert newest["offer_id"] == asked.body["offer_id"]
    return str(newest["message_id"])


def ask(
    desk: Client, customer_id: str, reason: str, told: Any, *, key: str | None = None
) -> Reply:
    body = {"customer_id": customer_id, "reason": reason, **told}
    return desk.create("/v1/engagement/messages", body, key=key)


def says(herself: Client, customer_id: str, status: str) -> None:
    told = {"status": status, "source": "HS_MOBIL", "text_version": "2026-11"}
    address = {"customer_id": customer_id, "channel": "MESAJ", "address": PREFERRED}
    reply = herself.create("/v1/engagement/consents", address | told)
    assert reply.status == 201, reply.text


def sent(system: LocalSystem, *, hour: int = 12) -> Any:
    """What a run comes to on the next working day, at an hour in Istanbul."""
    system.settle()
    [engagement] = [one for one in system.world.services if one.name == "engagement"]
    name = engagement.function("SendMessages").name
    run = system.functions.invoke(name, json.dumps({"at": noon(hour).isoformat()}).encode())
    assert not run.failed, run.payload
    return json.loads(run.payload)


def noon(hour: int = 12) -> datetime:
    day = after_working_days(day_in_turkey(datetime.now(UTC)), 1, turkish_holidays())
    return datetime.combine(day, clock(hour), ISTANBUL)


def receipt(
    system: LocalSystem, message_id: str, kind: str, *, secret: str | None = None
) -> Reply:
    """What the gateway tells of a message, signed with its secret."""
    known = json.loads(os.environ["ENGAGEMENT_WEBHOOK_SECRETS"])["gateway"]
    told = {"message_id": message_id, "kind": kind, "at": datetime.now(UTC).isoformat()}
    body = json.dumps(told).encode()
    now = str(int(time.time()))
    headers = {TIMESTAMP: now, SIGNATURE: sign(secret or known, now, body)}
    nobody = Client(system, "agent")  # the door asks for no token
    return nobody.send("POST", "/v1/engagement/receipts/gateway", body, **headers)


def path_of(customer_id: str) -> str:
    return f"/v1/engagement/messages?customer_id={customer_id}"


def timeline(desk: Client, customer_id: str) -> list[tuple[str, str]]:
    view = desk.get(f"/v1/view/customers/{customer_id}").body
    return [(one["what"], one["about"]) for one in view["timeline"]["data"]["recent"]]
